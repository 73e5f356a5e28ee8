"""What goes when an application is over: the sealed content of its test accounts. That they were there stays."""

from sqlmodel import Session, col, select

from assessments.clock import now
from assessments.models import Application, TestAccess


def erase_test_access(session: Session, application: Application) -> None:
    """Erase what the vendor's test accounts say; label, times and readings stay (ISO/IEC 17065, 7.12)."""
    question = select(TestAccess).where(
        TestAccess.application_id == application.id, col(TestAccess.erased_at).is_(None)
    )
    for account in session.exec(question).all():
        erase(account)
        session.add(account)


def erase(account: TestAccess) -> None:
    """Forget what one account says."""
    account.sealed, account.erased_at = None, now()
