"""What the vendor says about each criterion, and what it is backed by."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, UniqueConstraint
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
    saved_from: str = Field(default="", max_length=40)  # the open page whose autosave was the last one


class AnswerText(SQLModel, table=True):
    """A text of an answer, the present one and every earlier one: nothing typed is ever lost."""

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
    begun_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # first autosave in it; empty: saved by hand


class ProfileText(SQLModel, table=True):
    """A text of one section of the product profile, the present one and every earlier one."""

    __tablename__ = "profile_text"
    __table_args__ = (UniqueConstraint("application_id", "section", "number"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    application_id: UUID = Field(foreign_key="application.id", index=True)
    section: str = Field(max_length=20)  # see assessments.profile.SECTIONS
    number: int
    content: dict[str, Any] = Field(sa_type=JSON)  # every field of the section by its name in the profile
    saved_by: UUID = Field(foreign_key="user.id")
    saved_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    saved_from: str = Field(default="", max_length=40)  # the open page whose autosave it is
    begun_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # first autosave in it; empty: saved by hand


class AnswerEvidence(SQLModel, table=True):
    """One piece of evidence used for one answer."""

    __tablename__ = "answer_evidence"

    answer_id: UUID = Field(foreign_key="answer.id", primary_key=True)
    evidence_id: UUID = Field(foreign_key="evidence.id", primary_key=True, index=True)
    added_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class EvidenceChange(SQLModel, table=True):
    """Who took a piece of evidence for a criterion or off it; the title stays when the piece is erased."""

    __tablename__ = "evidence_change"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    application_id: UUID = Field(foreign_key="application.id", index=True)
    criterion: str = Field(max_length=20)
    evidence_id: UUID  # no key: the library may erase what no submission holds
    title: str = Field(max_length=200)
    attached: bool
    changed_by: UUID = Field(foreign_key="user.id")
    changed_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
