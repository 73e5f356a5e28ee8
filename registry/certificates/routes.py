"""Routes of certificates: the public check (/verify, /c/<number>), and the office's list and changes."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from assessments import certificates
from assessments.certificates import CONFIRM_DAYS, Change
from assessments.clock import now, today
from assessments.errors import Invalid, NotFound
from assessments.models import Certificate
from assessments.numbers import Reading
from assessments.people import Role
from assessments.policy import Permission, Standing, allows
from assessments.queries import certificates as queries
from assessments.queries import credentials, publications, surveillance
from assessments.queries.renewals import STANDING
from assessments.queries.standings import standing_of
from assessments.states import CertificateAction, CertificateStatus
from criteria import store
from registry import access, db
from registry.certificates import conditions, machine, paper_routes, past, previews, reductions, terminations, words
from registry.certificates.drafts import drafted, late
from registry.certificates.forms import WITHDRAW, AgreeForm, ChangeForm, DisagreeForm, SuspendForm
from registry.certificates.pictures import qr
from registry.certificates.standing import Answer, Shown, answer, shown_of
from registry.forms import Form
from registry.i18n import lang, translate
from registry.links import absolute
from registry.log import standing as logged
from registry.previews import preview_of
from registry.security import HEADERS

bp = Blueprint("certificates", __name__)
for nested in (conditions.bp, paper_routes.bp, previews.bp, reductions.bp, terminations.bp):
    bp.register_blueprint(nested)

CAMERA = HEADERS["Permissions-Policy"].replace(
    "camera=()", "camera=(self)"
)  # on the page that reads codes, and on no other
OFFICE = (Role.COORDINATOR, Role.DECIDER, Role.AUDITOR)
Page = str | tuple[str, int] | Response


# --- the public ---


@bp.get("/verify")
@access.public
def verify() -> Page:
    """The form, and what a typed number leads to."""
    typed = request.args.get("number", "").strip()
    if not typed:
        response = make_response(render_template("certificates/verify.html", answer=None, typed="", now=now()))
        response.headers["Permissions-Policy"] = CAMERA
        return response
    found = answer(db.session(), typed)
    if found.shown is not None:
        return _certificate(found)
    return _nothing(found, 404 if found.read.reading is Reading.NUMBER else 422)


@bp.get("/c/<number>")
@access.public
def show(number: str) -> Page:
    """One certificate: its status first. Another spelling leads to the canonical one; scheduled ones are not found."""
    found = answer(db.session(), number)
    if found.read.number and found.read.number != number:
        return redirect(url_for("certificates.show", number=found.read.number, as_of=request.args.get("as_of")))
    if found.shown is not None and (asked := past.read(request.args, found.shown)):
        return past.page(asked, found.shown, _drawn(found.shown))
    return _certificate(found) if found.shown is not None else _nothing(found, 404)


@bp.get("/c/<number>.json")
@access.public
def data(number: str) -> Response:
    """The same for machines; the keys are described in machine.py. Any site may read it."""
    found = answer(db.session(), number)
    if found.read.number and found.read.number != number:
        return redirect(url_for("certificates.data", number=found.read.number, as_of=request.args.get("as_of")))
    if found.shown is None:
        response = jsonify({"format": 1, "number": found.read.number, "status": "not_found"})
        response.status_code = 404
        response.headers["Cache-Control"] = "no-store"
    elif asked := past.read(request.args, found.shown):
        response = past.data(asked, found.shown)
    else:
        signed = credentials.newest(db.session(), found.shown.certificate.id)
        url = absolute("certificates.show", number=found.read.number)
        response = jsonify(machine.described(found.shown, url, signed))
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _certificate(found: Answer) -> str:
    assert found.shown is not None  # noqa: S101  both callers have looked
    signed, trusted = credentials.newest_and_trusted(db.session(), found.shown.certificate.id)
    return render_template(
        "certificates/show.html",
        shown=found.shown,
        signed=signed,
        signed_anew=not trusted,
        now=now(),
        typed=found.typed,
        **_drawn(found.shown),
    )


def _drawn(shown: Shown) -> dict[str, Any]:
    """The address of the page of today, the same as a picture, and its place in the log."""
    address = absolute("certificates.show", lang(), number=shown.certificate.number)
    found = logged.of_certificate(db.session(), shown.certificate.id)
    preview = preview_of(shown.certificate.number, shown.status, shown.profile.name(lang()))
    return {"address": address, "qr": qr(address), "logged": found, "preview": preview}


def _nothing(found: Answer, code: int) -> Response:
    response = make_response(
        render_template(
            "certificates/verify.html", answer=found, typed=found.typed, search=_looked_for(found.typed), now=now()
        ),
        code,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _looked_for(typed: str) -> str:
    """What to look for among the products: of a pasted address its last part, in words."""
    return typed.rstrip("/").rpartition("/")[2].replace("-", " ") if "/" in typed else typed


# --- the office ---


@bp.get("/certificates")
@access.role(*OFFICE)
def index() -> str:
    """Every certificate, newest first, by status."""
    session, day = db.session(), today()
    wanted = request.args.get("status", "")
    status = CertificateStatus(wanted) if wanted in set(CertificateStatus) else None
    rows = queries.list_of(session, day, status, request.args.get("after", ""))
    return render_template(
        "certificates/index.html",
        rows=rows[: queries.PAGE],
        after=rows[queries.PAGE - 1].certificate.number if len(rows) > queries.PAGE else "",
        counts=queries.counts(session, day),
        chosen=status,
        statuses=words.STATUSES,
        unpublished=publications.count_waiting(session, of_certificates=True),
    )


@bp.get("/certificates/<number>")
@access.role(*OFFICE)
def office(number: str) -> str:
    """One certificate with its history and, for deciders, what can be changed."""
    return _office(number)


@bp.post("/certificates/<number>/suspend")
@access.role(Role.DECIDER)
def suspend(number: str) -> Page:
    """Suspend at once."""
    form = SuspendForm()
    if form.validate():
        change = Change(
            form.reason_vi.data or "",
            form.reason_en.data or "",
            form.condition_vi.data or "",
            form.condition_en.data or "",
            form.restore_by.data,
        )
        try:
            certificates.suspend(db.session(), access.me(), number, change)
        except Invalid as refusal:  # the date: the only thing the form cannot judge
            form.restore_by.errors = [translate(refusal.message, **refusal.values)]
            return _office(number, suspend_form=form), 422
        db.commit()
        flash(
            _(
                "Đã tạm đình chỉ giấy %(number)s. Cần người thứ hai xác nhận trong %(n)d ngày.",
                number=number,
                n=CONFIRM_DAYS,
            )
        )
        return _back(number)
    return _office(number, suspend_form=form), 422


@bp.post("/certificates/<number>/propose")
@access.role(Role.DECIDER)
def propose(number: str) -> Page:
    """Propose to reinstate or to withdraw."""
    form = ChangeForm()
    if not form.validate():
        return _office(number, change_form=form), 422
    change = Change(form.why_vi.data or "", form.why_en.data or "")
    certificates.propose(db.session(), access.me(), number, CertificateAction(form.action.data), change)
    db.commit()
    flash(_("Đã gửi đề xuất. Giấy chỉ thay đổi khi người thứ hai đồng ý."))
    return _back(number)


@bp.post("/certificates/<number>/confirm")
@access.role(Role.DECIDER)
def confirm(number: str) -> Page:
    """Agree with the change that waits."""
    form = AgreeForm()
    if not form.validate():
        abort(400)
    certificates.confirm(db.session(), access.me(), number, form.event.data or 0)
    db.commit()
    flash(_("Đã xác nhận. Trang công khai của giấy %(number)s đã đổi theo.", number=number))
    return _back(number)


@bp.post("/certificates/<number>/dismiss")
@access.role(Role.DECIDER)
def dismiss(number: str) -> Page:
    """Disagree with the change that waits."""
    form = DisagreeForm()
    if not form.validate():
        return _office(number, dismiss_form=form), 422
    certificates.dismiss(db.session(), access.me(), number, form.event.data or 0, form.note.data or "")
    db.commit()
    flash(_("Đã ghi ý kiến không đồng ý."))
    return _back(number)


def _office(number: str, **forms: Form) -> str:
    session, me = db.session(), access.me()
    certificate = queries.certificate_by_number(session, number)
    if certificate is None:
        raise NotFound
    file = queries.file_of(session, certificate)
    standing = standing_of(session, me, file.application)
    named = standing.free and bool({Role.COORDINATOR, Role.DECIDER} & standing.roles)
    reads = named or allows(standing, Permission.AUDIT)
    shown = shown_of(session, certificate)
    return render_template(
        "certificates/office.html",
        file=file,
        named=named,
        reads=reads,
        asks_audit=not reads and allows(standing, Permission.JOIN_AUDIT),
        called=lambda person_id: file.names[person_id] if named else _("hội đồng"),
        shown=shown,
        standing=standing,
        may_read_minutes=allows(standing, Permission.MINUTES),
        may_follow_up=allows(standing, Permission.FOLLOW_UP),
        mine=[event.number for event in file.events if event.decided_by == me.id],
        overdue=[event.number for event in file.events if queries.is_overdue(event, today())],
        timeline=words.timeline(file.timeline, named=named) if reads else [],
        unpublished=certificate.published_at is None and certificate.valid_from <= today(),
        form=next(iter(forms.values()), None),
        latest=_latest_restoring(certificate),
        surveillance=surveillance.of_certificate(session, certificate.id) if reads else [],
        may_reduce=allows(standing, Permission.DECIDE) and shown.status in STANDING,
        status_word=words.status_word,
        **_possible(file, standing, forms),
    )


def _possible(file: queries.File, standing: Standing, forms: dict[str, Form]) -> dict[str, Any]:
    """The forms of what this person may do now; the others are none."""
    status = queries.status(file.certificate, today())
    waiting = queries.waiting(file.events)
    decides = allows(standing, Permission.DECIDE)
    stands = waiting is None or certificates.stands(db.session(), file.application, waiting)
    quiet = decides and (waiting is None or not (stands or waiting.action is CertificateAction.SUSPEND))
    own = waiting is not None and waiting.decided_by == access.me().id
    change = forms.get("change_form") or drafted(file, today())
    if isinstance(change, ChangeForm) and status is not CertificateStatus.SUSPENDED:
        change.action.choices = [WITHDRAW]
    living = {CertificateStatus.SCHEDULED, CertificateStatus.ACTIVE, CertificateStatus.SUSPENDED}
    active = status is CertificateStatus.ACTIVE
    return {
        "waiting": waiting if standing.free else None,
        "stands": stands,
        "suspend_form": (forms.get("suspend_form") or SuspendForm(formdata=None)) if quiet and active else None,
        "late": late(file, today()) if decides else None,
        "change_form": change if quiet and status in living else None,
        "dismiss_form": (forms.get("dismiss_form") or DisagreeForm(formdata=None))
        if decides and waiting is not None and not own
        else None,
        "ask_first": Role.DECIDER in standing.roles and standing.free and standing.declared is None,
    }


def _latest_restoring(certificate: Certificate) -> date:
    months = store.load(certificate.edition_id).periods.suspension_max_months
    return certificates.months_after(today(), months)


def _back(number: str) -> Response:
    return redirect(url_for("certificates.office", number=number))
