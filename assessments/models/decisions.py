"""Proposal (ISO/IEC 17065, 7.5), votes on it, notice before a decline, and decision (7.6): by different people."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.people import Part
from assessments.states import Outcome

_PARTICIPATION = ["participation.application_id", "participation.person_id", "participation.part"]


class Proposal(SQLModel, table=True):
    """What one decider proposes after reviewing the file; at most one is open at a time."""

    __table_args__ = (
        ForeignKeyConstraint(["application_id", "proposer_id", "part"], _PARTICIPATION),
        CheckConstraint("part = 'proposer'", name="part_is_proposer"),
        CheckConstraint("outcome <> 'certify' OR level IS NOT NULL", name="level_when_certified"),
        CheckConstraint("NOT departs OR (reasons_vi <> '' AND reasons_en <> '')", name="departure_has_reasons"),
        UniqueConstraint("id", "proposer_id"),
        UniqueConstraint("application_id", "number"),
        Index(
            "uq_proposal_open",
            "application_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    application_id: UUID = Field(foreign_key="application.id", index=True)
    number: int = 1
    proposer_id: UUID = Field(foreign_key="user.id")
    part: Part = Field(default=Part.PROPOSER, sa_type=choice(Part))
    outcome: Outcome = Field(sa_type=choice(Outcome))
    level: str | None = Field(default=None, max_length=20)
    departs: bool = False  # from the computed verdict
    reasons_vi: str = ""
    reasons_en: str = ""
    proposed_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # decided, rejected or noticed
    fell: bool = False  # closed because whoever made it may decide no more; it does not stand again
    rejection: str = ""


class Vote(SQLModel, table=True):
    """What one other member of the committee said to a proposal; one agreement may not be enough."""

    __table_args__ = (
        ForeignKeyConstraint(["application_id", "voter_id", "part"], _PARTICIPATION),
        ForeignKeyConstraint(["proposal_id", "proposer_id"], ["proposal.id", "proposal.proposer_id"]),
        CheckConstraint("part = 'confirmer'", name="part_is_confirmer"),
        CheckConstraint("voter_id <> proposer_id", name="two_people"),
        CheckConstraint("agrees OR note <> ''", name="disagreement_has_a_reason"),
    )

    proposal_id: UUID = Field(primary_key=True)
    voter_id: UUID = Field(foreign_key="user.id", primary_key=True)
    application_id: UUID = Field(foreign_key="application.id", index=True)
    proposer_id: UUID
    part: Part = Field(default=Part.CONFIRMER, sa_type=choice(Part))
    agrees: bool
    note: str = ""
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    fell_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # the voter may decide no more: not counted


class Notice(SQLModel, table=True):
    """The minded-to notice before a decline, and what the vendor says to it."""

    __table_args__ = (UniqueConstraint("proposal_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    application_id: UUID = Field(foreign_key="application.id", index=True)
    proposal_id: UUID = Field(foreign_key="proposal.id")
    reasons_vi: str
    reasons_en: str
    given_by: UUID = Field(foreign_key="user.id")
    given_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    comment: str = ""
    commented_by: UUID | None = Field(default=None, foreign_key="user.id")
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Decision(SQLModel, table=True):
    """What the committee decided: a proposal, confirmed by another decider. Another follows one that was set aside."""

    __table_args__ = (
        ForeignKeyConstraint(["application_id", "confirmer_id", "part"], _PARTICIPATION),
        ForeignKeyConstraint(["proposal_id", "proposer_id"], ["proposal.id", "proposal.proposer_id"]),
        CheckConstraint("part = 'confirmer'", name="part_is_confirmer"),
        CheckConstraint("confirmer_id <> proposer_id", name="two_people"),
        UniqueConstraint("application_id", "number"),
        UniqueConstraint("application_id", "proposer_id"),  # after a decision was set aside, others propose
        UniqueConstraint("application_id", "confirmer_id"),  # ... and others confirm
        UniqueConstraint("proposal_id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    application_id: UUID = Field(foreign_key="application.id", index=True)
    number: int = 1  # a decision set aside on appeal is followed by another
    proposal_id: UUID
    proposer_id: UUID
    confirmer_id: UUID = Field(foreign_key="user.id")
    part: Part = Field(default=Part.CONFIRMER, sa_type=choice(Part))
    outcome: Outcome = Field(sa_type=choice(Outcome))
    level: str | None = Field(default=None, max_length=20)
    departs: bool = False
    reasons_vi: str = ""
    reasons_en: str = ""
    decided_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
