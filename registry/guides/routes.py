"""Routes under /guides: the club's articles, public, in both languages."""

from dataclasses import asdict

from flask import Blueprint, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from assessments.errors import NotFound
from criteria.model import Edition
from registry import access, catalogue, identity
from registry.guides import articles
from registry.i18n import lang, words

bp = Blueprint("guides", __name__, url_prefix="/guides")


@bp.get("")
@access.public
def index() -> str:
    """Every article, with its lead."""
    listed = [(slug, *articles.heading(slug, lang())) for slug in articles.slugs()]
    return render_template("guides/index.html", listed=listed)


@bp.get("/<slug>")
@access.public
def show(slug: str) -> str:
    """One article. With no edition in force there are no periods to tell of and nothing to apply for (NotFound)."""
    edition = catalogue.current_edition()
    if slug not in articles.slugs() or edition is None:
        raise NotFound
    article = articles.read(slug, lang(), _values(edition), _address)
    return render_template("guides/show.html", article=article, edition=edition)


def _values(edition: Edition) -> dict[str, object]:
    """What an article may name in braces."""
    office = {"office_email": identity.on().email}
    return {**asdict(edition.periods), **asdict(edition.quorum), **words(), **office}


def _address(path: str) -> str | None:
    """The path in the language of the page, if a page of this site answers there."""
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return None
    return request.script_root + path
