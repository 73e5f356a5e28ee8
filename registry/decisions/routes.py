"""Routes under /decisions: the committee's queue, the question before a file, the file, and the steps of two people."""

from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from assessments import decisions, declarations
from assessments.clock import today
from assessments.errors import Invalid, NotFound
from assessments.models import Application
from assessments.people import InterestKind, Part, Role
from assessments.policy import Permission, allows, require
from assessments.queries import committee, conditions
from assessments.queries import decisions as queries
from assessments.queries import minutes as minutes_queries
from assessments.queries.committee import Waits
from assessments.queries.declarations import question_of
from assessments.queries.findings import going_along
from assessments.queries.history import TimelineRow
from assessments.queries.notes import of_team
from criteria import store
from registry import access, db, marks, storage, timeline
from registry.accounts.words import INTERESTS
from registry.decisions.arithmetic import arithmetic_of
from registry.decisions.forms import (
    NONE,
    UNSURE,
    ConfirmForm,
    DeclareForm,
    NoticeForm,
    ProposeForm,
    RejectForm,
    SendBackForm,
    StandAsideForm,
    rows_for,
)
from registry.decisions.measures import MeasureForm
from registry.decisions.oddities import oddities
from registry.documents.attachment import attachment
from registry.forms import Form, sent
from registry.i18n import translate, words
from registry.issuing import bodies
from registry.measured import to_publish

bp = Blueprint("decisions", __name__, url_prefix="/decisions")

Page = str | tuple[str, int] | Response
RETRY_SECONDS = 20


@bp.get("")
@access.role(Role.DECIDER)
def index() -> str:
    """Files in decision with what each waits for, and those decided last."""
    session, me = db.session(), access.me()
    return render_template(
        "decisions/index.html",
        queue=committee.queue(session, me),
        decided=committee.decided(session, me),
        overdue=conditions.overdue_count(session, today()),
        Waits=Waits,
    )


@bp.get("/<ref>/declare")
@access.on_application(Permission.JOIN_DECISION)
def declare(application: Application) -> str:
    """The question of interests, before the file opens."""
    return _question(application, DeclareForm())


@bp.post("/<ref>/declare")
@access.on_application(Permission.JOIN_DECISION)
def say(application: Application) -> Page:
    """Take the answer: the file opens, stays closed, or waits for the coordinator."""
    form = DeclareForm()
    if not form.validate():
        return _question(application, form), 422
    note = form.note.data or ""
    if form.answer.data == UNSURE:
        declarations.ask(db.session(), access.me(), application, note)
        db.commit()
        flash(_("Đã hỏi điều phối viên. Hồ sơ mở ra khi bạn trả lời được câu hỏi."))
        return redirect(url_for("decisions.index"))
    free = form.answer.data == NONE
    kind = None if free else InterestKind(form.kind.data)
    try:
        declarations.declare(db.session(), access.me(), application, not free, kind, note)
    except Invalid as refusal:
        form.note.errors = [translate(refusal.message, **refusal.values)]
        return _question(application, form), 422
    db.commit()
    if free:
        return redirect(_next(application))
    flash(_("Đã ghi: bạn không tham gia hồ sơ %(ref)s.", ref=application.ref))
    return redirect(url_for("decisions.index"))


@bp.get("/<ref>")
@access.on_application(Permission.JOIN_DECISION)
def show(application: Application) -> Page:
    """The file on one page; whoever has not been asked about interests is asked first."""
    if access.standing().declared is None:
        return redirect(url_for("decisions.declare", ref=application.ref))
    require(access.standing(), Permission.DECIDE)
    return _page(application)


@bp.get("/<ref>/criteria/<code>")
@access.on_application(Permission.DECIDE)
def criterion(application: Application, code: str) -> str:
    """One criterion whole: what the company says and shows, every reviewer's reasons, and the notes."""
    file = queries.file_of(db.session(), application)
    codes = [one.code for _group, criteria in file.edition.by_group() for one in criteria if one.code in file.agreed]
    if code not in codes:
        raise NotFound
    place = codes.index(code)
    return render_template(
        "decisions/criterion.html",
        file=file,
        criterion=file.edition.criterion(code),
        earlier=codes[place - 1] if place else "",
        later=codes[place + 1] if place + 1 < len(codes) else "",
        mark_word=marks.short,
        notes=of_team(db.session(), file.reviews, access.me().id),
    )


