"""Plays the past of the whole demonstration in the order of its days, by the real verbs, in one transaction."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from heapq import merge
from typing import Any

from sqlmodel import Session

from assessments import announcements, clock, editions, interests, memberships, rounds, vendors
from assessments.certificates import Issuer
from assessments.interests import Entry
from assessments.models import Application, Interest
from assessments.people import InterestKind, MemberRole, Role
from assessments.queries import announcements as announced
from assessments.rounds import RoundFacts
from criteria import store
from registry.accounts import club, sessions, users
from registry.accounts.models import User
from registry.accounts.users import Newcomer
from registry.config import Settings
from registry.demonstration import (
    agreeing,
    competences,
    concerns,
    deciding,
    guides,
    impartiality,
    laboratories,
    lives,
    misuse,
    oversight,
    recourse,
    signing,
    tokens,
)
from registry.demonstration import club as directory
from registry.demonstration.fiction import Fiction, email, products, read
from registry.demonstration.stage import Play, Stage
from registry.demonstration.stories import story_of
from registry.mail.models import Deployment
from registry.storage import Storage

BEGINNING = 640  # days before today
DECLARED = 610
FIRST_ROUND, ROLLING, SCHOOL_ROUND = 600, 429, 120
LABORATORY_ENDED = 90
FEE = ("Theo biểu phí của Câu lạc bộ, báo trước khi tiếp nhận.", "By the club’s list of fees, told before acceptance.")


@dataclass
class _Said:
    """An interest, once it was declared."""

    interest: Interest | None = None


@dataclass(order=True)
class Cue:
    """Something to be done at a moment of the past; `number` keeps the order of what meets on one moment."""

    at: datetime
    number: int
    act: Callable[[], None] = field(compare=False)


def load(session: Session, storage: Storage, settings: Settings, password_hash: str) -> None:
    """Fill an empty database. The caller commits, and commits the session itself: letters of the past go to nobody."""
    edition = store.current()
    stage = Stage(session, storage, edition, Issuer(settings.issuer_vi, settings.issuer_en), clock.today())
    with clock.at(stage.moment(BEGINNING)):
        session.add(Deployment(demonstration=True, log_origin=settings.log_origin))
        signing.begin(session)
        lives.begin(stage, (settings.issuer_vi, settings.issuer_en))
        editions.publish(session, edition.id, None)
        stage.people = _people(session, password_hash)
        _vendors(stage)
        directory.found(stage, settings)
        competences.grant(stage)
        laboratories.accept(stage)
    stories = (_life(stage, fiction, place) for place, fiction in enumerate(products()))
    more = (sorted(_interests(stage)), sorted(_calibrations(stage)), _oversight(stage))
    told = (_recourse(stage), _misuse(stage), _guides(stage), _concerns(stage), _lives(stage), _tokens(stage))
    for cue in merge(_rounds(stage), *more, *stories, *told):
        with clock.at(cue.at):
            cue.act()
            signing.publish(session)
    impartiality.play(stage)
    directory.fill(stage)
    directory.report(stage)
    signing.finish(session)


def _recourse(stage: Stage) -> Iterator[Cue]:
    """Appeals and complaints, after everything else of their day."""
    for number, (ago, act) in enumerate(recourse.scenes(stage)):
        yield Cue(stage.moment(ago, 20 + number), len(products()), act)


def _misuse(stage: Stage) -> Iterator[Cue]:
    """Reports of misuse, in the evening."""
    for number, (ago, act) in enumerate(misuse.scenes(stage)):
        yield Cue(stage.moment(ago, 40 + number), len(products()) + 1, act)


def _guides(stage: Stage) -> Iterator[Cue]:
    """What the coordinator writes for parents, in the morning."""
    for number, (ago, act) in enumerate(guides.scenes(stage)):
        yield Cue(stage.moment(ago, number), len(products()) + 2, act)


def _concerns(stage: Stage) -> Iterator[Cue]:
    """Concerns about products, at the end of the day."""
    for number, (ago, act) in enumerate(concerns.scenes(stage)):
        yield Cue(stage.moment(ago, 60 + number), len(products()) + 3, act)


def _lives(stage: Stage) -> Iterator[Cue]:
    """What becomes of certificates, in the afternoon."""
    for number, (ago, act) in enumerate(lives.scenes(stage)):
        yield Cue(stage.moment(ago, 28, number), len(products()) + 4, act)


def _tokens(stage: Stage) -> Iterator[Cue]:
    """What a company lets its programs read, around noon."""
    for number, (ago, act) in enumerate(tokens.scenes(stage)):
        yield Cue(stage.moment(ago, 24, number), len(products()) + 5, act)


def _people(session: Session, password_hash: str) -> dict[str, User]:
    found: dict[str, User] = {}
    for person in read("people")["people"]:
        newcomer = Newcomer(person["name"], email(person["login"]), person.get("language", "vi"), password_hash)
        user = users.open_account(session, newcomer)
        if roles := person.get("roles"):
            club.grant(session, None, user, [Role(role) for role in roles])
        sessions.load_standing(session, user)
        found[person["login"]] = user
    return found


def _vendors(stage: Stage) -> None:
    for values in read("vendors")["vendors"]:
        owner = stage.people[values["owner"]]
        vendor = vendors.register(stage.session, owner, _facts(values))
        stage.vendors[values["key"]] = vendor
        if "contributor" in values:
            vendors.join(stage.session, stage.people[values["contributor"]], vendor, MemberRole.CONTRIBUTOR)
        if not values.get("membership_waits") and vendor.membership_claimed_at is not None:
            memberships.confirm(stage.session, stage.people["coordinator"], vendor, vendor.membership_claimed_at)
        sessions.load_standing(stage.session, owner)


def _facts(values: dict[str, Any]) -> vendors.Facts:
    own = ("key", "owner", "contributor", "membership_waits")
    said = {name: value for name, value in values.items() if name not in own}
    return vendors.Facts(
        **{
            "contact_email": email(f"lienhe.{values['key']}"),
            "website": f"https://{values['key']}.example",
            "club_member": "club_member_since" in values,
            **said,
        }
    )


def _rounds(stage: Stage) -> Iterator[Cue]:
    """One long closed, one that rolls, and one for schools that is announced in a few days."""
    first, school = stage.day(FIRST_ROUND), stage.day(SCHOOL_ROUND)
    closed = RoundFacts(
        f"{first.year}-thi-diem",
        stage.edition.id,
        stage.moment(FIRST_ROUND),
        closes_at=clock.end_of_day(stage.day(ROLLING + 1)),
        announce_on=stage.day(395),
    )
    rolling = RoundFacts(f"{stage.day(ROLLING).year}-thuong-xuyen", stage.edition.id, stage.moment(ROLLING))
    schools = RoundFacts(
        f"{school.year}-nha-truong",
        stage.edition.id,
        stage.moment(SCHOOL_ROUND),
        categories=("CM", "DL"),
        closes_at=clock.end_of_day(stage.day(40)),
        announce_on=stage.today + timedelta(days=10),
    )
    for opened in (closed, rolling):
        yield Cue(opened.opens_at, -1, partial(_open_round, stage, opened))
    yield Cue(clock.start_of_day(stage.day(395)), -1, partial(_announce, stage))
    yield Cue(schools.opens_at, -1, partial(_open_round, stage, schools))
    yield Cue(stage.moment(LABORATORY_ENDED), -1, partial(laboratories.end_one, stage))


def _announce(stage: Stage) -> None:
    """What the clock did on the day of announcement."""
    for application_id in announced.due(stage.session, clock.now()):
        announcements.announce(stage.session, stage.session.get_one(Application, application_id))


def _open_round(stage: Stage, facts: RoundFacts) -> None:
    priced = RoundFacts(**{**vars(facts), "fee_text_vi": FEE[0], "fee_text_en": FEE[1]})
    rounds.open_round(stage.session, stage.people["coordinator"], priced)


def _oversight(stage: Stage) -> Iterator[Cue]:
    """What is watched over the rest, lately."""
    yield Cue(stage.moment(9), 1000, partial(oversight.claim_again, stage))
    yield Cue(stage.moment(5), 1000, partial(oversight.look_into, stage))


def _interests(stage: Stage) -> Iterator[Cue]:
    """What the club's people declare when they come, and what they later say has ended."""
    for number, values in enumerate(read("people")["interests"]):
        said = _Said()
        yield Cue(stage.moment(DECLARED, number), -2, partial(_declare, stage, values, said))
        if "ended" in values:
            yield Cue(stage.moment(values["ended"], number), -2, partial(_end, stage, values, said))


