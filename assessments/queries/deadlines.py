"""Everything of the office that has a clock: one list over many tables, in one statement however long it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, literal, not_, or_, select, union_all
from sqlmodel import Session, col

from assessments.clock import end_of_day, legal_day, now, today
from assessments.models import Application, Participation, Product, Vendor
from assessments.people import Actor, Part
from assessments.queries import paging
from assessments.queries.deadline_columns import Acts, Kind
from assessments.queries.deadline_sources import SOURCES
from assessments.queries.people import PERSON
from assessments.queries.standings import open_to
from assessments.recourse import AppealKind

PAGE = 50
APPEALS = (Kind.APPEAL_RECEIPT.value, Kind.APPEAL_HEARERS.value, Kind.APPEAL_RULING.value)


class Show(StrEnum):
    """Which part of the board is shown."""

    ALL = ""
    MINE = "mine"
    LATE = "late"
    WEEK = "week"


@dataclass(frozen=True)
class Wanted:
    """What the board is narrowed to."""

    show: Show = Show.ALL
    kind: Kind | None = None


@dataclass(frozen=True)
class Due:
    """One line of the board; `place` is the reference, number or address of what it is about."""

    kind: Kind
    due_at: datetime
    place: str
    acts: Acts
    detail: str  # a letter, a count or number, or what an appeal is against
    key: str
    application_id: UUID | None
    person_id: UUID | None
    vendor: str
    product: str
    product_en: str
    person: str

    @property
    def day(self) -> date:
        """The legal day it ends with."""
        return legal_day(self.due_at)

    @property
    def days(self) -> int:
        """Whole days left; negative once it is late."""
        return (self.day - today()).days

    @property
    def late(self) -> bool:
        """Whether it has passed."""
        return self.due_at < now()


# --- the board ---


def board(session: Session, actor: Actor, wanted: Wanted, after: str = "") -> tuple[list[Due], str]:
    """A page of the board, what is late first, and the token of the next page ("" for none): one statement.

    What belongs to a company the person has an interest in, or to an application they have another part in, is not
    there.
    """
    found = _everything()
    order = _order(found)
    question = (
        select(
            *(found.c[name] for name in ("kind", "due_at", "place", "acts", "detail", "key")),
            found.c.application_id,
            found.c.person_id,
            func.coalesce(Vendor.name, ""),
            func.coalesce(Product.name, ""),
            func.coalesce(Product.name_en, ""),
            func.coalesce(PERSON.c.name, ""),
        )
        .select_from(found)
        .outerjoin(Vendor, col(Vendor.id) == found.c.vendor_id)
        .outerjoin(Application, col(Application.id) == found.c.application_id)
        .outerjoin(Product, col(Product.id) == col(Application.product_id))
        .outerjoin(PERSON, PERSON.c.id == found.c.person_id)
        .where(*_reach(actor, found), *_narrowed(actor, found, wanted), *paging.beyond(order, after))
        .order_by(found.c.due_at, found.c.kind, found.c.key)
        .limit(PAGE + 1)
    )
    rows = [Due(Kind(row[0]), row[1], row[2], Acts(row[3]), *row[4:]) for row in session.execute(question)]
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return rows[:PAGE], paging.token_of([last.due_at, last.kind.value, last.key]) if last else ""


@dataclass(frozen=True)
class Counts:
    """How much there is: by kind, and by what is shown."""

    kinds: Mapping[Kind, int]
    shows: Mapping[Show, int]


def counts(session: Session, actor: Actor) -> Counts:
    """The numbers beside the filters, in one statement."""
    found = _everything()
    asked = {show: _narrowed(actor, found, Wanted(show)) for show in Show}
    sums = [func.count().filter(*(conditions or [literal(value=True)])) for conditions in asked.values()]
    question = select(found.c.kind, *sums).where(*_reach(actor, found)).group_by(found.c.kind)
    rows = {Kind(row[0]): row[1:] for row in session.execute(question)}
    totals = {show: sum(numbers[place] for numbers in rows.values()) for place, show in enumerate(asked)}
    return Counts({kind: rows[kind][0] for kind in Kind if kind in rows}, totals)


def _everything() -> Any:
    return union_all(*(part for source in SOURCES for part in source())).subquery("due")


def _order(found: Any) -> list[paging.Order]:
    return [
        paging.Order(found.c.due_at, datetime),
        paging.Order(found.c.kind, str),
        paging.Order(found.c.key, str),
    ]


def _reach(actor: Actor, found: Any) -> list[ColumnElement[bool]]:
    """Nothing stands between the person and a line; lines of no company are everybody's.

    An appeal against a refusal is not for whoever refused: see policy.is_handling.
    """
    free = open_to(actor, found.c.application_id, found.c.vendor_id, Part.COORDINATOR)
    refused = exists().where(
        col(Participation.person_id) == actor.id,
        col(Participation.application_id) == found.c.application_id,
        found.c.kind.in_(APPEALS),
        found.c.detail == AppealKind.REFUSAL.value,
    )
    return [or_(found.c.vendor_id.is_(None), and_(*free, not_(refused.correlate_except(Participation))))]


def _narrowed(actor: Actor, found: Any, wanted: Wanted) -> list[Any]:
    shown: dict[Show, list[Any]] = {
        Show.ALL: [],
        Show.MINE: [or_(found.c.acts == Acts.OFFICE.value, found.c.person_id == actor.id)],
        Show.LATE: [found.c.due_at < now()],
        Show.WEEK: [found.c.due_at >= now(), found.c.due_at <= end_of_day(today() + timedelta(days=7))],
    }
    kind = [found.c.kind == wanted.kind.value] if wanted.kind else []
    return [*shown[wanted.show], *kind]
