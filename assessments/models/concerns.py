"""Concerns about products, reported by anybody: what was said, how to reach whoever said it, and who opened that."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.recourse import ConcernKind, ConcernOutcome, ConcernState, Danger, Referral, Voice

NOTHING_LEFT = (
    "state <> 'referred' OR (referred_to IS NOT NULL AND text = '' AND about = '' AND contact IS NULL"
    " AND kind IS NULL AND product_id IS NULL AND erased_at IS NOT NULL)"
)


class Concern(SQLModel, table=True):
    """One concern; nobody knows who reported it unless they left how to reach them, which two people open together."""

    __table_args__ = (
        UniqueConstraint("year", "serial"),
        CheckConstraint("serial >= 1", name="serial"),
        CheckConstraint("contact IS NULL OR contact_erased_at IS NULL", name="sealed_or_erased"),
        CheckConstraint("erased_at IS NULL OR (text = '' AND about = '' AND contact IS NULL)", name="erased_whole"),
        CheckConstraint("state = 'received' OR acknowledged_at IS NOT NULL", name="acknowledged"),
        CheckConstraint("state <> 'investigating' OR handler_id IS NOT NULL", name="in_a_hand"),
        CheckConstraint("(referred_to IS NULL) = (referred_at IS NULL)", name="referred_to_somebody"),
        CheckConstraint(NOTHING_LEFT, name="of_a_referred_one_the_fact_is_kept"),
        CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)"
            " AND (state <> 'closed' OR (outcome IS NOT NULL AND closing <> ''))",
            name="closed_with_reasons",
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    number: str = Field(unique=True, max_length=20)  # PA-2026-0001
    year: int = Field(index=True)
    serial: int
    code_hash: str = Field(unique=True, max_length=64)  # sha256 of the code that follows it
    kind: ConcernKind | None = Field(default=None, sa_type=choice(ConcernKind))
    product_id: UUID | None = Field(default=None, foreign_key="product.id", index=True)
    about: str = Field(default="", max_length=120)  # the product as typed
    text: str = ""
    child: bool = False  # written on the page for children
    language: str = Field(default="vi", max_length=2)
    contact: str | None = None  # sealed in two halves by the web floor
    contact_given: bool = False
    contact_erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # everything that was said
    edition_id: str = Field(max_length=40)  # its periods
    state: ConcernState = Field(default=ConcernState.RECEIVED, sa_type=choice(ConcernState), index=True)
    danger: Danger = Field(default=Danger.NONE, sa_type=choice(Danger))
    unread: bool = False  # the reporter has written since the office did anything
    received_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    acknowledge_by: datetime = Field(sa_type=UtcDateTime)
    answer_by: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)  # of the next step
    late_told: bool = False  # that it has passed was written about
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    handler_id: UUID | None = Field(default=None, foreign_key="user.id", index=True)
    surveillance_id: UUID | None = Field(default=None, foreign_key="surveillance.id", unique=True)
    referred_to: Referral | None = Field(default=None, sa_type=choice(Referral))
    referred_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: ConcernOutcome | None = Field(default=None, sa_type=choice(ConcernOutcome))
    closing: str = ""  # why, as the reporter reads it
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ConcernMessage(SQLModel, table=True):
    """One message between reporter and office, or a note of the office for itself."""

    __tablename__ = "concern_message"
    __table_args__ = (
        CheckConstraint("(voice = 'reporter') = (author_id IS NULL)", name="whose"),
        CheckConstraint("text <> ''", name="says_something"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    concern_id: UUID = Field(foreign_key="concern.id", index=True)
    voice: Voice = Field(sa_type=choice(Voice))
    author_id: UUID | None = Field(default=None, foreign_key="user.id")
    text: str
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class ConcernOpening(SQLModel, table=True):
    """One opening of a contact: one person asks, another confirms, and the first reads it once, within a day."""

    __tablename__ = "concern_opening"
    __table_args__ = (
        CheckConstraint("answered_by IS NULL OR answered_by <> asked_by", name="two_people"),
        CheckConstraint("(answered_by IS NULL) = (answered_at IS NULL)", name="answered_by_somebody"),
        CheckConstraint("opens_until IS NULL OR answered_by IS NOT NULL", name="confirmed"),
        CheckConstraint("shown_at IS NULL OR opens_until IS NOT NULL", name="shown_after_it_was_confirmed"),
        CheckConstraint("confirmed_half IS NULL OR opens_until IS NOT NULL", name="half_of_who_confirmed"),
        CheckConstraint("shown_at IS NULL OR (asked_half IS NULL AND confirmed_half IS NULL)", name="shown_once"),
        Index(
            "uq_concern_opening_waiting",
            "concern_id",
            unique=True,
            sqlite_where=text("answered_by IS NULL"),
            postgresql_where=text("answered_by IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    concern_id: UUID = Field(foreign_key="concern.id", index=True)
    asked_by: UUID = Field(foreign_key="user.id")
    reason: str = Field(max_length=500)
    asked_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    asked_half: str | None = None  # of the key, sealed for this opening
    answered_by: UUID | None = Field(default=None, foreign_key="user.id")
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    confirmed_half: str | None = None
    opens_until: datetime | None = Field(default=None, sa_type=UtcDateTime)  # nothing: refused
    shown_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ConcernStep(SQLModel, table=True):
    """Which concern a step of the history belongs to, and the states it led from and to."""

    __tablename__ = "concern_step"

    seq: int = Field(foreign_key="history_entry.seq", primary_key=True)
    concern_id: UUID = Field(foreign_key="concern.id", index=True)
    from_state: str = Field(default="", max_length=40)
    to_state: ConcernState = Field(sa_type=choice(ConcernState))
