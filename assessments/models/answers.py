"""What the vendor says about each criterion, and what it is backed by."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime


class Answer(SQLModel, table=True):
    """The claim about one criterion; `version` counts saves, so that two people never overwrite each other."""

    __table_args__ = (UniqueConstraint("application_id", "criterion"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    application_id: UUID = Field(foreign_key="application.id", index=True)
    criterion: str = Field(max_length=20)
    claim: str = ""
    not_applicable: bool = False  # claimed by the vendor; the reviewers decide
    not_applicable_reason: str = ""
    version: int = 0
    saved_by: UUID | None = Field(default=None, foreign_key="user.id")
    saved_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class AnswerText(SQLModel, table=True):
    """An earlier text of an answer: nothing typed is ever lost."""

    __tablename__ = "answer_text"
    __table_args__ = (UniqueConstraint("answer_id", "version"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    answer_id: UUID = Field(foreign_key="answer.id", index=True)
    version: int
    claim: str
    not_applicable: bool = False
    not_applicable_reason: str = ""
    saved_by: UUID = Field(foreign_key="user.id")
    saved_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class AnswerEvidence(SQLModel, table=True):
    """One piece of evidence used for one answer."""

    __tablename__ = "answer_evidence"

    answer_id: UUID = Field(foreign_key="answer.id", primary_key=True)
    evidence_id: UUID = Field(foreign_key="evidence.id", primary_key=True, index=True)
    added_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
