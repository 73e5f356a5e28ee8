"""The blueprint of /apply, and how it answers a form that is none of its own."""

from flask import Blueprint, Response

from assessments.errors import Invalid, NotFound
from criteria.model import Edition
from registry import catalogue, errors
from registry.i18n import translate

bp = Blueprint("apply", __name__, url_prefix="/apply")


@bp.errorhandler(Invalid)
def show_unreadable(refusal: Invalid) -> Response:
    """A public page in plain words: nobody is signed in here, and nothing was saved."""
    return errors.page(400, message=translate(refusal.message, **refusal.values))


def edition_in_force() -> Edition:
    """The edition in force; without one there is nothing to check oneself against (NotFound)."""
    edition = catalogue.current_edition()
    if edition is None:
        raise NotFound
    return edition
