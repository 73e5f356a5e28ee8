"""The files that some row needs: what a check looks for and what a backup holds."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select, union
from sqlmodel import Session, col

from assessments.models import (
    CertificatePaper,
    Minutes,
    Receipt,
    RenderedPage,
    SituationReport,
    StoredFile,
)

PIECE = 500


def needed(session: Session, *, pictures: bool = True) -> Iterator[tuple[str, int]]:
    """sha256 and bytes of every file, in order: uploads that are not erased, documents and pictures of pages."""
    questions: list[Any] = [
        select(col(StoredFile.sha256), col(StoredFile.size)).where(col(StoredFile.erased_at).is_(None)),
        select(col(Receipt.sha256), col(Receipt.size)),
        select(col(CertificatePaper.sha256), col(CertificatePaper.size)),
    ]
    columns: tuple[tuple[Any, Any], ...] = (
        (Minutes.sha256, Minutes.size),
        (Minutes.masked_sha256, Minutes.masked_size),
        (SituationReport.vi_sha256, SituationReport.vi_size),
        (SituationReport.en_sha256, SituationReport.en_size),
    )
    for name, size in columns:
        questions.append(select(col(name), col(size)).where(col(name).is_not(None)))
    if pictures:
        questions.append(select(col(RenderedPage.image_sha256), col(RenderedPage.size)))
    every = union(*questions).subquery()
    asked: Any = select(every).order_by(every.c[0])
    for sha256, size in session.execute(asked, execution_options={"yield_per": PIECE}):
        yield sha256, size
