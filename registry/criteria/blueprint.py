"""The blueprint of /criteria, shared by the modules that hold its routes, and which editions they may show."""

from flask import Blueprint

from assessments.errors import NotFound
from assessments.people import Role
from assessments.queries.editions import Published, is_draft
from criteria import store
from criteria.model import Edition
from criteria.source import EditionError

bp = Blueprint("criteria", __name__, url_prefix="/criteria")

READERS = (Role.COORDINATOR, Role.DECIDER, Role.AUDITOR)  # of drafts and of what they would mean


def public_edition(published: Published, edition_id: str) -> Edition:
    """A public edition; a draft, a damaged and an unknown one are all not there (NotFound)."""
    found = any_edition(edition_id)
    if is_draft(found, published):
        raise NotFound
    return found


def any_edition(edition_id: str) -> Edition:
    """An edition, published or not; a damaged and an unknown one are not there (NotFound)."""
    try:
        return store.load(edition_id)
    except EditionError as error:
        raise NotFound from error
