"""Guides that the club writes in the browser: every text that was saved, and which of them the public read when."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, text
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.guide_kinds import GuideAudience, GuideEnding

OPEN = "ended_at IS NULL"


class Guide(SQLModel, table=True):
    """One guide by its address; `version` is the text that was saved last, `published` the publication made last."""

    __table_args__ = (
        CheckConstraint("slug <> ''", name="slug"),
        CheckConstraint("version >= 1 AND published >= 0", name="numbers"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    slug: str = Field(max_length=60, unique=True)
    version: int = 1
    published: int = 0  # 0: it never was
    created_by: UUID = Field(foreign_key="user.id")
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class GuideText(SQLModel, table=True):
    """A guide as it was saved at one time, in both languages; never changed afterwards."""

    __tablename__ = "guide_text"
    __table_args__ = (CheckConstraint("version >= 1", name="version"),)

    guide_id: UUID = Field(foreign_key="guide.id", primary_key=True)
    version: int = Field(primary_key=True)
    title_vi: str = Field(max_length=200)
    title_en: str = Field(max_length=200)
    lead_vi: str
    lead_en: str
    body_vi: str
    body_en: str
    audience: GuideAudience = Field(sa_type=choice(GuideAudience))
    tags: list[str] = Field(sa_type=JSON)
    related: list[str] = Field(sa_type=JSON)  # addresses of other guides
    sources: str  # a line each: name in Vietnamese | name in English | address
    checked_on: date  # the day somebody last held the facts against the sources
    saved_by: UUID = Field(foreign_key="user.id")
    saved_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class GuidePublication(SQLModel, table=True):
    """From when on the public read which text of a guide, who put it there, and how that ended."""

    __tablename__ = "guide_publication"
    __table_args__ = (
        ForeignKeyConstraint(["guide_id", "version"], ["guide_text.guide_id", "guide_text.version"]),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name="ended"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by"),
        CheckConstraint("ending IS NULL OR ending <> 'gone' OR (reason_vi <> '' AND reason_en <> '')", name="reasons"),
        Index(
            "uq_guide_publication_open",
            "guide_id",
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
    )

    guide_id: UUID = Field(foreign_key="guide.id", primary_key=True)
    number: int = Field(primary_key=True)
    version: int
    published_by: UUID = Field(foreign_key="user.id")
    published_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    ended_by: UUID | None = Field(default=None, foreign_key="user.id")
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ending: GuideEnding | None = Field(default=None, sa_type=choice(GuideEnding))
    reason_vi: str = ""
    reason_en: str = ""
