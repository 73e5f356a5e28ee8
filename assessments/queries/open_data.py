"""What programs ask of the public register: pages that go on after the last row seen, and every row for a file.

Products and companies come from the read model, certificates from their frozen contents, events from the public log.
Every page takes one or two statements, whatever its size.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import chain, islice
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, not_, or_, tuple_
from sqlmodel import Session, col, select

from assessments.models import (
    Certificate,
    Change,
    Listing,
    ListingFacet,
    LogEntry,
    LogHead,
    LogKind,
    Product,
    Revision,
    Vendor,
)
from assessments.queries import matching, shelf
from assessments.queries.catalogue import changed, status_is, visible
from assessments.queries.certificates import ended_unheard_of
from assessments.queries.searches import Search, fitting
from assessments.states import CertificateState, CertificateStatus

BEST = 1_000  # products that a text finds
AT_ONCE = 500  # events held while every one is read
CONTENTS_AT_ONCE = 100  # rows with the whole content of a certificate, some 60 KB of memory each
TOLD = tuple(kind for kind in LogKind if kind not in {LogKind.KEY, LogKind.HEAD})  # of the registry itself
_FINAL = (CertificateState.WITHDRAWN, CertificateState.TERMINATED, CertificateState.SUPERSEDED)


@dataclass(frozen=True)
class Standing:
    """How far everything public has come: the revision of the read model, its moment, and the length of the log."""

    revision: int
    at: datetime | None
    log: int


@dataclass(frozen=True)
class Products:
    """Which products are asked for; what is empty asks for all of them."""

    text: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    statuses: tuple[CertificateStatus, ...] = ()
    vendor: str = ""
    changed_since: date | None = None


@dataclass(frozen=True)
class Certificates:
    """Which certificates are asked for."""

    statuses: tuple[CertificateStatus, ...] = ()
    product: str = ""
    vendor: str = ""
    edition: str = ""
    level: str = ""


@dataclass(frozen=True)
class Events:
    """Which events are asked for."""

    kinds: tuple[LogKind, ...] = ()
    certificate: str = ""


@dataclass
class Listed:
    """One product as the catalogue has it."""

    slug: str
    vendor_slug: str
    number: str
    state: CertificateState
    valid_from: date
    valid_until: date
    changed_on: date
    checked_on: date
    content: dict[str, Any]

    @property
    def superseded_on(self) -> date | None:
        """Never while it is listed."""
        return None


@dataclass
class Granted:
    """One certificate that the public may know of, with the addresses of its product and company."""

    number: str
    year: int
    serial: int
    state: CertificateState
    state_since: date
    valid_from: date
    valid_until: date
    superseded_on: date | None
    decided_on: date
    revision: int
    submission_digest: str
    content: dict[str, Any]
    product: str
    vendor: str


@dataclass(frozen=True)
class Company:
    """One company with published products, as the newest certificate has it, and how many products there are."""

    slug: str
    facts: dict[str, Any]
    products: int


@dataclass(frozen=True)
class Told:
    """One entry of the public log that tells of a certificate or an edition, and the line of the register about it."""

    index: int
    kind: LogKind
    key: str
    body: str
    line: Change | None


def standing(session: Session) -> Standing:
    """How far everything public has come, in one statement."""
    parts = (
        select(Revision.number).scalar_subquery(),
        select(Revision.at).scalar_subquery(),
        select(LogHead.size).scalar_subquery(),
    )
    number, at, size = session.execute(select(*parts)).one()
    return Standing(number or 0, at, size or 0)


# --- products ---


def products(session: Session, wanted: Products, after: str, today: date, limit: int) -> list[Listed]:
    """Products in the order of their addresses, which never change, after the one named; one statement.

    With a text they are the BEST it finds among those that fit; one statement more asks for the revision of the search.
    """
    fits = [visible(today), col(Listing.slug) > after]
    if wanted.text.strip():
        fits += [col(Listing.certificate_id).in_(_found(session, wanted, today))]
        wanted = replace(wanted, facets={}, statuses=())  # looked at already
    fits += _of_products(wanted, today)
    if wanted.text.strip():
        first = select(Listing.certificate_id).where(*fits).order_by(col(Listing.slug)).limit(limit)
        fits = [col(Listing.certificate_id).in_(first)]  # of the others no content is read to put them in order
    question = select(*_LISTED).where(*fits).order_by(col(Listing.slug)).limit(limit)
    return [Listed(*row) for row in session.execute(question)]


def product(session: Session, slug: str, today: date) -> Listed | None:
    """One product."""
    row = session.execute(select(*_LISTED).where(visible(today), Listing.slug == slug)).first()
    return Listed(*row) if row else None


def every_product(session: Session, today: date) -> Iterator[Listed]:
    """Every product of a day, in the same order, a few held at a time."""
    question = select(*_LISTED).where(visible(today)).order_by(col(Listing.slug))
    for row in session.execute(question.execution_options(yield_per=CONTENTS_AT_ONCE)):
        yield Listed(*row)


def _of_products(wanted: Products, today: date) -> Iterator[ColumnElement[bool]]:
    for facet, values in wanted.facets.items():
        found = select(ListingFacet.listing_id).where(ListingFacet.facet == facet)
        yield col(Listing.certificate_id).in_(found.where(col(ListingFacet.value).in_(values)))
    if wanted.statuses:
        yield or_(*[status_is(one, today) for one in wanted.statuses])
    if wanted.vendor:
        yield col(Listing.vendor_slug) == wanted.vendor
    if wanted.changed_since:
        yield changed(today) >= wanted.changed_since


def _found(session: Session, wanted: Products, today: date) -> list[UUID]:
    """The listings that fit the filters, the BEST that a text finds among them as the search of the catalogue does."""
    day = shelf.of(session).day(today)
    matches = matching.find(day, wanted.text)
    fits = fitting(day, Search(facets=wanted.facets, statuses=wanted.statuses))
    cells = [bits for _, bits in matches.cells] or [matches.bits]
    places = islice(chain.from_iterable(shelf.members(bits & fits) for bits in cells), BEST)
    return [day.entry(place).id for place in places]


# --- certificates ---


def certificates(
    session: Session, wanted: Certificates, after: tuple[int, int], today: date, limit: int
) -> list[Granted]:
    """Certificates in the order of their numbers, after (year, serial); one statement."""
    place = tuple_(col(Certificate.year), col(Certificate.serial))
    question = _granted(today).where(*_of_certificates(wanted, today), place > after)
    question = question.order_by(col(Certificate.year), col(Certificate.serial)).limit(limit)
    return [Granted(*row) for row in session.execute(question)]


def certificate(session: Session, number: str, today: date) -> Granted | None:
    """One certificate by its canonical number."""
    row = session.execute(_granted(today).where(Certificate.number == number)).first()
    return Granted(*row) if row else None


def every_certificate(session: Session, today: date) -> Iterator[Granted]:
    """Every certificate of a day, a few held at a time."""
    question = _granted(today).order_by(col(Certificate.year), col(Certificate.serial))
    for row in session.execute(question.execution_options(yield_per=CONTENTS_AT_ONCE)):
        yield Granted(*row)


def _granted(today: date) -> Any:
    return (
        select(*_GRANTED)
        .join(Product, col(Product.id) == col(Certificate.product_id))
        .join(Vendor, col(Vendor.id) == col(Certificate.vendor_id))
        .where(
            col(Certificate.published_at).is_not(None),
            col(Certificate.valid_from) <= today,
            not_(ended_unheard_of()),
        )
    )


def _of_certificates(wanted: Certificates, today: date) -> Iterator[ColumnElement[bool]]:
    if wanted.statuses:
        yield or_(*[_worth(one, today) for one in wanted.statuses])
    for column, value in (
        (Product.slug, wanted.product),
        (Vendor.slug, wanted.vendor),
        (Certificate.edition_id, wanted.edition),
        (Certificate.level, wanted.level),
    ):
        if value:
            yield col(column) == value


def _worth(status: CertificateStatus, today: date) -> ColumnElement[bool]:
    """SQL: a certificate that has begun is worth this on a day; the rule is queries.certificates.status."""
    state, ends = col(Certificate.state), col(Certificate.superseded_on)
    lasting, replaced = not_(state.in_(_FINAL)), and_(ends.is_not(None), ends <= today)
    if status is CertificateStatus.SUPERSEDED:
        return or_(state == CertificateState.SUPERSEDED, and_(lasting, replaced))
    if status in (CertificateStatus.WITHDRAWN, CertificateStatus.TERMINATED):
        return state == CertificateState(status.value)
    over = col(Certificate.valid_until) < today
    if status is CertificateStatus.EXPIRED:
        return and_(lasting, not_(replaced), over)
    return and_(state == CertificateState(status.value), not_(replaced), not_(over))


# --- companies ---


def vendors(session: Session, after: str, today: date, limit: int, slug: str = "") -> list[Company]:
    """Companies with published products in the order of their addresses, or the one called `slug`; two statements."""
    named = select(Listing.vendor_slug).where(visible(today), Listing.vendor_slug > after)
    if slug:
        named = named.where(Listing.vendor_slug == slug)
    slugs = list(session.exec(named.distinct().order_by(col(Listing.vendor_slug)).limit(limit)).all())
    return list(_companies(session, slugs, today)) if slugs else []


def _companies(session: Session, slugs: list[str], today: date) -> Iterator[Company]:
    company = col(Listing.vendor_slug)
    newest = (col(Listing.valid_from).desc(), col(Listing.certificate_id))
    ranked = (
        select(
            Listing.certificate_id,
            func.row_number().over(partition_by=company, order_by=newest).label("place"),
            func.count().over(partition_by=company).label("products"),
        )
        .where(visible(today), col(Listing.vendor_slug).in_(slugs))
        .subquery()
    )
    question = (
        select(Listing.vendor_slug, col(Listing.content)["vendor"], ranked.c.products)
        .join(ranked, ranked.c.certificate_id == col(Listing.certificate_id))
        .where(ranked.c.place == 1)
        .order_by(col(Listing.vendor_slug))
    )
    return (Company(*row) for row in session.execute(question))


# --- events ---


def events(session: Session, wanted: Events, first: int, limit: int, today: date) -> list[Told]:
    """What the public log tells, from the entry with this number on, oldest first; two statements.

    The log is counted without gaps and never changes: whoever goes on from the last number has missed nothing.
    """
    question = select(LogEntry).where(LogEntry.index >= first, col(LogEntry.kind).in_(wanted.kinds or TOLD))
    if wanted.certificate:
        its_id = select(Certificate.id).where(Certificate.number == wanted.certificate)
        question = question.where(col(LogEntry.certificate_id).in_(its_id))
    entries = session.exec(question.order_by(col(LogEntry.index)).limit(limit)).all()
    lines = _lines(session, [line_of(one) for one in entries], today)
    return [Told(one.index, one.kind, one.key, one.body, lines.get(line_of(one))) for one in entries]


def every_event(session: Session, today: date) -> Iterator[Told]:
    """Everything the public log tells, a few held at a time."""
    first = 0
    while found := events(session, Events(), first, AT_ONCE, today):
        yield from found
        first = found[-1].index + 1
        session.expunge_all()


def line_of(entry: LogEntry) -> str:
    """The key of the line of the register that tells of the same as an entry of the log."""
    if entry.kind is LogKind.EDITION:
        return entry.key.replace(":", "/", 1)
    number, *rest = entry.key.split(":")
    if len(rest) == 1:  # what the calendar does comes once
        return f"{number}/{rest[0]}"
    return f"{number}/{rest[0]}" + ("/lift" if entry.kind is LogKind.LIFT else "")


def _lines(session: Session, keys: list[str], today: date) -> dict[str, Change]:
    if not keys:
        return {}
    question = select(Change).where(col(Change.key).in_(keys), Change.day <= today)
    return {one.key: one for one in session.exec(question).all()}


_LISTED: tuple[Any, ...] = (
    Listing.slug,
    Listing.vendor_slug,
    Listing.number,
    Listing.state,
    Listing.valid_from,
    Listing.valid_until,
    Listing.changed_on,
    Listing.checked_on,
    Listing.content,
)
_GRANTED: tuple[Any, ...] = (
    Certificate.number,
    Certificate.year,
    Certificate.serial,
    Certificate.state,
    Certificate.state_since,
    Certificate.valid_from,
    Certificate.valid_until,
    Certificate.superseded_on,
    Certificate.decided_on,
    Certificate.revision,
    Certificate.submission_digest,
    Certificate.content,
    col(Product.slug),
    col(Vendor.slug),
)
