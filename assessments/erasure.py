"""What goes: test accounts and versions of scores with the end of an application, and what a company leaves unseen."""

from uuid import UUID

from sqlmodel import Session, col, delete, select, update

from assessments.clock import now
from assessments.models import (
    Answer,
    AnswerEvidence,
    AnswerText,
    Application,
    Basis,
    Confirmation,
    EvidenceChange,
    ProfileText,
    Review,
    Score,
    ScoreVersion,
    TestAccess,
    TestAccessReading,
    Upload,
)

DRAFT = (Answer, Basis, Confirmation, EvidenceChange, ProfileText, TestAccess)  # each has an application_id


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


def erase_score_versions(session: Session, application: Application) -> None:
    """Erase what reviewers wrote and overwrote: they alone could read it, for as long as the application went on."""
    scores = select(Score.id).join(Review, col(Review.id) == col(Score.review_id))
    of_it = scores.where(Review.application_id == application.id)
    session.exec(delete(ScoreVersion).where(col(ScoreVersion.score_id).in_(of_it)))


def erase_draft(session: Session, application: Application) -> None:
    """Erase everything in an application that was never handed in, with its earlier texts: its company leaves.

    The row itself, its steps in the history and the agreement accepted stay.
    """
    answers = select(Answer.id).where(Answer.application_id == application.id)
    accounts = select(TestAccess.id).where(TestAccess.application_id == application.id)
    session.exec(delete(AnswerEvidence).where(col(AnswerEvidence.answer_id).in_(answers)))
    session.exec(delete(AnswerText).where(col(AnswerText.answer_id).in_(answers)))
    session.exec(delete(TestAccessReading).where(col(TestAccessReading.test_access_id).in_(accounts)))
    for table in DRAFT:
        session.exec(delete(table).where(col(table.application_id) == application.id))
    application.profile = {}
    session.add(application)


def end_uploads(session: Session, vendor_id: UUID) -> None:
    """Let the time of a company's uploads be over: nobody goes on with them, and the worker sweeps rows and bytes."""
    over = update(Upload).where(col(Upload.vendor_id) == vendor_id)
    session.exec(over.values(expires_at=now(), holder="", held_until=None))
