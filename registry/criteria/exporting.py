"""Editions for other programs: as a catalog of NIST OSCAL, for the page and for the command."""

import json
from typing import Any

from flask import Response, current_app

from assessments.clock import start_of_day
from assessments.queries import editions as queries
from criteria import oscal
from criteria.model import Edition
from registry import access, db, register
from registry.criteria.blueprint import bp, public_edition
from registry.i18n import lang
from registry.links import absolute

MEDIA_TYPE = "application/json"


@bp.get("/<edition_id>/oscal.json")
@access.public
def oscal_catalog(edition_id: str) -> Response:
    """A whole edition as an OSCAL catalog, in the language of the address. Any site may read it."""
    published = queries.publications(db.session())
    found, record = public_edition(published, edition_id), published.get(edition_id)
    response = Response(written(found, lang(), record), content_type=MEDIA_TYPE)
    response.headers.set("Content-Disposition", "inline", filename=f"criteria-{found.id}-{lang()}-oscal.json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def written(edition: Edition, language: str, record: Any = None) -> str:
    """The catalog as text; `record` of its publication says when it was last changed, else its first day in force."""
    settings = current_app.config["SETTINGS"]
    site = absolute("pages.home", language).rstrip("/")
    publisher = oscal.Publisher(
        name=settings.issuer_en if language == "en" else settings.issuer_vi,
        names=register.tag("oscal"),
        site=site,
        modified=record.published_at if record else start_of_day(edition.in_force_from),
    )
    return json.dumps(oscal.catalog(edition, language, publisher), ensure_ascii=False, indent=2) + "\n"
