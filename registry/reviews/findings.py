"""Routes under /reviews/<ref>/findings: written, put to the vendor, closed one by one by the lead reviewer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from assessments import findings
from assessments.clock import today
from assessments.errors import Invalid, NotFound
from assessments.models import Application, Finding
from assessments.policy import Permission
from assessments.queries.findings import all_of, blocking, replies
from assessments.readiness import to_ask_correction
from assessments.states import Severity
from registry import access, db
from registry.i18n import lang, translate
from registry.reviews import bench as benches
from registry.reviews.bench import Bench
from registry.reviews.forms import SEVERITIES, ClosingForm, ConditionForm, FindingForm, PlainForm
from registry.templating import finding_text

Sieve = Callable[[Finding], bool]
SIEVES: dict[str, Sieve] = {  # what ?show= leaves on the list
    "open": lambda one: one.closed_at is None and one.condition_until is None,
    "major": lambda one: one.closed_at is None and one.severity is Severity.MAJOR,
    "answered": lambda one: one.closed_at is None and bool(one.answer.strip()),
    "conditions": lambda one: one.closed_at is None and one.condition_until is not None,
    "closed": lambda one: one.closed_at is not None,
}


@dataclass(frozen=True)
class Fault:
    """What was typed to one finding and could not be taken."""

    finding_id: UUID
    message: str
    typed: dict[str, str]


bp = Blueprint("findings", __name__, url_prefix="/<ref>/findings")


@bp.get("")
@access.on_application(Permission.REVIEW)
def index(application: Application) -> str:
    """Findings, open and closed, and a new one."""
    form = FindingForm(formdata=None, criterion=request.args.get("c", ""))
    return _page(application, _bench(application), form)


@bp.post("")
@access.on_application(Permission.LEAD)
def add(application: Application) -> Any:
    """Write a finding."""
    form, found = FindingForm(), _bench(application)
    _offer(form, found)
    if not form.validate():
        return _page(application, found, form), 422
    findings.raise_finding(db.session(), access.me(), application, form.criterion.data, _wording(form))
    return _done(application, _("Đã ghi phát hiện."))


@bp.get("/<uuid:finding_id>")
@access.on_application(Permission.LEAD)
def edit(application: Application, finding_id: UUID) -> str:
    """Change a finding before the vendor is asked."""
    one = _finding(application, finding_id)
    form = FindingForm(formdata=None, criterion=one.criterion, severity=one.severity.value, text=finding_text(one.text))
    return _form_page(application, one, form)


@bp.post("/<uuid:finding_id>")
@access.on_application(Permission.LEAD)
def reword(application: Application, finding_id: UUID) -> Any:
    """Keep the changed finding."""
    form, one = FindingForm(), _finding(application, finding_id)
    form.criterion.data = one.criterion
    _offer(form, _bench(application))
    if not form.validate():
        return _form_page(application, one, form), 422
    findings.reword(db.session(), access.me(), application, finding_id, _wording(form))
    return _done(application, _("Đã lưu phát hiện."))


@bp.post("/<uuid:finding_id>/close")
@access.on_application(Permission.LEAD)
def close(application: Application, finding_id: UUID) -> Any:
    """Close a finding, with a word on why."""
    note = ClosingForm().note.data or ""
    try:
        findings.close(db.session(), access.me(), application, finding_id, note)
    except Invalid as refusal:
        return _refused(application, finding_id, refusal)
    return _done(application, _("Đã đóng phát hiện."))


@bp.post("/<uuid:finding_id>/condition")
@access.on_application(Permission.LEAD)
def condition(application: Application, finding_id: UUID) -> Any:
    """Let a minor finding go along as a condition, or take that back."""
    until = None if request.form.get("then") == "drop" else ConditionForm().until.data or today()
    try:
        findings.make_condition(db.session(), access.me(), application, finding_id, until)
    except Invalid as refusal:
        return _refused(application, finding_id, refusal)
    return _done(application, _("Đã ghi thành điều kiện.") if until else _("Đã bỏ điều kiện."))


@bp.post("/<uuid:finding_id>/reopen")
@access.on_application(Permission.LEAD)
def reopen(application: Application, finding_id: UUID) -> Any:
    """Open a closed finding again."""
    findings.reopen(db.session(), access.me(), application, finding_id)
    return _done(application, _("Đã mở lại phát hiện."))


@bp.post("/ask")
@access.on_application(Permission.LEAD)
def ask(application: Application) -> Any:
    """Put the open findings to the vendor."""
    findings.ask_correction(db.session(), access.me(), application)
    return _done(application, _("Đã gửi các phát hiện cho nhà cung cấp."))


def _refused(application: Application, finding_id: UUID, refusal: Invalid) -> Any:
    """The page again with what was typed to one finding and why it was not taken."""
    db.session().rollback()
    typed = {"note": request.form.get("note", ""), "until": request.form.get("until", "")}
    fault = Fault(finding_id, translate(refusal.message, **refusal.values), typed)
    return _page(application, _bench(application), FindingForm(formdata=None), fault), 422


def _bench(application: Application) -> Bench:
    return benches.common(db.session(), application, access.me().id)


def _page(application: Application, found: Bench, form: FindingForm, fault: Fault | None = None) -> str:
    session = db.session()
    _offer(form, found)
    everything = all_of(session, application.id)
    sifted = {name: [one for one in everything if wanted(one)] for name, wanted in SIEVES.items()}
    shown = request.args.get("show", "")
    return render_template(
        "reviews/findings/index.html",
        bench=found,
        form=form,
        findings=sorted(sifted.get(shown, everything), key=lambda one: one.closed_at is not None),
        shown=shown if shown in SIEVES else "",
        sifted={name: len(found_) for name, found_ in sifted.items()},
        total=len(everything),
        replies=replies(session, application.id),
        blocking=len(blocking(session, application.id)),
        fault=fault,
        severities=SEVERITIES,
        missing=to_ask_correction(session, application),
        open_count=sum(one.closed_at is None and one.condition_until is None for one in everything),
        closing=ClosingForm(formdata=None),
        condition=ConditionForm(formdata=None),
        settling=benches.settling(found),
        button=PlainForm(formdata=None),
    )


def _form_page(application: Application, one: Finding, form: FindingForm) -> str:
    found = _bench(application)
    _offer(form, found)
    criterion = found.criterion(one.criterion)
    return render_template("reviews/findings/edit.html", bench=found, finding=one, criterion=criterion, form=form)


def _offer(form: FindingForm, found: Bench) -> None:
    """Name the criteria that apply."""
    form.criterion.choices = [(one.code, f"{one.code} {one.title.get(lang())}") for one in found.criteria]


def _wording(form: FindingForm) -> findings.Wording:
    return findings.Wording(Severity(form.severity.data), form.text.data or "")


def _finding(application: Application, finding_id: UUID) -> Finding:
    for one in all_of(db.session(), application.id):
        if one.id == finding_id:
            return one
    raise NotFound


def _done(application: Application, words: str) -> Any:
    db.commit()
    flash(words)
    return redirect(url_for("reviews.findings.index", ref=application.ref))
