"""Routes under /calibrations: what to score, the scoring, the comparison; for the office the bar and the results."""

from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from assessments import calibrations as verbs
from assessments.errors import N_, Conflict, Invalid, NotFound, NotReady, Refused, WrongState
from assessments.models import CalibrationAttempt
from assessments.people import Role
from assessments.queries import calibrations, reliability
from assessments.queries.people import people
from criteria import calibration, store
from registry import access, db, editions, marks
from registry.calibrations import desk as desks
from registry.calibrations.desk import Desk
from registry.calibrations.forms import BarForm, PlainForm, ScoreForm
from registry.i18n import translate
from registry.templating import bi, number, second

bp = Blueprint("calibrations", __name__, url_prefix="/calibrations")

FILE = "/<edition_id>/<file>"
SAID: dict[type[Refused], tuple[str, int]] = {
    Conflict: ("conflict", 409),
    WrongState: ("locked", 409),
    Invalid: ("invalid", 422),
    NotFound: ("gone", 404),
}


@bp.get("")
@access.role(Role.REVIEWER, Role.COORDINATOR)
def index() -> str:
    """What a reviewer has to do and why; for the office also the bar and everybody's results."""
    return _index()


@bp.post("/<edition_id>/bar")
@access.role(Role.COORDINATOR)
def set_bar(edition_id: str) -> Any:
    """Set the bar from now on."""
    form = BarForm()
    if not form.validate():
        return _index(form), 422
    try:
        verbs.set_bar(db.session(), access.me(), edition_id, form.bar())
    except Invalid as refusal:
        form.files.errors = [translate(refusal.message, **refusal.values)]
        return _index(form), 422
    db.commit()
    flash(_("Đã đặt mức phải qua. Kết quả của những lần chấm trước giữ nguyên."))
    return redirect(url_for("calibrations.index"))


@bp.post(FILE)
@access.role(Role.REVIEWER)
def begin(edition_id: str, file: str) -> Any:
    """Begin an attempt, or go on with the one that is open."""
    verbs.begin(db.session(), access.me(), edition_id, file)
    db.commit()
    return redirect(url_for("calibrations.show", edition_id=edition_id, file=file))


@bp.get(FILE)
@access.role(Role.REVIEWER)
def show(edition_id: str, file: str) -> Any:
    """The file to be scored; back to the list while no attempt is open."""
    found = desks.file_of(edition_id, file)
    attempt = _open(edition_id, found.name)
    if attempt is None:
        return redirect(url_for("calibrations.index", _anchor=found.name))
    at = desks.desk(db.session(), attempt)
    code = at.sample(request.args.get("c", "")).criterion.code
    stored = at.given.get(code)
    marking = verbs.marking_of(stored) if stored else verbs.Marking()
    return _page(at, code, ScoreForm(formdata=None, version=stored.version if stored else 0, **marking.fields()))


@bp.post(f"{FILE}/scores/<code>")
@access.role(Role.REVIEWER)
def save(edition_id: str, file: str, code: str) -> Any:
    """Keep one score; two texts that meet are shown side by side, nothing is overwritten."""
    form, attempt = ScoreForm(), _attempt(edition_id, file)
    if not form.validate():
        return _again(attempt, code, form, 422)
    try:
        verbs.save_score(db.session(), access.me(), attempt, code, form.marking(), form.version.data or 0)
    except Invalid as refusal:
        form.mark.errors = [translate(refusal.message, **refusal.values)]
        return _again(attempt, code, form, 422)
    except Conflict as refusal:
        return _again(attempt, code, form, 409, refusal)
    db.commit()
    flash(_("Đã lưu %(code)s.", code=code))
    return redirect(_next_address(attempt, code))


@bp.post(f"{FILE}/scores/<code>/draft")
@access.role(Role.REVIEWER)
def autosave(edition_id: str, file: str, code: str) -> Any:
    """Save what is typed so far."""
    form = ScoreForm()
    if not form.validate():
        return jsonify(state="invalid", message=next(iter(form.errors.values()))[0]), 422
    try:
        attempt = _attempt(edition_id, file)
        saved = verbs.save_score(db.session(), access.me(), attempt, code, form.marking(), form.version.data or 0)
    except tuple(SAID) as refusal:
        state, status = SAID[type(refusal)]
        return jsonify(state=state, message=translate(refusal.message, **refusal.values)), status
    db.commit()
    return jsonify(state="saved", at=second(saved.saved_at), fields={"version": str(saved.version)})


@bp.get(f"{FILE}/finish")
@access.role(Role.REVIEWER)
def finish(edition_id: str, file: str) -> str:
    """What is missing, or the one question before the agreed scores are shown."""
    attempt = _attempt(edition_id, file)
    at = desks.desk(db.session(), attempt)
    return _finish_page(at, verbs.gaps(db.session(), attempt, at.file))


@bp.post(f"{FILE}/finish")
@access.role(Role.REVIEWER)
def end(edition_id: str, file: str) -> Any:
    """Finish the attempt and show how it went."""
    session, attempt = db.session(), _attempt(edition_id, file)
    try:
        verbs.finish(session, access.me(), attempt)
    except NotReady as refusal:
        return _finish_page(desks.desk(session, attempt), refusal.missing), 422
    number_ = attempt.number
    db.commit()
    return redirect(url_for("calibrations.result", edition_id=edition_id, file=file, number=number_))


