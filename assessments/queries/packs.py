"""Questions of an offline pack: the pieces of evidence that answers name."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import Session, col, select

from assessments.models import Evidence, StoredFile
from assessments.queries.evidence import Item


def pieces_of(session: Session, vendor_id: UUID, ids: Collection[UUID]) -> dict[UUID, Item]:
    """Pieces of a company's library with their files, in one statement; those that are gone are left out."""
    question = (
        select(Evidence, StoredFile)
        .outerjoin(StoredFile, col(StoredFile.id) == col(Evidence.file_id))
        .where(Evidence.vendor_id == vendor_id, col(Evidence.id).in_(ids))
    )
    return {evidence.id: Item(evidence, file) for evidence, file in session.exec(question).all()}
