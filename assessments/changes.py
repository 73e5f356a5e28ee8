"""Writes the register of the past beside the catalogue: what happened to a product's certificates, and what was when.

Rows of days to come are written too (an announcement, an expiry): they show from their day on, and no job has to run.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select

from assessments import profile
from assessments.clock import legal_day, start_of_day
from assessments.folding import sort_key, words
from assessments.models import (
    Certificate,
    CertificateEvent,
    CertificateRevision,
    Change,
    EditionPublication,
    Period,
    Product,
)
from assessments.profile import Profile
from assessments.publishing import RegisterKind
from assessments.queries import past
from assessments.states import CertificateAction, CertificateStatus
from criteria import store
from criteria.source import EditionError

FOREVER = date.max
_DAY = timedelta(days=1)
_BY_CALENDAR = {
    CertificateStatus.EXPIRED: RegisterKind.EXPIRE,
    CertificateStatus.SUPERSEDED: RegisterKind.SUPERSEDE,
}


@dataclass(frozen=True)
class _Life:
    """A certificate with all that took effect on it and what it said before each reduction."""

    certificate: Certificate
    events: Sequence[CertificateEvent]
    revisions: Sequence[CertificateRevision]
    slug: str
    follower: str  # number of the one that stands in its place

    def status(self, day: date) -> CertificateStatus:
        return past.status_on(self.events, self.certificate, day)

    def content(self, day: date) -> Mapping[str, Any]:
        return past.content_on(self.certificate, self.revisions, day)

    def days(self) -> list[date]:
        """Every day on which it may have become something else, from its first on."""
        one = self.certificate
        found = {one.valid_from, *(turn.day for turn in past.turns(self.events))}
        found |= {revision.effective_on for revision in self.revisions}
        found |= {one.superseded_on} if one.superseded_on else set()
        found |= {one.valid_until + _DAY} if one.valid_until < FOREVER else set()
        return sorted(day for day in found if day >= one.valid_from)


def rewrite(session: Session, product_id: UUID, certificates: Sequence[Certificate]) -> None:
    """Write a product's part of the register anew from the certificates the public may ever see, in their order.

    The same decisions give the same rows with the same keys, whenever it is called. Source: ISO/IEC 17065, 7.8.
    """
    session.exec(delete(Change).where(col(Change.product_id) == product_id))
    session.exec(delete(Period).where(col(Period.product_id) == product_id))
    lines, periods = expected(session, product_id, certificates)
    session.add_all([*lines, *periods])
    session.flush()


def expected(
    session: Session, product_id: UUID, certificates: Sequence[Certificate]
) -> tuple[list[Change], list[Period]]:
    """The rows that a product's part of the register has when it says what was decided, and nothing is added."""
    if not certificates:
        return [], []
    lives = _lives(session, session.get_one(Product, product_id), certificates)
    periods = [one for life, first, last in _windows(lives) for one in _periods(life, first, last)]
    return [line for life in lives for line in _lines(life)], periods


def tell_edition(session: Session, publication: EditionPublication) -> None:
    """Write the line of an edition that was published; the same edition has one line for good."""
    try:
        edition = store.load(publication.edition_id)
    except EditionError:
        return
    names = {"vi": edition.name.vi, "en": edition.name.en}
    session.merge(
        Change(
            key=f"edition/{edition.id}",
            kind=RegisterKind.EDITION,
            day=legal_day(publication.published_at),
            at=publication.published_at,
            edition_id=edition.id,
            words=_folded([edition.id, *names.values()]),
            text={"edition": names, "digest": publication.digest},
        )
    )


def facets_of(content: Mapping[str, Any], level: str) -> dict[str, Iterable[str]]:
    """Facet -> the values by which a product with this content is found."""
    facts = profile.from_dict(content["profile"])
    return {
        "age": facts.ages,
        "worry": content["protects_from"],
        "platform": facts.platforms,
        "category": facts.categories,
        "price": [facts.price_model],
        "language": facts.languages,
        "made_in": [facts.made_in_vietnam],
        "level": [level],
    }


def card_of(content: Mapping[str, Any], facts: Profile) -> dict[str, Any]:
    """What a list of products prints of a content."""
    vendor, level = content["vendor"], content["level"]
    return {
        "name": {"vi": facts.name_vi, "en": facts.name_en},
        "short": {"vi": facts.short_vi, "en": facts.short_en},
        "vendor": {"vi": vendor["name"], "en": vendor.get("name_en") or vendor["name"]},
        "ages": list(facts.ages),
        "platforms": list(facts.platforms),
        "categories": list(facts.categories),
        "price": facts.price_model,
        "level": {"rank": level["rank"], "vi": level["vi"], "en": level["en"]},
    }


def _lives(session: Session, product: Product, certificates: Sequence[Certificate]) -> list[_Life]:
    ids = [one.id for one in certificates]
    question = select(CertificateEvent).where(col(CertificateEvent.certificate_id).in_(ids))
    events = session.exec(question.order_by(col(CertificateEvent.number))).all()
    revisions = past.revisions_of(session, ids)
    begun = {one.valid_from: one.number for one in certificates}
    return [
        _Life(
            one,
            [event for event in events if event.certificate_id == one.id],
            [revision for revision in revisions if revision.certificate_id == one.id],
            product.slug,
            begun.get(one.superseded_on, "") if one.superseded_on else "",
        )
        for one in certificates
    ]


