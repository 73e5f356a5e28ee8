"""A digest of all that a registry holds, the same whichever database and storage hold it."""

import hashlib
import json
from collections.abc import Iterable

from sqlalchemy import Connection
from sqlmodel import Session

from assessments.queries.stored import needed
from registry.backups import rows
from registry.backups.rows import Shape
from registry.storage import Storage


def of_tables(connection: Connection, shapes: Iterable[Shape] | None = None) -> str:
    """Of every row of every table: `connection` should see one moment (rows.snapshot)."""
    found = hashlib.sha256()
    for shape in sorted(rows.shapes() if shapes is None else shapes, key=lambda one: one.table):
        found.update(json.dumps(shape.told(), sort_keys=True).encode() + b"\n")
        for row in rows.read(connection, shape):
            found.update(rows.canonical(shape, row) + b"\n")
    return f"sha256:{found.hexdigest()}"


def of_files(session: Session, storage: Storage) -> str:
    """Of the names and lengths of the files that rows need; fsck looks into them."""
    found = hashlib.sha256()
    for sha256, _size in needed(session):
        found.update(f"{sha256} {storage.size(sha256)}\n".encode())
    return f"sha256:{found.hexdigest()}"
