"""Routes of what is signed: /c/<number>.jwt and /status/<list>. Any site may read them."""

from flask import Blueprint, redirect, request, url_for
from werkzeug import Response

from assessments import numbers
from assessments.clock import today
from assessments.errors import NotFound
from assessments.models import Credential
from assessments.queries import credentials as queries
from assessments.queries.certificates import certificate_by_number, is_public
from registry import access, db
from registry.credentials.signing import MEDIA_TYPE
from registry.forms import whole

bp = Blueprint("credentials", __name__)

STATUS_AGE = 60  # seconds a list may be kept before it is asked for again
CREDENTIAL_AGE = 60


@bp.get("/c/<number>.jwt")
@access.public
def show(number: str) -> Response:
    """The signed certificate as it stands, or with ?revision= an earlier one."""
    read = numbers.parse(number)
    if read.number and read.number != number:
        return redirect(url_for("credentials.show", number=read.number, revision=request.args.get("revision")))
    found = _credential(read.number, request.args.get("revision", ""))
    response = _given(found.jwt, f"public, max-age={CREDENTIAL_AGE}")
    response.headers["Content-Disposition"] = f'inline; filename="{number}.jwt"'
    return response


@bp.get("/status/<name>")
@access.public
def status(name: str) -> Response:
    """A status list, signed."""
    found = queries.list_named(db.session(), name)
    if found is None:
        raise NotFound
    return _given(found.jwt, f"public, max-age={STATUS_AGE}")


def _credential(number: str, revision: str) -> Credential:
    certificate = certificate_by_number(db.session(), number) if number else None
    if certificate is None or not is_public(certificate, today()):
        raise NotFound
    if revision:
        wanted = whole(revision)
        found = queries.of_revision(db.session(), certificate.id, wanted)
    else:
        found = queries.newest(db.session(), certificate.id)
    if found is None:
        raise NotFound
    return found


def _given(jwt: str, caching: str) -> Response:
    response = Response(jwt, content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = caching
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
