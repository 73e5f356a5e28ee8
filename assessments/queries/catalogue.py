"""Questions the public asks of the read model; every one loads a page, whatever the size of the registry."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, literal, or_
from sqlmodel import Session, col, select

from assessments.folding import words
from assessments.models import Listing, ListingFacet, ListingWord, Revision
from assessments.states import CertificateState, CertificateStatus

PAGE = 24
EXACT = 1000  # counts are exact up to here, "1000+" beyond
SORTS = ("recommended", "match", "changed", "checked", "name", "level")
MAX_WORDS = 8


@dataclass(frozen=True)
class Search:
    """What somebody looks for; `facets` maps a facet to the values of which one must fit."""

    text: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    statuses: tuple[CertificateStatus, ...] = ()
    sort: str = "recommended"
    after: str = ""


@dataclass(frozen=True)
class Found:
    """One page of products, where the next one starts ("" at the end), and how many there are up to EXACT + 1."""

    listings: list[Listing]
    after: str
    total: int


def search(session: Session, wanted: Search, today: date) -> Found:
    """The products that fit, PAGE at a time, in two statements."""
    conditions = [col(Listing.valid_from) <= today, *_conditions(wanted, today)]
    order = _order(wanted, today)
    capped = select(col(Listing.product_id)).where(*conditions).limit(EXACT + 1).subquery()
    total = session.exec(select(func.count()).select_from(capped)).one()
    question = select(Listing, *[expression for expression, _ in order]).where(*conditions, *_after(wanted, order))
    for expression, descending in order:
        question = question.order_by(expression.desc() if descending else expression.asc())
    rows = list(session.execute(question.limit(PAGE + 1)).all())
    token = _token(rows[PAGE - 1][1:]) if len(rows) > PAGE else ""
    return Found([row[0] for row in rows[:PAGE]], token, total)


def status_is(status: CertificateStatus, today: date) -> ColumnElement[bool]:
    """SQL: a listing has this status on a day."""
    state, until = col(Listing.state), col(Listing.valid_until)
    lasting = (CertificateState.ACTIVE, CertificateState.SUSPENDED)
    if status is CertificateStatus.EXPIRED:
        return and_(state.in_(lasting), until < today)
    wanted = CertificateState(status.value)
    return and_(state == wanted, until >= today) if wanted in lasting else state == wanted


def counts(session: Session, today: date) -> dict[tuple[str, str], int]:
    """(facet, value) -> how many products; "status" among the facets. Kept by the caller for one revision and day."""
    visible = col(Listing.valid_from) <= today
    question = (
        select(ListingFacet.facet, ListingFacet.value, func.count())
        .join(Listing, col(Listing.product_id) == col(ListingFacet.product_id))
        .where(visible)
        .group_by(col(ListingFacet.facet), col(ListingFacet.value))
    )
    found = {(facet, value): number for facet, value, number in session.exec(question).all()}
    shown = (
        CertificateStatus.ACTIVE,
        CertificateStatus.SUSPENDED,
        CertificateStatus.EXPIRED,
        CertificateStatus.WITHDRAWN,
        CertificateStatus.TERMINATED,
    )
    row = session.execute(
        select(func.count(), *[func.sum(case((status_is(one, today), 1), else_=0)) for one in shown]).where(visible)
    ).one()
    found["all", ""] = row[0]
    found.update({("status", one.value): number or 0 for one, number in zip(shown, row[1:], strict=True)})
    return found


def revision(session: Session) -> int:
    """The number of the public revision."""
    return session.exec(select(Revision.number)).first() or 0


def listing_by_slug(session: Session, slug: str, today: date) -> Listing | None:
    """One published product."""
    question = select(Listing).where(Listing.slug == slug, col(Listing.valid_from) <= today)
    return session.exec(question).one_or_none()


def listings_of_vendor(session: Session, vendor_slug: str, today: date) -> list[Listing]:
    """A company's published products, in Vietnamese order."""
    question = (
        select(Listing)
        .where(Listing.vendor_slug == vendor_slug, col(Listing.valid_from) <= today)
        .order_by(col(Listing.sort_key))
    )
    return list(session.exec(question).all())


def lately_changed(session: Session, today: date, limit: int = 6) -> list[Listing]:
    """The products whose certificates changed last."""
    question = (
        select(Listing)
        .where(col(Listing.valid_from) <= today)
        .order_by(col(Listing.changed_on).desc(), col(Listing.product_id))
        .limit(limit)
    )
    return list(session.exec(question).all())


def _conditions(wanted: Search, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        col(Listing.product_id).in_(
            select(ListingFacet.product_id).where(ListingFacet.facet == facet, col(ListingFacet.value).in_(values))
        )
        for facet, values in wanted.facets.items()
        if values
    ]
    conditions += [
        col(Listing.product_id).in_(select(ListingWord.product_id).where(_starts_with(word)))
        for word in words(wanted.text)[:MAX_WORDS]
    ]
    if wanted.statuses:
        conditions.append(or_(*[status_is(status, today) for status in wanted.statuses]))
    return conditions


def _starts_with(word: str) -> ColumnElement[bool]:
    return and_(col(ListingWord.word) >= word, col(ListingWord.word) < word + "{")  # "{" follows "z"


Order = list[tuple[Any, bool]]  # expression, descending


def _order(wanted: Search, today: date) -> Order:
    name, product = col(Listing.sort_key), col(Listing.product_id)
    valid = case((status_is(CertificateStatus.ACTIVE, today), 0), else_=1)
    orders: dict[str, Order] = {
        "recommended": [(valid, False), (col(Listing.changed_on), True)],
        "match": [(_weight(wanted), True), (valid, False)],
        "changed": [(col(Listing.changed_on), True)],
        "checked": [(col(Listing.checked_on), True)],
        "name": [],
        "level": [(valid, False), (col(Listing.level_rank), True)],
    }
    chosen = "match" if wanted.sort == "recommended" and words(wanted.text) else wanted.sort
    return [*orders.get(chosen, []), (name, False), (product, False)]


def _weight(wanted: Search) -> Any:
    looked_for = words(wanted.text)[:MAX_WORDS]
    if not looked_for:
        return literal(0)
    return (
        select(func.sum(ListingWord.weight))
        .where(ListingWord.product_id == Listing.product_id, or_(*[_starts_with(word) for word in looked_for]))
        .scalar_subquery()
    )


def _after(wanted: Search, order: Order) -> list[ColumnElement[bool]]:
    values = _values(wanted.after)
    if values is None or len(values) != len(order):
        return []
    beyond: list[ColumnElement[bool]] = []
    for place, ((expression, descending), value) in enumerate(zip(order, values, strict=True)):
        same = [order[i][0] == values[i] for i in range(place)]
        beyond.append(and_(*same, expression < value if descending else expression > value))
    return [or_(*beyond)]


def _token(values: Any) -> str:
    plain = [_plain(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _values(token: str) -> list[Any] | None:
    """The values of a page token; a token that nobody made means the first page."""
    try:
        plain = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        return [_value(value) for value in plain]
    except (ValueError, TypeError, binascii.Error):
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return f"d{value.isoformat()}"
    return f"u{value.hex}" if isinstance(value, UUID) else f"s{value}" if isinstance(value, str) else int(value)


def _value(plain: Any) -> Any:
    if isinstance(plain, int):
        return plain
    readers: dict[str, Callable[[str], Any]] = {"d": date.fromisoformat, "u": UUID, "s": str}
    if plain[:1] not in readers:
        raise ValueError(plain)
    return readers[plain[0]](plain[1:])
