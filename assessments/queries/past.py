"""Questions about days gone by: what a certificate was worth then, by which event, and what the catalogue showed.

Days are legal days, and what holds of one is what held at its end: two decisions of one day leave the second.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_
from sqlmodel import Session, col, select

from assessments.clock import legal_day
from assessments.folding import words
from assessments.models import Certificate, CertificateEvent, CertificateRevision, Credential, Period
from assessments.queries import certificates
from assessments.queries.cards import Worded
from assessments.queries.catalogue import EXACT, MAX_WORDS, PAGE, Search
from assessments.queries.credentials import of_certificate
from assessments.queries.paging import Order, beyond, token_of
from assessments.states import CertificateAction, CertificateState, CertificateStatus

# What a decision turns a certificate into; one that leaves it as it is (a reduction of scope) stands not here.
ENTERS: Mapping[str, CertificateState] = {
    "grant": CertificateState.ACTIVE,
    "suspend": CertificateState.SUSPENDED,
    "reinstate": CertificateState.ACTIVE,
    "withdraw": CertificateState.WITHDRAWN,
    "terminate": CertificateState.TERMINATED,
}


@dataclass(frozen=True)
class Turn:
    """A decision took effect: since `day` the certificate is in `state`; `lifts` when a suspension was not upheld."""

    day: date
    event: CertificateEvent
    state: CertificateState | None  # None leaves it as it was
    lifts: bool = False


@dataclass
class _Then:
    """A certificate as `certificates.status` reads it, its state taken back to a day."""

    state: CertificateState
    valid_from: date
    valid_until: date
    superseded_on: date | None


def turns(events: Iterable[CertificateEvent]) -> list[Turn]:
    """What took effect on a certificate, in its order; what only waits or was turned down is left out.

    A suspension that somebody else's reinstatement ended on the same day was lifted by that one.
    """
    effective = sorted((one for one in events if one.effective_on is not None), key=lambda one: one.number)
    found = [turn for event in effective for turn in _turns_of(event)]
    restored = {(turn.day, turn.state) for turn in found if turn.event.action is CertificateAction.REINSTATE}
    kept = [turn for turn in found if not (turn.lifts and (turn.day, CertificateState.ACTIVE) in restored)]
    return sorted(kept, key=lambda turn: (turn.day, turn.event.number))


def state_on(events: Iterable[CertificateEvent], day: date) -> CertificateState:
    """The state the committee had put a certificate in by the end of a day; active before any decision on it."""
    states = [turn.state for turn in turns(events) if turn.day <= day and turn.state is not None]
    return states[-1] if states else CertificateState.ACTIVE


def status_on(events: Iterable[CertificateEvent], certificate: certificates.Dated, day: date) -> CertificateStatus:
    """What a certificate was worth on a day: what its page showed at the end of that day.

    Takes its events in any order, with those that came later; days before its first are "scheduled", which the
    public was never shown. Source: ISO/IEC 17065, 7.8 (what was certified, and whether it is valid).
    """
    if day < certificate.valid_from:
        return CertificateStatus.SCHEDULED
    then = _Then(state_on(events, day), certificate.valid_from, certificate.valid_until, certificate.superseded_on)
    return certificates.status(then, day)


def cause_on(events: Iterable[CertificateEvent], day: date) -> CertificateEvent | None:
    """The decision that had brought a certificate into the state it was in on a day."""
    found = [turn.event for turn in turns(events) if turn.day <= day and turn.state is not None]
    return found[-1] if found else None


def since_on(events: Iterable[CertificateEvent], certificate: certificates.Dated, day: date) -> date:
    """Since which day a certificate had had the status of a day."""
    known = list(events)
    status = status_on(known, certificate, day)
    ahead = {certificate.valid_from, *(turn.day for turn in turns(known))}
    ahead |= {certificate.superseded_on} if certificate.superseded_on else set()
    ahead |= {certificate.valid_until + timedelta(days=1)} if certificate.valid_until < date.max else set()
    since = day
    for begun in sorted((one for one in ahead if one <= day), reverse=True):
        if status_on(known, certificate, begun) is not status:
            break
        since = begun
    return since


def shown_from(certificate: Certificate) -> date:
    """The first day on which the public saw a certificate: its first, or the day on which it was published later."""
    published = legal_day(certificate.published_at) if certificate.published_at else certificate.valid_from
    return max(certificate.valid_from, published)


def credential_on(session: Session, certificate_id: UUID, day: date) -> Credential | None:
    """The signed form that stood on a day; the first one for days before any was signed."""
    signed = of_certificate(session, certificate_id)
    by_then = [one for one in signed if legal_day(one.issued_at) <= day]
    return by_then[-1] if by_then else next(iter(signed), None)


def revisions_of(session: Session, certificate_ids: Sequence[UUID]) -> list[CertificateRevision]:
    """The reductions of these certificates, in their order."""
    question = select(CertificateRevision).where(col(CertificateRevision.certificate_id).in_(certificate_ids))
    order = (col(CertificateRevision.certificate_id), col(CertificateRevision.number))
    return list(session.exec(question.order_by(*order)).all())


def content_on(certificate: Certificate, revisions: Iterable[CertificateRevision], day: date) -> Mapping[str, Any]:
    """What a certificate said on a day: its scope before the first reduction that came later."""
    later = sorted((one for one in revisions if one.effective_on > day), key=lambda one: one.number)
    return later[0].before if later else certificate.content


def newer_on(session: Session, certificate: Certificate, day: date) -> str:
    """The number of the certificate that stood in the place of this one on a day; "" when none did."""
    question = (
        select(Certificate)
        .where(
            Certificate.product_id == certificate.product_id,
            col(Certificate.id) != certificate.id,
            Certificate.valid_from <= day,
            Certificate.issued_at > certificate.issued_at,
        )
        .order_by(col(Certificate.issued_at).desc())
    )
    return next((one.number for one in session.exec(question).all() if certificates.is_public(one, day)), "")


# --- the catalogue of a day ---


@dataclass
class Then(Worded):
    """One product in the list of a day gone by."""

    slug: str
    number: str
    status: CertificateStatus
    since: date
    valid_until: date
    checked_on: date
    text: dict[str, Any]


@dataclass(frozen=True)
class FoundThen:
    """One page of the products of a day, where the next one starts, and how many there were up to EXACT + 1."""

    cards: list[Then]
    after: str
    total: int


def beginning(session: Session) -> date | None:
    """The first day on which the register showed anything; None while it never has."""
    return session.exec(select(func.min(Period.first_day))).one()


def number_on(session: Session, slug: str, day: date) -> str:
    """The certificate that stood for a product at the end of a day; "" when none did."""
    question = select(Period.number).where(Period.slug == slug, Period.first_day <= day, Period.last_day >= day)
    return session.exec(question).first() or ""


def search_on(session: Session, wanted: Search, day: date) -> FoundThen:
    """The products that the catalogue showed on a day and that fit, PAGE at a time, in two statements.

    Every filter is asked of that day: the status it had then, the scope its certificate had then.
    """
    conditions = [*_shown(day), *_conditions(wanted)]
    counted = select(Period.product_id).where(*conditions).limit(EXACT + 1).subquery()
    total = session.execute(select(func.count()).select_from(counted)).scalar_one()
    order = _order(wanted)
    question = select(*_THEN, *[key.expression for key in order]).where(*conditions, *beyond(order, wanted.after))
    for key in order:
        question = question.order_by(key.expression.desc() if key.descending else key.expression.asc())
    rows = list(session.execute(question.limit(PAGE + 1)).all())
    token = token_of(rows[PAGE - 1][len(_THEN) :]) if len(rows) > PAGE else ""
    return FoundThen([Then(*row[: len(_THEN)]) for row in rows[:PAGE]], token, total)


_THEN: tuple[Any, ...] = (
    Period.slug,
    Period.number,
    Period.status,
    Period.since,
    Period.valid_until,
    Period.checked_on,
    Period.card,
)


def _turns_of(event: CertificateEvent) -> list[Turn]:
    assert event.effective_on is not None  # noqa: S101  the caller has asked
    found = [Turn(event.effective_on, event, ENTERS.get(event.action))]
    if event.action is CertificateAction.SUSPEND and event.dismissed_at is not None:
        found.append(Turn(legal_day(event.dismissed_at), event, CertificateState.ACTIVE, lifts=True))
    return found


def _shown(day: date) -> list[ColumnElement[bool]]:
    return [col(Period.first_day) <= day, col(Period.last_day) >= day]


def _conditions(wanted: Search) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        col(Period.words).contains(f" {word}", autoescape=True) for word in words(wanted.text)[:MAX_WORDS]
    ]
    for facet, values in wanted.facets.items():
        if values:
            found.append(or_(*[col(Period.facets).contains(f" {facet}:{value} ", autoescape=True) for value in values]))
    if wanted.statuses:
        found.append(col(Period.status).in_(wanted.statuses))
    return found


def _order(wanted: Search) -> list[Order]:
    valid = Order(case((col(Period.status) == CertificateStatus.ACTIVE, 0), else_=1), int)
    newest = Order(col(Period.since), date, descending=True)
    orders: dict[str, list[Order]] = {
        "recommended": [valid, newest],
        "changed": [newest],
        "checked": [Order(col(Period.checked_on), date, descending=True)],
        "level": [valid, Order(col(Period.level_rank), int, descending=True)],
    }
    return [*orders.get(wanted.sort, []), Order(col(Period.sort_key), str), Order(col(Period.number), str)]
