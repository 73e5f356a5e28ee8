"""Whether a backup is whole: its manifest, every file, and the copy of the database; the first line is the worst."""

import gzip
import json
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from flask import current_app

from registry.backups import copies, manifests
from registry.backups.manifests import Head, Held
from registry.backups.sealing import Changed
from registry.backups.store import Store


def findings(store: Store, name: str, *, quick: bool = False) -> Iterator[str]:
    """Everything that is wrong, as sentences; `quick` looks at lengths only.

    Refuses (Refused) a manifest that is not whole.
    """
    head = manifests.require_whole(store, name)
    copy = Held(head.database["sha256"], head.database["size"])
    wrong = _of_file(store, copy, quick=quick)
    if wrong:
        yield wrong.replace("File", "The copy of the database,", 1)
    elif not quick:
        yield from _of_database(store, head)
    with manifests.opened(store, name) as (_, files):
        for one in files:
            if not one.gone and (wrong := _of_file(store, one, quick=quick)):
                yield wrong


def _of_file(store: Store, one: Held, *, quick: bool) -> str:
    if not store.has(one.sha256, one.size):
        return f"File {one.sha256} is missing or was cut."
    if quick:
        return ""
    try:
        for _piece in store.get(one.sha256):
            pass
    except Changed:
        return f"File {one.sha256} was changed."
    return ""


def _of_database(store: Store, head: Head) -> Iterator[str]:
    work = current_app.config["SETTINGS"].var_dir
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="verify-", dir=work) as folder:
        path = Path(folder) / "copy"
        with path.open("xb") as file:
            for piece in store.get(head.database["sha256"]):
                file.write(piece)
        if head.database["kind"] == copies.SQLITE:
            yield from (f"The copy of the database is not whole: {one}." for one in copies.unsound(path))
        elif not _are_rows(path):
            yield "The rows of the database cannot be read to their end."


def _are_rows(path: Path) -> bool:
    with suppress(Changed, ValueError, KeyError, EOFError, gzip.BadGzipFile, json.JSONDecodeError):
        for _shape, found in copies.read_rows(path):
            for _row in found:
                pass
        return True
    return False
