"""What a certificate is worth today, with the reason: the matter of the public pages."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from assessments import numbers
from assessments.clock import legal_day, today
from assessments.models import Certificate, CertificateEvent
from assessments.profile import Profile, from_dict
from assessments.queries import certificates as queries
from assessments.queries import change_notices, surveillance
from assessments.queries.conditions import of_certificate, told
from assessments.states import CertificateAction, CertificateStatus
from criteria import store
from criteria.model import Bilingual, Edition
from criteria.source import EditionError
from registry.certificates.revisions import Reduced, reduced
from registry.promises import Promise, promises

_CAUSES = {  # what has brought a status about, and gives its reason
    CertificateStatus.SUSPENDED: CertificateAction.SUSPEND,
    CertificateStatus.WITHDRAWN: CertificateAction.WITHDRAW,
    CertificateStatus.TERMINATED: CertificateAction.TERMINATE,
}
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
        return from_dict(self.certificate.content["profile"])

    @property
    def edition(self) -> Edition | None:
        """The edition it was granted under, for the names of codes; None when its files are gone."""
        try:
            return store.load(self.certificate.edition_id)
        except EditionError:
            return None


@dataclass(frozen=True)
class Answer:
    """What a typed number leads to; `shown` is None unless a certificate of that number was announced."""

    typed: str
    read: numbers.Read
    shown: Shown | None = None


def answer(session: Session, typed: str) -> Answer:
    """Read what was typed and look it up; scheduled certificates are not found."""
    read = numbers.parse(typed)
    certificate = queries.certificate_by_number(session, read.number) if read.number else None
    if certificate is None or not queries.is_public(certificate, today()):
        return Answer(typed, read)
    return Answer(typed, read, shown_of(session, certificate))


def shown_of(session: Session, certificate: Certificate) -> Shown:
    """What the public sees of a certificate today."""
    day = today()
    status = queries.status(certificate, day)
    events = [event for event in queries.events_of(session, certificate.id) if event.effective_on is not None]
    causes = [event for event in events if event.action is _CAUSES.get(status)]
    cause = causes[0] if causes else None
    suspended = cause if status is CertificateStatus.SUSPENDED else None
    return Shown(
        certificate=certificate,
        status=status,
        day=day,
        since=_since(certificate, status),
        reason=_both(cause.reason_vi, cause.reason_en) if cause else None,
        condition=_both(suspended.condition_vi, suspended.condition_en) if suspended else None,
        restore_by=suspended.restore_by if suspended else None,
        newer=queries.newer_than(session, certificate, day) if status in _REPLACED else "",
        history=[line for event in events for line in _lines(event)],
        conditions=[told(one) for one in of_certificate(session, certificate)],
        reductions=reduced(session, certificate, events),
        updates=change_notices.told(session, certificate),
        surveillance=surveillance.told(session, certificate),
    )


def _dated(told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "on": date.fromisoformat(told["on"])}


def _since(certificate: Certificate, status: CertificateStatus) -> date:
    if status is CertificateStatus.EXPIRED:
        return certificate.valid_until + timedelta(days=1)
    if status is CertificateStatus.SUPERSEDED and certificate.superseded_on is not None:
        return certificate.superseded_on
    return certificate.state_since


def _lines(event: CertificateEvent) -> list[Line]:
    """An event, newest first; a suspension that the second person did not confirm has ended with its dismissal."""
    day = event.effective_on or legal_day(event.decided_at)
    lines = [Line(event.action.value, day, _both(event.reason_vi, event.reason_en))]
    if event.action is CertificateAction.SUSPEND and event.dismissed_at is not None:
        lines.insert(0, Line("lift", legal_day(event.dismissed_at), None))
    return lines


def _both(vi: str, en: str) -> Bilingual | None:
    return Bilingual(vi, en or vi) if vi else None
