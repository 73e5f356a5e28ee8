"""How far the certificates of earlier editions have come on their way to the newest one."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, func, not_
from sqlmodel import Session, col, select

from assessments.clock import today
from assessments.models import Application, Basis, Certificate, EditionPublication, Product, Vendor
from assessments.people import Actor
from assessments.queries import paging
from assessments.queries.impacts import live_on
from assessments.queries.standings import OVER, has_interest_in, longest_window
from assessments.states import State
from criteria import store
from criteria.source import EditionError

PAGE = 50
WRITING = (State.DRAFT, State.RETURNED)  # where it is the company's turn before anything is judged


class Stage(StrEnum):
    """How far one certificate has come; the most pressing first."""

    NOT_STARTED = "not_started"
    WRITING = "writing"
    HANDED_IN = "handed_in"


@dataclass(frozen=True)
class Going:
    """A live certificate of an earlier edition, and the application that takes it to the new one, if there is one."""

    certificate_id: UUID
    number: str
    vendor_id: UUID
    vendor: str
    product: str
    product_en: str
    valid_until: date
    edition_id: str
    ref: str
    state: State | None

    @property
    def stage(self) -> Stage:
        """How far it has come."""
        if self.state is None:
            return Stage.NOT_STARTED
        return Stage.WRITING if self.state in WRITING else Stage.HANDED_IN


def counts(session: Session, actor: Actor, publication: EditionPublication) -> dict[Stage, int]:
    """How many certificates are at each stage, in one statement; none of companies the person has an interest in."""
    sums = [func.count().filter(_stage() == stage.value) for stage in Stage]
    row = session.execute(_question(publication, sums).where(_free(actor))).one()
    return dict(zip(Stage, row, strict=True))


def moved_over(session: Session, publication: EditionPublication) -> int:
    """How many live certificates stand under the new edition."""
    question = select(func.count()).select_from(Certificate)
    return session.exec(question.where(Certificate.edition_id == publication.edition_id, *live_on(today()))).one()


def page(
    session: Session, actor: Actor, publication: EditionPublication, wanted: Stage | None, after: str = ""
) -> tuple[list[Going], str]:
    """A page of the list, by number, with the token of the next page ("" for none); one statement."""
    order = [paging.Order(col(Certificate.number), str)]
    question = _question(publication, _columns()).where(_free(actor), *paging.beyond(order, after))
    if wanted is not None:
        question = question.where(_stage() == wanted.value)
    rows = session.execute(question.order_by(col(Certificate.number)).limit(PAGE + 1)).all()
    found = [_going(row) for row in rows[:PAGE]]
    last = found[-1] if len(rows) > PAGE else None
    return found, paging.token_of([last.number]) if last else ""


def waiting(session: Session, publication: EditionPublication, *, started: bool = True) -> list[Going]:
    """The certificates whose companies still have to act: nothing begun, or (with `started`) not handed in."""
    stages = (Stage.NOT_STARTED, Stage.WRITING) if started else (Stage.NOT_STARTED,)
    question = _question(publication, _columns()).where(_stage().in_([one.value for one in stages]))
    question = question.order_by(col(Vendor.name), col(Certificate.number))
    return [_going(row) for row in session.execute(question)]


def reminder_days(publication: EditionPublication) -> tuple[int, ...]:
    """How many days before the transition ends its companies are reminded, by the periods of the edition itself.

    As long before as a renewal opens, and then as before every other deadline of theirs.
    """
    try:
        edition = store.load(publication.edition_id)
    except EditionError:
        return ()
    return tuple(sorted({edition.periods.renewal_opens_days, *edition.reminder_days}, reverse=True))


def due_reminder(publication: EditionPublication, day: date) -> int | None:
    """The reminder to send on a legal day, in days before the end; None for none. Of several it is the last."""
    until = publication.transition_until
    if until is None or day > until:
        return None
    come = [days for days in reminder_days(publication) if (until - day).days <= days]
    if not come or (publication.reminded_days is not None and publication.reminded_days <= min(come)):
        return None
    return min(come)


def is_under_way(certificate: Any, edition_id: Any) -> ColumnElement[bool]:
    """SQL: an application was handed in, and is not over, that takes a certificate to an edition."""
    return (
        exists()
        .where(
            col(Basis.certificate_id) == certificate,
            col(Application.id) == col(Basis.application_id),
            col(Application.edition_id) == edition_id,
            col(Application.state).not_in((*OVER, *WRITING)),
        )
        .correlate_except(Basis, Application)
    )


def has_handed_in(session: Session, certificate_id: UUID, edition_id: str) -> bool:
    """Whether an application that takes a certificate to an edition was handed in and is not over."""
    return bool(session.scalar(select(is_under_way(certificate_id, edition_id))))


def to_lapse(session: Session, publication: EditionPublication) -> list[UUID]:
    """The certificates that end because the transition is over, where its publication says so; one statement."""
    until = publication.transition_until
    if not publication.lapses or until is None or today() <= until:
        return []
    return [one.certificate_id for one in waiting(session, publication)]


def _question(publication: EditionPublication, columns: list[Any]) -> Any:
    """Live certificates of other editions, each with its newest application to the new one that is not over."""
    newest = (
        select(func.max(col(Application.ref)))
        .join(Basis, col(Basis.application_id) == col(Application.id))
        .where(
            col(Basis.certificate_id) == col(Certificate.id),
            Application.edition_id == publication.edition_id,
            col(Application.state).not_in(OVER),
        )
        .correlate(Certificate)
        .scalar_subquery()
    )
    return (
        select(*columns)
        .select_from(Certificate)
        .join(Vendor, col(Vendor.id) == col(Certificate.vendor_id))
        .join(Product, col(Product.id) == col(Certificate.product_id))
        .outerjoin(Application, col(Application.ref) == newest)
        .where(
            col(Certificate.edition_id) != publication.edition_id,
            col(Certificate.valid_until) >= publication.transition_until,
            *live_on(today()),
        )
    )


def _columns() -> list[Any]:
    return [
        *(Certificate.id, Certificate.number, Certificate.vendor_id, Vendor.name, Product.name, Product.name_en),
        *(Certificate.valid_until, Certificate.edition_id, func.coalesce(col(Application.ref), ""), Application.state),
    ]


def _going(row: Any) -> Going:
    return Going(*row)


def _stage() -> Any:
    state = col(Application.state)
    return case(
        (state.is_(None), Stage.NOT_STARTED.value),
        (state.in_(WRITING), Stage.WRITING.value),
        else_=Stage.HANDED_IN.value,
    )


def _free(actor: Actor) -> ColumnElement[bool]:
    return not_(has_interest_in(actor.id, col(Certificate.vendor_id), longest_window()))
