"""The public log: whoever publishes something of weight adds an entry, and nobody can take it away again.

An entry is JSON with sorted keys and no spaces, in UTF-8; its bytes are the leaf of the tree. Format 1:

format         1
kind           grant, suspend, reinstate, lift, reduce, restore, withdraw, terminate, supersede or expire, of a
               certificate; reissue: it was signed anew, for the key was lost; edition, key, head
at             when the entry was written, UTC
certificate    number; revision; credential: sha256 of the bytes of the signed credential; on: the legal day from which
               it holds; status: what the certificate is from then on; valid_until; reason: sha256 of the public reason;
               newer: the number of the certificate that took its place
edition        id; digest: of its files
key            kid; event: created, rotated, retired, compromised; purpose; did; log_origin; jwk: the public key;
               compromised_from: since when others may have it
head           seq, hash: the end of the internal history (assessments/history.py)

Nothing else may stand in it: an entry is for ever, so that it holds no name of a person and no free text.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, select

from assessments import merkle
from assessments.clock import now
from assessments.models import LogEntry, LogHead, LogKind, LogTile
from assessments.queries import history
from assessments.queries import log as queries

FORMAT = 1
LARGEST = 0xFFFF  # bytes of a leaf: its length takes two bytes in a bundle (C2SP tlog-tiles)
HEADS_EVERY = timedelta(hours=1)

_CERTIFICATE = {"certificate", "revision", "credential", "on", "status", "valid_until", "reason", "newer"}
_FIELDS: dict[LogKind, set[str]] = dict.fromkeys(LogKind, _CERTIFICATE) | {
    LogKind.EDITION: {"id", "digest"},
    LogKind.KEY: {"kid", "event", "purpose", "did", "log_origin", "jwk", "compromised_from"},
    LogKind.HEAD: {"seq", "hash"},
}


def append(
    session: Session, kind: str, key: str, body: Mapping[str, Any], *, certificate_id: UUID | None = None
) -> LogEntry:
    """Add an entry, or give the one that is there under this key: what is told twice stands there once.

    `body` holds what this module's opening names for the kind; format, kind and time are added. The row of the head is
    held until the end of the transaction; take it after every other row. Refuses (ValueError) an unknown kind, a field
    that does not belong there, an entry that is too long, and a key that stands for another kind.
    """
    wanted = LogKind(kind)
    head = held(session)
    there = queries.entry_of(session, key)
    if there is not None:
        if there.kind is not wanted:
            raise ValueError(f"the entry {key} is there, and is no {wanted}")
        return there
    moment = now()
    text = canonical({**_checked(wanted, body), "format": FORMAT, "kind": wanted.value, "at": written(moment)})
    leaf = merkle.leaf_hash(text.encode())
    entry = LogEntry(
        index=head.size, key=key, kind=wanted, body=text, leaf_hash=leaf.hex(), certificate_id=certificate_id, at=moment
    )
    session.add(entry)
    _grow(session, head, leaf)
    session.flush()
    return entry


def note_history(session: Session, *, every: timedelta = timedelta(0)) -> LogEntry | None:
    """Take the end of the internal history into the log, when it grew since and the last time is `every` ago or more.

    Whoever rewrites the history later has to explain why the log remembers another one. Returns the new entry, None
    where there is nothing to take.
    """
    if not owes_history(session, every):
        return None
    seq, digest = history.head(session)
    return append(session, LogKind.HEAD, f"head:{seq}", {"seq": seq, "hash": digest})


def owes_history(session: Session, every: timedelta) -> bool:
    """Whether the history grew since the log took its end, and that was `every` ago or more."""
    seq, _digest = history.head(session)
    last = queries.last_history_head(session)
    return bool(seq) and (last is None or (last.seq != seq and not now() - every < last.at <= now() + every))


def canonical(body: Mapping[str, Any]) -> str:
    """The one way in which an entry is written."""
    return json.dumps(body, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def written(moment: datetime) -> str:
    """A moment as entries have it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def held(session: Session) -> LogHead:
    """The head of the log, its row locked; made when there is none yet."""
    found = _locked(session)
    if found is None:
        _begin(session)
        found = _locked(session)
    if found is None:
        raise LookupError("the head of the log was taken away while it was made")
    return found


def _checked(kind: LogKind, body: Mapping[str, Any]) -> Mapping[str, Any]:
    if strange := sorted(body.keys() - _FIELDS[kind]):
        raise ValueError(f"an entry of the kind {kind} has no {', '.join(strange)}")
    if len(canonical(body).encode()) > LARGEST - 200:  # room for what is added
        raise ValueError("an entry of the log takes 65,535 bytes and no more")
    return body


def _grow(session: Session, head: LogHead, leaf: bytes) -> None:
    """Write the tiles that change, and the new head."""
    rows = {merkle.Place(row.level, row.number): row for row in queries.tile_rows(session, merkle.edge(head.size))}
    tiles = {place: row.hashes for place, row in rows.items()}
    for place, hashes in merkle.grown(tiles, head.size, leaf).items():
        tiles[place] = hashes
        row = rows.get(place) or LogTile(level=place.level, number=place.number, hashes=b"")
        row.hashes = hashes
        session.add(row)
    head.size += 1
    head.root = merkle.root(lambda _places: tiles, head.size).hex()
    session.add(head)


def _locked(session: Session) -> LogHead | None:
    question = select(LogHead).with_for_update().execution_options(populate_existing=True)
    return session.exec(question).one_or_none()


def _begin(session: Session) -> None:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(LogHead).values(**LogHead().model_dump()).on_conflict_do_nothing())
