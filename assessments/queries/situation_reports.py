"""Questions about the yearly reports: the draft of a year, what is published, which documents are wanting."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, or_, select

from assessments.models import SituationReport


def draft_of(session: Session, year: int, *, lock: bool = False) -> SituationReport | None:
    """The draft of a year's report; `lock` holds it until the transaction ends."""
    question = select(SituationReport).where(SituationReport.year == year, col(SituationReport.published_at).is_(None))
    return session.exec(question.with_for_update() if lock else question).one_or_none()


def published(session: Session) -> list[SituationReport]:
    """The newest published report of each year, the newest year first."""
    newest: dict[int, SituationReport] = {}
    question = select(SituationReport).where(col(SituationReport.published_at).is_not(None))
    for one in session.exec(question.order_by(col(SituationReport.year).desc(), col(SituationReport.number))).all():
        newest[one.year] = one
    return list(newest.values())


def published_of(session: Session, year: int) -> list[SituationReport]:
    """Every published report of a year, the one that holds first, those that were corrected after it."""
    question = select(SituationReport).where(
        SituationReport.year == year, col(SituationReport.published_at).is_not(None)
    )
    return list(session.exec(question.order_by(col(SituationReport.number).desc())).all())


def drafts(session: Session) -> list[SituationReport]:
    """What is being written, the newest year first."""
    question = select(SituationReport).where(col(SituationReport.published_at).is_(None))
    return list(session.exec(question.order_by(col(SituationReport.year).desc())).all())


def last_number(session: Session, year: int) -> int:
    """How many reports of a year there are, drafts too."""
    found: Any = session.exec(select(func.max(SituationReport.number)).where(SituationReport.year == year)).one()
    return int(found or 0)


def to_make(session: Session, limit: int, but: Collection[UUID] = ()) -> list[UUID]:
    """Published reports without a document in one of the languages, the oldest first."""
    question = (
        select(SituationReport.id)
        .where(
            col(SituationReport.published_at).is_not(None),
            or_(col(SituationReport.vi_sha256).is_(None), col(SituationReport.en_sha256).is_(None)),
            col(SituationReport.id).not_in(list(but)),
        )
        .order_by(col(SituationReport.published_at))
        .limit(limit)
    )
    return list(session.exec(question).all())
