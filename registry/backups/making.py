"""Makes a backup while the site runs: the database as it is at one moment, then the files that its rows need."""

import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from flask import current_app
from sqlalchemy import Engine

from assessments.clock import now
from assessments.queries.evidence import stored_elsewhere
from registry import db, revisions, storage
from registry.backups import copies, manifests
from registry.backups.copies import Copy
from registry.backups.manifests import Head, Held
from registry.backups.refusal import Refused
from registry.backups.store import Store
from registry.keys import ring

TRIES = 3  # files may be erased while they are copied: then the database is copied again
UNDER_WAY = "backup-"


class Erased(Exception):
    """A file was erased after the database was copied: it is in the copy, and the site has no bytes of it any more."""


@dataclass
class Made:
    """What was written."""

    name: str = ""
    files: int = 0
    new: int = 0
    gone: int = 0


def make(store: Store, *, private_keys: bool = False) -> Made:
    """Make one backup. Refuses (Refused) private keys in a folder that is not sealed, and changed files."""
    if private_keys and not store.is_sealed:
        raise Refused("Private keys go into a sealed backup only: give --key-file or --passphrase, and a new folder.")
    engine = db.engine()
    revisions.require(engine)
    with store.held(writing=True):
        store.sweep_incoming()
        for _try in range(TRIES):
            try:
                return _made(store, engine, private_keys=private_keys)
            except Erased:
                continue
    raise Refused("Files were erased again and again while they were copied; older backups are whole. Try again.")


def _made(store: Store, engine: Engine, *, private_keys: bool) -> Made:
    work = current_app.config["SETTINGS"].var_dir
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=UNDER_WAY, dir=work) as folder:
        copy = copies.take(engine, Path(folder))
        if copy.kind == copies.SQLITE and (wrong := copies.unsound(copy.path)):
            raise Refused(f"The database is not whole, and no backup was made of it: {wrong[0]}; run fsck.")
        store.put(copy.sha256, copy.size, copies.pieces(copy.path))
        head = _head(copy, private_keys=private_keys)
        made = Made(name=f"{now():%Y-%m-%dT%H-%M-%S.%fZ}-{secrets.token_hex(3)}")
        store.write_manifest(made.name, manifests.lines(head, _files(store, copy, made)))
        return made


def _head(copy: Copy, *, private_keys: bool) -> Head:
    told = {"kind": copy.kind, "sha256": copy.sha256, "size": copy.size}
    head = Head(
        made_at=now().isoformat(timespec="seconds"),
        revision=copy.revision,
        database=told,
        tables=copy.tables,
        checkpoint=copy.checkpoint,
        keys=copy.keys,
    )
    return replace(head, private_keys=_private_keys(copy)) if private_keys else head


def _private_keys(copy: Copy) -> dict[str, str]:
    """Those that lie in files; what is kept in the environment is kept there."""
    paths = {one["kid"]: ring.folder() / f"{one['kid']}.pem" for one in copy.keys}
    return {kid: path.read_text("ascii") for kid, path in paths.items() if path.exists()}


def _files(store: Store, copy: Copy, made: Made) -> Iterator[Held]:
    """Every file in the order of its name, once its bytes are in the folder."""
    with copy.files.open(encoding="ascii") as lines:
        for line in lines:
            sha256, size = line.split()
            one = Held(sha256, int(size))
            made.files += 1
            yield one if _is_kept(store, one, made) else replace(one, gone=True)


def _is_kept(store: Store, one: Held, made: Made) -> bool:
    if store.has(one.sha256, one.size):
        return True
    if storage.current().size(one.sha256) == one.size:
        try:
            made.new += store.put(one.sha256, one.size, _bytes_of(one.sha256))
        except FileNotFoundError:
            pass
        else:
            return True
    _require_lost(one.sha256)
    made.gone += 1
    return False


def _bytes_of(sha256: str) -> Iterator[bytes]:
    with storage.current().open(sha256) as source:
        while piece := source.read(copies.PIECE):
            yield piece


def _require_lost(sha256: str) -> None:
    """A file that is not there is either lost, which fsck says too, or was erased a moment ago (Erased)."""
    with db.reading() as session:
        if not stored_elsewhere(session, [sha256]):
            raise Erased
