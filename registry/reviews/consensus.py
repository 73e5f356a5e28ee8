"""Routes under /reviews/<ref>/consensus: all scores side by side; the lead reviewer records what is agreed."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from assessments import consensus
from assessments.errors import Conflict, Invalid
from assessments.models import AgreedScore, Application
from assessments.policy import Permission
from assessments.queries import consensus as questions
from assessments.queries import reliability
from assessments.queries.consensus import Row
from assessments.queries.marks import marks_before
from assessments.reviews import mark_of
from assessments.states import State
from registry import access, db, marks
from registry.i18n import translate
from registry.reviews import bench as benches
from registry.reviews.bench import Bench
from registry.reviews.forms import AgreementForm, PlainForm, RemarkForm

SIEVES: dict[str, Callable[[Row], bool]] = {  # what ?show= leaves on the list
    "open": lambda row: not row.settled,
    "apart": lambda row: not row.equal,
    "disputed": lambda row: row.disputed,
    "critical": lambda row: row.criterion.critical,
}

bp = Blueprint("consensus", __name__, url_prefix="/<ref>/consensus")


def _all(_row: Row) -> bool:
    return True


@bp.get("")
@access.on_application(Permission.REVIEW)
def index(application: Application) -> str:
    """Everybody's scores side by side, what is agreed, and the verdict that follows from it."""
    session = db.session()
    found = benches.common(session, application, access.me().id)
    shown = request.args.get("show", "")
    shown = shown if shown in SIEVES else ""
    sieve = SIEVES.get(shown, _all)
    every = [row for _group, rows in found.ordered(benches.settled(session, found)) for row in rows]
    return render_template(
        "reviews/consensus/index.html",
        bench=found,
        rows=[(group, kept) for group, rows in found.ordered(every) if (kept := [row for row in rows if sieve(row)])],
        counts={name: sum(map(one, every)) for name, one in SIEVES.items()},
        total=len(every),
        missing=sum(row.agreed is None for row in every),
        alike=sum(row.agreed is None and row.equal for row in every),
        shown=shown,
        next_open=next((row.criterion.code for row in every if not row.settled), ""),
        talked={code: len(said) for code, said in questions.remarks(session, application.id).items()},
        reliability=reliability.of_application(session, application.id),
        verdict=questions.verdict_on(found.edition, every, marks_before(session, application)),
        settling=benches.settling(found),
        form=PlainForm(),
        figure=benches.figure,
        spoken=benches.spoken,
    )


@bp.post("/equal")
@access.on_application(Permission.LEAD)
def agree_where_equal(application: Application) -> Any:
    """Take over what all reviewers say alike."""
    taken = consensus.agree_where_equal(db.session(), access.me(), application)
    db.commit()
    flash(
        ngettext("Đã ghi %(num)d điểm mọi người chấm như nhau.", "Đã ghi %(num)d điểm mọi người chấm như nhau.", taken)
    )
    return redirect(url_for("reviews.consensus.index", ref=application.ref))


@bp.get("/<code>")
@access.on_application(Permission.REVIEW)
def show(application: Application, code: str) -> str:
    """One criterion: all scores with their reasons, and the agreed score."""
    found = benches.common(db.session(), application, access.me().id)
    found.criterion(code)
    return _page(application, found, code)


@bp.post("/<code>")
@access.on_application(Permission.LEAD)
def agree(application: Application, code: str) -> Any:
    """Record the agreed score; two texts that meet are shown side by side, nothing is overwritten."""
    form = AgreementForm()
    if not form.validate():
        return _again(application, code, form, 422)
    agreed = consensus.Agreement(form.mark.data or "", form.reconciliation.data or "")
    try:
        consensus.agree(db.session(), access.me(), application, code, agreed, form.version.data or 0)
    except Invalid as refusal:
        form.mark.errors = [translate(refusal.message, **refusal.values)]
        return _again(application, code, form, 422)
    except Conflict as refusal:
        return _again(application, code, form, 409, refusal)
    db.commit()
    flash(_("Đã ghi điểm thống nhất của %(code)s.", code=code))
    return redirect(_next_address(application, code))


