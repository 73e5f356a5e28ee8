"""Questions about the issuing body: in whose name a certificate of a day is issued."""

from datetime import date

from sqlmodel import Session, col, select

from assessments.models import IssuingBody


def body_on(session: Session, day: date) -> IssuingBody | None:
    """The issuing body of a legal day; None while the settings name it."""
    question = select(IssuingBody).where(IssuingBody.starts_on <= day)
    return session.exec(question.order_by(col(IssuingBody.starts_on).desc()).limit(1)).first()


def bodies(session: Session) -> list[IssuingBody]:
    """Every issuing body, oldest first, those of days to come too."""
    return list(session.exec(select(IssuingBody).order_by(col(IssuingBody.starts_on))).all())
