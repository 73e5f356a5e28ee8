"""Questions of auditors: which files there are, what stands in one of them without names, and what is followed up."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, select
from sqlmodel import Session, col

from assessments.clock import now
from assessments.models import (
    Application,
    AuditNote,
    Decision,
    Declaration,
    Evidence,
    EvidenceAccess,
    Participation,
    Product,
    Review,
    Vendor,
)
from assessments.people import Actor, Part, Role
from assessments.queries import decisions, paging, people, reviews
from assessments.queries.decisions import DecisionFile
from assessments.queries.people import PERSON, PERSON_ROLE, Person
from assessments.queries.standings import OVER, has_interest_in, interest_window_start, longest_window, open_to
from assessments.states import State

PAGE = 50
COMPANY, CLUB = "company", "club"  # what somebody without a part is called
FOLLOWING = (Role.COORDINATOR, Role.DECIDER, Role.IMPARTIALITY, Role.ADMIN)  # who can own a follow-up: no reviewers
ORDER = [
    paging.Order(col(Application.moved_at), datetime, descending=True),
    paging.Order(col(Application.ref), str, descending=True),
]

Masks = Mapping[UUID, str]


@dataclass(frozen=True)
class Wanted:
    """Which applications a list is narrowed to; empty values narrow nothing."""

    state: State | None = None
    year: int | None = None  # of the reference
    member: bool = False
    departs: bool = False
    voided: bool = False
    late: bool = False


@dataclass(frozen=True)
class Listed:
    """One application in an auditor's list; `opened`: the person has answered for their interests and reads it."""

    application: Application
    product: Product
    vendor: Vendor
    opened: bool
    departs: bool
    voided: bool
    late: bool
    notes: int  # of an audit, that are still open


def listing(session: Session, actor: Actor, wanted: Wanted, after: str = "") -> tuple[list[Listed], str]:
    """A page of what was ever handed in, what moved last on top, and the token of the next page ("" for none).

    Those of companies the person has an interest in, or with another part of theirs, are not there.
    """
    mine = and_(
        col(Participation.application_id) == col(Application.id),
        col(Participation.person_id) == actor.id,
        col(Participation.part) == Part.AUDITOR,
    )
    columns: tuple[Any, ...] = (Application, Product, Vendor, exists().where(mine).correlate_except(Participation))
    question = (
        select(*columns, _departs(), _voided(), _late(), _open_notes())
        .join(Product, col(Product.id) == col(Application.product_id))
        .join(Vendor, col(Vendor.id) == col(Application.vendor_id))
        .where(*_reach(actor), *_narrowed(wanted), *paging.beyond(ORDER, after))
        .order_by(col(Application.moved_at).desc(), col(Application.ref).desc())
        .limit(PAGE + 1)
    )
    rows = [Listed(*row) for row in session.execute(question)]
    last = rows[PAGE - 1].application if len(rows) > PAGE else None
    return rows[:PAGE], paging.token_of([last.moved_at, last.ref]) if last else ""


def years(session: Session, actor: Actor) -> list[int]:
    """The years of the references in reach, the newest first."""
    year = func.substr(col(Application.ref), 4, 4)
    return sorted((int(row[0]) for row in session.execute(select(year).where(*_reach(actor)).distinct())), reverse=True)