@bp.get(f"{FILE}/results/<int:number>")
@access.role(Role.REVIEWER)
def result(edition_id: str, file: str, number: int) -> str:
    """A finished attempt beside the agreed scores; never while an attempt at the same file is open."""
    session, found = db.session(), desks.file_of(edition_id, file)
    mine = calibrations.attempts_at(session, edition_id, file, access.me().id)
    if any(one.finished_at is None for one in mine):
        raise WrongState(N_("Điểm mẫu hiện ra sau khi bạn kết thúc lần chấm đang mở của hồ sơ này."))
    attempt = next((one for one in mine if one.number == number), None)
    if attempt is None:
        raise NotFound
    standing = calibrations.standings(session, edition_id, [access.me().id])[access.me().id]
    return render_template(
        "calibrations/result.html",
        edition=store.load(edition_id),
        file=found,
        attempt=attempt,
        rows=calibrations.compared(found, calibrations.scores_of(session, attempt)),
        bar=calibrations.bar_of(session, edition_id),
        standing=standing,
        others=[one for one in desks.tried(session, edition_id, access.me().id) if not one.spent],
        form=PlainForm(),
        figure=marks.figure,
        spoken=marks.spoken,
    )


@bp.get(f"{FILE}/evidence/<name>")
@access.role(Role.REVIEWER, Role.COORDINATOR)
def evidence(edition_id: str, file: str, name: str) -> Response:
    """A piece of made-up evidence, shown in place."""
    found = desks.file_of(edition_id, file).exhibit(name)
    if found is None:
        raise NotFound
    response = Response(found.path.read_bytes(), mimetype=found.media_type)
    response.headers["Content-Disposition"] = f'inline; filename="{found.name}"'
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _index(form: BarForm | None = None) -> str:
    session, me = db.session(), access.me()
    edition = editions.current()
    office = Role.COORDINATOR in me.roles
    reviewer = Role.REVIEWER in me.roles
    bar = calibrations.bar_of(session, edition.id)
    set_before = calibrations.bars(session, edition.id) if office else []
    return render_template(
        "calibrations/index.html",
        edition=edition,
        bar=bar,
        office=office,
        reviewer=reviewer,
        tried=desks.tried(session, edition.id, me.id) if reviewer else [],
        standing=calibrations.standings(session, edition.id, [me.id])[me.id] if reviewer else None,
        deviation=reliability.deviations(session, edition.id, [me.id]).get(me.id) if reviewer else None,
        results=desks.results(session, edition.id) if office else [],
        bars=set_before,
        names={one.name: bi(one.product) for one in calibration.files(edition.id)},
        setters=people(session, {one.set_by for one in set_before}),
        form=form or _bar_form(bar.max_deviation, bar.min_within, bar.files),
        button=PlainForm(formdata=None),
    )


def _bar_form(max_deviation: float, min_within: int, files: int) -> BarForm:
    return BarForm(formdata=None, max_deviation=number(max_deviation), min_within=min_within, files=files)


def _open(edition_id: str, file: str) -> CalibrationAttempt | None:
    mine = calibrations.attempts_at(db.session(), edition_id, file, access.me().id)
    return next((one for one in mine if one.finished_at is None), None)


def _attempt(edition_id: str, file: str) -> CalibrationAttempt:
    """The open attempt; refuses an unknown file (NotFound) and one nobody is at (WrongState)."""
    attempt = _open(edition_id, desks.file_of(edition_id, file).name)
    if attempt is None:
        raise WrongState(N_("Lần chấm thử này đã kết thúc nên không sửa được nữa."))
    return attempt


def _again(attempt: CalibrationAttempt, code: str, form: ScoreForm, status: int, conflict: Any = None) -> Any:
    """The same page with what was typed; after a conflict saving again keeps one's own text."""
    at = desks.desk(db.session(), attempt)
    stored = at.given.get(code)
    if conflict is not None and stored is not None:
        form.version.data, form.version.raw_data = stored.version, None
    return _page(at, at.sample(code).criterion.code, form, conflict), status


def _page(at: Desk, code: str, form: ScoreForm, conflict: Any = None) -> str:
    sample = at.sample(code)
    return render_template(
        "calibrations/show.html",
        desk=at,
        sample=sample,
        pieces=desks.pieces(at.edition, at.file, sample),
        form=form,
        conflict=conflict,
        choices=marks.rubric(at.edition),
        before=at.neighbour(code, -1),
        after=at.neighbour(code, 1),
        score=at.given.get(code),
        figure=marks.figure,
        spoken=marks.spoken,
    )


def _finish_page(at: Desk, missing: Any) -> str:
    return render_template("calibrations/finish.html", desk=at, missing=missing, form=PlainForm())


def _next_address(attempt: CalibrationAttempt, code: str) -> str:
    """The next criterion, the same one where asked to stay, the finish after the last."""
    place: dict[str, Any] = {"edition_id": attempt.edition_id, "file": attempt.file}
    if request.form.get("then") == "stay":
        return url_for("calibrations.show", **place, c=code)
    after = desks.desk(db.session(), attempt).neighbour(code, 1)
    return url_for("calibrations.show", **place, c=after) if after else url_for("calibrations.finish", **place)
