"""Routes of an application as a file: everything that is written in it, to be kept, filled in and read back."""

import json

from flask import Response

from assessments import imports
from assessments.models import Application
from assessments.policy import Permission
from criteria import store
from registry import access, db
from registry.applications.blueprint import bp
from registry.documents.attachment import attachment


@bp.get("/<ref>/export.json")
@access.on_application(Permission.VIEW)
def export_json(application: Application) -> Response:
    """Profile, answers and links as JSON."""
    found = imports.document_of(db.session(), application)
    written = json.dumps(found.to_dict(), ensure_ascii=False, indent=2).encode()
    return attachment(written, f"{application.ref}.json", "application/json")


@bp.get("/<ref>/export.xlsx")
@access.on_application(Permission.VIEW)
def export_xlsx(application: Application) -> Response:
    """The same as a workbook."""
    from registry.applications import workbooks  # noqa: PLC0415  large: a web process loads it when somebody asks

    found = imports.document_of(db.session(), application)
    written = workbooks.write(found, store.load(application.edition_id))
    return attachment(written, f"{application.ref}.xlsx", workbooks.XLSX)