def _calibrations(stage: Stage) -> Iterator[Cue]:
    """Reviewers score the made-up files first."""
    for number, (ago, act) in enumerate(agreeing.calibrate(stage)):
        yield Cue(stage.moment(ago, number), -2, act)


def _declare(stage: Stage, values: dict[str, Any], said: "_Said") -> None:
    vendor = stage.vendors.get(values.get("vendor", ""))
    entry = Entry(
        InterestKind(values["kind"]),
        since=stage.today - timedelta(days=365 * values["years"]),
        organisation=values.get("organisation", ""),
        vendor_id=vendor.id if vendor else None,
        note=values.get("note", ""),
    )
    said.interest = interests.add(stage.session, stage.people[values["login"]], entry)


def _end(stage: Stage, values: dict[str, Any], said: "_Said") -> None:
    if said.interest is not None:
        interests.end(stage.session, stage.people[values["login"]], said.interest.id, clock.today())


def _life(stage: Stage, fiction: Fiction, place: int) -> Iterator[Cue]:
    """Every scene of a product, then what happened to its certificate."""
    play = Play(stage, fiction)
    scenes: Iterable[tuple[int, Callable[[], None]]] = [
        *((fiction.began - after, partial(scene, play)) for after, scene in story_of(fiction)),
        *((what.day, partial(deciding.change, play, what)) for what in fiction.then),
    ]
    minute = fiction.chance("minute", 15)
    for number, (ago, act) in enumerate(scenes):
        yield Cue(stage.moment(ago, number, minute), place, act)
