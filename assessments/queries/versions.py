"""Questions about the texts that were ever saved in an application: answers, sections of the profile, scores."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from assessments.models import Answer, AnswerText, Application, ProfileText, Score, ScoreVersion

Row = TypeVar("Row", AnswerText, ProfileText)
PAGE = 10  # versions on a page: each is read beside the one before it


def newest_answer_text(session: Session, answer: Answer) -> AnswerText | None:
    """The newest version of an answer."""
    question = (
        select(AnswerText).where(AnswerText.answer_id == answer.id).order_by(col(AnswerText.version).desc()).limit(1)
    )
    return session.exec(question).one_or_none()


def newest_profile_text(session: Session, application_id: UUID, section: str) -> ProfileText | None:
    """The newest version of a section of the profile."""
    question = (
        select(ProfileText)
        .where(ProfileText.application_id == application_id, ProfileText.section == section)
        .order_by(col(ProfileText.number).desc())
        .limit(1)
    )
    return session.exec(question).one_or_none()


def answer_texts(session: Session, answer: Answer, before: int | None = None) -> list[AnswerText]:
    """A page of the versions of an answer and one more, newest first; `before` is the last version already seen."""
    question = select(AnswerText).where(AnswerText.answer_id == answer.id)
    if before is not None:
        question = question.where(AnswerText.version < before)
    return list(session.exec(question.order_by(col(AnswerText.version).desc()).limit(PAGE + 1)).all())


def profile_texts(
    session: Session, application: Application, section: str, before: int | None = None
) -> list[ProfileText]:
    """A page of the versions of a section and one more, newest first; `before` is the last number already seen."""
    question = select(ProfileText).where(ProfileText.application_id == application.id, ProfileText.section == section)
    if before is not None:
        question = question.where(ProfileText.number < before)
    return list(session.exec(question.order_by(col(ProfileText.number).desc()).limit(PAGE + 1)).all())


def count_answer_texts(session: Session, answer: Answer, upto: int | None = None) -> int:
    """How many versions an answer has, or had when `upto` was saved."""
    question = select(func.count()).select_from(AnswerText).where(AnswerText.answer_id == answer.id)
    if upto is not None:
        question = question.where(AnswerText.version <= upto)
    return session.exec(question).one()


def count_profile_texts(session: Session, application_id: UUID, section: str) -> int:
    """How many versions a section of the profile has."""
    question = (
        select(func.count())
        .select_from(ProfileText)
        .where(ProfileText.application_id == application_id, ProfileText.section == section)
    )
    return session.exec(question).one()


def newest_score_version(session: Session, score: Score) -> ScoreVersion | None:
    """The newest version of a score."""
    return next(iter(score_versions(session, score, limit=1)), None)


def score_versions(
    session: Session, score: Score, before: int | None = None, limit: int = PAGE + 1
) -> list[ScoreVersion]:
    """A page of the versions of a score and one more, newest first; `before` is the last version already seen."""
    question = select(ScoreVersion).where(ScoreVersion.score_id == score.id)
    if before is not None:
        question = question.where(ScoreVersion.version < before)
    return list(session.exec(question.order_by(col(ScoreVersion.version).desc()).limit(limit)).all())


def count_score_versions(session: Session, score: Score, upto: int | None = None) -> int:
    """How many versions a score has, or had when `upto` was saved."""
    question = select(func.count()).select_from(ScoreVersion).where(ScoreVersion.score_id == score.id)
    if upto is not None:
        question = question.where(ScoreVersion.version <= upto)
    return session.exec(question).one()
