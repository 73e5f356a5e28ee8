"""Questions about laboratories: which are accepted for what, and which report is whose."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from assessments.folding import sort_key
from assessments.models import Evidence, Laboratory, LaboratoryReport
from assessments.states import LaboratoryStanding

REPORTS = ("LAB",)  # kinds of evidence that name a laboratory


def registered(session: Session) -> list[Laboratory]:
    """The whole register, by name."""
    return sorted(session.exec(select(Laboratory)).all(), key=lambda one: sort_key(one.name))


def accepted_on(session: Session, day: date) -> list[Laboratory]:
    """The laboratories whose reports of that day are accepted, by name: what everybody may read."""
    return [one for one in registered(session) if is_accepted(one, day)]


def is_accepted(one: Laboratory, day: date) -> bool:
    """Whether reports that a laboratory makes on a legal day are accepted, whatever they are about."""
    return one.accepted_from <= day <= one.accepted_until and (one.ended_on is None or day < one.ended_on)


def laboratory(session: Session, laboratory_id: UUID) -> Laboratory | None:
    """One line of the register, held until the transaction ends."""
    return session.get(Laboratory, laboratory_id, with_for_update=True)


def report_on(session: Session, evidence_id: UUID) -> LaboratoryReport | None:
    """What the vendor says of a piece as a report."""
    return session.get(LaboratoryReport, evidence_id)


def reports_in(session: Session, evidence_ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """What a snapshot keeps of reports: the laboratory as it stands now and the number, by piece; one statement."""
    question = (
        select(LaboratoryReport, Laboratory)
        .outerjoin(Laboratory, col(Laboratory.id) == col(LaboratoryReport.laboratory_id))
        .join(Evidence, col(Evidence.id) == col(LaboratoryReport.evidence_id))
        .where(col(LaboratoryReport.evidence_id).in_(list(evidence_ids)), col(Evidence.kind).in_(REPORTS))
    )
    return {told.evidence_id: _snapshot(told, listed) for told, listed in session.exec(question).all()}


def _snapshot(told: LaboratoryReport, listed: Laboratory | None) -> dict[str, Any]:
    if listed is None:
        return {"number": told.number, "laboratory": {"name": told.laboratory_name}}
    facts = {"id": str(listed.id), "name": listed.name, "accreditation": listed.accreditation_number}
    return {"number": told.number, "laboratory": facts | {"standard": listed.standard}}


def standing_of(
    one: Laboratory | None, made_on: date | None, criterion: str, categories: Collection[str]
) -> LaboratoryStanding:
    """What the register says of a laboratory for one criterion of a product, on the date of a report."""
    if one is None:
        return LaboratoryStanding.NOT_LISTED
    if made_on is None:
        return LaboratoryStanding.NOT_TOLD
    if not is_accepted(one, made_on):
        return LaboratoryStanding.NOT_THEN
    fits = not one.criteria or criterion in one.criteria
    fits = fits and (not one.categories or set(categories) <= set(one.categories))
    return LaboratoryStanding.ACCEPTED if fits else LaboratoryStanding.OUT_OF_SCOPE
