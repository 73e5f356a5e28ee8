"""The site of the soak: the demonstration, seven more reviewers, and files that wait for reviewers and committee."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from flask import Flask
from sqlmodel import Session, select

from assessments.certificates import Issuer
from assessments.clock import today
from assessments.models import Vendor
from assessments.people import Role
from bench.serving import environment, flask
from criteria import store
from registry import config, create_app
from registry.accounts import club, sessions, users
from registry.accounts.models import User
from registry.accounts.users import Newcomer, user_by_email
from registry.demonstration import applying, evaluating, signing
from registry.demonstration.fiction import Fiction, email, products, read
from registry.demonstration.stage import Play, Stage

PASSWORD = "bốn mùa hoa nở quanh hiên nhà"  # noqa: S105  of a site that vanishes
SETTINGS = {"DEMONSTRATION": "1", "DEMO_PASSWORD": PASSWORD}
MODEL = "vuon-chu"  # the product whose answers and marks the others have
VENDORS = ("sao-mai", "vuon-uom-so", "bang-den", "khien-tre", "dom-dom-xanh", "lantern-bay")  # nobody's interest
TEAM = ("reviewer1", "reviewer2")
COMMITTEE = ("decider1", "decider2")
NEWCOMERS = tuple(f"reviewer{number}" for number in range(4, 11))
TEAMS = tuple((f"reviewer{number}", f"reviewer{number + 1}") for number in range(1, 11, 2))

Scene = Callable[[Play], None]
HANDED_IN: tuple[Scene, ...] = (applying.start, applying.write, applying.hand_in, evaluating.accept, evaluating.assign)
RECOMMENDED: tuple[Scene, ...] = (
    *HANDED_IN,
    evaluating.declare_lead,
    evaluating.declare_other,
    evaluating.review_other,
    evaluating.review_lead,
    evaluating.settle,
    evaluating.ask_facts,
    applying.check_facts,
    evaluating.recommend,
)


@dataclass(frozen=True)
class Waiting:
    """What there is to do on the site: files of two reviewers each, and files for the committee, by reference."""

    reviews: dict[str, tuple[str, str]]  # reference: sign-ins
    decisions: tuple[str, ...]


def fill(folder: Path, decisions: int) -> Waiting:
    """Load the demonstration into a folder, and have so many files more come to the committee."""
    flask(folder, "db", "upgrade", **SETTINGS)
    flask(folder, "demonstration", "load", **SETTINGS)
    with opened(folder) as app, app.app_context(), Session(app.extensions["engine"]) as session:
        stage = _stage(session, app)
        number = count(1)
        reviews = {_play(stage, next(number), HANDED_IN, team): team for team in TEAMS}
        decided = [_play(stage, next(number), RECOMMENDED, TEAM) for _ in range(decisions)]
        session.commit()
    return Waiting(reviews, tuple(decided))


@contextmanager
def opened(folder: Path) -> Iterator[Flask]:
    """The same site seen from within, beside its server."""
    app = create_app(config.from_environment(environment(folder, 80, **SETTINGS)))
    try:
        yield app
    finally:
        app.extensions["engine"].dispose()


def _stage(session: Session, app: Flask) -> Stage:
    """Everything as the demonstration has left it, and the new reviewers."""
    settings = app.config["SETTINGS"]
    signing.begin(session)  # and nobody is written to
    stage = Stage(
        session, app.extensions["storage"], store.current(), Issuer(settings.issuer_vi, settings.issuer_en), today()
    )
    stage.people = {one["login"]: _found(session, one["login"]) for one in read("people")["people"]}
    hashed = stage.people[TEAM[0]].password_hash
    stage.people |= {login: _newcomer(session, login, hashed) for login in NEWCOMERS}
    names = {values["name"]: values["key"] for values in read("vendors")["vendors"]}
    stage.vendors = {names[one.name]: one for one in session.exec(select(Vendor)) if one.name in names}
    return stage


def _found(session: Session, login: str) -> User:
    user = user_by_email(session, email(login))
    if user is None:
        raise LookupError(f"the demonstration has no {login}")
    sessions.load_standing(session, user)
    return user


def _newcomer(session: Session, login: str, password_hash: str) -> User:
    name = f"Người đánh giá {login.removeprefix('reviewer')}"
    user = users.open_account(session, Newcomer(name, email(login), "vi", password_hash))
    club.grant(session, None, user, [Role.REVIEWER])
    sessions.load_standing(session, user)
    return user


def _play(stage: Stage, number: int, scenes: Sequence[Scene], team: tuple[str, str]) -> str:
    """One more product, as far as the scenes go, today; the reference of its application."""
    vendor = VENDORS[number % len(VENDORS)]
    model = next(one for one in products() if one.key == MODEL)
    name = (f"{model.name[0]} {number}", f"{model.name[1]} {number}")
    made: Fiction = replace(model, key=f"{MODEL}-{number}", vendor=vendor, name=name, team=team, committee=COMMITTEE)
    play = Play(stage, made)
    for scene in scenes:
        scene(play)
        signing.publish(stage.session)
    return play.file.ref
