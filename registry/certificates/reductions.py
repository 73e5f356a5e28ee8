"""Routes of reductions: what a certificate loses, proposed by one decider and confirmed by another."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from assessments import certificates
from assessments.certificate_changes import Change
from assessments.errors import Invalid, NotFound
from assessments.models import Application, Certificate
from assessments.people import Role
from assessments.policy import Permission, require
from assessments.queries.certificates import certificate_by_number
from assessments.queries.standings import standing_of
from assessments.states import CertificateAction
from criteria import store
from registry import access, db
from registry.certificates.forms import ReduceForm
from registry.i18n import translate

bp = Blueprint("reductions", __name__, url_prefix="/certificates")

Page = str | tuple[str, int] | Response


@bp.get("/<number>/reduce")
@access.role(Role.DECIDER)
def new(number: str) -> str:
    """What it covers, everything ticked: take away what has to go."""
    certificate = _certificate(number)
    return _page(certificate, _offered(ReduceForm(formdata=None), certificate))


@bp.post("/<number>/reduce")
@access.role(Role.DECIDER)
def propose(number: str) -> Page:
    """Propose it."""
    certificate = _certificate(number)
    form = _offered(ReduceForm(), certificate)
    if not form.validate():
        return _page(certificate, form), 422
    change = Change(form.reason_vi.data or "", form.reason_en.data or "", reduction=form.remaining())
    try:
        certificates.propose(db.session(), access.me(), number, CertificateAction.REDUCE, change)
    except Invalid as refusal:
        form.platforms.errors = [translate(refusal.message, **refusal.values)]
        return _page(certificate, form), 422
    db.commit()
    flash(_("Đã gửi đề xuất. Giấy chỉ thay đổi khi người thứ hai đồng ý."))
    return redirect(url_for("certificates.office", number=number))


def _certificate(number: str) -> Certificate:
    """The certificate, for a decider who may decide about it."""
    session = db.session()
    certificate = certificate_by_number(session, number)
    if certificate is None:
        raise NotFound
    application = session.get_one(Application, certificate.application_id)
    require(standing_of(session, access.me(), application), Permission.DECIDE)
    return certificate


def _offered(form: ReduceForm, certificate: Certificate) -> ReduceForm:
    form.offer_scope(certificate, store.load(certificate.edition_id))
    return form


def _page(certificate: Certificate, form: ReduceForm) -> str:
    return render_template("certificates/reductions/new.html", certificate=certificate, form=form)
