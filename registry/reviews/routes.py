"""Routes under /reviews for every reviewer: queue, declaration, bench, finish."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from assessments import declarations, reviews
from assessments.errors import N_, Conflict, Invalid, Missing, NotReady, Refused, WrongState
from assessments.models import Application, Score
from assessments.people import Role
from assessments.policy import Permission, require
from assessments.queries.declarations import question_of
from assessments.queries.reviews import queue_of
from assessments.reviews import Marking
from assessments.states import State
from criteria.model import Criterion
from registry import access, autosaves, db, marks
from registry.accounts.words import INTERESTS
from registry.i18n import translate
from registry.reviews import bench as benches
from registry.reviews import (
    consensus,
    findings,
    history,
    laboratory_reports,
    measurements,
    packs,
    questions,
    recommendation,
    test_access,
    test_records,
)
from registry.reviews import desk as desks
from registry.reviews.bench import Bench
from registry.reviews.forms import DeclareForm, PlainForm, ScoreForm

bp = Blueprint("reviews", __name__, url_prefix="/reviews")
for part in (
    consensus,
    findings,
    history,
    laboratory_reports,
    measurements,
    packs,
    questions,
    recommendation,
    test_access,
    test_records,
):
    bp.register_blueprint(part.bp)


@bp.get("")
@access.role(Role.REVIEWER)
def index() -> str:
    """What is assigned to the person, by due date."""
    return render_template("reviews/index.html", queue=queue_of(db.session(), access.me()))


@bp.get("/<ref>/declare")
@access.on_application(Permission.JOIN_REVIEW)
def declare(application: Application) -> str:
    """The question of interests."""
    return _declaration(application, DeclareForm())


@bp.post("/<ref>/declare")
@access.on_application(Permission.JOIN_REVIEW)
def answer(application: Application) -> Any:
    """Record the answer; who has an interest has no business here any more."""
    form = DeclareForm()
    if not form.validate_on_submit():
        return _declaration(application, form), 422
    try:
        _answer(application, form)
    except Invalid as refusal:
        form.form_errors.append(translate(refusal.message, **refusal.values))
        return _declaration(application, form), 422
    db.commit()
    return _after_declaration(application, form.answer.data)


@bp.get("/<ref>")
@access.on_application(Permission.JOIN_REVIEW)
def show(application: Application) -> Any:
    """The bench; before it the question of interests, after it the consensus."""
    if access.standing().declared is None:
        return redirect(url_for("reviews.declare", ref=application.ref))
    require(access.standing(), Permission.REVIEW)
    found = benches.bench(db.session(), application, access.me().id)
    if found.everybody_final and not request.args.get("c"):
        return redirect(url_for("reviews.consensus.index", ref=application.ref))
    criterion = found.criterion(request.args.get("c", ""))
    return _bench(found, criterion, _filled(found.own.get(criterion.code)))


@bp.post("/<ref>/scores/<code>")
@access.on_application(Permission.REVIEW)
def save(application: Application, code: str) -> Any:
    """Keep one score; two texts that meet are shown side by side, nothing is overwritten."""
    form = ScoreForm()
    session, actor = db.session(), access.me()
    if not form.validate():
        return _again(application, code, form, 422)
    keep = reviews.give_way if autosaves.gives_way() else reviews.save_score
    try:
        keep(session, actor, application, code, form.marking(autosaves.saving()), form.version.data or 0)
    except Invalid as refusal:
        form.mark.errors = [translate(refusal.message, **refusal.values)]
        return _again(application, code, form, 422)
    except Conflict as refusal:
        return _again(application, code, form, 409, refusal)
    db.commit()
    flash(_("Đã lưu %(code)s.", code=code))
    return redirect(_next_address(application, code))


@bp.post("/<ref>/scores/<code>/draft")
@access.on_application(Permission.REVIEW)
def autosave(application: Application, code: str) -> Any:
    """Keep one score as it is being typed."""
    form = ScoreForm()
    if not form.validate():
        return autosaves.unread(form)
    marking = form.marking(autosaves.saving(auto=True))
    try:
        score = reviews.save_score(db.session(), access.me(), application, code, marking, form.version.data or 0)
    except Refused as refusal:
        return autosaves.refused(refusal)
    db.commit()
    return autosaves.saved(score.saved_at, {"version": score.version})


@bp.get("/<ref>/all")
@access.on_application(Permission.REVIEW)
def overview(application: Application) -> str:
    """Every criterion with one's own score, and everybody's once all are final."""
    found = benches.bench(db.session(), application, access.me().id)
    shown = [one for one in found.team if one.id in found.scores]
    return render_template("reviews/overview.html", bench=found, shown=shown, figure=benches.figure)


@bp.get("/<ref>/finish")
@access.on_application(Permission.REVIEW)
def finish(application: Application) -> str:
    """What is missing, or the one question before it is final."""
    session = db.session()
    found = benches.bench(session, application, access.me().id)
    if found.mine.final_at is not None or application.state is not State.IN_REVIEW:
        raise WrongState(N_("Phần đánh giá của bạn đã chốt nên không sửa được nữa."))
    return _last_look(found, reviews.gaps(session, application, found.mine))


@bp.post("/<ref>/finish")
@access.on_application(Permission.REVIEW)
def make_final(application: Application) -> Any:
    """Make one's review final."""
    session, actor = db.session(), access.me()
    try:
        reviews.finish(session, actor, application)
    except NotReady as refusal:
        found = benches.bench(session, application, actor.id)
        return _last_look(found, refusal.missing), 422
    db.commit()
    flash(_("Đã chốt phần đánh giá của bạn."))
    return redirect(url_for("reviews.show", ref=application.ref))


