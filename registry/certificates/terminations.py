"""Routes of terminations: a company's owner ends a certificate, after one more question."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug import Response
from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired, Length

from assessments import certificates, change_notices
from assessments.models import Certificate, Vendor
from assessments.people import MemberRole
from registry import access, db
from registry.forms import Form

bp = Blueprint("terminations", __name__, url_prefix="/certificates")

Page = str | tuple[str, int] | Response
LONGEST = 2_000


class TerminateForm(Form):
    """Sure, and why, if one likes to say."""

    sure = BooleanField(
        _l("Tôi hiểu: giấy chấm dứt ngay và không mở lại được"),
        validators=[InputRequired(message=_l("Đánh dấu để chấm dứt giấy."))],
    )
    reason = TextAreaField(
        _l("Lý do"),
        description=_l("Hiện trên trang công khai của giấy. Có thể để trống."),
        validators=[Length(max=LONGEST)],
    )


@bp.get("/<number>/terminate")
@access.on_vendor(MemberRole.OWNER)
def new(vendor: Vendor, number: str) -> str:
    """Ask once more."""
    return _page(change_notices.require_owned(db.session(), access.me(), number), TerminateForm(formdata=None))


@bp.post("/<number>/terminate")
@access.on_vendor(MemberRole.OWNER)
def terminate(vendor: Vendor, number: str) -> Page:
    """End it."""
    form = TerminateForm()
    if not form.validate():
        return _page(change_notices.require_owned(db.session(), access.me(), number), form), 422
    certificates.terminate(db.session(), access.me(), number, form.reason.data or "")
    db.commit()
    flash(_("Đã chấm dứt giấy %(number)s. Trang công khai của giấy đã đổi theo.", number=number))
    return redirect(url_for("company.show"))


def _page(certificate: Certificate, form: TerminateForm) -> str:
    return render_template("certificates/terminations/new.html", certificate=certificate, form=form)