@bp.post("/<ref>/propose")
@access.on_application(Permission.PROPOSE)
def propose(application: Application) -> Page:
    """Propose what the committee decides."""
    form = _offer(application)
    if not form.validate():
        return _page(application, Forms(propose=form)), 422
    try:
        made = decisions.propose(db.session(), access.me(), application, form.proposing())
    except Invalid as refusal:  # a condition: its day depends on when the result is announced; or what a measure needs
        db.session().rollback()
        form.form_errors.append(translate(refusal.message, **refusal.values))
        return _page(application, Forms(propose=form)), 422
    db.commit()
    flash(
        _("Đã gửi đề xuất, khác với kết quả tính. Người khác của hội đồng sẽ đọc và trả lời.")
        if made.departs
        else _("Đã gửi đề xuất. Người khác của hội đồng sẽ đọc và trả lời.")
    )
    return _back(application)


@bp.post("/<ref>/notice")
@access.on_application(Permission.PROPOSE)
def notice(application: Application) -> Page:
    """Tell the vendor before a decline."""
    form = NoticeForm()
    if not form.validate():
        return _page(application, Forms(notice=form)), 422
    reasons = (form.notice_vi.data or "", form.notice_en.data or "")
    decisions.give_notice(db.session(), access.me(), application, form.number.data or 0, reasons)
    db.commit()
    flash(_("Đã gửi thông báo dự kiến. Hồ sơ trở lại hội đồng khi nhà cung cấp trả lời hoặc hết hạn."))
    return _back(application)


@bp.post("/<ref>/confirm")
@access.on_application(Permission.CONFIRM)
def confirm(application: Application) -> Page:
    """Agree: this is the decision."""
    form = ConfirmForm()
    if not form.validate():
        abort(400)
    issuer = bodies.issuer(db.session())
    decision = decisions.confirm(db.session(), access.me(), application, form.number.data or 0, issuer)
    db.commit()
    flash(
        _("Đã quyết định. Nhà cung cấp được báo qua email.")
        if decision
        else _("Đã ghi bạn đồng ý. Hồ sơ chờ thành viên khác trả lời.")
    )
    return _back(application)


@bp.post("/<ref>/reject")
@access.on_application(Permission.CONFIRM)
def reject(application: Application) -> Page:
    """Disagree, and say why."""
    form = RejectForm()
    if not form.validate():
        return _page(application, Forms(reject=form)), 422
    decisions.reject(db.session(), access.me(), application, form.number.data or 0, form.why.data or "")
    db.commit()
    flash(_("Đã ghi ý kiến không đồng ý. Hồ sơ chờ đề xuất mới."))
    return _back(application)


@bp.post("/<ref>/send-back")
@access.on_application(Permission.PROPOSE)
def send_back(application: Application) -> Page:
    """Return the file to the reviewers."""
    form = SendBackForm()
    if not form.validate():
        return _page(application, Forms(send_back=form)), 422
    decisions.send_back(db.session(), access.me(), application, form.unclear.data or "")
    db.commit()
    flash(_("Đã trả hồ sơ %(ref)s về nhóm đánh giá.", ref=application.ref))
    return redirect(url_for("decisions.index"))


@bp.post("/<ref>/stand-aside")
@access.on_application(Permission.DECIDE)
def stand_aside(application: Application) -> Page:
    """Declare an interest after all; the file closes for this person."""
    form = StandAsideForm()
    if not form.validate():
        return _page(application, Forms(aside=form)), 422
    kind = InterestKind(form.kind.data)
    decisions.stand_aside(db.session(), access.me(), application, kind, form.remark.data or "")
    db.commit()
    flash(_("Đã ghi: bạn không tham gia hồ sơ %(ref)s.", ref=application.ref))
    return redirect(url_for("decisions.index"))


@bp.get("/<ref>/minutes/<int:number>.pdf")
@access.on_application(Permission.MINUTES)
def minutes(application: Application, number: int) -> Response:
    """The minutes of a decision, without names for an auditor; or that the worker is still making them."""
    found = minutes_queries.numbered(db.session(), application.id, number)
    if found is None:
        raise NotFound
    kept = found.masked_sha256 if access.standing().part is Part.AUDITOR else found.sha256
    if kept is None:
        waiting = make_response(render_template("decisions/minutes.html", application=application, number=number), 202)
        waiting.headers["Retry-After"] = str(RETRY_SECONDS)
        return waiting
    with storage.read(kept) as source:
        return attachment(source.read(), f"{application.ref}-minutes-{number}.pdf", "application/pdf")


