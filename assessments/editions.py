"""Editions as the procedure uses them: published under one text, refused when that text has changed."""

from uuid import UUID

from sqlmodel import Session

from assessments import changes, publications
from assessments.errors import N_, Invalid, WrongState
from assessments.models import EditionPublication
from assessments.queries.editions import publication_of
from criteria import store
from criteria.check import faults
from criteria.digest import digest
from criteria.model import Edition
from criteria.source import EditionError

UNREADABLE = N_("Không dùng được bản tiêu chí %(edition)s: %(fault)s")
NOT_PUBLISHED = N_("Bản tiêu chí %(edition)s chưa được công bố hoặc đã thôi áp dụng, nên không dùng cho việc mới.")
CHANGED = N_(
    "Tệp của bản tiêu chí %(edition)s không còn khớp với bản đã công bố ngày %(day)s. "
    "Hồ sơ đang làm vẫn tiếp tục; việc mới phải chờ khôi phục tệp hoặc công bố một bản mới."
)


def publish(session: Session, edition_id: str, by: UUID | None) -> EditionPublication:
    """Record that an edition is published with the text it has now; `by` is None for the command line.

    Publishing the same text again changes nothing. Refuses an edition with faults (Invalid), one whose files
    do not call it published (WrongState), and another text under a published id (WrongState).
    """
    edition = _sound(edition_id)
    if edition.status != "published":
        raise WrongState(NOT_PUBLISHED, edition=edition_id)
    found = publication_of(session, edition_id)
    if found is None:
        found = EditionPublication(edition_id=edition_id, digest=digest(edition), published_by=by)
        session.add(found)
        changes.tell_edition(session, found)
        publications.tell_of_edition(session, edition_id)
    _refuse_changed(edition, found)
    return found


def usable(session: Session, edition_id: str) -> Edition:
    """The edition, for new use: a round, an application.

    Refuses one that cannot be read (Invalid), one that is not in force, and one whose files no longer match
    its publication (WrongState). What pinned the edition earlier goes on without asking here.
    """
    edition = _readable(edition_id)
    if edition.status != "published":
        raise WrongState(NOT_PUBLISHED, edition=edition_id)
    if found := publication_of(session, edition_id):
        _refuse_changed(edition, found)
    return edition


def require_usable(session: Session, edition_id: str) -> Edition:
    """The edition, for a new application: usable, and its publication recorded here.

    Refuses as usable() does, and an edition nobody has published (WrongState): an application pins a text that was
    put on record.
    """
    edition = usable(session, edition_id)
    if publication_of(session, edition_id) is None:
        raise WrongState(NOT_PUBLISHED, edition=edition_id)
    return edition


def matches(edition: Edition, publication: EditionPublication) -> bool:
    """Do the files still say what was published?"""
    return digest(edition) == publication.digest


def _sound(edition_id: str) -> Edition:
    """The edition without a fault; refuses with the first one (Invalid)."""
    edition = _readable(edition_id)
    found = faults(store.folder_of(edition_id))
    if found:
        raise Invalid(UNREADABLE, edition=edition_id, fault=str(found[0]))
    return edition


def _readable(edition_id: str) -> Edition:
    try:
        return store.load(edition_id)
    except EditionError as error:
        raise Invalid(UNREADABLE, edition=edition_id, fault=str(error)) from error


def _refuse_changed(edition: Edition, publication: EditionPublication) -> None:
    if not matches(edition, publication):
        raise WrongState(CHANGED, edition=edition.id, day=f"{publication.published_at:%d/%m/%Y}")
