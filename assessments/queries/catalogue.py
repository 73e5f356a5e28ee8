"""Questions the public asks of the read model; every one loads a page, whatever the size of the registry."""

import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, literal, or_
from sqlmodel import Session, col, select

from assessments.folding import words
from assessments.models import Listing, ListingFacet, ListingWord, Revision
from assessments.queries.certificates import status
from assessments.queries.paging import Order, beyond, token_of
from assessments.states import CertificateAction, CertificateState, CertificateStatus
from criteria.model import Bilingual

PAGE = 24
EXACT = 1000  # counts are exact up to here, "1000+" beyond
SORTS = ("recommended", "changed", "checked", "name", "level")
FACETS = ("age", "worry", "platform", "category", "price", "language", "made_in", "level")
SHOWN = (
    CertificateStatus.ACTIVE,
    CertificateStatus.SUSPENDED,
    CertificateStatus.EXPIRED,
    CertificateStatus.WITHDRAWN,
    CertificateStatus.TERMINATED,
)
MAX_WORDS = 8
OF_A_VENDOR = 200  # products on the page of a company


@dataclass(frozen=True)
class Search:
    """What somebody looks for; `facets` maps a facet to the values of which one must fit."""

    text: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    statuses: tuple[CertificateStatus, ...] = ()
    sort: str = "recommended"
    after: str = ""
    as_of: date | None = None  # a day gone by: see queries.past

    def without(self, part: str) -> "Search":
        """The same search, one part of it ("text", "status" or a facet) dropped."""
        kept = {facet: values for facet, values in self.facets.items() if facet != part}
        statuses = () if part == "status" else self.statuses
        return Search("" if part == "text" else self.text, kept, statuses, self.sort, as_of=self.as_of)

    def parts(self) -> list[str]:
        """What the search asks for, by name."""
        asked = ["text"] if words(self.text) else []
        asked += [facet for facet, values in self.facets.items() if values]
        return asked + (["status"] if self.statuses else [])


@dataclass
class Card:
    """One product in a list."""

    slug: str
    number: str
    state: CertificateState
    valid_from: date
    valid_until: date
    changed_on: date
    checked_on: date
    text: dict[str, Any]

    @property
    def superseded_on(self) -> date | None:
        """Never while it is shown; see models.catalogue.Listing."""
        return None

    @property
    def name(self) -> Bilingual:
        """The product's name."""
        return self._both("name")

    @property
    def short(self) -> Bilingual:
        """What it is, in the vendor's words."""
        return self._both("short")

    @property
    def vendor(self) -> Bilingual:
        """Who answers for it."""
        return self._both("vendor")

    @property
    def level(self) -> Bilingual:
        """The level with its number, so that "mức {level}" reads right."""
        level = self.text["level"]
        return Bilingual(f"{level['rank']} – {level['vi']}", f"{level['rank']} – {level['en']}")

    @property
    def reason(self) -> Bilingual:
        """Why the committee decided last."""
        return self._both("reason")

    @property
    def since(self) -> date:
        """Since when the certificate is in its state."""
        return date.fromisoformat(self.text["since"])

    @property
    def ages(self) -> list[tuple[int, int]]:
        """The ages the product is for."""
        return spans(self.text["ages"])

    @property
    def tone(self) -> int:
        """A small number that never changes for a product: the colour of its tile."""
        return tone(self.slug)

    def _both(self, key: str) -> Bilingual:
        return Bilingual(self.text[key]["vi"], self.text[key]["en"] or self.text[key]["vi"])


@dataclass(frozen=True)
class Found:
    """One page of products, where the next one starts ("" at the end), and how many there are up to EXACT + 1."""

    cards: list[Card]
    after: str
    total: int


@dataclass(frozen=True)
class Entry:
    """One line in the history of a product's certificates: since `day` the status was `status`."""

    status: CertificateStatus
    day: date
    action: str  # a CertificateAction, "expire" or "lift"
    number: str
    reason: Bilingual


def search(session: Session, wanted: Search, today: date) -> Found:
    """The products that fit, PAGE at a time, in three statements."""
    conditions = [visible(today), *_conditions(wanted, today)]
    order = _order(wanted, today)
    total = session.exec(select(_capped(conditions))).one()
    question = select(Listing.certificate_id, *[key.expression for key in order])
    question = question.where(*conditions, *beyond(order, wanted.after))
    for key in order:
        question = question.order_by(key.expression.desc() if key.descending else key.expression.asc())
    rows = list(session.execute(question.limit(PAGE + 1)).all())
    token = token_of(rows[PAGE - 1][1:]) if len(rows) > PAGE else ""
    return Found(_cards(session, [row[0] for row in rows[:PAGE]]), token, total)


def loosened(session: Session, wanted: Search, today: date) -> dict[str, int]:
    """Part of a search -> how many products there would be without it, in one statement; only where there are any."""
    parts = wanted.parts()
    if len(parts) < 2:  # without its only part it is the whole catalogue
        return {}
    counted = [_capped([visible(today), *_conditions(wanted.without(part), today)]) for part in parts]
    row = session.execute(select(*counted)).one()
    return {part: number for part, number in zip(parts, row, strict=True) if number}


