"""Who changed what in an application, and when: texts, evidence and the steps the company took, newest first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, String, case, cast, literal, select, union_all
from sqlmodel import Session, col

from assessments.models import Answer, AnswerText, EvidenceChange, HistoryEntry, ProfileText
from assessments.queries import paging
from assessments.states import Action, Event

PAGE = 50
STEPS = (  # what a company does with an application; what the club does stands in the timeline
    *(Event.START, Event.ACCEPT_AGREEMENT, Event.CHECK_FACTS),
    *(Action.SUBMIT, Action.WITHDRAW, Action.ANSWER_CORRECTION, Action.COMMENT),
)


class What(StrEnum):
    """What kind of thing was changed."""

    ANSWER = "answer"
    PROFILE = "profile"
    ATTACHED = "attached"
    DETACHED = "detached"
    STEP = "step"


@dataclass(frozen=True)
class Change:
    """One change: `place` is a criterion, a section of the profile or an action; `number` a version, where it is one.

    `title` is the piece of evidence taken or let go.
    """

    at: datetime
    key: str
    person_id: UUID | None
    what: What
    place: str
    title: str
    number: int


@dataclass(frozen=True)
class Wanted:
    """Which changes are asked for; empty: all of them."""

    person_id: UUID | None = None
    criterion: str = ""


def changes(session: Session, application_id: UUID, wanted: Wanted, after: str = "") -> tuple[list[Change], str]:
    """A page of changes, and the token of the next page ("" at the end)."""
    rows = union_all(*_sources(application_id)).subquery()
    order = [paging.Order(rows.c.at, datetime, descending=True), paging.Order(rows.c.key, str, descending=True)]
    question = (
        select(*rows.c)
        .where(*_filters(rows.c, wanted), *paging.beyond(order, after))
        .order_by(rows.c.at.desc(), rows.c.key.desc())
        .limit(PAGE + 1)
    )
    found = [Change(**{**row._mapping, "what": What(row.what)}) for row in session.execute(question)]
    page = found[:PAGE]
    return page, paging.token_of((page[-1].at, page[-1].key)) if len(found) > PAGE else ""


def _filters(columns: Any, wanted: Wanted) -> Collection[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.person_id:
        found.append(columns.person_id == wanted.person_id)
    if wanted.criterion:
        found += [columns.place == wanted.criterion, columns.what.in_([What.ANSWER, What.ATTACHED, What.DETACHED])]
    return found


def _sources(application_id: UUID) -> list[Any]:
    answers = _row(AnswerText.saved_at, AnswerText.id, AnswerText.saved_by, What.ANSWER, Answer.criterion)
    sections = _row(ProfileText.saved_at, ProfileText.id, ProfileText.saved_by, What.PROFILE, ProfileText.section)
    moved = case((col(EvidenceChange.attached), What.ATTACHED.value), else_=What.DETACHED.value)
    pieces = _row(
        EvidenceChange.changed_at, EvidenceChange.id, EvidenceChange.changed_by, moved, EvidenceChange.criterion
    )
    steps = _row(HistoryEntry.at, HistoryEntry.seq, HistoryEntry.actor_id, What.STEP, HistoryEntry.action)
    return [
        select(*answers, literal("").label("title"), col(AnswerText.version).label("number"))
        .join(Answer, col(Answer.id) == col(AnswerText.answer_id))
        .where(col(Answer.application_id) == application_id),
        select(*sections, literal("").label("title"), col(ProfileText.number).label("number")).where(
            col(ProfileText.application_id) == application_id
        ),
        select(*pieces, col(EvidenceChange.title).label("title"), _no_number()).where(
            col(EvidenceChange.application_id) == application_id
        ),
        select(*steps, literal("").label("title"), _no_number()).where(
            col(HistoryEntry.application_id) == application_id,
            col(HistoryEntry.action).in_([str(step) for step in STEPS]),
        ),
    ]


def _row(at: Any, key: Any, person_id: Any, what: Any, place: Any) -> list[Any]:
    word = literal(what.value) if isinstance(what, What) else what
    return [
        at.label("at"),
        cast(key, String).label("key"),
        person_id.label("person_id"),
        cast(word, String).label("what"),
        place.label("place"),
    ]


def _no_number() -> Any:
    return literal(0, Integer).label("number")