def _last_look(found: Bench, missing: Sequence[Missing]) -> str:
    """What a review lacks, and what of one's own tests goes to the company with the comments."""
    given = desks.given_along(db.session(), found, access.standing())
    return render_template("reviews/finish.html", bench=found, missing=missing, given=given, form=PlainForm())


def _declaration(application: Application, form: DeclareForm) -> str:
    return render_template(
        "reviews/declare.html",
        application=application,
        question=question_of(db.session(), access.me(), application),
        words=INTERESTS,
        form=form,
        declared=access.standing().declared,
    )


def _answer(application: Application, form: DeclareForm) -> None:
    session, actor, note = db.session(), access.me(), form.note.data or ""
    if form.answer.data == "ask":
        declarations.ask(session, actor, application, note)
    else:
        has_interest = form.answer.data == "interest"
        declarations.declare(session, actor, application, has_interest, form.interest, note)


def _after_declaration(application: Application, said: str) -> Any:
    if said == "none":
        return redirect(url_for("reviews.show", ref=application.ref))
    if said == "interest":
        flash(_("Cảm ơn bạn đã khai. Bạn không tham gia hồ sơ %(ref)s.", ref=application.ref))
    else:
        flash(_("Đã hỏi điều phối viên về hồ sơ %(ref)s. Hồ sơ mở sau khi bạn khai.", ref=application.ref))
    return redirect(url_for("reviews.index"))


def _filled(score: Score | None) -> ScoreForm:
    """The form with what is stored."""
    marking = reviews.marking_of(score) if score else Marking()
    values = {**marking.content, "later": marking.later, "version": score.version if score else 0}
    return ScoreForm(formdata=None, **values)


def _again(application: Application, code: str, form: ScoreForm, status: int, conflict: Any = None) -> Any:
    """The same page with what was typed; after a conflict saving again keeps one's own text."""
    found = benches.bench(db.session(), application, access.me().id)
    stored = found.own.get(code)
    if conflict is not None and stored is not None:
        form.version.data = stored.version
        form.version.raw_data = None
    return _bench(found, found.criterion(code), form, conflict), status


def _bench(found: Bench, criterion: Criterion, form: ScoreForm, conflict: Any = None) -> str:
    claimed = bool(found.answer(criterion.code).get("not_applicable")) and criterion.na_allowed
    score = found.own.get(criterion.code)
    at = desks.desk_of(db.session(), found, criterion, access.standing())
    return render_template(
        "reviews/show.html",
        bench=found,
        criterion=criterion,
        form=form,
        conflict=conflict,
        met=desks.as_fields(conflict, score),
        score=score,
        desk=at,
        notes=desks.notes(found, at),
        choices=marks.rubric(found.edition, not_applicable=claimed),
        show=_show(),
        before=found.neighbour(criterion.code, -1, _show()),
        after=found.neighbour(criterion.code, 1, _show()),
        next_open=found.next_open(criterion.code),
        figure=benches.figure,
        spoken=benches.spoken,
    )


def _show() -> str:
    """What the list of criteria shows, by the address."""
    wanted = request.args.get("show", "")
    return wanted if wanted in benches.SHOWS else benches.EVERYTHING


def _next_address(application: Application, code: str) -> str:
    """The next criterion of those the list shows, the same one where asked to stay, the finish after the last."""
    ref = application.ref
    kept: dict[str, Any] = {"show": _show() or None}
    if request.form.get("then") in {autosaves.STAY, autosaves.THEIRS}:
        return url_for("reviews.show", ref=ref, c=code, **kept)
    found = benches.bench(db.session(), application, access.me().id)
    after = found.neighbour(code, 1, _show())
    if after is not None:
        return url_for("reviews.show", ref=ref, c=after.code, **kept)
    return url_for("reviews.finish", ref=ref)
