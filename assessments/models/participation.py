"""Who has which part in an application, and which interests stand in the way (ISO/IEC 17065, 4.2)."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.people import InterestKind, Part


class Interest(SQLModel, table=True):
    """One line of a person's register of interests."""

    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="until_after_since"),
        CheckConstraint("ended_on IS NULL OR until IS NOT NULL", name="ended_with_a_day"),
        CheckConstraint("(retracted_at IS NULL) = (retracted_by IS NULL)", name="retracted_by_somebody"),
        CheckConstraint("retracted_by IS NULL OR retracted_by <> person_id", name="retracted_by_another"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed_by_somebody"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> person_id", name="confirmed_by_another"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> reported_by", name="confirmed_by_a_third"),
        CheckConstraint("reported_by IS NULL OR reported_by <> person_id", name="reported_by_another"),
        CheckConstraint("(reported_by IS NULL) = (source = '')", name="reported_with_source"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="user.id", index=True)
    vendor_id: UUID | None = Field(default=None, foreign_key="vendor.id", index=True)  # empty: not registered here
    organisation: str = Field(max_length=200)
    kind: InterestKind = Field(sa_type=choice(InterestKind))
    since: date
    until: date | None = None
    ended_on: date | None = None  # the legal day a running line got its end: it counts on from the later of the two
    note: str = Field(default="", max_length=1000)
    declared_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    retraction_asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # the person: entered by mistake
    retracted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # somebody else has agreed
    retracted_by: UUID | None = Field(default=None, foreign_key="user.id")
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # it counts before that too
    confirmed_by: UUID | None = Field(default=None, foreign_key="user.id")
    reported_by: UUID | None = Field(default=None, foreign_key="user.id")  # empty: the person wrote it
    source: str = Field(default="", max_length=500)  # where the office has it from
    answer: str = Field(default="", max_length=1000)  # what the person says to a line the office wrote
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Participation(SQLModel, table=True):
    """A person's one part in one application; what they do there refers to this row."""

    __table_args__ = (UniqueConstraint("application_id", "person_id", "part"),)

    application_id: UUID = Field(foreign_key="application.id", primary_key=True)
    person_id: UUID = Field(foreign_key="user.id", primary_key=True, index=True)
    part: Part = Field(sa_type=choice(Part))
    since: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    spent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # what they did was set aside: others act now


class Declaration(SQLModel, table=True):
    """The word a person gave before the file opened: an interest in the vendor, or none."""

    application_id: UUID = Field(foreign_key="application.id", primary_key=True)
    person_id: UUID = Field(foreign_key="user.id", primary_key=True, index=True)
    has_interest: bool
    declared_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
