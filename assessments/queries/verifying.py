"""Questions of those who check certificates without us."""

from sqlmodel import Session, col, select

from assessments.models import StatusList


def status_lists(session: Session) -> list[StatusList]:
    """Every status list as it was signed last."""
    return list(session.exec(select(StatusList).order_by(col(StatusList.purpose), col(StatusList.number))))
