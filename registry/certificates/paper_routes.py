"""Routes of the paper of a certificate: the PDF, and the page in the browser that says the same."""

from flask import Blueprint, make_response, redirect, render_template, url_for
from werkzeug import Response

from assessments.errors import NotFound
from assessments.models import CertificatePaper
from assessments.numbers import parse
from assessments.queries.papers import paper_of
from registry import access, db, storage
from registry.certificates import scope
from registry.certificates.papers import facts_of
from registry.certificates.pictures import qr
from registry.certificates.standing import Shown, answer
from registry.i18n import lang

bp = Blueprint("papers", __name__)

RETRY_SECONDS = 10


@bp.get("/c/<number>.pdf")
@access.public
def pdf(number: str) -> Response:
    """The paper for what the certificate is worth now; another spelling leads to the canonical one.

    A paper made for another status is never handed out. Until the worker has made the one that fits, a page says so.
    """
    shown = _found(number)
    if shown is None:
        return redirect(url_for("certificates.papers.pdf", number=parse(number).number))
    paper = paper_of(db.session(), shown.certificate, shown.status, lang())
    return _handed_out(shown, paper) if paper else _being_made(shown)


@bp.get("/c/<number>/certificate")
@access.public
def show(number: str) -> Response:
    """The certificate to read and to print in a browser: the same facts as on paper."""
    shown = _found(number)
    if shown is None:
        return redirect(url_for("certificates.papers.show", number=parse(number).number))
    facts = facts_of(db.session(), shown, lang())
    return make_response(
        render_template("certificates/papers/show.html", facts=facts, shown=shown, scope=scope, qr=qr(facts.address))
    )


def _found(number: str) -> Shown | None:
    """The public certificate; None for another spelling of its number. Refuses (NotFound) where there is none."""
    found = answer(db.session(), number)
    if found.read.number and found.read.number != number:
        return None
    if found.shown is None:
        raise NotFound
    return found.shown


def _handed_out(shown: Shown, paper: CertificatePaper) -> Response:
    with storage.read(paper.sha256) as source:
        response = Response(source.read(), content_type="application/pdf")
    name = f"{shown.certificate.number}-{paper.language}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _being_made(shown: Shown) -> Response:
    response = make_response(render_template("certificates/papers/pdf.html", shown=shown), 202)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response
