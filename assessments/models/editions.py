"""Which editions were published, with which text, by whom, and from when; and the proposals to publish one."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from assessments.clock import now, today
from assessments.columns import UtcDateTime

OPEN = "confirmed_at IS NULL AND closed_at IS NULL"


class EditionPublication(SQLModel, table=True):
    """The digest of an edition at its publication; files that no longer match are refused for new use.

    The first edition of a registry is put on record by the command line; every later one by two people. From
    `valid_from` on it is the edition of new applications; certificates of earlier ones are expected to have gone over
    by `transition_until`.
    """

    __tablename__ = "edition_publication"
    __table_args__ = (
        CheckConstraint(
            "proposed_by IS NULL OR (published_by IS NOT NULL AND proposed_by <> published_by)", name="two_people"
        ),
        CheckConstraint("transition_until IS NULL OR transition_until > valid_from", name="transition"),
        CheckConstraint("transition_until IS NOT NULL OR NOT lapses", name="lapsing"),
    )

    edition_id: str = Field(primary_key=True, max_length=40)
    digest: str = Field(max_length=80)
    published_by: UUID | None = Field(default=None, foreign_key="user.id")  # empty: by the command line
    published_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    proposed_by: UUID | None = Field(default=None, foreign_key="user.id")  # empty: by the command line
    valid_from: date = Field(default_factory=today)
    transition_until: date | None = None  # empty: no certificate had to go over to it
    lapses: bool = False  # certificates that have not gone over end with the last day of the transition
    reason_vi: str = ""
    reason_en: str = ""
    reminded_days: int | None = None  # the reminder sent last: so many days before the transition ends
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when the companies were written to


class EditionProposal(SQLModel, table=True):
    """Somebody proposes to publish an edition with the text it has; another person confirms or closes it."""

    __tablename__ = "edition_proposal"
    __table_args__ = (
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="two_people"),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
        CheckConstraint("confirmed_at IS NULL OR closed_at IS NULL", name="one_end"),
        CheckConstraint("transition_until IS NULL OR transition_until > valid_from", name="transition"),
        CheckConstraint("transition_until IS NOT NULL OR NOT lapses", name="lapsing"),
        CheckConstraint("reason_vi <> '' AND reason_en <> ''", name="reasons"),
        Index(
            "uq_edition_proposal_open",
            "edition_id",
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    edition_id: str = Field(max_length=40)
    digest: str = Field(max_length=80)  # of the text that was proposed
    valid_from: date
    transition_until: date | None = None
    lapses: bool = False
    reason_vi: str
    reason_en: str
    proposed_by: UUID = Field(foreign_key="user.id")
    proposed_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    confirmed_by: UUID | None = Field(default=None, foreign_key="user.id")
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_by: UUID | None = Field(default=None, foreign_key="user.id")
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closing_note: str = ""
