"""Routes of what a company keeps of a submission: the receipt, and the list of its files."""

from flask import Response, make_response, render_template

from assessments import manifest as manifests
from assessments.errors import NotFound
from assessments.models import Application, Submission
from assessments.policy import Permission
from assessments.queries import submissions
from registry import access, db, storage
from registry.applications.blueprint import bp
from registry.documents.attachment import attachment

RETRY_SECONDS = 20


@bp.get("/<ref>/submissions/<int:number>/receipt.pdf")
@access.on_application(Permission.VIEW)
def receipt(application: Application, number: int) -> Response:
    """The receipt, or that the worker is still making it."""
    submission = _submission(application, number)
    found = submissions.receipt_of(db.session(), submission.id)
    if found is None:
        page = render_template("applications/receipt.html", application=application, submission=submission)
        waiting = make_response(page, 202)
        waiting.headers["Retry-After"] = str(RETRY_SECONDS)
        return waiting
    with storage.read(found.sha256) as source:
        return attachment(source.read(), f"{application.ref}-{number}.pdf", "application/pdf")


@bp.get("/<ref>/submissions/<int:number>/manifest.txt")
@access.on_application(Permission.VIEW)
def manifest(application: Application, number: int) -> Response:
    """Every file of a submission with its hash, byte for byte what the hash of the file set was made from."""
    written = manifests.manifest(_submission(application, number).content).encode()
    return attachment(written, f"{application.ref}-{number}-manifest.txt", "text/plain; charset=utf-8")


def _submission(application: Application, number: int) -> Submission:
    found = submissions.numbered(db.session(), application.id, number)
    if found is None:
        raise NotFound
    return found
