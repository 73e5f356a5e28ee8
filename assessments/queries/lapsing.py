"""Which evidence in use lapses, or has, without its owners having been told."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, or_
from sqlmodel import Session, col, select

from assessments.models import (
    Answer,
    AnswerEvidence,
    Application,
    Certificate,
    Evidence,
    EvidenceWarning,
    Replacement,
    Vendor,
)
from assessments.queries.announcements import held_back
from assessments.queries.evidence import EXPIRING_DAYS
from assessments.queries.standings import OVER
from assessments.states import CertificateState, State


@dataclass(frozen=True)
class Lapsing:
    """A piece to write about; stage is "expiring" or "expired"."""

    vendor_id: UUID
    vendor: str
    evidence_id: UUID
    title: str
    valid_until: date
    stage: str


def due(session: Session, day: date) -> list[Lapsing]:
    """What to write about on a legal day, company by company: in use by an open application or a running certificate.

    A piece that another has replaced is not waited for any more.
    """
    stage = case((col(Evidence.valid_until) < day, "expired"), else_="expiring")
    columns: list[Any] = [Vendor.id, Vendor.name, Evidence.id, Evidence.title, Evidence.valid_until, stage]
    question = (
        select(*columns)
        .join(Evidence, col(Evidence.vendor_id) == col(Vendor.id))
        .outerjoin(Replacement, col(Replacement.old_id) == col(Evidence.id))
        .outerjoin(
            EvidenceWarning,
            and_(
                col(EvidenceWarning.evidence_id) == col(Evidence.id),
                col(EvidenceWarning.valid_until) == col(Evidence.valid_until),
                col(EvidenceWarning.stage) == stage,
            ),
        )
        .where(
            col(Evidence.valid_until) <= day + timedelta(days=EXPIRING_DAYS),
            col(Evidence.removed_at).is_(None),
            col(Replacement.old_id).is_(None),
            col(EvidenceWarning.evidence_id).is_(None),
            _in_use(day),
        )
        .order_by(col(Vendor.id), col(Evidence.valid_until), col(Evidence.id))
    )
    return [Lapsing(*row) for row in session.exec(question).all()]


def _in_use(day: date) -> ColumnElement[bool]:
    """SQL: an answer of an open application uses it, or one of an application whose certificate runs."""
    certified = exists().where(
        col(Certificate.application_id) == col(Application.id),
        col(Certificate.state).in_((CertificateState.ACTIVE, CertificateState.SUSPENDED)),
        col(Certificate.valid_until) >= day,
    )
    return exists(
        select(AnswerEvidence.answer_id)
        .join(Answer, col(Answer.id) == col(AnswerEvidence.answer_id))
        .join(Application, col(Application.id) == col(Answer.application_id))
        .where(
            col(AnswerEvidence.evidence_id) == col(Evidence.id),
            or_(
                col(Application.state).not_in(OVER),
                held_back(),  # granted or not: who is warned must not be told by it
                and_(col(Application.state) == State.CERTIFIED, certified),
            ),
        )
        .correlate(Evidence)
    )
