"""What a certificate is worth today, or was worth on a day gone by, with the reason: the matter of the public pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from assessments import numbers
from assessments.clock import today
from assessments.models import Certificate
from assessments.profile import Profile, from_dict
from assessments.queries import certificates as queries
from assessments.queries import change_notices, past, surveillance
from assessments.queries.conditions import of_certificate, told
from assessments.states import CertificateStatus
from criteria import store
from criteria.model import Bilingual, Edition
from criteria.source import EditionError
from registry.certificates.revisions import Reduced, reduced
from registry.promises import Promise, promises

_CAUSED = {CertificateStatus.SUSPENDED, CertificateStatus.WITHDRAWN, CertificateStatus.TERMINATED}  # by a decision
SIMILAR = 3  # numbers offered beside one that leads to nothing
_REPLACED = (CertificateStatus.EXPIRED, CertificateStatus.SUPERSEDED)


@dataclass(frozen=True)
class Line:
    """One line of the public history: what happened, when, why."""

    action: str
    day: date
    reason: Bilingual | None


@dataclass(frozen=True)
class Shown:
    """A public certificate with everything its page prints."""

    certificate: Certificate
    status: CertificateStatus
    day: date
    since: date
    reason: Bilingual | None
    condition: Bilingual | None
    restore_by: date | None
    newer: str
    history: list[Line]
    conditions: list[dict[str, Any]]  # what the vendor still has to do, and what it has done
    reductions: list[Reduced]  # newest first
    updates: list[dict[str, Any]]  # changes the vendor has told of, judged by the office
    surveillance: list[dict[str, Any]]  # finished ones, newest first
    content: Mapping[str, Any]  # what the certificate says on that day

    @property
    def promises(self) -> list[Promise]:
        """The conditions for a page."""
        return promises(self.conditions, self.day)

    @property
    def changes(self) -> list[dict[str, Any]]:
        """The updates for a page."""
        return [_dated(one) for one in self.updates]

    @property
    def surveyed(self) -> list[dict[str, Any]]:
        """The finished surveillance for a page."""
        return [_dated(one) for one in self.surveillance]

    @property
    def profile(self) -> Profile:
        """The product as it was checked."""
        return from_dict(self.content["profile"])

    @property
    def edition(self) -> Edition | None:
        """The edition it was granted under, for the names of codes; None when its files are gone."""
        try:
            return store.load(self.certificate.edition_id)
        except EditionError:
            return None


@dataclass(frozen=True)
class Similar:
    """A number near to what was typed, and the product it belongs to: never what it is worth."""

    number: str
    product: Bilingual


@dataclass(frozen=True)
class Answer:
    """What a typed number leads to; `shown` is None unless a certificate of that number was announced."""

    typed: str
    read: numbers.Read
    shown: Shown | None = None
    similar: tuple[Similar, ...] = ()  # numbers that may have been meant; says nothing of the one that was typed


def answer(session: Session, typed: str) -> Answer:
    """Read what was typed and look it up; scheduled certificates are not found."""
    read = numbers.parse(typed)
    certificate = queries.certificate_by_number(session, read.number) if read.number else None
    if certificate is None or not queries.is_public(certificate, today()):
        return Answer(typed, read, similar=_similar(session, typed))
    return Answer(typed, read, shown_of(session, certificate))


def _similar(session: Session, typed: str) -> tuple[Similar, ...]:
    """The nearest numbers that were announced: what waits for its day is never among them."""
    found = queries.announced_among(session, numbers.near(typed), today(), SIMILAR)
    facts = [(one.number, one.content["profile"]) for one in found]
    return tuple(Similar(number, Bilingual(one["name_vi"], one["name_en"] or one["name_vi"])) for number, one in facts)


def shown_of(session: Session, certificate: Certificate) -> Shown:
    """What the public sees of a certificate today."""
    return _shown(session, certificate, today())


def shown_on(session: Session, certificate: Certificate, day: date) -> Shown:
    """What the public saw of it at the end of a day gone by: its status, its scope, its conditions, its history."""
    return _shown(session, certificate, day)


def _shown(session: Session, certificate: Certificate, day: date) -> Shown:
    events = queries.events_of(session, certificate.id)
    now = day == today()
    status = queries.status(certificate, day) if now else past.status_on(events, certificate, day)
    revisions = [] if now else past.revisions_of(session, [certificate.id])
    cause = past.cause_on(events, day) if status in _CAUSED else None
    content = past.content_on(certificate, revisions, day)
    suspended = cause if status is CertificateStatus.SUSPENDED else None
    return Shown(
        certificate=certificate,
        status=status,
        day=day,
        since=_since(certificate, status) if now else past.since_on(events, certificate, day),
        reason=_both(cause.reason_vi, cause.reason_en) if cause else None,
        condition=_both(suspended.condition_vi, suspended.condition_en) if suspended else None,
        restore_by=suspended.restore_by if suspended else None,
        newer=_newer(session, certificate, day) if status in _REPLACED else "",
        history=[_line(turn) for turn in reversed(past.turns(events)) if turn.day <= day or now],
        conditions=[_known(told(one), day) for one in of_certificate(session, certificate)],
        content=content,
        reductions=[one for one in reduced(session, certificate, events, content) if one.on <= day],
        updates=_until(day, change_notices.told(session, certificate)),
        surveillance=_until(day, surveillance.told(session, certificate)),
    )


def _until(day: date, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in told if one["on"] <= day.isoformat()]


def _dated(told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "on": date.fromisoformat(told["on"])}


def _newer(session: Session, certificate: Certificate, day: date) -> str:
    asking = queries.newer_than if day == today() else past.newer_on
    return asking(session, certificate, day)


def _known(condition: dict[str, Any], day: date) -> dict[str, Any]:
    """A condition as it was known on a day: what was fulfilled later was open then."""
    later = condition["fulfilled_on"] > day.isoformat()
    return {**condition, "fulfilled_on": ""} if later else condition


def _since(certificate: Certificate, status: CertificateStatus) -> date:
    if status is CertificateStatus.EXPIRED:
        return certificate.valid_until + timedelta(days=1)
    if status is CertificateStatus.SUPERSEDED and certificate.superseded_on is not None:
        return certificate.superseded_on
    return certificate.state_since


def _line(turn: past.Turn) -> Line:
    """What took effect; a suspension that the second person did not confirm has ended without a reason of its own."""
    event = turn.event
    if turn.lifts:
        return Line("lift", turn.day, None)
    return Line(event.action.value, turn.day, _both(event.reason_vi, event.reason_en))


def _both(vi: str, en: str) -> Bilingual | None:
    return Bilingual(vi, en or vi) if vi else None
