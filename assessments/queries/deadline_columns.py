"""The columns that every source of deadlines gives, and the days and moments they are made of, in SQL."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, Integer, String, Uuid, cast, literal, null, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from assessments.columns import UtcDateTime

SOON = 90  # days before its end at which a certificate comes onto the board


class Kind(StrEnum):
    """What kind of deadline it is."""

    INTAKE = "intake"
    RETURNED = "returned"
    REVIEW = "review"
    CORRECTION = "correction"
    FINDING = "finding"  # one of those the company has to answer
    NOTICE = "notice"
    SUSPENSION = "suspension"  # the second person of an emergency suspension
    RESTORING = "restoring"  # the condition of a suspended certificate
    EXPIRY = "expiry"
    MEMBERSHIP = "membership"
    CLOSING = "closing"  # of a round
    ANNOUNCEMENT = "announcement"
    AUDIT_NOTE = "audit_note"
    QUESTION = "question"  # reviewers wait for the company's answer
    CONDITION = "condition"  # of a certificate
    APPEAL_RECEIPT = "appeal_receipt"
    APPEAL_HEARERS = "appeal_hearers"
    APPEAL_RULING = "appeal_ruling"
    COMPETENCE = "competence"  # of a person, about to run out
    LABORATORY = "laboratory"  # its acceptance, about to run out
    EDITION = "edition"  # the second person of its publication
    TRANSITION = "transition"  # of a certificate to a newer edition
    CONFLICT = "conflict"  # an interest that came out late
    SURVEILLANCE = "surveillance"  # to begin
    SURVEILLANCE_REPLY = "surveillance_reply"  # the company's answers
    CHANGE_TRIAGE = "change_triage"  # whether a change is minor or major
    CHANGE_APPLICATION = "change_application"  # about a major one
    CONCERN_DANGER = "concern_danger"  # may be about a child in danger: today
    CONCERN_RECEIPT = "concern_receipt"  # to acknowledge
    CONCERN_ANSWER = "concern_answer"


class Acts(StrEnum):
    """Who has to do something."""

    OFFICE = "office"
    VENDOR = "vendor"
    COMMITTEE = "committee"
    HEARERS = "hearers"  # of an appeal
    PERSON = "person"  # the one named
    CLOCK = "clock"  # the site does it by itself


class end_of_legal_day(FunctionElement[datetime]):  # noqa: N801  written like a function of SQL
    """SQL: the last moment of a day in Viet Nam, as our columns hold moments."""

    type = UtcDateTime()
    inherit_cache = True


class days_after(FunctionElement[datetime]):  # noqa: N801  the same
    """SQL: so many days after a moment; the number stands in the statement."""

    type = UtcDateTime()
    inherit_cache = True


class legal_day_after(FunctionElement[date]):  # noqa: N801  the same
    """SQL: the day in Viet Nam so many days after a moment."""

    type = Date()
    inherit_cache = True


class legal_days_since(FunctionElement[int]):  # noqa: N801  the same
    """SQL: how many days in Viet Nam have begun between a moment and a day."""

    type = Integer()
    inherit_cache = True


@compiles(end_of_legal_day, "sqlite")
def _sqlite_end(element: Any, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)} || ' 16:59:59.999999')"


@compiles(end_of_legal_day, "postgresql")
def _postgresql_end(element: Any, compiler: Any, **options: Any) -> str:
    return f"(({compiler.process(element.clauses, **options)} + TIME '16:59:59.999999') AT TIME ZONE 'UTC')"


@compiles(days_after, "sqlite")
def _sqlite_later(element: Any, compiler: Any, **options: Any) -> str:
    moment, days = (compiler.process(one, **options) for one in element.clauses)
    return f"(strftime('%Y-%m-%d %H:%M:%f', {moment}, {days} || ' days') || '000')"


@compiles(days_after, "postgresql")
def _postgresql_later(element: Any, compiler: Any, **options: Any) -> str:
    moment, days = (compiler.process(one, **options) for one in element.clauses)
    return f"({moment} + {days} * INTERVAL '1 day')"


@compiles(legal_day_after, "sqlite")
def _sqlite_day_after(element: Any, compiler: Any, **options: Any) -> str:
    moment, days = (compiler.process(one, **options) for one in element.clauses)
    return f"date(substr({moment}, 1, 19), '+7 hours', ({days}) || ' days')"  # without what would round up


@compiles(legal_day_after, "postgresql")
def _postgresql_day_after(element: Any, compiler: Any, **options: Any) -> str:
    moment, days = (compiler.process(one, **options) for one in element.clauses)
    return f"(CAST({moment} AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE) + ({days}))"


@compiles(legal_days_since, "sqlite")
def _sqlite_days_since(element: Any, compiler: Any, **options: Any) -> str:
    moment, day = (compiler.process(one, **options) for one in element.clauses)
    return f"CAST(julianday({day}) - julianday(date(substr({moment}, 1, 19), '+7 hours')) AS INTEGER)"


@compiles(legal_days_since, "postgresql")
def _postgresql_days_since(element: Any, compiler: Any, **options: Any) -> str:
    moment, day = (compiler.process(one, **options) for one in element.clauses)
    return f"(CAST({day} AS DATE) - CAST({moment} AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE))"


@dataclass(frozen=True)
class Source:
    """The columns that every source gives, by name; what is left out is nothing."""

    kind: Kind
    due_at: Any
    place: Any
    acts: Any
    key: Any  # unique within the kind: the order of what falls on one moment
    application_id: Any = None
    vendor_id: Any = None
    person_id: Any = None
    detail: Any = ""

    def select(self, *conditions: Any) -> Any:
        """The source as a SELECT, to be joined with the others."""
        ids = {name: getattr(self, name) for name in ("application_id", "vendor_id", "person_id")}
        columns = [
            _text(self.kind.value).label("kind"),
            self.due_at.label("due_at"),
            _text(self.place).label("place"),
            _text(self.acts).label("acts"),
            _text(self.detail).label("detail"),
            _text(self.key).label("key"),
            *(cast(null() if value is None else value, Uuid()).label(name) for name, value in ids.items()),
        ]
        return select(*columns).where(*conditions)


def _text(value: Any) -> Any:
    return cast(value if hasattr(value, "label") else literal(str(value)), String)
