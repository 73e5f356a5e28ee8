"""Routes under /criteria: every edition that was ever in force, and each of its criteria."""

from dataclasses import dataclass

from flask import Blueprint, Response, render_template

from assessments.editions import matches
from assessments.errors import NotFound
from assessments.queries.editions import publication_of
from criteria import store
from criteria.digest import digest
from criteria.model import Criterion, Edition, UnknownCode
from criteria.source import EditionError
from registry import access, db
from registry.criteria import words
from registry.criteria.workbook import edition_workbook
from registry.documents.spreadsheet import MIMETYPE

bp = Blueprint("criteria", __name__, url_prefix="/criteria")


@dataclass(frozen=True)
class Neighbours:
    """The criteria before and after one, for reading on."""

    before: Criterion | None
    after: Criterion | None


@bp.get("")
@access.public
def index() -> str:
    """Every edition, the newest first."""
    return render_template("criteria/index.html", editions=_public_editions(), current=_current())


@bp.get("/<edition_id>")
@access.public
def edition(edition_id: str) -> str:
    """One edition: groups, criteria, scale, levels, periods."""
    found = _edition(edition_id)
    publication = publication_of(db.session(), edition_id)
    return render_template(
        "criteria/edition.html",
        edition=found,
        current=_current(),
        digest=digest(found),
        publication=publication,
        unchanged=publication is None or matches(found, publication),
    )


@bp.get("/<edition_id>.xlsx")
@access.public
def xlsx(edition_id: str) -> Response:
    """A whole edition as a spreadsheet."""
    found = _edition(edition_id)
    response = Response(edition_workbook(found), mimetype=MIMETYPE)
    response.headers.set("Content-Disposition", "attachment", filename=f"criteria-{found.id}.xlsx")
    return response


@bp.get("/<edition_id>/print")
@access.public
def printed(edition_id: str) -> str:
    """A whole edition on one page, to print and to read away from the screen."""
    found = _edition(edition_id)
    return render_template("criteria/printed.html", edition=found, current=_current(), words=words)


@bp.get("/<edition_id>/<code>")
@access.public
def criterion(edition_id: str, code: str) -> str:
    """One criterion."""
    found = _edition(edition_id)
    try:
        one = found.criterion(code)
    except UnknownCode as error:
        raise NotFound from error
    return render_template(
        "criteria/criterion.html",
        edition=found,
        current=_current(),
        criterion=one,
        group=found.group(one.group),
        every_category=len(one.categories) == len(found.categories),
        neighbours=_neighbours(found, one),
    )


def _public_editions() -> list[Edition]:
    return [edition for edition in store.editions() if edition.status != "draft"]


def _current() -> Edition | None:
    """The edition in force, if there is one."""
    return next((edition for edition in _public_editions() if edition.status == "published"), None)


def _edition(edition_id: str) -> Edition:
    """A public edition; a draft, a damaged and an unknown one are all not there (NotFound)."""
    try:
        found = store.load(edition_id)
    except EditionError as error:
        raise NotFound from error
    if found.status == "draft":
        raise NotFound
    return found


def _neighbours(edition: Edition, one: Criterion) -> Neighbours:
    """What stands before and after a criterion when the edition is read group by group."""
    ordered = [criterion for _, criteria in edition.by_group() for criterion in criteria]
    place = ordered.index(one)
    return Neighbours(
        before=ordered[place - 1] if place else None,
        after=ordered[place + 1] if place + 1 < len(ordered) else None,
    )
