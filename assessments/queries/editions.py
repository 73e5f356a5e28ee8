"""Reads about editions: which were published, which is in force, which are drafts, and what is proposed."""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session, col, select

from assessments.clock import today
from assessments.models import EditionProposal, EditionPublication
from criteria import store
from criteria.model import Edition
from criteria.source import EditionError

Published = Mapping[str, EditionPublication]


def publication_of(session: Session, edition_id: str) -> EditionPublication | None:
    """The record of the publication of an edition, if it was ever published here."""
    return session.get(EditionPublication, edition_id)


def publications(session: Session) -> dict[str, EditionPublication]:
    """Every publication by the edition's id, in the order in which they came into force; one statement."""
    order = (col(EditionPublication.valid_from), col(EditionPublication.published_at))
    return {one.edition_id: one for one in session.exec(select(EditionPublication).order_by(*order)).all()}


def is_draft(edition: Edition, published: Published) -> bool:
    """Whether an edition is for the office alone: nobody has published it.

    Before anything was put on record, what the files call published counts as such.
    """
    if edition.id in published or edition.status == "retired":
        return False
    return edition.status == "draft" or bool(published)


def public(published: Published) -> list[Edition]:
    """The editions that anyone may read, the newest first."""
    return [edition for edition in store.editions() if not is_draft(edition, published)]


def drafts(published: Published) -> list[Edition]:
    """The editions that the office alone may read, the newest first."""
    return [edition for edition in store.editions() if is_draft(edition, published)]


def current(session: Session, day: date | None = None) -> Edition:
    """The edition of new applications on a legal day (default: today); refuses when there is none (EditionError)."""
    return in_force(publications(session), day or today())


def in_force(published: Published, day: date) -> Edition:
    """The same from publications that were read already: of those begun, the one that began last."""
    for one in reversed(list(published.values())):
        if one.valid_from <= day and (edition := _readable(one.edition_id)) and edition.status != "retired":
            return edition
    return store.current()


def newest(published: Published) -> EditionPublication | None:
    """The publication that began last, or begins last: what certificates of earlier editions go over to."""
    return next((one for one in reversed(list(published.values())) if _readable(one.edition_id)), None)


def successor(published: Published, edition_id: str) -> EditionPublication | None:
    """What a certificate of an edition goes over to: the newest edition, where that asks for it and is a later one."""
    found = newest(published)
    if found is None or found.transition_until is None or found.edition_id == edition_id:
        return None
    own = published.get(edition_id)
    return found if own is None or own.valid_from <= found.valid_from else None


def open_proposal(session: Session, edition_id: str, *, lock: bool = False) -> EditionProposal | None:
    """The proposal to publish an edition that waits for a second person."""
    question = select(EditionProposal).where(
        EditionProposal.edition_id == edition_id,
        col(EditionProposal.confirmed_at).is_(None),
        col(EditionProposal.closed_at).is_(None),
    )
    return session.exec(question.with_for_update() if lock else question).one_or_none()


def open_proposals(session: Session) -> list[EditionProposal]:
    """Every proposal to publish an edition that waits for a second person."""
    question = select(EditionProposal).where(
        col(EditionProposal.confirmed_at).is_(None), col(EditionProposal.closed_at).is_(None)
    )
    return list(session.exec(question.order_by(col(EditionProposal.proposed_at))).all())


def proposals_of(session: Session, edition_id: str) -> list[EditionProposal]:
    """Every proposal to publish an edition, the newest first."""
    question = select(EditionProposal).where(EditionProposal.edition_id == edition_id)
    return list(session.exec(question.order_by(col(EditionProposal.proposed_at).desc())).all())


def _readable(edition_id: str) -> Edition | None:
    try:
        return store.load(edition_id)
    except EditionError:
        return None