def visible(today: date) -> ColumnElement[bool]:
    """SQL: a listing stands in the catalogue on a day."""
    return and_(col(Listing.first_day) <= today, col(Listing.last_day) >= today)


def status_is(status: CertificateStatus, today: date) -> ColumnElement[bool]:
    """SQL: a listing has this status on a day."""
    state, until = col(Listing.state), col(Listing.valid_until)
    lasting = (CertificateState.ACTIVE, CertificateState.SUSPENDED)
    if status is CertificateStatus.EXPIRED:
        return and_(state.in_(lasting), until < today)
    wanted = CertificateState(status.value)
    return and_(state == wanted, until >= today) if wanted in lasting else state == wanted


def changed(today: date) -> Any:
    """SQL: the day a listing came into the status it has: expiry comes with the calendar, the rest by decision."""
    return case((status_is(CertificateStatus.EXPIRED, today), col(Listing.valid_until)), else_=col(Listing.changed_on))


def counts(session: Session, today: date) -> dict[tuple[str, str], int]:
    """(facet, value) -> how many products; "status" among the facets. Kept by the caller for one revision and day."""
    question = (
        select(ListingFacet.facet, ListingFacet.value, func.count())
        .join(Listing, col(Listing.certificate_id) == col(ListingFacet.listing_id))
        .where(visible(today))
        .group_by(col(ListingFacet.facet), col(ListingFacet.value))
    )
    found = {(facet, value): number for facet, value, number in session.exec(question).all()}
    by_status = [func.sum(case((status_is(one, today), 1), else_=0)) for one in SHOWN]
    row = session.execute(select(func.count(), *by_status).where(visible(today))).one()
    found["all", ""] = row[0]
    found.update({("status", one.value): number or 0 for one, number in zip(SHOWN, row[1:], strict=True)})
    return found


def revision(session: Session) -> int:
    """The number of the public revision."""
    return session.exec(select(Revision.number)).first() or 0


def listing_by_slug(session: Session, slug: str, today: date) -> Listing | None:
    """One published product."""
    return session.exec(select(Listing).where(Listing.slug == slug, visible(today))).first()


def cards_of_vendor(session: Session, vendor_slug: str, today: date) -> list[Card]:
    """A company's published products, in Vietnamese order; at most OF_A_VENDOR."""
    question = (
        select(*_CARD)
        .where(Listing.vendor_slug == vendor_slug, visible(today))
        .order_by(col(Listing.sort_key), col(Listing.certificate_id))
        .limit(OF_A_VENDOR)
    )
    return [Card(*row) for row in session.execute(question).all()]


def vendor_by_slug(session: Session, vendor_slug: str, today: date) -> dict[str, Any] | None:
    """The facts of a company as its newest published certificate has them; None when it has none."""
    question = (
        select(Listing.content)
        .where(Listing.vendor_slug == vendor_slug, visible(today))
        .order_by(col(Listing.valid_from).desc(), col(Listing.certificate_id))
        .limit(1)
    )
    content = session.exec(question).first()
    return dict(content["vendor"]) if content else None


def lately_changed(session: Session, today: date, limit: int = 6) -> list[Card]:
    """The products whose certificates changed last, expiry included."""
    question = (
        select(Listing.certificate_id)
        .where(visible(today))
        .order_by(changed(today).desc(), col(Listing.sort_key), col(Listing.certificate_id))
        .limit(limit)
    )
    return _cards(session, list(session.exec(question).all()))


def tone(slug: str) -> int:
    """A number from 0 to 5 that never changes for a product."""
    return zlib.crc32(slug.encode()) % 6


def spans(bands: Iterable[str]) -> list[tuple[int, int]]:
    """Age bands ("7-11", "12-15") as spans of years, neighbours joined: [(7, 15)]; other codes are left out."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(_years(bands)):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return joined


def history(listing: Listing, today: date) -> list[Entry]:
    """What happened to a product's certificates up to a day, newest first; expiry comes from the calendar."""
    events = listing.content["history"]
    before: dict[str, CertificateStatus] = {}
    entries = [entry for event in reversed(events) for entry in _entries(event, before)][::-1] + _expiries(events)
    if status(listing, today) is not CertificateStatus.EXPIRED:
        entries = [entry for entry in entries if entry.action != "expire" or entry.number != listing.number]
    past = [entry for entry in entries if entry.day <= today]
    return sorted(past, key=lambda entry: entry.day, reverse=True)


def _entries(event: dict[str, Any], before: dict[str, CertificateStatus]) -> list[Entry]:
    """An event, and after it the lifting of a suspension nobody confirmed; `before`: what each certificate was.

    A record of what the calendar did (expiry) adds no line: see _expiries.
    """
    action, number = CertificateAction(event["action"]), event["number"]
    if action is CertificateAction.EXPIRE:
        return []
    after = _AFTER[action] or before.get(number, CertificateStatus.ACTIVE)
    reason = Bilingual(event["reason"]["vi"], event["reason"]["en"])
    entry = Entry(after, date.fromisoformat(event["on"]), action.value, number, reason)
    before[number] = CertificateStatus.ACTIVE if event["lifted_on"] else after
    if not event["lifted_on"]:
        return [entry]
    lifted = date.fromisoformat(event["lifted_on"])
    return [entry, Entry(CertificateStatus.ACTIVE, lifted, "lift", number, Bilingual("", ""))]


