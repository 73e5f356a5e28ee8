"""Routes of conditions: what companies still have to do for a certificate they have, and finding it done."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from assessments import conditions
from assessments.clock import today
from assessments.errors import NotFound
from assessments.models import Application
from assessments.people import Role
from assessments.policy import Permission
from assessments.queries import conditions as queries
from assessments.queries.applications import product_and_vendor
from assessments.queries.certificates import certificate_of
from registry import access, db
from registry.certificates.forms import FulfilForm

bp = Blueprint("conditions", __name__, url_prefix="/certificates/conditions")

Page = str | tuple[str, int] | Response


@bp.get("")
@access.role(Role.COORDINATOR, Role.DECIDER, Role.AUDITOR)
def index() -> str:
    """What is not fulfilled yet, the nearest day first, what is overdue on top."""
    return render_template(
        "certificates/conditions/index.html",
        rows=queries.open_lines(db.session(), today()),
        coordinator=Role.COORDINATOR in access.me().roles,
    )


@bp.get("/<ref>/<int:number>")
@access.on_application(Permission.FOLLOW_UP)
def show(application: Application, number: int) -> str:
    """One condition, and the form that finds it fulfilled."""
    return _page(application, number, FulfilForm(formdata=None))


@bp.post("/<ref>/<int:number>/fulfil")
@access.on_application(Permission.FOLLOW_UP)
def fulfil(application: Application, number: int) -> Page:
    """Find it fulfilled."""
    form = FulfilForm()
    if not form.validate():
        return _page(application, number, form), 422
    conditions.fulfil(db.session(), access.me(), application, number, form.note.data or "")
    db.commit()
    flash(_("Đã ghi: điều kiện được thực hiện. Trang công khai của giấy đã đổi theo."))
    return redirect(url_for("certificates.conditions.index"))


def _page(application: Application, number: int, form: FulfilForm) -> str:
    session = db.session()
    found = queries.numbered(session, application.id, number)
    if found is None:
        raise NotFound
    product, vendor = product_and_vendor(session, application)
    return render_template(
        "certificates/conditions/show.html",
        application=application,
        condition=found,
        certificate=certificate_of(session, application.id),
        product=product,
        vendor=vendor,
        overdue=queries.is_overdue(found, today()),
        form=form,
    )
