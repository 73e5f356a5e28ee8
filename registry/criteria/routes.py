"""Routes under /criteria: every edition that was ever in force, and each of its criteria."""

from dataclasses import dataclass

from flask import Response, render_template

from assessments.clock import today
from assessments.editions import matches
from assessments.errors import NotFound
from assessments.queries import editions as queries
from assessments.queries.editions import Published
from criteria.digest import digest
from criteria.model import Criterion, Edition, UnknownCode
from criteria.source import EditionError
from registry import access, db
from registry.criteria import comparing, drafts, exporting, impacts, transitions, words
from registry.criteria.blueprint import bp, public_edition
from registry.criteria.workbook import edition_workbook
from registry.documents.spreadsheet import MIMETYPE

__all__ = ["bp", "comparing", "drafts", "exporting", "impacts", "transitions"]


@dataclass(frozen=True)
class Neighbours:
    """The criteria before and after one, for reading on."""

    before: Criterion | None
    after: Criterion | None


@bp.get("")
@access.public
def index() -> str:
    """Every edition, the newest first."""
    published = queries.publications(db.session())
    return render_template(
        "criteria/index.html",
        editions=queries.public(published),
        current=_current(published),
        published=published,
        today=today(),
    )


@bp.get("/<edition_id>")
@access.public
def edition(edition_id: str) -> str:
    """One edition: groups, criteria, scale, levels, periods."""
    published = queries.publications(db.session())
    found, publication = public_edition(published, edition_id), published.get(edition_id)
    return render_template(
        "criteria/edition.html",
        edition=found,
        current=_current(published),
        digest=digest(found),
        publication=publication,
        unchanged=publication is None or matches(found, publication),
        comparable=len(queries.public(published)) > 1,
    )


@bp.get("/<edition_id>.xlsx")
@access.public
def xlsx(edition_id: str) -> Response:
    """A whole edition as a spreadsheet."""
    found = public_edition(queries.publications(db.session()), edition_id)
    response = Response(edition_workbook(found), mimetype=MIMETYPE)
    response.headers.set("Content-Disposition", "attachment", filename=f"criteria-{found.id}.xlsx")
    return response


@bp.get("/<edition_id>/print")
@access.public
def printed(edition_id: str) -> str:
    """A whole edition on one page, to print and to read away from the screen."""
    published = queries.publications(db.session())
    found = public_edition(published, edition_id)
    return render_template("criteria/printed.html", edition=found, current=_current(published), words=words)


@bp.get("/<edition_id>/<code>")
@access.public
def criterion(edition_id: str, code: str) -> str:
    """One criterion."""
    published = queries.publications(db.session())
    found = public_edition(published, edition_id)
    try:
        one = found.criterion(code)
    except UnknownCode as error:
        raise NotFound from error
    return render_template(
        "criteria/criterion.html",
        edition=found,
        current=_current(published),
        criterion=one,
        group=found.group(one.group),
        every_category=len(one.categories) == len(found.categories),
        neighbours=_neighbours(found, one),
    )


def _current(published: Published) -> Edition | None:
    """The edition in force, if there is one."""
    try:
        return queries.in_force(published, today())
    except EditionError:
        return None


def _neighbours(edition: Edition, one: Criterion) -> Neighbours:
    """What stands before and after a criterion when the edition is read group by group."""
    ordered = [criterion for _, criteria in edition.by_group() for criterion in criteria]
    place = ordered.index(one)
    return Neighbours(
        before=ordered[place - 1] if place else None,
        after=ordered[place + 1] if place + 1 < len(ordered) else None,
    )
