"""Questions about who the club is: every row by its first day."""

from sqlmodel import Session, col, select

from assessments.models import Identity


def everything(session: Session) -> list[Identity]:
    """Every identity that was set, oldest first, those of days to come too."""
    return list(session.exec(select(Identity).order_by(col(Identity.starts_on))).all())
