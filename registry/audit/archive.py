"""Writes the case file of an application into one ZIP: data, documents to read, files, history, and a manifest."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import IO, Any
from zipfile import ZipFile

from flask_babel import force_locale
from sqlmodel import Session

from assessments.clock import now
from assessments.models import Application, CaseExport
from assessments.queries import cases
from registry import timeline
from registry.audit import chain
from registry.audit.letters import letters_of
from registry.documents.archive import Alive, Archive, canonical
from registry.storage import Storage, opened

FORMAT = 1  # of the archive; docs/operations.md says what lies where
CASE, HISTORY, MANIFEST = "case.json", "history.json", "manifest.json"


@dataclass(frozen=True)
class Told:
    """What a case file says, before it is written."""

    case: dict[str, Any]
    history: dict[str, Any]
    files: Mapping[str, str]
    missing: list[str]


def told_of(session: Session, export: CaseExport) -> Told:
    """Everything about the application of an export, read at one moment."""
    application = session.get_one(Application, export.application_id)
    case = cases.case_of(session, application)
    sections = {**cases.sections(case), "letters": letters_of(session, application, case.masks)}
    about = {
        "format": FORMAT,
        "export": str(export.id),
        "ref": application.ref,
        "made_at": now().isoformat(),
        "scores": "shown" if case.final else "withheld",
    }
    history = chain.told(case, timeline.CONFIDENTIAL)
    return Told({**about, "sections": sections}, history, case.files, case.missing)


def pack(told: Told, language: str, storage: Storage, file: IO[bytes], alive: Alive) -> dict[str, Any]:
    """Write the archive into an open file; returns its manifest. Files whose bytes are gone are named there."""
    from registry.audit import readable  # noqa: PLC0415  it draws paper: only the worker, which packs, should load that

    with ZipFile(file, "w") as opened:
        archive = Archive(opened, alive, missing=list(told.missing))
        archive.add(CASE, told.case)
        archive.add(HISTORY, told.history)
        with force_locale(language):
            document = readable.document_of(told.case, told.history)
            archive.add_bytes("case.html", readable.page(document))
            archive.add_bytes("case.pdf", readable.paper(document))
        for entry, digest in told.files.items():
            _bytes(archive, storage, digest, entry)
        manifest = manifest_of(told, archive)
        archive.add(MANIFEST, manifest)
    return manifest


def manifest_of(told: Told, archive: Archive) -> dict[str, Any]:
    """Name, size and sha256 of every other entry, the digest of every section, and where the history stood."""
    return {
        "format": FORMAT,
        "export": told.case["export"],
        "ref": told.case["ref"],
        "head": told.history["head"],
        "entries": list(archive.entries),
        "missing": archive.missing,
        "sections": section_digests(told.case["sections"]),
    }


def section_digests(sections: Mapping[str, Any]) -> dict[str, str]:
    """sha256 of the canonical JSON of each section."""
    return {name: sha256(canonical(value)).hexdigest() for name, value in sections.items()}


def _bytes(archive: Archive, storage: Storage, digest: str, entry: str) -> None:
    try:
        source = opened(storage, digest)
    except FileNotFoundError:
        archive.missing.append(entry)
        return
    with source:
        archive.add_file(entry, source)
