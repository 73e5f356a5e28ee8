"""Routes under /api of editions and their criteria: from files, with one statement that tells which were published."""

from assessments.clock import today
from assessments.errors import NotFound
from assessments.queries import editions as queries
from assessments.queries.editions import Published
from criteria.model import Edition, UnknownCode
from criteria.source import EditionError
from registry import access, db
from registry.api import cursors, edition_shapes
from registry.api.answers import Asked, Body, after, answering, page
from registry.api.blueprint import bp
from registry.api.operations import BASE, CRITERIA, CRITERION, EDITION, EDITIONS
from registry.api.parameters import USUAL


@bp.get(f"{BASE}/editions")
@access.public
@answering(EDITIONS)
def editions(_asked: Asked) -> Body:
    """Every edition that was ever published."""
    published = queries.publications(db.session())
    current = _current(published)
    return page(EDITIONS, [edition_shapes.edition(one, in_force=one == current) for one in queries.public(published)])


@bp.get(f"{BASE}/editions/<edition>")
@access.public
@answering(EDITION)
def edition(_asked: Asked, edition: str) -> Body:
    """One edition."""
    published = queries.publications(db.session())
    found = _named(published, edition)
    return edition_shapes.edition(found, in_force=found == _current(published))


@bp.get(f"{BASE}/criteria")
@access.public
@answering(CRITERIA)
def criteria(asked: Asked) -> Body:
    """The criteria of an edition, in its order."""
    published = queries.publications(db.session())
    found = _named(published, asked["edition"]) if "edition" in asked else _current(published)
    if found is None:
        raise NotFound
    listed = [one for _group, members in found.by_group() for one in members]
    if "group" in asked:
        listed = [one for one in listed if one.group == asked["group"]]
    (first,), limit = after(CRITERIA, asked, 0), asked.get("limit", USUAL)
    more = len(listed) > first + limit
    following = cursors.written(CRITERIA.name, first + limit) if more else ""
    return page(CRITERIA, [edition_shapes.criterion(found, one) for one in listed[first : first + limit]], following)


@bp.get(f"{BASE}/criteria/<edition>/<code>")
@access.public
@answering(CRITERION)
def criterion(_asked: Asked, edition: str, code: str) -> Body:
    """One criterion."""
    found = _named(queries.publications(db.session()), edition)
    try:
        return edition_shapes.criterion(found, found.criterion(code))
    except UnknownCode as error:
        raise NotFound from error


def _named(published: Published, edition_id: str) -> Edition:
    for one in queries.public(published):
        if one.id == edition_id:
            return one
    raise NotFound


def _current(published: Published) -> Edition | None:
    try:
        return queries.in_force(published, today())
    except EditionError:
        return None
