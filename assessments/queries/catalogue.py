"""Questions the public asks of the read model; every one loads a page, whatever the size of the registry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case
from sqlmodel import Session, col, select

from assessments.models import Listing
from assessments.queries import matching, shelf
from assessments.queries.cards import Worded
from assessments.queries.cards import spans as spans
from assessments.queries.cards import tone as tone
from assessments.queries.certificates import status
from assessments.queries.marking import Marks
from assessments.queries.matching import Told
from assessments.queries.searches import EXACT as EXACT
from assessments.queries.searches import FACETS as FACETS
from assessments.queries.searches import MAX_WORDS as MAX_WORDS
from assessments.queries.searches import PAGE as PAGE
from assessments.queries.searches import SHOWN as SHOWN
from assessments.queries.searches import SORTS as SORTS
from assessments.queries.searches import Search as Search
from assessments.queries.searches import drilled, fitting, number_of, page_of, up_to
from assessments.states import CertificateAction, CertificateState, CertificateStatus
from criteria.model import Bilingual

OF_A_VENDOR = 200  # products on the page of a company


@dataclass
class Card(Worded):
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
    def since(self) -> date:
        """Since when the certificate is in its state."""
        return date.fromisoformat(self.text["since"])


@dataclass(frozen=True)
class Found:
    """One page of products: where the next one starts ("" at the end) and the one before, and how many there are.

    `total` and `counts` are exact up to EXACT and say EXACT + 1 beyond. `counts` says of each value of each facet, and
    of "status", how many products there are with this value and everything else that was asked for.
    """

    cards: list[Card]
    after: str
    total: int
    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    told: Told = field(default_factory=Told)
    marks: Marks = field(default_factory=Marks)
    first: int = 1  # which product of all the page begins with
    before: str | None = None  # where the page before starts; "" for the first one, None on it
    why: Mapping[str, list[tuple[str, str]]] = field(default_factory=dict)  # slug -> codes by which a need found it


@dataclass(frozen=True)
class Entry:
    """One line in the history of a product's certificates: since `day` the status was `status`."""

    status: CertificateStatus
    day: date
    action: str  # a CertificateAction, "expire" or "lift"
    number: str
    reason: Bilingual


def search(session: Session, wanted: Search, today: date) -> Found:
    """The products that fit, PAGE at a time: one statement for the revision, one for the cards of the page.

    Everything else is answered from the shelf (queries.shelf), whose sets every combination of filters is one AND of.
    """
    day = shelf.of(session).day(today)
    matches = matching.find(day, wanted.text)
    bits = matches.bits & fitting(day, wanted)
    page = page_of(day, wanted, matches, bits)
    entries = [day.entry(place) for place in page.places]
    known = _cards_by_id(session, [entry.id for entry in entries])
    cards = {entry.id: known[entry.id] for entry in entries if entry.id in known}
    return Found(
        list(cards.values()),
        page.after,
        up_to(bits),
        counts=drilled(day, wanted, matches.bits),
        told=matches.told,
        marks=matches.marks,
        first=page.first,
        before=page.before,
        why={
            cards[entry.id].slug: [code for code in matches.codes if code in entry.values]
            for entry in entries
            if entry.id in cards
        },
    )


def loosened(session: Session, wanted: Search, today: date) -> dict[tuple[str, ...], int]:
    """Parts of a search -> how many products there would be without them; only where there are any.

    One part at a time; two at a time where no single one helps. Without its only part a search is the whole catalogue.
    """
    parts = wanted.parts()
    day = shelf.of(session).day(today)
    for size in (1, 2):
        sets = combinations(parts, size) if len(parts) > size else ()
        found = {left_out: number for left_out in sets if (number := number_of(day, wanted, left_out))}
        if found:
            return found
    return {}


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


def counts(session: Session, today: date) -> Mapping[tuple[str, str], int]:
    """(facet, value) -> how many products; "status" among the facets, and how many in all under ("all", "")."""
    day = shelf.of(session).day(today)
    if day.counts is None:  # every list asks; they are the same until the catalogue changes
        day.counts = _counted(day)
    return day.counts


def _counted(day: shelf.Day) -> Mapping[tuple[str, str], int]:
    found = drilled(day, Search(), day.visible)
    found.update({("status", one.value): up_to(day.statuses.get(one, 0)) for one in SHOWN})
    kept = {key: number for key, number in found.items() if number or key[0] == "status"}
    return {**kept, ("all", ""): up_to(day.visible)}


def listing_by_slug(session: Session, slug: str, today: date) -> Listing | None:
    """One published product."""
    return session.exec(select(Listing).where(Listing.slug == slug, visible(today))).first()


def listed_products(session: Session) -> list[UUID]:
    """Every product that has a listing."""
    return list(session.exec(select(Listing.product_id).distinct()).all())


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


def _cards(session: Session, ids: list[UUID]) -> list[Card]:
    """The cards of listings, in the order of their ids."""
    by_id = _cards_by_id(session, ids)
    return [by_id[one] for one in ids if one in by_id]


def _cards_by_id(session: Session, ids: list[UUID]) -> dict[UUID, Card]:
    question = select(Listing.certificate_id, *_CARD).where(col(Listing.certificate_id).in_(ids))
    return {row[0]: Card(*row[1:]) for row in session.execute(question).all()}
