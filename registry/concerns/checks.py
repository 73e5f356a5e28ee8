"""What must hold of concerns: ways of their table, nothing kept too long, nothing left of what was passed on."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, exists, select

from assessments.clock import now
from assessments.concerns import TRANSITIONS, kept_until
from assessments.models import Concern, ConcernMessage, ConcernOpening, ConcernStep, HistoryEntry
from assessments.recourse import ConcernAction, ConcernState

GRACE = timedelta(hours=24)  # in which the worker has its turn


def concerns(session: Session) -> Iterator[str]:
    """Every sentence about a concern that is not as it should be."""
    steps = _steps(session)
    for concern in session.exec(select(Concern).order_by(Concern.number)):
        yield from _walked(concern, steps.get(concern.id, []))
        if concern.closed_at and concern.erased_at is None and kept_until(concern) + GRACE < now():
            yield f"{concern.number} was closed long ago and still holds what was said."
    yield from _left(session)


def _steps(session: Session) -> dict[Any, list[tuple[str, ConcernStep]]]:
    question = select(HistoryEntry.action, ConcernStep).join(ConcernStep, col(ConcernStep.seq) == col(HistoryEntry.seq))
    found: dict[Any, list[tuple[str, ConcernStep]]] = {}
    for action, step in session.exec(question.order_by(col(HistoryEntry.seq))):
        found.setdefault(step.concern_id, []).append((action, step))
    return found


def _walked(concern: Concern, steps: list[tuple[str, ConcernStep]]) -> Iterator[str]:
    state = ""
    for action, step in steps:
        known = TRANSITIONS[ConcernAction(action)]
        allowed = step.from_state == state and (state in known.sources if state else not known.sources)
        if not allowed or step.to_state != (known.target or state):
            yield f"{concern.number} came from {state} to {step.to_state} by {action}, step {step.seq}."
        state = step.to_state.value
    if state != concern.state:
        yield f"{concern.number} is in {concern.state}, its steps end in {state}."


def _left(session: Session) -> Iterator[str]:
    """Words of concerns that were passed on or erased, and what would still open a contact."""
    erased = select(Concern.number).where(
        col(Concern.erased_at).is_not(None) | (col(Concern.state) == ConcernState.REFERRED),
        exists().where(col(ConcernMessage.concern_id) == col(Concern.id)),
    )
    for number in session.exec(erased.order_by(Concern.number)):
        yield f"{number} was erased and still has messages."
    held = select(Concern.number).join(ConcernOpening, col(ConcernOpening.concern_id) == col(Concern.id))
    held = held.where(col(ConcernOpening.asked_half).is_not(None))
    over = col(Concern.contact).is_(None) | (col(ConcernOpening.opens_until) < now() - GRACE)
    for number in session.exec(held.where(over).order_by(Concern.number)):
        yield f"{number} has an opening that is over and still holds its halves."