@dataclass
class Forms:
    """The forms of the page; the one that came back with faults keeps what was typed."""

    propose: ProposeForm | MeasureForm | None = None
    notice: NoticeForm | None = None
    reject: RejectForm | None = None
    send_back: SendBackForm | None = None
    aside: StandAsideForm | None = None
    faulty: Form | None = field(init=False)

    def __post_init__(self) -> None:
        given = (self.propose, self.notice, self.reject, self.send_back, self.aside)
        self.faulty = next((form for form in given if form is not None), None)


def _page(application: Application, forms: Forms | None = None) -> str:
    """The decision page; after the decision it only reads."""
    file = queries.file_of(db.session(), application)
    forms = forms or Forms()
    return render_template(
        "decisions/show.html",
        file=file,
        odds=oddities(file),
        sums=arithmetic_of(file),
        figures=to_publish(file.submission.content["profile"], file.text.measured) if file.text else [],
        timeline=timeline.for_committee(file.timeline, lambda row: _who(file, row)),
        form=forms.faulty,
        mark_word=marks.short,
        today=today(),
        Waits=Waits,
        **_forms(file, forms),
    )


def _forms(file: queries.DecisionFile, forms: Forms) -> dict[str, Any]:
    """The forms this person may use now, filled in; the others are none."""
    standing, waits = access.standing(), file.waits
    may_propose, may_confirm = allows(standing, Permission.PROPOSE), allows(standing, Permission.CONFIRM)
    own = file.proposal is not None and file.proposal.proposer_id == access.me().id
    counts = not file.conflicted  # else the file can only go back
    answered = file.tally.has_voted(access.me().id)
    blank = {"formdata": None}
    return {
        "own": own,
        "may_confirm": may_confirm,
        "answered": answered,
        "propose_form": (forms.propose or _offer(file.application, file, blank=True))
        if waits is Waits.PROPOSAL and may_propose and counts
        else None,
        "notice_form": (forms.notice or _notice(file)) if waits is Waits.NOTICE and own and counts else None,
        "reject_form": (forms.reject or RejectForm(**blank))
        if waits is Waits.SECOND_PERSON and may_confirm and not answered
        else None,
        "send_back_form": (forms.send_back or SendBackForm(**blank))
        if may_propose and waits in {Waits.PROPOSAL, Waits.NOTICE, Waits.SECOND_PERSON} and (own or not file.proposal)
        else None,
        "aside_form": (forms.aside or StandAsideForm(**blank)) if waits is not Waits.NOTHING else None,
    }


def _offer(
    application: Application, file: queries.DecisionFile | None = None, *, blank: bool = False
) -> ProposeForm | MeasureForm:
    """The form of a proposal with its choices; of a surveillance it is about the certificate that stands."""
    file = file or queries.file_of(db.session(), application)
    if file.surveyed is not None:
        found = MeasureForm(formdata=None) if blank else MeasureForm()
        return found.offer(file.surveyed, file.edition)
    verdict = file.verdict
    form = ProposeForm(formdata=None, data={"conditions": rows_for(file.findings)}) if blank else ProposeForm()
    computed = verdict.level.code if verdict.level else ""
    offered = [one.text for one in going_along(file.findings)]
    return form.offer(store.load(application.edition_id), computed, words(), offered)


def _notice(file: queries.DecisionFile) -> NoticeForm:
    proposal = file.proposal
    reasons = (proposal.reasons_vi, proposal.reasons_en) if proposal else ("", "")
    return NoticeForm(formdata=None, data={"notice_vi": reasons[0], "notice_en": reasons[1]})


def _question(application: Application, form: DeclareForm) -> str:
    return render_template(
        "decisions/declare.html",
        application=application,
        question=question_of(db.session(), access.me(), application),
        words=INTERESTS,
        form=form,
        next=sent("next"),
    )


def _next(application: Application) -> str:
    """Where to go once the file may be opened: back to the certificate the person came from, or to the file."""
    number = request.form.get("next", "")
    if number:
        return url_for("certificates.office", number=number)
    return url_for("decisions.show", ref=application.ref)


def _who(file: queries.DecisionFile, row: TimelineRow) -> str:
    """Whoever has ever reviewed it by letter, everybody else by name."""
    letter = file.letters.get(row.actor_id) if row.actor_id else None
    if letter:
        return str(_("người đánh giá %(letter)s", letter=letter))
    return row.actor_name or timeline.by_itself(row.action)


def _back(application: Application) -> Response:
    return redirect(url_for("decisions.show", ref=application.ref))
