"""What the static copy asks: every public certificate and product with its last certain day, and what changed since."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, not_
from sqlmodel import Session, col, select

from assessments.models import Certificate, Credential, Listing, ListingFacet, LogEntry, Relisting
from assessments.queries.catalogue import visible
from assessments.queries.certificates import ended_unheard_of
from assessments.states import CertificateState

AT_ONCE = 200  # rows held at a time
LIVING = (CertificateState.ACTIVE, CertificateState.SUSPENDED)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Told:
    """One certificate or product with a page: its name in the address, whose it is, and until when that is sure."""

    name: str
    product_id: UUID
    ends: date | None  # the last day before the calendar changes it; None when it never will


def certificates(session: Session, today: date) -> Iterator[Told]:
    """Every certificate the public may know of, in the order of their numbers, a few held at a time."""
    columns = (
        *(Certificate.number, Certificate.product_id, Certificate.state),
        *(Certificate.valid_until, Certificate.superseded_on),
    )
    public = (col(Certificate.published_at).is_not(None), col(Certificate.valid_from) <= today)
    question = select(*columns).where(*public, not_(ended_unheard_of()))  # type: ignore[call-overload]
    order = (col(Certificate.year), col(Certificate.serial))
    for row in session.execute(question.order_by(*order).execution_options(yield_per=AT_ONCE)):
        number, product_id, state, until, superseded = row
        replaced = superseded - ONE_DAY if superseded else None
        yield Told(number, product_id, _first(today, state, until, replaced))


def products(session: Session, today: date) -> Iterator[Told]:
    """Every product of the catalogue, in the order of their addresses, a few held at a time."""
    columns = (Listing.slug, Listing.product_id, Listing.state, Listing.valid_until, Listing.last_day)
    question = select(*columns).where(visible(today)).order_by(col(Listing.slug))  # type: ignore[call-overload]
    for slug, product_id, state, until, last in session.execute(question.execution_options(yield_per=AT_ONCE)):
        yield Told(slug, product_id, _first(today, state, until, None if last == date.max else last))


def last_sure_day(session: Session, today: date) -> date | None:
    """The last day before the calendar changes anything of the catalogue: an expiry, or a certificate that begins."""
    expiry = select(func.min(Listing.valid_until)).where(
        visible(today), col(Listing.valid_until) >= today, col(Listing.state).in_(LIVING)
    )
    beginning = select(func.min(Listing.first_day)).where(col(Listing.first_day) > today)
    expires, begins = session.exec(expiry).one(), session.exec(beginning).one()
    days = [day for day in (expires, begins - ONE_DAY if begins else None) if day is not None]
    return min(days, default=None)


def changed_since(session: Session, revision: int, moment: datetime) -> set[UUID]:
    """The products of which something public was written since: listings by revision, signatures and log by time."""
    of_certificate = col(Certificate.product_id)
    signed = select(of_certificate).join(Credential, col(Credential.certificate_id) == col(Certificate.id))
    logged = select(of_certificate).join(LogEntry, col(LogEntry.certificate_id) == col(Certificate.id))
    return {
        *session.exec(select(Relisting.product_id).where(col(Relisting.revision) > revision)),
        *session.exec(signed.where(col(Credential.issued_at) >= moment)),
        *session.exec(logged.where(col(LogEntry.at) >= moment)),
    }


@dataclass(frozen=True)
class Found:
    """What the search of the copy knows of a product."""

    slug: str
    state: CertificateState
    valid_until: date
    card: dict[str, Any]
    words: dict[str, str]
    values: frozenset[tuple[str, str]]


def searchable(session: Session, today: date) -> Iterator[Found]:
    """What products are found by, in the order of their names."""
    columns = (
        *(Listing.certificate_id, Listing.slug, Listing.state, Listing.valid_until),
        *(Listing.card, Listing.words),
    )
    question = select(*columns).where(visible(today))  # type: ignore[call-overload]
    question = question.order_by(col(Listing.sort_key), col(Listing.slug))
    for rows in session.execute(question.execution_options(yield_per=AT_ONCE)).partitions():
        values: dict[UUID, set[tuple[str, str]]] = {row[0]: set() for row in rows}
        asked = select(ListingFacet).where(col(ListingFacet.listing_id).in_(list(values)))
        for one in session.exec(asked):
            values[one.listing_id].add((one.facet, one.value))
        for listing_id, slug, state, until, card, words in rows:
            yield Found(slug, state, until, card, words, frozenset(values[listing_id]))


def _first(today: date, state: CertificateState, until: date, replaced: date | None) -> date | None:
    days = [until] if state in LIVING and until >= today else []
    if replaced is not None and replaced >= today:
        days.append(replaced)
    return min(days, default=None)
