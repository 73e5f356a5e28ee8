"""Routes of comparisons: any two public editions side by side, and for the office a draft beside the one in force."""

from dataclasses import dataclass

from flask import render_template, request

from assessments.errors import NotFound
from assessments.queries import editions as queries
from criteria.model import Edition
from registry import access, db, editions
from registry.criteria.blueprint import READERS, any_edition, bp
from registry.criteria.comparison import page_of


@dataclass(frozen=True)
class Pair:
    """Two editions, the older one first."""

    old: Edition
    new: Edition


@bp.get("/compare")
@access.public
def compare() -> str:
    """What changed between two public editions; without a choice, from the one before to the one in force."""
    found = queries.public(queries.publications(db.session()))
    pair = _chosen(found)
    return render_template(
        "criteria/compare.html",
        editions=found,
        pair=pair,
        page=page_of(pair.old, pair.new) if pair else None,
    )


@bp.get("/<edition_id>/draft/compare")
@access.role(*READERS)
def draft_compare(edition_id: str) -> str:
    """What a draft would change of the edition in force."""
    new = any_edition(edition_id)
    old = editions.current()
    if not queries.is_draft(new, queries.publications(db.session())) or old.id == new.id:
        raise NotFound
    return render_template("criteria/draft_compare.html", edition=new, pair=Pair(old, new), page=page_of(old, new))


def _chosen(found: list[Edition]) -> Pair | None:
    """The two that are asked for, or the newest two; nothing where there are no two."""
    by_id = {one.id: one for one in found}
    asked = [request.args.get(name) for name in ("from", "to")]
    if all(one is None for one in asked):
        return Pair(found[1], found[0]) if len(found) > 1 else None
    old, new = (by_id.get(one or "") for one in asked)
    if old is None or new is None:
        raise NotFound
    return Pair(old, new)
