"""Checks a case file, against itself and against the history it came from; the first thing that is wrong is named.

What lies in the archive was written by whoever handed it over: it is read piece by piece and never trusted.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import BadZipFile, ZipFile

from sqlmodel import Session, select

from assessments.models import Application, CaseExport, HistoryEntry, HistoryText, Submission
from assessments.queries.submissions import digest_of
from assessments.states import Event
from registry.audit import chain
from registry.audit.archive import CASE, FORMAT, HISTORY, MANIFEST, section_digests
from registry.documents.archive import PIECE_BYTES, canonical, measured

LARGEST = 256 * 1024 * 1024  # bytes of an entry that is read as a whole


class Unreadable(Exception):
    """This is no case file, or none of a format we know."""


class Unknown(Exception):
    """This registry has made no such case file."""


@dataclass
class CaseFile:
    """An archive that was opened, and what it says of itself."""

    path: Path
    zip: ZipFile
    manifest: dict[str, Any]
    content: dict[str, bytes] = field(default_factory=dict)  # of the entries read as a whole

    def close(self) -> None:
        """Let the archive go."""
        self.zip.close()

    @property
    def entries(self) -> dict[str, str]:
        """Name and sha256 of every entry the manifest lists."""
        return {one["name"]: one["sha256"] for one in self.manifest["entries"]}

    def json(self, name: str) -> Any:
        """An entry of JSON."""
        return _json(self.read(name))

    def read(self, name: str) -> bytes:
        """An entry as a whole; refuses (Unreadable) one that is too large or damaged."""
        if name not in self.content:
            self.content[name] = _read(self.zip, name)
        return self.content[name]

    def sha256(self, name: str) -> str | None:
        """The hash of an entry, worked out piece by piece; None where it cannot be read."""
        digest = hashlib.sha256()
        try:
            with self.zip.open(name) as entry:
                while piece := entry.read(PIECE_BYTES):
                    digest.update(piece)
        except (BadZipFile, OSError, EOFError, KeyError, NotImplementedError, RuntimeError, ValueError):
            return None
        return digest.hexdigest()


def opened(path: Path) -> CaseFile:
    """Open an archive. Refuses (Unreadable) what is no ZIP, has no manifest or one of another shape."""
    try:
        archive = ZipFile(path)
    except (BadZipFile, OSError, ValueError) as error:
        raise Unreadable("This is not a ZIP file that can be read.") from error
    try:
        manifest = _json(_read(archive, MANIFEST))
        shape = manifest["format"], manifest["export"], manifest["ref"], manifest["head"], manifest["sections"]
        names = [(one["name"], one["sha256"], one["size"]) for one in manifest["entries"]]
    except (KeyError, TypeError, Unreadable) as error:
        archive.close()
        raise Unreadable("This is not a case file: it has no manifest that can be read.") from error
    if shape[0] != FORMAT or not all(isinstance(part, str) for name, digest, _ in names for part in (name, digest)):
        archive.close()
        raise Unreadable("This case file has a format that this program does not know.")
    return CaseFile(path, archive, manifest)


def offline(case: CaseFile) -> Iterator[str]:
    """Everything that is wrong with a case file by itself."""
    yield from _entries(case, case.entries)
    yield from _data(case, case.manifest["sections"])
    yield from _history_alone(case)
    yield from _files(case)
    yield from _submissions_alone(case)


def against(session: Session, case: CaseFile) -> Iterator[str]:
    """Everything that is wrong with a case file when it is held against what this registry wrote down.

    Refuses (Unknown) one that this registry has not made.
    """
    export, application = _export_of(session, case)
    recorded = {one["name"]: one["sha256"] for one in export.manifest["entries"]}
    yield from _steps(session, case, application, export)
    yield from _data(case, export.manifest["sections"])
    yield from _entries(case, recorded)
    yield from _history_alone(case)
    yield from _files(case)
    yield from _submissions(session, case, application)
    yield from _whole(session, case, application, export)


# --- the archive ---


def _entries(case: CaseFile, expected: dict[str, str]) -> Iterator[str]:
    """Every entry is there once, holds the bytes it was written with, and no other entry lies beside."""
    names = Counter(case.zip.namelist())
    yield from (f"{name} lies in the archive twice." for name, count in names.items() if count > 1)
    for name, digest in expected.items():
        if name not in names:
            yield f"{name} is missing."
        elif case.sha256(name) != digest:
            yield f"{name} was changed."
    yield from (f"{name} was added." for name in names if name not in expected and name != MANIFEST)


def _data(case: CaseFile, sections: dict[str, str]) -> Iterator[str]:
    """The data is written as this program writes it, is that of this archive, and every section has its digest."""
    try:
        data = case.json(CASE)
        found = section_digests(data["sections"])
    except (Unreadable, KeyError, TypeError, AttributeError):
        yield f"{CASE} cannot be read."
        return
    for name in sections:
        if found.get(name) != sections[name]:
            yield f"The section {name} of {CASE} was changed." if name in found else f"The section {name} is missing."
    yield from (f"The section {name} of {CASE} was added." for name in found if name not in sections)
    if (data.get("export"), data.get("ref")) != (case.manifest["export"], case.manifest["ref"]):
        yield f"{CASE} belongs to another case file."
    if case.read(CASE) != canonical(data):
        yield f"{CASE} is not written as this registry writes it."


def _files(case: CaseFile) -> Iterator[str]:
    """Every file is one that the data lists, with the hash it lists."""
    sections = _sections(case)
    listed = {one["file"]["entry"]: one["file"]["sha256"] for one in sections.get("evidence", ()) if "file" in one}
    listed |= {one["entry"]: one["sha256"] for one in sections.get("receipts", ())}
    kept_back = set(case.manifest.get("missing", ()))
    for name, digest in listed.items():
        if case.entries.get(name, "" if name in kept_back else None) not in {digest, ""}:
            yield f"{name} is not the file that {CASE} lists."
    for name in case.entries:
        if name.startswith(("files/", "receipts/")) and name not in listed:
            yield f"{name} belongs to nothing in {CASE}."


def _submissions_alone(case: CaseFile) -> Iterator[str]:
    for one in _sections(case).get("submissions", ()):
        if digest_of(one["content"]) != one["digest"]:
            yield f"Submission {one['number']} does not have its digest."


# --- the history ---


def _history_alone(case: CaseFile) -> Iterator[str]:
    """The steps are in order, follow each other where they are neighbours, and have the hashes they can be given."""
    steps = _steps_of(case)
    if not isinstance(steps, list):
        yield f"{HISTORY} cannot be read."
        return
    yield from _order(steps)
    for step in steps:
        if chain.recomputed(step) not in {None, step["hash"]}:
            yield f"Step {step['seq']} of the history was changed."
    head = case.manifest["head"]
    if steps and (steps[-1]["seq"] > head["seq"] or _hash_at(steps, head["seq"]) not in {None, head["hash"]}):
        yield "The head of the history is not where the steps end."


def _steps(session: Session, case: CaseFile, application: Application, export: CaseExport) -> Iterator[str]:
    """Every step up to the head is there, in its place, and says what the history says; the chain itself is whole."""
    until = export.manifest["head"]["seq"]
    rows = chain.steps_of(session, application, until)
    steps = _steps_of(case)
    if not isinstance(steps, list):
        yield f"{HISTORY} cannot be read."
        return
    yield from _order(steps)
    yield from _compared(steps, rows)
    if chain.hashes(session, [until]).get(until) != export.manifest["head"]["hash"]:
        yield "The history no longer has the head that this case file was made under."
    broken = chain.broken_at(session, until)
    if broken is not None:
        yield f"The history itself is broken at step {broken}."


def _order(steps: list[dict[str, Any]]) -> Iterator[str]:
    """Numbers rise, and a step that comes right after another one in the whole history holds its hash."""
    for before, after in pairwise(steps):
        if after["seq"] <= before["seq"]:
            yield f"Step {after['seq']} of the history is out of order."
        elif after["seq"] == before["seq"] + 1 and after["previous_hash"] != _told_of(before, after):
            yield f"Step {after['seq']} of the history does not follow the step before it."


def _told_of(before: dict[str, Any], after: dict[str, Any]) -> Any:
    """The hash of the earlier of two neighbours, as long as each tells the same of the other."""
    return before["hash"] if before["next_hash"] == after["hash"] else None


def _hash_at(steps: list[dict[str, Any]], number: int) -> Any:
    return next((step["hash"] for step in steps if step["seq"] == number), None)


def _compared(steps: list[dict[str, Any]], rows: list[tuple[HistoryEntry, HistoryText | None]]) -> Iterator[str]:
    told = {step["seq"]: step for step in steps}
    for entry, text in rows:
        step = told.pop(entry.seq, None)
        if step is None:
            yield f"Step {entry.seq} of the history is missing."
        elif changed := next(chain.differences(step, entry, text), ""):
            yield f"Step {entry.seq} of the history was changed: {changed}."
    yield from (f"Step {number} is not a step of this application." for number in told)


def _submissions(session: Session, case: CaseFile, application: Application) -> Iterator[str]:
    yield from _submissions_alone(case)
    question = select(Submission.number, Submission.digest).where(Submission.application_id == application.id)
    known = dict(session.exec(question).all())
    for one in _sections(case).get("submissions", ()):
        if known.get(one["number"]) != one["digest"]:
            yield f"Submission {one['number']} is not the one that was handed in."


def _whole(session: Session, case: CaseFile, application: Application, export: CaseExport) -> Iterator[str]:
    """The archive as a whole is the one whose hash stands in the history."""
    if canonical(export.manifest) != case.read(MANIFEST):
        yield f"{MANIFEST} was changed."
    digest, _size = measured(case.path)
    steps = chain.steps_of(session, application)
    written = {text.note if text else None for entry, text in steps if entry.action == Event.EXPORT_CASE}
    erased = None in written and digest == export.sha256  # by law: then the row of the export has to do
    if f"sha256:{digest}" not in written and not erased:
        yield "The archive as a whole is not the one whose hash stands in the history."


def _export_of(session: Session, case: CaseFile) -> tuple[CaseExport, Application]:
    try:
        export = session.get(CaseExport, UUID(str(case.manifest["export"])))
    except ValueError:
        export = None
    application = session.get(Application, export.application_id) if export else None
    if export is None or application is None or not export.manifest or application.ref != case.manifest["ref"]:
        raise Unknown("This registry has made no such case file.")
    return export, application


# --- reading ---


def _sections(case: CaseFile) -> dict[str, Any]:
    """The sections of the data; none where it cannot be read, which is told elsewhere."""
    try:
        found = case.json(CASE)["sections"]
    except (Unreadable, KeyError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def _steps_of(case: CaseFile) -> Any:
    try:
        return case.json(HISTORY)["steps"]
    except (Unreadable, KeyError, TypeError):
        return None


def _read(archive: ZipFile, name: str) -> bytes:
    try:
        if archive.getinfo(name).file_size > LARGEST:
            raise Unreadable(f"{name} is too large.")
        with archive.open(name) as entry:
            content = entry.read(LARGEST + 1)
    except (KeyError, BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise Unreadable(f"{name} cannot be read.") from error
    if len(content) > LARGEST:
        raise Unreadable(f"{name} is too large.")
    return content


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Unreadable("This is not JSON.") from error
