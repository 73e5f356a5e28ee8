"""The picture of a certificate that goes along when its page is shared."""

from flask import Blueprint, make_response, redirect, request
from werkzeug import Response

from assessments.errors import NotFound
from registry import access, db
from registry.certificates.standing import answer
from registry.i18n import lang
from registry.previews import MEDIA_TYPE, draw, preview_of
from registry.security import public_seconds

bp = Blueprint("previews", __name__)

SECONDS = 3600


@bp.get("/c/<number>.png")
@access.public
def picture(number: str) -> Response:
    """The picture as the certificate stands now; the address of an earlier one leads to it. Any site may show it."""
    found = answer(db.session(), number)
    if found.shown is None:
        raise NotFound
    preview = preview_of(found.read.number, found.shown.status, found.shown.profile.name(lang()))
    if number != found.read.number or request.args.get("v") != preview.version:
        return redirect(preview.address)
    response = make_response(draw(preview))
    response.headers["Content-Type"] = MEDIA_TYPE
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = f"public, max-age={public_seconds(SECONDS)}"
    return response