def _reach(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    parts = open_to(actor, col(Application.id), col(Application.vendor_id), Part.AUDITOR)
    return (col(Application.edition_digest) != "", *parts)


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    asked: list[tuple[bool, Any]] = [
        (wanted.state is not None, col(Application.state) == wanted.state),
        (wanted.year is not None, col(Application.ref).startswith(f"HS-{wanted.year}-")),
        (wanted.member, col(Vendor.club_member)),
        (wanted.departs, _departs()),
        (wanted.voided, _voided()),
        (wanted.late, _late()),
    ]
    return [condition for applies, condition in asked if applies]


def _departs() -> ColumnElement[bool]:
    mine = col(Decision.application_id) == col(Application.id)
    return exists().where(mine, col(Decision.departs)).correlate_except(Decision)


def _voided() -> ColumnElement[bool]:
    mine = col(Review.application_id) == col(Application.id)
    return exists().where(mine, col(Review.voided_at).is_not(None)).correlate_except(Review)


def _late() -> ColumnElement[bool]:
    """A deadline of the file has passed, or one of a review that counts and is not final."""
    review = exists().where(
        col(Review.application_id) == col(Application.id),
        col(Review.voided_at).is_(None),
        col(Review.final_at).is_(None),
        col(Review.due_at) < now(),
    )
    own = func.coalesce(col(Application.due_at) < now(), false())
    running = col(Application.state).not_in(list(OVER))
    return and_(running, or_(own, review.correlate_except(Review)))


def _open_notes() -> Any:
    mine = col(AuditNote.application_id) == col(Application.id), col(AuditNote.closed_at).is_(None)
    return select(func.count()).where(*mine).correlate_except(AuditNote).scalar_subquery()


def masks_of(session: Session, application: Application) -> Masks:
    """What each person of an application is called where no name is told, in two statements.

    A reviewer is "reviewer:A", and stays it after joining the company; then the part in the application; the company's
    people are "company". Everybody else is CLUB: see called.
    """
    letters = {one.reviewer_id: f"reviewer:{one.letter}" for one in reviews.ever(session, application.id)}
    parts = select(col(Participation.person_id), col(Participation.part)).where(
        col(Participation.application_id) == application.id
    )
    company = {one.person.id: COMPANY for one in people.colleagues_of(session, application.vendor_id)}
    return company | {row[0]: row[1].value for row in session.execute(parts)} | letters


def called(masks: Masks, person_id: UUID | None) -> str:
    """What somebody is called without a name; "" for nobody (the clock)."""
    return masks.get(person_id, CLUB) if person_id else ""


@dataclass(frozen=True)
class Reading:
    """Somebody opened a piece of evidence from this application."""

    title: str
    who: str  # see masks_of
    at: datetime


@dataclass(frozen=True)
class AuditFile:
    """A file as an auditor reads it: without names, and without scores before all are final."""

    file: DecisionFile
    final: bool
    masks: Masks
    voided: list[Review]
    readings: list[Reading]
    notes: list[AuditNote]


def file_of(session: Session, application: Application) -> AuditFile:
    """Everything an auditor reads, in a fixed number of statements. Refuses (NotFound) what was never handed in."""
    found = decisions.file_of(session, application)
    masks = masks_of(session, application)
    final = reviews.all_final(found.reviews)
    shown = replace(found, people=[replace(one, name=called(masks, one.id)) for one in found.people])
    return AuditFile(
        file=shown if final else _blind(shown),
        final=final,
        masks=masks,
        voided=[one for one in reviews.ever(session, application.id) if one.voided_at is not None],
        readings=readings_of(session, application, masks),
        notes=notes_of(session, application.id),
    )


def _blind(file: DecisionFile) -> DecisionFile:
    """The file while somebody still scores: no mark, nothing agreed, and of the findings what the vendor was told."""
    told = [one for one in file.findings if one.correction_round > 0]
    return replace(file, scores={one.id: {} for one in file.reviews}, agreed={}, text=None, findings=told)


def readings_of(session: Session, application: Application, masks: Masks) -> list[Reading]:
    """Who opened which evidence from this application, the newest first."""
    columns: tuple[Any, ...] = (Evidence.title, EvidenceAccess.person_id, EvidenceAccess.at)
    question = (
        select(*columns)
        .join(Evidence, col(Evidence.id) == col(EvidenceAccess.evidence_id))
        .where(col(EvidenceAccess.application_id) == application.id)
        .order_by(col(EvidenceAccess.at).desc())
    )
    return [Reading(title, called(masks, person), at) for title, person, at in session.execute(question)]


def notes_of(session: Session, application_id: UUID) -> list[AuditNote]:
    """The notes of an application, the open ones first, then the newest."""
    question = select(AuditNote).where(col(AuditNote.application_id) == application_id)
    ordered = question.order_by(col(AuditNote.closed_at).is_not(None), col(AuditNote.written_at).desc())
    return [row[0] for row in session.execute(ordered)]


def newest_note(session: Session, application_id: UUID) -> AuditNote | None:
    """The note of an application that was written last."""
    question = select(AuditNote).where(col(AuditNote.application_id) == application_id)
    return session.scalars(question.order_by(col(AuditNote.written_at).desc()).limit(1)).one_or_none()


@dataclass(frozen=True)
class Named:
    """A person behind a letter or a part: for the page whose every reading is written down."""

    person: Person
    called: str
    declared: bool | None
    declared_at: datetime | None


def named(session: Session, application: Application) -> list[Named]:
    """Everybody of the club with a part or a declaration in an application, by what they are called."""
    masks = masks_of(session, application)
    said = and_(
        col(Declaration.application_id) == application.id,
        col(Declaration.person_id) == PERSON.c.id,
    )
    part = and_(col(Participation.application_id) == application.id, col(Participation.person_id) == PERSON.c.id)
    columns: tuple[Any, ...] = (PERSON.c.id, PERSON.c.name, PERSON.c.email, PERSON.c.language)
    question = (
        select(*columns, col(Declaration.has_interest), col(Declaration.declared_at))
        .select_from(PERSON)
        .outerjoin(Declaration, said)
        .outerjoin(Participation, part)
        .where(or_(col(Declaration.has_interest).is_not(None), col(Participation.part).is_not(None)))
    )
    rows = [Named(Person(*row[:4]), called(masks, row[0]), row[4], row[5]) for row in session.execute(question)]
    return sorted(rows, key=lambda one: (one.called, one.person.name))


def owners(session: Session, application: Application) -> list[Person]:
    """Who can follow a note up: active people of the office and the committees without an interest in the company."""
    since = interest_window_start(application.edition_id)
    trusted = exists().where(
        PERSON_ROLE.c.user_id == PERSON.c.id, PERSON_ROLE.c.role.in_([one.value for one in FOLLOWING])
    )
    question = (
        select(PERSON.c.id, PERSON.c.name, PERSON.c.email, PERSON.c.language)
        .where(
            PERSON.c.disabled_at.is_(None), trusted, not_(has_interest_in(PERSON.c.id, application.vendor_id, since))
        )
        .order_by(PERSON.c.name)
    )
    return [Person(*row) for row in session.execute(question)]


@dataclass(frozen=True)
class FollowUp:
    """A note with the reference of its file, for its owner, who need not be able to open that file."""

    note: AuditNote
    ref: str


def follow_ups(session: Session, actor: Actor) -> list[FollowUp]:
    """What a person follows up: the open ones by day, then the closed ones; none where an interest has come up."""
    columns: tuple[Any, ...] = (AuditNote, Application.ref)
    question = (
        select(*columns)
        .join(Application, col(Application.id) == col(AuditNote.application_id))
        .where(
            col(AuditNote.owner_id) == actor.id,
            not_(has_interest_in(actor.id, col(Application.vendor_id), longest_window())),
        )
        .order_by(col(AuditNote.closed_at).is_not(None), col(AuditNote.due_on), col(Application.ref))
    )
    return [FollowUp(*row) for row in session.execute(question)]


def follow_up(session: Session, actor: Actor, note_id: UUID) -> AuditNote | None:
    """A note that a person follows up; None for any other."""
    return next((one.note for one in follow_ups(session, actor) if one.note.id == note_id), None)
