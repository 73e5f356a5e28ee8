"""Routes under /change-notices: what a vendor tells, and the office's answer."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from assessments import change_notices
from assessments.clock import today
from assessments.errors import Invalid, NotFound
from assessments.lifecycle import ChangeSize
from assessments.models import Application, Certificate, Vendor
from assessments.people import MemberRole, Role
from assessments.policy import Permission, require
from assessments.queries import change_notices as queries
from assessments.queries.standings import standing_of
from criteria import store
from registry import access, db, renewals
from registry.change_notices.forms import JudgeForm, NoticeForm
from registry.i18n import translate

bp = Blueprint("change_notices", __name__, url_prefix="/change-notices")

Page = str | tuple[str, int] | Response


# --- the vendor ---


@bp.get("")
@access.on_vendor()
def index(vendor: Vendor) -> str:
    """What the company has told, and what the club said to it."""
    return render_template(
        "change_notices/index.html",
        lines=queries.vendor_lines(db.session(), vendor.id),
        owner=access.me().memberships[vendor.id] is MemberRole.OWNER,
        today=today(),
        renewals=renewals,
    )


@bp.get("/new/<number>")
@access.on_vendor(MemberRole.OWNER)
def new(vendor: Vendor, number: str) -> str:
    """The form."""
    certificate = change_notices.require_owned(db.session(), access.me(), number)
    return _new_page(certificate, NoticeForm(formdata=None, data={"effective_on": today()}))


@bp.post("/new/<number>")
@access.on_vendor(MemberRole.OWNER)
def give(vendor: Vendor, number: str) -> Page:
    """Tell the club."""
    certificate = change_notices.require_owned(db.session(), access.me(), number)
    form = NoticeForm()
    if not form.validate():
        return _new_page(certificate, form), 422
    try:
        change_notices.give(db.session(), access.me(), number, form.told())
    except Invalid as refusal:
        form.effective_on.errors = [translate(refusal.message, **refusal.values)]
        return _new_page(certificate, form), 422
    db.commit()
    flash(_("Đã gửi thông báo. Câu lạc bộ trả lời là thay đổi nhỏ hay lớn, kèm lý do."))
    return redirect(url_for("change_notices.index"))


# --- the office ---


@bp.get("/office")
@access.role(Role.COORDINATOR)
def office() -> str:
    """Every notice, what nobody has judged first."""
    return render_template(
        "change_notices/office.html", lines=queries.office_lines(db.session()), today=today(), renewals=renewals
    )


@bp.get("/<number>/<int:place>")
@access.role(Role.COORDINATOR)
def show(number: str, place: int) -> str:
    """One notice, and the form of the answer."""
    line = _line(number, place)
    days = store.load(line.certificate.edition_id).periods.returned_days
    return _page(line, JudgeForm(formdata=None, data={"apply_by": today() + timedelta(days=days)}))


@bp.post("/<number>/<int:place>/judge")
@access.role(Role.COORDINATOR)
def judge(number: str, place: int) -> Page:
    """Minor or major."""
    line, form = _line(number, place), JudgeForm()
    if not form.validate():
        return _page(line, form), 422
    try:
        notice = change_notices.judge(db.session(), access.me(), number, place, form.judged())
    except Invalid as refusal:
        form.apply_by.errors = [translate(refusal.message, **refusal.values)]
        return _page(line, form), 422
    major = notice.size is ChangeSize.MAJOR
    db.commit()
    flash(
        _("Đã ghi: thay đổi lớn. Đơn vị được báo hạn nộp hồ sơ, và một lần giám sát đã được lập.")
        if major
        else _("Đã ghi: thay đổi nhỏ. Đơn vị được báo là giấy vẫn áp dụng.")
    )
    return redirect(url_for("change_notices.office"))


def _line(number: str, place: int) -> queries.Line:
    """One notice, for whoever of the office may follow its file up."""
    session = db.session()
    line = queries.line_of(session, number, place)
    if line is None:
        raise NotFound
    application = session.get_one(Application, line.certificate.application_id)
    require(standing_of(session, access.me(), application), Permission.FOLLOW_UP)
    return line


def _page(line: queries.Line, form: JudgeForm) -> str:
    return render_template("change_notices/show.html", line=line, form=form, today=today(), renewals=renewals)


def _new_page(certificate: Certificate, form: NoticeForm) -> str:
    return render_template("change_notices/new.html", certificate=certificate, form=form)