def _expiries(events: list[dict[str, Any]]) -> list[Entry]:
    """The day after each certificate's last, unless it ended before or the next one had begun by then."""
    ends = {CertificateAction.WITHDRAW.value, CertificateAction.TERMINATE.value}
    withdrawn = {event["number"] for event in events if event["action"] in ends}
    grants = [event for event in events if event["action"] == CertificateAction.GRANT.value]
    entries = []
    for grant in grants:
        day = date.fromisoformat(grant["valid_until"])
        followed = any(grant["on"] < other["on"] <= (day + _DAY).isoformat() for other in grants)
        if day < date.max and not followed and grant["number"] not in withdrawn:
            expired = Entry(CertificateStatus.EXPIRED, day + _DAY, "expire", grant["number"], Bilingual("", ""))
            entries.append(expired)
    return entries


_DAY = timedelta(days=1)
_AFTER: Mapping[CertificateAction, CertificateStatus | None] = {
    CertificateAction.GRANT: CertificateStatus.ACTIVE,
    CertificateAction.SUSPEND: CertificateStatus.SUSPENDED,
    CertificateAction.REINSTATE: CertificateStatus.ACTIVE,
    CertificateAction.WITHDRAW: CertificateStatus.WITHDRAWN,
    CertificateAction.REDUCE: None,  # as it was
    CertificateAction.RESTORE: None,
    CertificateAction.TERMINATE: CertificateStatus.TERMINATED,
    CertificateAction.SUPERSEDE: CertificateStatus.SUPERSEDED,
    CertificateAction.EXPIRE: CertificateStatus.EXPIRED,
}
_CARD: tuple[Any, ...] = (
    Listing.slug,
    Listing.number,
    Listing.state,
    Listing.valid_from,
    Listing.valid_until,
    Listing.changed_on,
    Listing.checked_on,
    Listing.card,
)


def _years(bands: Iterable[str]) -> list[tuple[int, int]]:
    found = [re.fullmatch(r"(\d{1,2})-(\d{1,2})", band) for band in bands]
    return [(int(match[1]), int(match[2])) for match in found if match]


def _cards(session: Session, ids: list[UUID]) -> list[Card]:
    """The cards of listings, in the order of their ids."""
    question = select(Listing.certificate_id, *_CARD).where(col(Listing.certificate_id).in_(ids))
    by_id = {row[0]: Card(*row[1:]) for row in session.execute(question).all()}
    return [by_id[one] for one in ids if one in by_id]


def _capped(conditions: list[ColumnElement[bool]]) -> Any:
    """SQL: how many listings fit, counted no further than EXACT + 1."""
    fitting = select(Listing.certificate_id).where(*conditions).limit(EXACT + 1).subquery()
    return select(func.count()).select_from(fitting).scalar_subquery()


def _conditions(wanted: Search, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        col(Listing.certificate_id).in_(
            select(ListingFacet.listing_id).where(ListingFacet.facet == facet, col(ListingFacet.value).in_(values))
        )
        for facet, values in wanted.facets.items()
        if values
    ]
    conditions += [
        col(Listing.certificate_id).in_(select(ListingWord.listing_id).where(_starts_with(word)))
        for word in words(wanted.text)[:MAX_WORDS]
    ]
    if wanted.statuses:
        conditions.append(or_(*[status_is(status, today) for status in wanted.statuses]))
    return conditions


def _starts_with(word: str) -> ColumnElement[bool]:
    return and_(col(ListingWord.word) >= word, col(ListingWord.word) < word + "{")  # "{" follows "z"


def _order(wanted: Search, today: date) -> list[Order]:
    valid = Order(case((status_is(CertificateStatus.ACTIVE, today), 0), else_=1), int)
    newest = Order(changed(today), date, descending=True)
    orders: dict[str, list[Order]] = {
        "recommended": [valid, newest],
        "match": [Order(_weight(wanted), int, descending=True), valid],
        "changed": [newest],
        "checked": [Order(col(Listing.checked_on), date, descending=True)],
        "name": [],
        "level": [valid, Order(col(Listing.level_rank), int, descending=True)],
    }
    chosen = "match" if wanted.sort == "recommended" and words(wanted.text) else wanted.sort
    last = [Order(col(Listing.sort_key), str), Order(col(Listing.certificate_id), UUID)]
    return [*orders.get(chosen, []), *last]


def _weight(wanted: Search) -> Any:
    looked_for = words(wanted.text)[:MAX_WORDS]
    if not looked_for:
        return literal(0)
    return (
        select(func.sum(ListingWord.weight))
        .where(ListingWord.listing_id == Listing.certificate_id, or_(*[_starts_with(word) for word in looked_for]))
        .scalar_subquery()
    )
