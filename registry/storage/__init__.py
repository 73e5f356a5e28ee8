"""Where uploaded bytes live: named by their sha256, taken in through a temporary file, never half there."""

from pathlib import Path
from typing import BinaryIO
from urllib.parse import parse_qs, unquote, urlsplit

from flask import Flask, current_app

from registry.storage.genuine import Corrupt, opened
from registry.storage.incoming import Incoming, Storage, StorageAway, StorageFull
from registry.storage.local import LocalStorage
from registry.storage.s3 import S3Storage
from registry.storage.unfinished import Arrived, Arriving, Unfinished

__all__ = [
    "Arrived",
    "Arriving",
    "Corrupt",
    "Incoming",
    "LocalStorage",
    "S3Storage",
    "Storage",
    "StorageAway",
    "StorageFull",
    "Unfinished",
    "current",
    "init_app",
    "is_healthy",
    "open_storage",
    "opened",
    "read",
]

NOTHING = "0" * 64  # the name of no file: asking for it shows whether the storage answers


def init_app(app: Flask) -> None:
    """Open the storage the settings name."""
    settings = app.config["SETTINGS"]
    app.extensions["storage"] = open_storage(settings.storage_url, settings.var_dir / "incoming")


def open_storage(url: str, spool: Path) -> Storage:
    """A folder for file:///path; a bucket for s3://bucket/prefix?endpoint=https://...&region=..."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return LocalStorage(Path(unquote(parts.path)))
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return S3Storage(parts.netloc, parts.path.strip("/"), spool, options)


def current() -> Storage:
    """The storage of the current app."""
    opened: Storage = current_app.extensions["storage"]
    return opened


def read(sha256: str) -> BinaryIO:
    """The bytes under a name, which are what they are named for. Raises FileNotFoundError and Corrupt (OSError).

    Whatever is shown, sent, drawn or packed comes through here, or through opened().
    """
    return opened(current(), sha256)


def is_healthy(storage: Storage) -> bool:
    """Whether bytes can come in and the storage answers. Raises OSError where they cannot."""
    with storage.begin() as incoming:
        incoming.write(b"1")
    return not storage.exists(NOTHING)
