"""Puts a backup into an empty place: other paths, another host, another storage, another kind of database.

The whole backup is read first. Then come the files, then the database: until its last step there is none, so that
whoever is killed begins again, and what is there already is not written twice.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from alembic import command
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from flask import current_app
from sqlalchemy import Engine
from sqlmodel import delete

from assessments.models import Upload
from registry import db, revisions, storage
from registry.backups import copies, digests, manifests, moving, rows
from registry.backups.checking import findings
from registry.backups.manifests import Head, Held
from registry.backups.refusal import Refused
from registry.backups.schema import alembic_config
from registry.backups.store import Store
from registry.keys import ring
from registry.storage.unfinished import sync


def restore(store: Store, name: str) -> list[str]:
    """Restore one backup into the database and the storage of the settings. Returns what else there is to say.

    Refuses (Refused) a place that is not empty and a backup that was cut, changed or made by a newer version; nothing
    has been written then.
    """
    engine = db.engine()
    with store.held(writing=False):
        head = manifests.require_whole(store, name)
        _require_empty(store, name, engine)
        if wrong := next(findings(store, name), None):
            raise Refused(f"{wrong} Nothing was restored.")
        gone = [one.sha256 for one in _put_files(store, name) if one.gone]
        with _work_folder() as folder:
            _put_database(store, head, engine, Path(folder))
        return [*_put_keys(head), *(f"File {one} was lost before this backup was made." for one in gone)]


def _work_folder() -> tempfile.TemporaryDirectory[str]:
    work = current_app.config["SETTINGS"].var_dir
    work.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(prefix="restore-", dir=work)


def _require_empty(store: Store, name: str, engine: Engine) -> None:
    """Refuse a database with rows, and a storage with files that are not of this backup."""
    path = Path(engine.url.database or "")
    if engine.dialect.name != copies.SQLITE or path.exists():
        moving.require_empty(engine, revisions.found(engine))
        engine.dispose()
    strange = _strange_file(store, name)
    if strange:
        raise Refused(f"The storage is not empty: {strange} is no file of this backup. Nothing was restored.")


def _strange_file(store: Store, name: str) -> str:
    """The first file of the storage that the backup has not; "" where there is none. Both come in order."""
    with manifests.opened(store, name) as (_, files):
        held = iter(files)
        one = next(held, None)
        for there in storage.current().names():
            while one is not None and one.sha256 < there:
                one = next(held, None)
            if one is None or one.sha256 != there:
                return there
    return ""


def _put_files(store: Store, name: str) -> Iterator[Held]:
    with manifests.opened(store, name) as (_, files):
        for one in files:
            if not one.gone and storage.current().size(one.sha256) != one.size:
                with storage.current().begin() as incoming:
                    for piece in store.get(one.sha256):
                        incoming.write(piece)
                    incoming.keep()
            yield one


def _put_database(store: Store, head: Head, engine: Engine, folder: Path) -> None:
    """The copy, brought to this version of the program; compared with what it was copied from."""
    copied = folder / "copy"
    _write(copied, store.get(head.database["sha256"]))
    if engine.dialect.name == copies.SQLITE:
        made = copied if head.database["kind"] == copies.SQLITE else folder / "made.db"
        with copies.opened(made) as building:
            if made is not copied:
                _require_same(copies.load_rows(copied, building, head.revision), head)
            _finish(building, head)
        _take_place(made, Path(engine.url.database or ""), engine)
        return
    if head.database["kind"] == copies.SQLITE:
        _move(copied, engine, head)
        return
    _require_same(copies.load_rows(copied, engine, head.revision), head)
    _finish(engine, head)


def _move(copied: Path, engine: Engine, head: Head) -> None:
    with copies.opened(copied) as source:
        _finish(source, head)
        moving.prepare(engine, revisions.head())
        with rows.snapshot(source) as reading, engine.begin() as writing:
            moving.copy(reading, writing)


def _finish(engine: Engine, head: Head) -> None:
    """Compare, upgrade where the backup is older, and forget uploads under way: no backup holds their bytes."""
    if head.revision == revisions.head():
        with rows.snapshot(engine) as connection:
            _require_same(digests.of_tables(connection), head)
    command.upgrade(alembic_config(engine), "head")
    with engine.begin() as connection:
        connection.execute(delete(Upload))


def _require_same(tables: str, head: Head) -> None:
    if tables != head.tables:
        raise Refused(f"What was restored ({tables}) is not what was copied ({head.tables}).")


def _write(path: Path, pieces: Iterator[bytes]) -> None:
    with path.open("xb") as file:
        for piece in pieces:
            file.write(piece)


def _take_place(made: Path, path: Path, engine: Engine) -> None:
    """Bring the finished file to its place, in one step, from a name beside it: the work folder may be elsewhere."""
    engine.dispose()
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.restoring")
    beside.unlink(missing_ok=True)
    with beside.open("xb") as file:
        for piece in copies.pieces(made):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    for rest in ("-wal", "-shm"):
        path.with_name(path.name + rest).unlink(missing_ok=True)
    beside.replace(path)
    sync(path.parent)


def _put_keys(head: Head) -> Iterator[str]:
    """Private keys where they belong, unless they are there."""
    for kid, pem in head.private_keys.items():
        if (ring.folder() / f"{kid}.pem").exists():
            yield f"Key {kid} was there already and was left as it is."
            continue
        private = load_pem_private_key(pem.encode(), password=None)
        if not isinstance(private, Ed25519PrivateKey):
            yield f"Key {kid} is no key of Ed25519 and was not restored."
            continue
        ring.keep(kid, private)
        yield f"Key {kid} was restored."
