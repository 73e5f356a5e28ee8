"""Questions about the test accounts of an application, and who opened them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from assessments.models import TestAccess, TestAccessReading


@dataclass(frozen=True)
class Opened:
    """Somebody opened an account."""

    account_id: UUID
    person_id: UUID
    at: datetime


def accounts_of(session: Session, application_id: UUID) -> list[TestAccess]:
    """Every account there is or was, the oldest first."""
    question = (
        select(TestAccess)
        .where(TestAccess.application_id == application_id)
        .order_by(col(TestAccess.added_at), col(TestAccess.id))
    )
    return list(session.exec(question).all())


def is_named(session: Session, application_id: UUID, label: str) -> bool:
    """Whether an account of that name is there, not erased."""
    question = select(TestAccess.id).where(
        TestAccess.application_id == application_id, TestAccess.label == label, col(TestAccess.sealed).is_not(None)
    )
    return session.exec(question.limit(1)).first() is not None


def account(session: Session, application_id: UUID, account_id: UUID) -> TestAccess | None:
    """One account of an application; None when there is none of that id."""
    question = select(TestAccess).where(TestAccess.id == account_id, TestAccess.application_id == application_id)
    return session.exec(question).one_or_none()


def count_of(session: Session, application_id: UUID) -> int:
    """How many accounts can be opened now."""
    question = select(func.count(col(TestAccess.id))).where(
        TestAccess.application_id == application_id, col(TestAccess.erased_at).is_(None)
    )
    return int(session.exec(question).one())


def openings_of(session: Session, application_id: UUID) -> list[Opened]:
    """Who opened which account when, the newest first."""
    question = (
        select(TestAccessReading.test_access_id, TestAccessReading.person_id, TestAccessReading.at)
        .join(TestAccess, col(TestAccess.id) == col(TestAccessReading.test_access_id))
        .where(TestAccess.application_id == application_id)
        .order_by(col(TestAccessReading.at).desc(), col(TestAccessReading.id))
    )
    return [Opened(*row) for row in session.exec(question).all()]
