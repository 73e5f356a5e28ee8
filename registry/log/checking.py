"""Works the tree out again from the entries and checks tiles, head and checkpoint: the first bad row first."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from sqlmodel import Session, col, func, select

from assessments import log, merkle
from assessments.merkle import EMPTY, HASH, WIDTH, Place
from assessments.models import Certificate, LogEntry, LogHead, LogTile
from assessments.queries import log as queries
from registry.log import checkpoints
from registry.log.checkpoints import Checkpoint
from registry.log.notes import NotSigned, Unreadable, Verifier


@dataclass
class Rebuilt:
    """The tree as it follows from the entries: read tile by tile, so that a long log needs no more memory."""

    session: Session
    sizes: Collection[int] = ()  # of which the roots are wanted
    size: int = 0
    roots: dict[int, bytes] = field(default_factory=lambda: {0: EMPTY})
    edge: dict[Place, bytes] = field(default_factory=dict)
    full: int = 0  # tiles that were filled

    @property
    def root(self) -> bytes:
        """The root so far."""
        return merkle.root(lambda _places: self.edge, self.size)

    def findings(self) -> Iterator[str]:
        """What is wrong with the entries and the tiles; after the first wrong entry nothing can be said of the rest."""
        last = self.session.exec(select(func.max(LogEntry.index))).one()
        for number in range((last if last is not None else -1) // WIDTH + 1):
            place = Place(0, number)
            stored = queries.tiles(self.session, [place]).get(place, b"")
            for entry in _page(self.session, number):
                wrong = _wrong(entry, self.size, stored[self.size % WIDTH * HASH :][:HASH])
                if wrong:
                    yield wrong
                    return
                yield from self._add(entry)
        yield from self._tiles(self.edge)
        yield from self._strange_tiles()

    def _add(self, entry: LogEntry) -> Iterator[str]:
        grown = merkle.grown(self.edge, self.size, bytes.fromhex(entry.leaf_hash))
        self.size += 1
        self.edge |= grown
        filled = {place: self.edge.pop(place) for place, hashes in grown.items() if len(hashes) == WIDTH * HASH}
        self.full += len(filled)
        yield from self._tiles({place: hashes for place, hashes in filled.items() if place.level})
        if self.size in self.sizes:
            self.roots[self.size] = self.root

    def _tiles(self, expected: dict[Place, bytes]) -> Iterator[str]:
        found = queries.tiles(self.session, list(expected))
        for place in sorted(expected):
            if found.get(place) != expected[place]:
                yield f"Tile {place.number} of level {place.level} of the log is not that of its entries."

    def _strange_tiles(self) -> Iterator[str]:
        there = self.session.exec(select(func.count()).select_from(LogTile)).one()
        if there > self.full + len(self.edge):
            yield f"The log has {there} tiles instead of {self.full + len(self.edge)}."


def findings(session: Session, verifiers: Collection[Verifier]) -> Iterator[str]:
    """Everything that is wrong with the log by itself: entries, tiles, head, checkpoint."""
    head = queries.head(session)
    rebuilt = Rebuilt(session, {head.signed_size})
    wrong = False
    for sentence in rebuilt.findings():
        wrong = True
        yield sentence
    if wrong:
        return
    if (head.size, head.root) != (rebuilt.size, rebuilt.root.hex()):
        yield f"The head of the log is at {head.size} entries and is not that of its {rebuilt.size} entries."
    yield from _signature(head, rebuilt, verifiers)


def sound(session: Session, _asked: object) -> Iterator[str]:
    """For fsck: the log is whole, and its entries about a certificate name the one they belong to."""
    yield from findings(session, checkpoints.verifiers(session))
    question = (
        select(LogEntry.index, LogEntry.body, Certificate.number)
        .join(Certificate, col(Certificate.id) == col(LogEntry.certificate_id))
        .order_by(col(LogEntry.index))
    )
    for index, body, number in session.exec(question.execution_options(yield_per=WIDTH)):
        if json.loads(body).get("certificate") != number:
            yield f"Entry {index} of the log belongs to {number} and names another certificate."


def against(session: Session, saved: Checkpoint, verifiers: Collection[Verifier]) -> str:
    """Why the log cannot be the one of a checkpoint that was saved earlier; "" where it can.

    `saved` was opened with a known key. The proof is made from the tiles, which findings() holds against the entries.
    """
    head = queries.head(session)
    origins = {one.name for one in verifiers}
    if origins and saved.origin not in origins:
        return f"The saved checkpoint is one of the log {saved.origin}, and not of this one."
    if saved.size > head.size:
        return f"The saved checkpoint is of {saved.size} entries, the log has {head.size}: the database was put back."
    try:
        proof = queries.consistency(session, saved.size, head.size)
        follows = merkle.verify_consistency(saved.tree, (head.size, bytes.fromhex(head.root)), proof)
    except merkle.Incomplete:
        follows = False
    if follows:
        return ""
    return f"The first {saved.size} entries are not those of the saved checkpoint: the log was put back or rewritten."


def _page(session: Session, number: int) -> list[LogEntry]:
    where = (LogEntry.index >= number * WIDTH, LogEntry.index < (number + 1) * WIDTH)
    return list(session.exec(select(LogEntry).where(*where).order_by(col(LogEntry.index))))


def _wrong(entry: LogEntry, expected: int, hashed: bytes) -> str:
    """Why an entry is not the one that was written at its place; "" where it is."""
    if entry.index != expected:
        return f"Entry {expected} of the log is missing."
    leaf = merkle.leaf_hash(entry.body.encode())
    if not hashed:
        return f"Entry {expected} of the log was put in: the tree knows nothing of it."
    if leaf != hashed or leaf.hex() != entry.leaf_hash or not _says_the_same(entry):
        return f"Entry {expected} of the log was changed."
    return ""


def _says_the_same(entry: LogEntry) -> bool:
    """Whether the columns beside the text of an entry say what the text says."""
    told = json.loads(entry.body)
    return bool(told["kind"] == entry.kind and told["at"] == log.written(entry.at))


def _signature(head: LogHead, rebuilt: Rebuilt, verifiers: Collection[Verifier]) -> Iterator[str]:
    if not head.checkpoint:
        return
    try:
        signed = checkpoints.opened(head.checkpoint, verifiers) if verifiers else checkpoints.current(head)
    except (Unreadable, NotSigned) as refusal:
        yield f"The checkpoint of the log is not a good one: {refusal}"
        return
    if signed is None or signed.size != head.signed_size or rebuilt.roots.get(signed.size) != signed.root:
        yield "The checkpoint of the log is not that of its entries."
