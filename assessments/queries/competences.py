"""Questions about competences: who may judge what, what a file asks for, and what runs out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, select

from assessments import profile
from assessments.clock import today
from assessments.folding import sort_key
from assessments.models import Application, Competence
from assessments.people import Role
from assessments.queries.people import PERSON, PERSON_ROLE, Person
from assessments.queries.progress import within
from assessments.states import CompetenceField
from criteria import applicability, store
from criteria.model import Edition

JUDGES = (Role.REVIEWER, Role.DECIDER)  # whose competence counts
SOON_DAYS = 60  # how long before the last day somebody is reminded: time for a training

Subject = tuple[CompetenceField, str]  # a category or a group, by its code


class Held(StrEnum):
    """How a person stands to one category or group."""

    HELD = "held"
    SOON = "soon"  # held, and running out
    AHEAD = "ahead"  # begins on a later day
    EXPIRED = "expired"
    NEVER = "never"  # or ended with a reason


@dataclass(frozen=True)
class Cover:
    """What one person covers of what a file asks for; each list in the order of the edition."""

    held: tuple[Subject, ...] = ()
    expired: tuple[Subject, ...] = ()
    missing: tuple[Subject, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing is wanting."""
        return not (self.expired or self.missing)


@dataclass(frozen=True)
class Line:
    """One person of the matrix."""

    person: Person
    roles: frozenset[Role]
    held: Mapping[Subject, tuple[Held, date | None]]

    @property
    def running_out(self) -> bool:
        """Whether something of theirs runs out soon or has."""
        return any(how in {Held.SOON, Held.EXPIRED} for how, _day in self.held.values())


def subjects(edition: Edition) -> tuple[Subject, ...]:
    """Everything one can be competent for under an edition: its categories, then its groups."""
    groups = tuple((CompetenceField.GROUP, group.code) for group, _criteria in edition.by_group())
    return (*((CompetenceField.CATEGORY, one.code) for one in edition.categories), *groups)


def asked_by(application: Application) -> tuple[Subject, ...]:
    """What a file asks for: its categories, and the groups of the criteria that apply to it.

    Source: ISO/IEC 17065, 6.1.2.2 and 7.3.1 (e).
    """
    edition = store.load(application.edition_id)
    facts = profile.from_dict(application.profile)
    applies = within(applicability.applicable(edition, facts.categories, facts.flags), application.asked)
    groups = {one.criterion.group for one in applies}
    wanted = {(CompetenceField.CATEGORY, code) for code in facts.categories}
    wanted |= {(CompetenceField.GROUP, code) for code in groups}
    return tuple(subject for subject in subjects(edition) if subject in wanted)


def running(session: Session, people: Iterable[UUID]) -> dict[UUID, list[Competence]]:
    """The lines of some people that were not ended, expired ones too, in one statement."""
    question = select(Competence).where(col(Competence.person_id).in_(list(people)), col(Competence.ended_at).is_(None))
    found: dict[UUID, list[Competence]] = {}
    for one in session.exec(question).all():
        found.setdefault(one.person_id, []).append(one)
    return found


def cover(lines: Iterable[Competence], asked: Iterable[Subject], day: date) -> Cover:
    """What lines of one person cover of what is asked, on a legal day. Codes count across editions."""
    found = standing(lines, day)
    sorted_out: dict[str, list[Subject]] = {"held": [], "expired": [], "missing": []}
    for subject in asked:
        how = found.get(subject, (Held.NEVER, None))[0]
        place = {Held.HELD: "held", Held.SOON: "held", Held.EXPIRED: "expired"}.get(how, "missing")
        sorted_out[place].append(subject)
    return Cover(**{name: tuple(those) for name, those in sorted_out.items()})


def standing(lines: Iterable[Competence], day: date) -> dict[Subject, tuple[Held, date | None]]:
    """How a person stands to each subject they ever had, with the last day; of several lines the best one counts."""
    best: dict[Subject, tuple[Held, date | None]] = {}
    order = list(Held)
    for one in lines:
        subject, how = (one.field, one.code), _how(one, day)
        before = best.get(subject)
        rank = (order.index(how), -one.expires_on.toordinal())
        if before is None or rank < (order.index(before[0]), -(before[1] or day).toordinal()):
            best[subject] = (how, one.expires_on)
    return best


def _how(one: Competence, day: date) -> Held:
    if one.valid_from > day:
        return Held.AHEAD
    if one.expires_on < day:
        return Held.EXPIRED
    return Held.SOON if one.expires_on <= day + timedelta(days=SOON_DAYS) else Held.HELD


def lacking(session: Session, application: Application, people: Iterable[UUID]) -> tuple[Subject, ...]:
    """What nobody of a team is competent for today, of what the file asks for."""
    team, asked, day = list(people), asked_by(application), today()
    lines = running(session, team)
    covered = {subject for person in team for subject in cover(lines.get(person, ()), asked, day).held}
    return tuple(subject for subject in asked if subject not in covered)


def of_person(session: Session, person_id: UUID) -> list[Competence]:
    """Every line a person ever had: the running ones first, by the day they run out."""
    question = select(Competence).where(Competence.person_id == person_id).order_by(col(Competence.expires_on))
    return sorted(session.exec(question).all(), key=lambda one: one.ended_at is not None)


def line_of(session: Session, competence_id: UUID) -> Competence | None:
    """One line, held until the transaction ends."""
    return session.get(Competence, competence_id, with_for_update=True)


def matrix(session: Session) -> list[Line]:
    """Everybody who reviews or decides, by name, with what they are competent for: two statements."""
    roles: dict[UUID, set[Role]] = {}
    names: dict[UUID, Person] = {}
    question = (
        select(PERSON.c.id, PERSON.c.name, PERSON.c.email, PERSON.c.language, PERSON_ROLE.c.role)  # type: ignore[call-overload]  # columns of tables by name
        .join(PERSON_ROLE, PERSON_ROLE.c.user_id == PERSON.c.id)
        .where(PERSON_ROLE.c.role.in_([role.value for role in JUDGES]), PERSON.c.disabled_at.is_(None))
    )
    for row in session.execute(question):
        names[row[0]] = Person(*row[:4])
        roles.setdefault(row[0], set()).add(Role(row[4]))
    lines, day = running(session, names), today()
    people = sorted(names.values(), key=lambda person: sort_key(person.name))
    return [Line(one, frozenset(roles[one.id]), standing(lines.get(one.id, ()), day)) for one in people]


def judge(session: Session, person_id: UUID) -> Line | None:
    """One person of the matrix; None for whoever neither reviews nor decides."""
    return next((line for line in matrix(session) if line.person.id == person_id), None)


def to_remind(session: Session, day: date) -> list[Competence]:
    """Lines that run out soon, of which nobody was told, and that no later line of the same person outlives."""
    question = select(Competence).where(
        col(Competence.ended_at).is_(None),
        col(Competence.reminded_at).is_(None),
        col(Competence.expires_on) >= day,
        col(Competence.expires_on) <= day + timedelta(days=SOON_DAYS),
    )
    near = list(session.exec(question.order_by(col(Competence.person_id), col(Competence.expires_on))).all())
    others = running(session, {one.person_id for one in near}) if near else {}
    return [one for one in near if not any(_outlives(later, one) for later in others[one.person_id])]


def _outlives(later: Competence, one: Competence) -> bool:
    return (later.field, later.code) == (one.field, one.code) and later.expires_on > one.expires_on
