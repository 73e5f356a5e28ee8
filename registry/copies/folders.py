"""A copy in a folder: each release a folder, unchanged files linked from the last, `current` switched in one step."""

import fcntl
import gzip
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from registry.copies.manifest import LEVEL, Manifest, unpacked

CURRENT, RELEASES, STAGING = "current", "releases", "staging"
RELEASES_KEPT = 2  # a server that has opened a file of the one before still finds its neighbours
PACKABLE = ("text/", "application/json", "application/jsonl", "application/xml", "application/atom+xml", "image/svg")
SMALLEST = 500  # bytes worth packing


class Busy(RuntimeError):
    """Another run writes here."""


class Folder:
    """The place of a copy on a disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.staging = root / STAGING

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other run out. Raises Busy."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise Busy(str(self.root)) from error
            yield

    def manifest(self) -> Manifest:
        """What lies there now."""
        release = self._current()
        if release is None or not _beside(release).exists():
            return Manifest()
        return unpacked(_beside(release).read_bytes())

    def begin(self) -> None:
        """Begin with nothing: what a run that was broken off has left goes away."""
        shutil.rmtree(self.staging, ignore_errors=True)

    def write(self, name: str, body: bytes, media_type: str) -> None:
        """Write a file of the new release, and packed beside it where that is worth it."""
        path = self.staging / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        if media_type.startswith(PACKABLE) and len(body) >= SMALLEST:
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(body, LEVEL, mtime=0))

    def finish(self, manifest: Manifest, written: set[str], _gone: set[str], moment: datetime) -> None:
        """Link what has not changed, put the release on the disk, switch to it, and clear older ones away."""
        before = self._current()
        self.staging.mkdir(parents=True, exist_ok=True)
        if before is not None:
            for name in manifest.files.keys() - written:
                self._link(before, name)
        release = self._name(moment)
        _beside(release).parent.mkdir(parents=True, exist_ok=True)
        _beside(release).write_bytes(manifest.packed())
        self.staging.rename(release)
        os.sync()
        link = self.root / f".{CURRENT}"
        link.unlink(missing_ok=True)
        link.symlink_to(Path(RELEASES) / release.name)
        link.replace(self.root / CURRENT)
        self._clear()

    def _link(self, before: Path, name: str) -> None:
        for one in (name, f"{name}.gz"):
            source, target = before / one, self.staging / one
            if source.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                os.link(source, target)

    def _current(self) -> Path | None:
        link = self.root / CURRENT
        return link.resolve() if link.is_symlink() and link.exists() else None

    def _name(self, moment: datetime) -> Path:
        stem, number = f"{moment:%Y%m%dT%H%M%SZ}", 0
        while (self.root / RELEASES / f"{stem}-{number}").exists():
            number += 1
        return self.root / RELEASES / f"{stem}-{number}"

    def _clear(self) -> None:
        releases = sorted((one for one in (self.root / RELEASES).iterdir() if one.is_dir()), key=_age)
        current = self._current()
        for release in releases[:-RELEASES_KEPT]:
            if release != current:
                shutil.rmtree(release, ignore_errors=True)
                _beside(release).unlink(missing_ok=True)


def _age(release: Path) -> tuple[str, int]:
    stem, _dash, number = release.name.rpartition("-")
    return stem, int(number)


def _beside(release: Path) -> Path:
    return release.with_name(f"{release.name}.manifest.gz")
