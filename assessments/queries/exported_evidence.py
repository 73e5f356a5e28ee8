"""A company's library as it takes it away: the pieces with their versions, their files, and who read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlmodel import Session, col
from sqlmodel import select as choose

from assessments.models import Application, Evidence, EvidenceAccess, Participation, Replacement, StoredFile
from assessments.people import Part, Role
from assessments.queries.people import PERSON_ROLE

PARTS = {  # what a reader of evidence was, told without a name; who proposes and who confirms is not told apart
    Part.COORDINATOR: "coordinator",
    Part.REVIEWER: "reviewer",
    Part.PROPOSER: "committee",
    Part.CONFIRMER: "committee",
    Part.AUDITOR: "auditor",
    Part.HEARER: "hearer",
}
ROLES = ((Role.COORDINATOR, "coordinator"), (Role.DECIDER, "committee"), (Role.AUDITOR, "auditor"))

Names = Mapping[UUID, str]  # of the company's own people, present and past


def evidence(session: Session, vendor_id: UUID) -> list[tuple[Evidence, StoredFile | None, UUID | None]]:
    """Every piece of its library with the one that took its place, those held by a submission only too."""
    question = (
        choose(Evidence, StoredFile, Replacement.new_id)
        .outerjoin(Replacement, col(Replacement.old_id) == col(Evidence.id))
        .outerjoin(StoredFile, col(StoredFile.id) == col(Evidence.file_id))
        .where(Evidence.vendor_id == vendor_id)
        .order_by(col(Evidence.attested_at), col(Evidence.id))
    )
    return [(piece, file, newer) for piece, file, newer in session.exec(question).all()]


def piece(one: Evidence, file: StoredFile | None, entry: str, names: Names) -> dict[str, Any]:
    """One piece of evidence; `entry` is where its file lies in the archive."""
    told: dict[str, Any] = {
        "id": one.id,
        "kind": one.kind,
        "title": one.title,
        "url": one.url,
        "issued_on": one.issued_on,
        "valid_until": one.valid_until,
        "language": one.language,
        "audience": one.audience.value,
        "attested_by": names.get(one.attested_by, ""),
        "attested_at": one.attested_at,
        "removed_at": one.removed_at,
    }
    if file is not None:
        told["file"] = {
            "entry": entry,
            "name": file.name,
            "sha256": file.sha256,
            "size": file.size,
            "media_type": file.media_type,
            "scan": file.scan.value,
            "flags": file.flags,
            "uploaded_by": names.get(file.uploaded_by, ""),
            "uploaded_at": file.uploaded_at,
        }
    return told


def readings(session: Session, vendor_id: UUID, names: Names) -> list[dict[str, Any]]:
    """Who read its evidence: its own people by name, the club's by what they were, never by name."""
    rows = session.execute(_accesses(vendor_id).order_by(col(EvidenceAccess.at), col(EvidenceAccess.id))).all()
    roles = _roles(session, {row[1] for row in rows})
    return [
        {
            "evidence": row[0],
            "application": row[3] or "",
            "read_at": row[2],
            "by": _reader(row[4], names.get(row[1], ""), roles.get(row[1], set())),
        }
        for row in rows
    ]


@dataclass(frozen=True)
class Reading:
    """One opening of one piece: its title, the application it was opened in, when, and by whom as the company may know.

    `company`: the name of one of its own people; `club`: what somebody of the club was there.
    """

    title: str
    ref: str
    at: datetime
    company: str
    club: str


def latest_readings(session: Session, vendor_id: UUID, names: Names, page: int, size: int = 50) -> list[Reading]:
    """Who read its evidence, the newest first, a page and a row more where there is another; as `readings` has it."""
    question = _accesses(vendor_id).order_by(col(EvidenceAccess.at).desc(), col(EvidenceAccess.id).desc())
    rows = session.execute(question.offset((page - 1) * size).limit(size + 1)).all()
    roles = _roles(session, {row[1] for row in rows})
    found = []
    for row in rows:
        by = _reader(row[4], names.get(row[1], ""), roles.get(row[1], set()))
        found.append(Reading(row[5], row[3] or "", row[2], by.get("company", ""), by.get("club", "")))
    return found


def _accesses(vendor_id: UUID) -> Select[Any]:
    columns: list[Any] = [
        EvidenceAccess.evidence_id,
        EvidenceAccess.person_id,
        EvidenceAccess.at,
        Application.ref,
        Participation.part,
        Evidence.title,
    ]
    return (
        select(*columns)
        .join(Evidence, col(Evidence.id) == col(EvidenceAccess.evidence_id))
        .outerjoin(Application, col(Application.id) == col(EvidenceAccess.application_id))
        .outerjoin(Participation, _same_person())
        .where(col(Evidence.vendor_id) == vendor_id)
    )


def _same_person() -> ColumnElement[bool]:
    return (col(Participation.application_id) == col(EvidenceAccess.application_id)) & (
        col(Participation.person_id) == col(EvidenceAccess.person_id)
    )


def _reader(part: Part | None, name: str, roles: set[str]) -> dict[str, str]:
    """A part in that application comes first: a reviewer who joined the company later stays a reviewer there."""
    if part is not None:
        return {"club": PARTS[part]}
    if name:
        return {"company": name}
    return {"club": next((word for role, word in ROLES if role.value in roles), "club")}


def _roles(session: Session, ids: Iterable[UUID]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {}
    question = select(PERSON_ROLE.c.user_id, PERSON_ROLE.c.role).where(PERSON_ROLE.c.user_id.in_(set(ids)))
    for person_id, role in session.execute(question):
        found.setdefault(person_id, set()).add(role)
    return found
