"""The steps of an application and its certificates as a case file holds them, tied to the chain they stand in.

Steps of the company and of the clock can be worked out again from what is told; for those of the club's people the
actor is left out, so that only the registry itself can.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, or_, select

from assessments.history import entry_hash, text_hash
from assessments.models import Application, Certificate, HistoryEntry, HistoryText
from assessments.queries.audit import COMPANY
from assessments.queries.cases import Case
from assessments.queries.history import head

BEFORE_THE_FIRST = "0" * 64
BATCH = 500

Row = tuple[HistoryEntry, HistoryText | None]


def told(case: Case, withheld: Collection[str]) -> dict[str, Any]:
    """Every step so far, oldest first, with the hash that follows it and the head; `withheld`: actions whose note is
    for the office alone."""
    rows = steps_of(case.session, case.application)
    after = hashes(case.session, [entry.seq + 1 for entry, _ in rows])
    seq, hash_ = head(case.session)
    return {
        "head": {"seq": seq, "hash": hash_},
        "steps": [_step(case, entry, text, withheld, after.get(entry.seq + 1)) for entry, text in rows],
    }


def steps_of(session: Session, application: Application, until: int | None = None) -> list[Row]:
    """The history rows of an application and its certificates with their texts, oldest first; `until`: the last seq."""
    own = select(Certificate.id).where(Certificate.application_id == application.id)
    question = (
        select(HistoryEntry, HistoryText)
        .outerjoin(HistoryText, col(HistoryText.seq) == col(HistoryEntry.seq))
        .where(or_(HistoryEntry.application_id == application.id, col(HistoryEntry.certificate_id).in_(own)))
        .order_by(col(HistoryEntry.seq))
    )
    if until is not None:
        question = question.where(HistoryEntry.seq <= until)
    return [(entry, text) for entry, text in session.exec(question)]


def hashes(session: Session, numbers: Collection[int]) -> dict[int, str]:
    """The hashes of some steps, by number."""
    question = select(HistoryEntry.seq, HistoryEntry.hash).where(col(HistoryEntry.seq).in_(numbers))
    return dict(session.exec(question).all())


def broken_at(session: Session, until: int) -> int | None:
    """The first step, up to a number, that is missing, changed or out of the chain; None when it is whole."""
    seq, previous = 0, BEFORE_THE_FIRST
    question = select(HistoryEntry).where(HistoryEntry.seq <= until).order_by(col(HistoryEntry.seq))
    for entry in session.exec(question.execution_options(yield_per=BATCH)):
        if entry.seq != seq + 1 or entry.previous_hash != previous or entry.hash != entry_hash(entry):
            return seq + 1
        seq, previous = entry.seq, entry.hash
    return None if seq == until else seq + 1


@dataclass(frozen=True)
class Standing:
    """How the steps of one application stand in the chain: those that are not as they were written, and the head."""

    steps: int
    wrong: list[int]
    erased: int  # texts that the law had erased
    head: int
    head_hash: str


def standing_of(session: Session, application: Application) -> Standing:
    """Whether every step of an application still has its hash, its text and the step before it; three statements."""
    rows = steps_of(session, application)
    before = hashes(session, [entry.seq - 1 for entry, _ in rows]) | {0: BEFORE_THE_FIRST}
    wrong = [
        entry.seq
        for entry, text in rows
        if entry.hash != entry_hash(entry)
        or entry.previous_hash != before.get(entry.seq - 1)
        or (text is not None and entry.text_hash != text_hash(text))
    ]
    seq, hash_ = head(session)
    return Standing(len(rows), wrong, sum(text is None for _, text in rows), seq, hash_)


def recomputed(step: dict[str, Any]) -> str | None:
    """The hash of a step of a case file worked out from what it tells; None where the actor is left out."""
    if "actor_id" not in step:
        return None
    known = {name: step[name] for name in ("seq", "action", "from_state", "to_state", "text_hash", "previous_hash")}
    ids = {name: UUID(step[name]) if step[name] else None for name in ("application_id", "certificate_id", "actor_id")}
    entry = HistoryEntry.model_validate({**known, **ids, "at": step["at"], "hash": ""})
    return entry_hash(entry)


def differences(step: dict[str, Any], entry: HistoryEntry, text: HistoryText | None) -> Iterator[str]:
    """The fields in which a step of a case file is not the step of the history."""
    same = ("seq", "action", "from_state", "to_state", "text_hash", "previous_hash", "hash")
    yield from (name for name in same if step.get(name) != getattr(entry, name))
    if step.get("at") != entry.at.isoformat(timespec="microseconds"):
        yield "at"
    for name in ("application_id", "certificate_id"):
        if step.get(name) != _plain(getattr(entry, name)):
            yield name
    if "actor_id" in step and step["actor_id"] != _plain(entry.actor_id):
        yield "actor_id"
    if text is not None and not step.get("withheld") and step.get("note") != text.note:
        yield "note"


def _step(
    case: Case, entry: HistoryEntry, text: HistoryText | None, withheld: Collection[str], after: str | None
) -> dict[str, Any]:
    kept = entry.action in withheld
    by = case.person(entry.actor_id) or "clock"
    step: dict[str, Any] = {
        "seq": entry.seq,
        "at": entry.at.isoformat(timespec="microseconds"),
        "action": entry.action,
        "from_state": entry.from_state,
        "to_state": entry.to_state,
        "by": by,
        "note": "" if kept or text is None else text.note,
        "withheld": kept,
        "erased": text is None,
        "application_id": _plain(entry.application_id),
        "certificate_id": _plain(entry.certificate_id),
        "text_hash": entry.text_hash,
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
        "next_hash": after,
    }
    return step | ({"actor_id": _plain(entry.actor_id)} if by in {COMPANY, "clock"} else {})


def _plain(value: UUID | None) -> str | None:
    return str(value) if value else None
