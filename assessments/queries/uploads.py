"""Questions about files that are still arriving, or wait to be used."""

from uuid import UUID

from sqlalchemy import func, not_
from sqlmodel import Session, col, select

from assessments.clock import now
from assessments.columns import is_reached
from assessments.models import Upload


def upload(session: Session, upload_id: UUID, *, lock: bool = False) -> Upload | None:
    """One upload, whoever began it; `lock` holds its row until the transaction ends."""
    question = select(Upload).where(Upload.id == upload_id)
    return session.exec(question.with_for_update() if lock else question).one_or_none()


def waiting(session: Session, person_id: UUID, vendor_id: UUID) -> list[Upload]:
    """What a person has sent for a company and not yet used, complete or not, the oldest first."""
    question = (
        select(Upload)
        .where(Upload.person_id == person_id, Upload.vendor_id == vendor_id, Upload.expires_at > now())
        .order_by(col(Upload.created_at), col(Upload.id))
    )
    return list(session.exec(question).all())


def count_of(session: Session, person_id: UUID) -> int:
    """How many uploads of a person wait."""
    return session.exec(select(func.count()).select_from(Upload).where(Upload.person_id == person_id)).one()


def held_by(session: Session, person_id: UUID) -> int:
    """How many uploads of a person are written to now."""
    question = (
        select(func.count())
        .select_from(Upload)
        .where(Upload.person_id == person_id, Upload.holder != "", not_(is_reached(col(Upload.held_until), now())))
    )
    return session.exec(question).one()


def bytes_announced(session: Session, vendor_id: UUID) -> int:
    """How much room the uploads of a company will take when they are complete."""
    total = session.exec(select(func.sum(Upload.length)).where(Upload.vendor_id == vendor_id)).one()
    return int(total or 0)


def over(session: Session) -> list[Upload]:
    """The uploads whose time is over."""
    return list(session.exec(select(Upload).where(Upload.expires_at <= now())).all())


def everything(session: Session) -> list[Upload]:
    """Every upload there is, for comparing with the storage."""
    return list(session.exec(select(Upload).order_by(col(Upload.created_at), col(Upload.id))).all())
