"""Routes under /reviews/<ref>/reports: whether a laboratory's report counts as independent for a 4, and why."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from assessments import laboratories
from assessments.errors import Invalid, NotFound
from assessments.models import Application
from assessments.policy import Permission
from assessments.queries.laboratory_reports import Report, reports_for
from assessments.states import LaboratoryStanding, State
from registry import access, db
from registry.forms import Form
from registry.i18n import translate
from registry.reviews import bench as benches
from registry.reviews.bench import Bench

bp = Blueprint("laboratory_reports", __name__, url_prefix="/<ref>/reports")

STANDINGS: Mapping[LaboratoryStanding, str] = {
    LaboratoryStanding.ACCEPTED: _l("Phòng thử nghiệm được chấp nhận cho tiêu chí này vào ngày lập báo cáo."),
    LaboratoryStanding.OUT_OF_SCOPE: _l("Phòng thử nghiệm được chấp nhận, nhưng không cho tiêu chí hoặc loại này."),
    LaboratoryStanding.NOT_THEN: _l("Phòng thử nghiệm không được chấp nhận vào ngày lập báo cáo."),
    LaboratoryStanding.NOT_LISTED: _l("Phòng thử nghiệm không có trong danh mục của Câu lạc bộ."),
    LaboratoryStanding.NOT_TOLD: _l("Đơn vị chưa ghi phòng thử nghiệm hoặc ngày lập báo cáo."),
}


class JudgeForm(Form):
    """Accepted or not, and why."""

    accepted = RadioField(
        _l("Coi là báo cáo độc lập, làm căn cứ cho điểm 4"),
        choices=[("yes", _l("Chấp nhận")), ("no", _l("Không chấp nhận"))],
        validators=[InputRequired(_l("Chọn chấp nhận hoặc không."))],
    )
    reason = TextAreaField(
        _l("Lý do"),
        description=_l("Nhóm đánh giá và hội đồng đọc sau khi mọi người đã chốt. Nhà cung cấp không đọc."),
        validators=[
            InputRequired(_l("Ghi lý do chấp nhận hoặc không chấp nhận báo cáo.")),
            Length(max=laboratories.LONGEST_WORD),
        ],
    )


@bp.app_template_global("independent_reports")
def behind(found: Bench, code: str) -> list[Report]:
    """The reports behind a criterion, for the bench; no statement where the vendor handed in none."""
    return reports_for(db.session(), found.mine, found.submission.content if found.submission else {}, code)


@bp.get("/<code>")
@access.on_application(Permission.REVIEW)
def index(application: Application, code: str) -> str:
    """The reports behind one criterion, each with one's own word."""
    return _page(application, code, None, None)


@bp.post("/<code>/<uuid:evidence_id>")
@access.on_application(Permission.REVIEW)
def judge(application: Application, code: str, evidence_id: UUID) -> Any:
    """Say whether one counts."""
    form = JudgeForm()
    if not form.validate():
        return _page(application, code, evidence_id, form), 422
    word = {"accepted": form.accepted.data == "yes", "reason": form.reason.data or ""}
    try:
        laboratories.judge(db.session(), access.me(), application, (code, evidence_id), **word)
    except Invalid as refusal:
        form.reason.errors = [translate(refusal.message, **refusal.values)]
        return _page(application, code, evidence_id, form), 422
    db.commit()
    flash(_("Đã ghi ý kiến về báo cáo."))
    return redirect(url_for("reviews.show", ref=application.ref, c=code))


def _page(application: Application, code: str, evidence_id: UUID | None, typed: JudgeForm | None) -> str:
    found = benches.bench(db.session(), application, access.me().id)
    criterion = found.criterion(code)
    reports = behind(found, criterion.code)
    if not reports:
        raise NotFound
    return render_template(
        "reviews/laboratory_reports/index.html",
        bench=found,
        criterion=criterion,
        reports=[(one, typed if typed and one.evidence_id == evidence_id else _stored(one)) for one in reports],
        typed=typed,
        open=found.mine.final_at is None and application.state is State.IN_REVIEW,
        standings=STANDINGS,
    )


def _stored(one: Report) -> JudgeForm:
    said = one.judgement
    if said is None:
        return JudgeForm(formdata=None)
    return JudgeForm(formdata=None, accepted="yes" if said.accepted else "no", reason=said.reason)
