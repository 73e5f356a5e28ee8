"""The whole history step by step, and against the log: the first row that is not as it was written is named."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from assessments.history import entry_hash, text_hash
from assessments.models import HistoryEntry, HistoryText, LogEntry, LogKind
from assessments.queries import history
from assessments.queries import log as log_queries
from assessments.queries.log import HistoryHead
from registry.audit.chain import BATCH, BEFORE_THE_FIRST, hashes

HEADS_AT_ONCE = 500


def first_broken(session: Session) -> str:
    """The first step of the history that was changed, taken away, put in, moved, or given other words; "" if none.

    A step that holds its own hash and does not follow the step before it says that the one before was rewritten, hash
    and all: then that one is named.
    """
    seq, previous = 0, BEFORE_THE_FIRST
    for entry, text in _steps(session):
        wrong = _wrong(entry, text, (seq, previous))
        if wrong:
            return wrong
        seq, previous = entry.seq, entry.hash
    return _wrong_end(session, seq, previous)


def first_contradiction(session: Session) -> str:
    """The first head of the history in the log that the history does not have any more; "" if there is none.

    Names the steps between which it was rewritten: from the last head that agrees to the first that does not.
    """
    agreed = 0
    for heads in _heads(session):
        there = hashes(session, [one.seq for one in heads])
        for one in heads:
            if there.get(one.seq) != one.hash:
                return _contradiction(one, agreed, there.get(one.seq))
            agreed = one.seq
    return ""


def _steps(session: Session) -> Iterator[tuple[HistoryEntry, HistoryText | None]]:
    question = (
        select(HistoryEntry, HistoryText)
        .outerjoin(HistoryText, col(HistoryText.seq) == col(HistoryEntry.seq))
        .order_by(col(HistoryEntry.seq))
        .execution_options(yield_per=BATCH)
    )
    yield from session.exec(question)


def _wrong(entry: HistoryEntry, text: HistoryText | None, before: tuple[int, str]) -> str:
    seq, previous = before
    if entry.seq <= seq:
        return f"Step {entry.seq} of the history was put in."
    if entry.seq != seq + 1:
        return f"Step {seq + 1} of the history is missing."
    if entry.hash != entry_hash(entry):
        return f"Step {entry.seq} of the history was changed."
    if entry.previous_hash != previous:
        return f"Step {max(seq, 1)} of the history was changed: the step after it was written after another one."
    if text is not None and entry.text_hash != text_hash(text):
        return f"The words of step {entry.seq} of the history were changed."
    return ""


def _wrong_end(session: Session, seq: int, last: str) -> str:
    head, digest = history.head(session)
    if head > seq:
        return f"Step {seq + 1} of the history is missing."
    if head < seq:
        return f"Step {head + 1} of the history was put in: the head knows nothing of it."
    return "" if digest == last else f"Step {seq} of the history was changed: the head remembers another one."


def _heads(session: Session) -> Iterator[list[HistoryHead]]:
    """What the log remembers of the history, oldest first, some at a time."""
    after = -1
    while True:
        question = select(LogEntry).where(LogEntry.kind == LogKind.HEAD, LogEntry.index > after)
        found = list(session.exec(question.order_by(col(LogEntry.index)).limit(HEADS_AT_ONCE)))
        if not found:
            return
        yield [log_queries.history_head(one) for one in found]
        after = found[-1].index


def _contradiction(head: HistoryHead, agreed: int, there: str | None) -> str:
    where = f"entry {head.index} of the log remembers step {head.seq}"
    if there is None:
        return f"The history was put back: {where}, and it is gone."
    return f"The history was rewritten between the steps {agreed + 1} and {head.seq}: {where} as another one."
