"""Reads about editions: what was recorded at their publication."""

from sqlmodel import Session

from assessments.models import EditionPublication


def publication_of(session: Session, edition_id: str) -> EditionPublication | None:
    """The record of the publication of an edition, if it was ever published here."""
    return session.get(EditionPublication, edition_id)