@bp.post("/<code>/remarks")
@access.on_application(Permission.REVIEW)
def remark(application: Application, code: str) -> Any:
    """Say something to the other reviewers about a criterion."""
    form = RemarkForm()
    if not form.validate():
        return _talk_again(application, code, form)
    try:
        consensus.remark(db.session(), access.me(), application, code, form.text.data or "")
    except Invalid as refusal:
        form.text.errors = [translate(refusal.message, **refusal.values)]
        return _talk_again(application, code, form)
    db.commit()
    return redirect(url_for("reviews.consensus.show", ref=application.ref, code=code, _anchor="talk"))


def _talk_again(application: Application, code: str, form: RemarkForm) -> Any:
    session = db.session()
    found = benches.common(session, application, access.me().id)
    found.criterion(code)
    stored = questions.agreed(session, application.id).get(code)
    return _page(application, found, code, _filled(stored), talk=form), 422


def _filled(stored: AgreedScore | None) -> AgreementForm:
    """The form with what is stored."""
    return AgreementForm(
        formdata=None,
        mark=mark_of(stored) if stored else "",
        reconciliation=stored.reconciliation if stored else "",
        version=stored.version if stored else 0,
    )


def _again(application: Application, code: str, form: AgreementForm, status: int, conflict: Any = None) -> Any:
    """The same page with what was typed; after a conflict saving again keeps one's own text."""
    session = db.session()
    found = benches.common(session, application, access.me().id)
    stored = questions.agreed(session, application.id).get(code)
    if conflict is not None and stored is not None:
        form.version.data, form.version.raw_data = stored.version, None
    return _page(application, found, code, form, conflict), status


def _page(
    application: Application,
    found: Bench,
    code: str,
    form: AgreementForm | None = None,
    conflict: Any = None,
    talk: RemarkForm | None = None,
) -> str:
    session = db.session()
    rows = {row.criterion.code: row for row in benches.settled(session, found)}
    claimed = bool(found.answer(code).get("not_applicable")) and found.criterion(code).na_allowed
    return render_template(
        "reviews/consensus/show.html",
        bench=found,
        row=rows[code],
        rows=rows,
        form=form or _filled(rows[code].agreed),
        conflict=conflict,
        settling=benches.settling(found),
        talking=application.state is State.CONSENSUS,
        talk=talk or RemarkForm(formdata=None),
        remarks=questions.remarks(session, application.id).get(code, []),
        settler=_settler(found, rows[code].agreed),
        next_open=_next_open(found, rows, code),
        choices=marks.rubric(found.edition, not_applicable=claimed),
        before=found.neighbour(code, -1),
        after=found.neighbour(code, 1),
        figure=benches.figure,
        spoken=benches.spoken,
    )


def _settler(found: Bench, agreed: AgreedScore | None) -> str:
    """The letter of who settled it last, "" for nobody and for who is not in the team any more."""
    return next((one.letter for one in found.team if agreed and one.reviewer_id == agreed.saved_by), "")


def _next_open(found: Bench, rows: Mapping[str, Row], code: str) -> str:
    """The next criterion after this one that is not settled, from the top again at the end; "" for none."""
    codes = [one.code for one in found.criteria]
    place = codes.index(code) + 1
    return next((one for one in (*codes[place:], *codes[: place - 1]) if not rows[one].settled), "")


def _next_address(application: Application, code: str) -> str:
    session = db.session()
    found = benches.common(session, application, access.me().id)
    if request.form.get("then") == "open":
        rows = {row.criterion.code: row for row in benches.settled(session, found)}
        if waiting := _next_open(found, rows, code):
            return url_for("reviews.consensus.show", ref=application.ref, code=waiting)
    after = found.neighbour(code, 1)
    if after is None:
        return url_for("reviews.consensus.index", ref=application.ref)
    return url_for("reviews.consensus.show", ref=application.ref, code=after.code)
