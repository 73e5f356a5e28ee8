"""The whole history step by step, and against the log: the first row that is not as it was written is named."""

from collections.abc import Generator, Iterator
from contextlib import closing

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
    with closing(_steps(session)) as steps:
        for entry, text in steps:
            wrong = _wrong(entry, text, (seq, previous))
            if wrong:
                return wrong
            seq, previous = entry.seq, entry.hash
    return _wrong_end(session, seq, previous)


def sound(session: Session, _asked: object) -> Iterator[str]:
    """For fsck: the chain has no gap, every hash is right, and the head is its end; everything that is wrong."""
    seq, previous = 0, BEFORE_THE_FIRST
    for entry, text in _steps(session):
        yield from _broken(entry, text, seq + 1, previous)
        seq, previous = entry.seq, entry.hash
    head = history.head(session)
    if head != (seq, previous):
        yield f"The head of the history is at step {head[0]}, its last step is {seq}."


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


def _steps(session: Session) -> Generator[tuple[HistoryEntry, HistoryText | None], None, None]:
    """Every step with its words, read in pieces; whoever stops early closes it, and with it the cursor."""
    question = (
        select(HistoryEntry, HistoryText)
        .outerjoin(HistoryText, col(HistoryText.seq) == col(HistoryEntry.seq))
        .order_by(col(HistoryEntry.seq))
        .execution_options(yield_per=BATCH)
    )
    with closing(session.exec(question)) as rows:
        yield from rows


def _broken(entry: HistoryEntry, text: HistoryText | None, expected: int, previous: str) -> Iterator[str]:
    if entry.seq != expected:
        yield f"Step {expected} of the history is missing."
    if entry.previous_hash != previous:
        yield f"Step {entry.seq} of the history does not follow the step before it."
    if entry.hash != entry_hash(entry):
        yield f"Step {entry.seq} of the history was changed."
    if text is not None and entry.text_hash != text_hash(text):
        yield f"The text of step {entry.seq} of the history was changed."


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
