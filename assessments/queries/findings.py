"""Questions about findings."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from assessments.models import Finding, FindingReply
from assessments.states import Severity


def all_of(session: Session, application_id: UUID) -> list[Finding]:
    """Every finding of an application, oldest first."""
    question = select(Finding).where(Finding.application_id == application_id).order_by(col(Finding.raised_at))
    return list(session.exec(question).all())


def unasked(session: Session, application_id: UUID) -> list[Finding]:
    """Findings written but not yet put to the vendor; what goes along as a condition is not put to them."""
    return [one for one in to_ask(session, application_id) if one.correction_round == 0]


def to_ask(session: Session, application_id: UUID) -> list[Finding]:
    """What the next round of correction asks: every open finding that is no condition."""
    return [one for one in still_open(session, application_id) if one.condition_until is None]


def blocking(session: Session, application_id: UUID) -> list[Finding]:
    """What stands before the recommendation: open major findings, and minor ones that are no condition."""
    return [one for one in to_ask(session, application_id) if one.severity is not Severity.OBSERVATION]


def conditions(session: Session, application_id: UUID) -> list[Finding]:
    """Minor findings that go along to the committee as conditions, the earliest day first."""
    return going_along(still_open(session, application_id))


def going_along(findings: Iterable[Finding]) -> list[Finding]:
    """Of some findings those that go along as conditions and are still open, the earliest day first."""
    found = [one for one in findings if one.closed_at is None and one.condition_until is not None]
    return sorted(found, key=lambda one: (one.condition_until or date.max, one.criterion))


def replies(session: Session, application_id: UUID) -> dict[UUID, list[FindingReply]]:
    """finding id -> what the company sent to it, round by round."""
    question = (
        select(FindingReply)
        .join(Finding, col(Finding.id) == col(FindingReply.finding_id))
        .where(Finding.application_id == application_id)
        .order_by(col(FindingReply.correction_round))
    )
    found: dict[UUID, list[FindingReply]] = {}
    for one in session.exec(question).all():
        found.setdefault(one.finding_id, []).append(one)
    return found


def of_round(session: Session, application_id: UUID, number: int) -> list[Finding]:
    """The findings the vendor answers in one round of correction."""
    return [one for one in all_of(session, application_id) if number > 0 and one.correction_round == number]


def still_open(session: Session, application_id: UUID) -> list[Finding]:
    """Findings nobody has closed."""
    return [one for one in all_of(session, application_id) if one.closed_at is None]
