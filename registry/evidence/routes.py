"""Routes under /evidence: reading a piece of an application; the library, adding to it and sending stand beside."""

from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import UUID

from flask import Response, make_response, redirect, render_template, url_for

from assessments.errors import NotFound
from assessments.models import Application
from assessments.policy import Permission
from assessments.queries.reading import shows_pictures
from registry import access
from registry.evidence import adding, library, notes, reading, sending, test_files, viewer
from registry.evidence.blueprint import bp

__all__ = ["adding", "bp", "library", "notes", "sending", "test_files", "viewer"]  # one blueprint, several nouns

SENT_AS_THEY_ARE = "/%:@!$&'()*+,;=?-._~"


@bp.get("/<ref>/<uuid:evidence_id>")
@access.on_application(Permission.READ_FILE)
def file(application: Application, evidence_id: UUID) -> Any:
    """A file of an application, for whoever may read it; a link leads to its warning."""
    found = reading.in_application(application, evidence_id)
    if found.file is None:
        return redirect(url_for("evidence.link", ref=application.ref, evidence_id=evidence_id))
    reading.write_down(evidence_id, application.id)
    return reading.send(found.file, shows=shows_pictures(application.profile))


@bp.get("/<ref>/<uuid:evidence_id>/link")
@access.on_application(Permission.READ_FILE)
def link(application: Application, evidence_id: UUID) -> Response:
    """The warning before a page that is not ours: where it leads, in full, and no referrer."""
    found = reading.in_application(application, evidence_id)
    if found.evidence.url is None:
        raise NotFound
    reading.write_down(evidence_id, application.id)
    host = urlsplit(found.evidence.url).hostname or ""
    plain = _ascii_address(found.evidence.url)
    page = render_template(
        "evidence/link.html",
        evidence=found.evidence,
        host=host,
        ascii_host=_ascii(host),
        plain=plain,
        ref=application.ref,
        back=access.desk(application.ref),
    )
    response = make_response(page)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _ascii(host: str) -> str:
    """The host as the network knows it; letters that only look alike become visible."""
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _ascii_address(url: str) -> str:
    """The whole address as the browser sends it: letters that only look alike become visible in every part of it."""
    parts = urlsplit(url)
    host, port = _ascii(parts.hostname or ""), f":{parts.port}" if parts.port else ""
    rest = (quote(part, safe=SENT_AS_THEY_ARE) for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, host + port, *rest))