# --- lines ---


def _lines(life: _Life) -> Iterator[Change]:
    """Each decision that took effect, and what the calendar did between and after them."""
    for turn in past.turns(life.events):
        kind = RegisterKind.LIFT if turn.lifts else RegisterKind(turn.event.action.value)
        if kind in _BY_CALENDAR.values():  # a record of what the dates say by themselves
            continue
        key = f"{life.certificate.number}/{turn.event.number}" + ("/lift" if turn.lifts else "")
        yield _line(life, key, kind, turn.day, _heard(life, turn), None if turn.lifts else turn.event)
    yield from _calendar(life)


def _calendar(life: _Life) -> Iterator[Change]:
    told: set[RegisterKind] = set()
    for day in life.days():
        kind = _BY_CALENDAR.get(life.status(day))
        if kind is not None and kind not in told:
            told.add(kind)
            yield _line(life, f"{life.certificate.number}/{kind}", kind, day, start_of_day(day), None)


def _moment(turn: past.Turn) -> datetime:
    """When a decision took effect: its own moment where that was on the day, else the beginning of the day."""
    event = turn.event
    at = event.confirmed_at if event.confirmed_at and event.confirm_by is None else event.decided_at
    at = event.dismissed_at if turn.lifts and event.dismissed_at else at
    return at if legal_day(at) == turn.day else start_of_day(turn.day)


def _heard(life: _Life, turn: past.Turn) -> datetime:
    """When the public heard of it: a grant once it was signed and stood in the log."""
    published = life.certificate.published_at
    granted = turn.event.action is CertificateAction.GRANT and published is not None
    return max(_moment(turn), published) if granted and published else _moment(turn)


def _line(life: _Life, key: str, kind: RegisterKind, day: date, at: datetime, event: CertificateEvent | None) -> Change:
    certificate = life.certificate
    content = life.content(day)
    facts = profile.from_dict(content["profile"])
    card = card_of(content, facts)
    reason = {"vi": event.reason_vi, "en": event.reason_en or event.reason_vi} if event else {"vi": "", "en": ""}
    return Change(
        key=key,
        kind=kind,
        day=day,
        at=at,
        product_id=certificate.product_id,
        slug=life.slug,
        number=certificate.number,
        edition_id=certificate.edition_id,
        words=_found_by(card, certificate),
        text={
            **{name: card[name] for name in ("name", "vendor", "level")},
            "reason": reason,
            "status": life.status(day).value,
            "valid_until": certificate.valid_until.isoformat(),
            "follower": life.follower if kind is RegisterKind.SUPERSEDE else "",
        },
    )


# --- days ---


def _windows(lives: Sequence[_Life]) -> Iterator[tuple[_Life, date, date]]:
    """Each certificate from the day it was shown to the day before the next one was."""
    for life, following in pairwise([*lives, None]):
        if life is None:
            continue
        first = past.shown_from(life.certificate)
        last = past.shown_from(following.certificate) - _DAY if following else FOREVER
        if last >= first:
            yield life, first, last


def _periods(life: _Life, first: date, last: date) -> Iterator[Period]:
    """The window of a certificate, cut where it became something else."""
    begins = [first, *(day for day in life.days() if first < day <= last)]
    since, before = first, None
    for day, following in pairwise([*begins, None]):
        if day is None:
            continue
        status = life.status(day)
        since, before = (since if status is before else day), status
        yield _period(life, (day, following - _DAY if following else last), status, since)


def _period(life: _Life, days: tuple[date, date], status: CertificateStatus, since: date) -> Period:
    certificate, content = life.certificate, life.content(days[0])
    facts = profile.from_dict(content["profile"])
    card = card_of(content, facts)
    cause = past.cause_on(life.events, days[0])
    level = content["level"].get("code", certificate.level)
    facets = [f"{name}:{value}" for name, values in facets_of(content, level).items() for value in values]
    return Period(
        product_id=certificate.product_id,
        first_day=days[0],
        last_day=days[1],
        certificate_id=certificate.id,
        number=certificate.number,
        slug=life.slug,
        sort_key=sort_key(facts.name_vi),
        status=status,
        since=since,
        valid_until=certificate.valid_until,
        checked_on=facts.checked_on or certificate.decided_on,
        level_rank=int(content["level"]["rank"]),
        words=_found_by(card, certificate),
        facets=f" {' '.join(facets)} ",
        card={**card, "reason": {"vi": cause.reason_vi, "en": cause.reason_en} if cause else {"vi": "", "en": ""}},
    )


def _found_by(card: Mapping[str, Any], certificate: Certificate) -> str:
    named = [text for part in ("name", "vendor") for text in card[part].values()]
    return _folded([*named, certificate.number])


def _folded(texts: Iterable[str]) -> str:
    """The words of texts, each once, with a space before it: so that a search for " den" finds beginnings only."""
    return "".join(f" {word}" for word in dict.fromkeys(word for text in texts for word in words(text)))
