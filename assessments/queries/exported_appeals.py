"""A company's appeals as plain values for its own eyes: no name of the club's, no hearer's word before the ruling."""

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from assessments.models import Appeal, Application
from assessments.queries.appeals import RUNNING


def appeals(session: Session, vendor_id: UUID, names: dict[UUID, str]) -> list[dict[str, Any]]:
    """Everything it has asked to be looked at again, oldest first, and how that ended."""
    question = (
        select(Appeal, Application.ref)
        .join(Application, col(Application.id) == col(Appeal.application_id))
        .where(Application.vendor_id == vendor_id)
        .order_by(col(Appeal.lodged_at))
    )
    return [_told(appeal, ref, names) for appeal, ref in session.exec(question).all()]


def _told(appeal: Appeal, ref: str, names: dict[UUID, str]) -> dict[str, Any]:
    over = appeal.state not in RUNNING
    return {
        "number": appeal.number,
        "application": ref,
        "kind": appeal.kind.value,
        "state": appeal.state.value,
        "grounds": appeal.grounds,
        "text": appeal.text,
        "wanted": appeal.wanted,
        "evidence": appeal.evidence,
        "lodged_by": names.get(appeal.lodged_by, ""),
        "lodged_at": appeal.lodged_at,
        "notified_at": appeal.notified_at,
        "decide_by": appeal.decide_by,
        "ended_at": appeal.moved_at if over else None,
        "reasons_vi": appeal.reasons_vi if over else "",
        "reasons_en": appeal.reasons_en if over else "",
    }
