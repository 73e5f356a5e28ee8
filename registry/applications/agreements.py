"""Routes of the agreement: read it, accept it by name for the company."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from assessments import agreement as texts
from assessments import applications
from assessments.applications import DRAFTING
from assessments.models import Application, Vendor
from assessments.people import MemberRole
from assessments.policy import Permission, allows
from assessments.queries.people import members_of
from assessments.queries.submissions import acceptance_of
from registry import access, db
from registry.applications.blueprint import bp
from registry.applications.forms import Agreement
from registry.i18n import lang
from registry.prose import trusted


@bp.get("/<ref>/agreement")
@access.on_application(Permission.VIEW)
def agreement(application: Application) -> str:
    """The text, and who may accept it."""
    return _page(application, Agreement(data={"version": texts.current_version()}))


@bp.post("/<ref>/agreement")
@access.on_application(Permission.SUBMIT)
def accept_agreement(application: Application) -> Response | tuple[str, int]:
    """Accept it."""
    form = Agreement()
    if not form.validate():
        return _page(application, form), 422
    applications.accept_agreement(db.session(), access.me(), application, form.version.data or "")
    db.commit()
    flash(_("Đã ghi nhận: đơn vị chấp nhận thỏa thuận."))
    if request.args.get("return") == "check":
        return redirect(url_for("applications.check", ref=application.ref, _anchor="agreed"))
    return redirect(url_for("applications.show", ref=application.ref))


def _page(application: Application, form: Agreement) -> str:
    session = db.session()
    accepted = acceptance_of(session, application.id)
    version = texts.current_version()
    if accepted is not None and (accepted.agreement_version == version or application.state not in DRAFTING):
        version = accepted.agreement_version
    else:
        accepted = None
    return render_template(
        "applications/agreement.html",
        application=application,
        vendor=session.get_one(Vendor, application.vendor_id),
        version=version,
        text=trusted(texts.text(version).get(lang()).partition("\n")[2], highest=1),
        title=texts.text(version).get(lang()).partition("\n")[0].lstrip("# "),
        accepted=accepted,
        person=access.me(),
        may_accept=allows(access.standing(), Permission.SUBMIT),
        owners=", ".join(one.name for one in members_of(session, application.vendor_id, MemberRole.OWNER)),
        form=form,
    )
