"""Routes of appeals for those who hear them: the question first, then the whole file, and the ruling of two."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from assessments import hearings as verbs
from assessments import profile, rulings
from assessments.errors import Invalid
from assessments.models import Appeal, Application
from assessments.people import InterestKind
from assessments.policy import AppealPermission, require_appeal
from assessments.queries import appeals as queries
from assessments.queries import hearings as asked
from assessments.queries.applications import product_and_vendor
from assessments.queries.declarations import question_of
from assessments.queries.hearings import ROLES
from assessments.queries.submissions import latest
from assessments.recourse import AppealKind, Ruling
from assessments.rulings import Ruled
from criteria import store
from registry import access, db, marks
from registry import recourse as words
from registry.appeals import dossier
from registry.appeals.blueprint import bp
from registry.appeals.forms import (
    NONE,
    AgreeForm,
    DeclareForm,
    DisagreeForm,
    RuleForm,
    StandAsideForm,
)
from registry.i18n import translate


@bp.get("/hearings")
@access.role(*ROLES)
def hearings() -> str:
    """The appeals somebody was asked to hear."""
    rows = asked.to_hear(db.session(), access.me().id)
    return render_template("appeals/hearings.html", rows=rows, words=words, running=queries.RUNNING)


@bp.get("/<number>/declare")
@access.on_appeal(AppealPermission.JOIN)
def declare(appeal: Appeal, application: Application) -> str:
    """The question of interests, before the file opens."""
    return _question(appeal, application, DeclareForm(formdata=None))


@bp.post("/<number>/declare")
@access.on_appeal(AppealPermission.JOIN)
def say(appeal: Appeal, application: Application) -> Any:
    """Take the answer: the file opens, or somebody else is asked."""
    form = DeclareForm()
    if not form.validate():
        return _question(appeal, application, form), 422
    if form.answer.data == NONE:
        try:
            verbs.declare(db.session(), access.me(), appeal, form.note.data or "")
        except Invalid as refusal:
            form.note.errors = [translate(refusal.message, **refusal.values)]
            return _question(appeal, application, form), 422
        db.commit()
        return redirect(url_for("appeals.hear", number=appeal.number))
    verbs.stand_aside(db.session(), access.me(), appeal, InterestKind(form.kind.data), form.note.data or "")
    db.commit()
    return _gone(appeal)


@bp.get("/<number>/hearing")
@access.on_appeal(AppealPermission.JOIN)
def hear(appeal: Appeal, application: Application) -> Any:
    """Everything on one page; whoever has not been asked about interests is asked first."""
    if access.standing().declared is None:
        return redirect(url_for("appeals.declare", number=appeal.number))
    require_appeal(access.appeal_standing(), AppealPermission.HEAR)
    return _page(appeal, application)


@bp.post("/<number>/propose")
@access.on_appeal(AppealPermission.HEAR)
def propose(appeal: Appeal, application: Application) -> Any:
    """Propose what to rule."""
    form = RuleForm().offer()
    if not form.validate():
        return _page(appeal, application, rule=form), 422
    ruled = Ruled(Ruling(form.outcome.data), form.reasons_vi.data or "", form.reasons_en.data or "")
    rulings.propose(db.session(), access.me(), appeal, ruled)
    db.commit()
    flash(_("Đã gửi đề xuất. Một người xem xét lại khác sẽ đọc và trả lời."))
    return redirect(url_for("appeals.hear", number=appeal.number))


@bp.post("/<number>/confirm")
@access.on_appeal(AppealPermission.HEAR)
def confirm(appeal: Appeal, application: Application) -> Any:
    """Agree: the appeal is decided."""
    form = AgreeForm()
    if not form.validate():
        abort(400)
    rulings.confirm(db.session(), access.me(), appeal, form.number.data or 0)
    db.commit()
    flash(_("Đã có kết quả xem xét lại. Đơn vị được báo qua email."))
    return redirect(url_for("appeals.hear", number=appeal.number))


@bp.post("/<number>/reject")
@access.on_appeal(AppealPermission.HEAR)
def reject(appeal: Appeal, application: Application) -> Any:
    """Disagree, and say why."""
    form = DisagreeForm()
    if not form.validate():
        return _page(appeal, application, disagree=form), 422
    rulings.reject(db.session(), access.me(), appeal, form.number.data or 0, form.why.data or "")
    db.commit()
    flash(_("Đã ghi ý kiến không đồng ý. Chờ đề xuất mới."))
    return redirect(url_for("appeals.hear", number=appeal.number))


@bp.post("/<number>/stand-aside")
@access.on_appeal(AppealPermission.HEAR)
def stand_aside(appeal: Appeal, application: Application) -> Any:
    """Declare an interest after all; the file closes for this person."""
    form = StandAsideForm()
    if not form.validate():
        return _page(appeal, application, aside=form), 422
    verbs.stand_aside(db.session(), access.me(), appeal, InterestKind(form.kind.data), form.remark.data or "")
    db.commit()
    return _gone(appeal)


def _gone(appeal: Appeal) -> Any:
    flash(_("Đã ghi: bạn không xem xét lại %(number)s. Văn phòng sẽ mời người khác.", number=appeal.number))
    return redirect(url_for("appeals.hearings"))


def _question(appeal: Appeal, application: Application, form: DeclareForm) -> str:
    question = question_of(db.session(), access.me(), application)
    return render_template("appeals/declare.html", appeal=appeal, question=question, form=form)


def _page(appeal: Appeal, application: Application, **forms: Any) -> str:
    session, me = db.session(), access.me()
    product, vendor = product_and_vendor(session, application)
    called = asked.hearers_of(session, appeal.id)
    past = queries.rulings_of(session, appeal.id)
    able = asked.able(session, appeal, application)
    waiting = next((o for o in past if not o.closed_at and not o.confirmed_at and o.proposer_id in able), None)
    heard = appeal.state in queries.RUNNING
    own = waiting is not None and waiting.proposer_id == me.id
    number = {"number": waiting.number if waiting else 0}
    submission = latest(session, application.id)
    return render_template(
        "appeals/hear.html",
        appeal=appeal,
        application=application,
        product=product,
        vendor=vendor,
        edition=store.load(application.edition_id),
        against=queries.against_of(session, appeal, application),
        facts=profile.from_dict(submission.content["profile"] if submission else application.profile),
        submission=submission,
        file=dossier.of(session, application) if appeal.kind is not AppealKind.REFUSAL else None,
        mark_word=marks.short,
        letters={one.person_id: one.letter for one in called},
        mine=next((one.letter for one in called if one.person_id == me.id), ""),
        rulings=past,
        waiting=waiting,
        own=own,
        lacking=asked.lacking(session, appeal, application) if heard else 0,
        rule=(forms.get("rule") or RuleForm(formdata=None).offer()) if heard and waiting is None else None,
        agree=AgreeForm(formdata=None, data=number) if heard and waiting and not own else None,
        disagree=(forms.get("disagree") or DisagreeForm(formdata=None, data=number))
        if heard and waiting and not own
        else None,
        aside=(forms.get("aside") or StandAsideForm(formdata=None)) if heard else None,
        words=words,
    )
