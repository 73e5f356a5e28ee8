"""Routes of what the vendor answers to the club: findings, the notice before a decline, the facts of the summary."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from assessments import corrections as verbs
from assessments import measurements
from assessments.clock import now
from assessments.corrections import LONGEST, FindingAnswer
from assessments.errors import N_, Conflict, Invalid, NotFound, Refused, Version, WrongState
from assessments.models import Application, Finding
from assessments.policy import Permission, allows
from assessments.queries import answers, consensus, decisions, findings, people, submissions
from assessments.queries.messages import released_comments
from assessments.states import Severity, State
from criteria import store
from registry import access, autosaves, db
from registry.applications import sentences
from registry.applications.blueprint import bp
from registry.applications.forms import Comment, Facts
from registry.forms import tidy, whole
from registry.i18n import translate
from registry.measured import to_publish
from registry.templating import moment

SAID_ONCE = N_("Đơn vị đã trả lời lần này rồi, và chỉ trả lời được một lần. Bản vừa gõ chưa được gửi.")
NO_FINDINGS = N_("Không có phát hiện nào đang chờ đơn vị trả lời.")
SEVERITIES = {
    Severity.OBSERVATION: N_("Lưu ý"),
    Severity.MINOR: N_("Không phù hợp nhẹ"),
    Severity.MAJOR: N_("Không phù hợp nặng"),
}


@bp.get("/<ref>/corrections")
@access.on_application(Permission.EDIT)
def corrections(application: Application) -> str:
    """The findings of the round, each with its answer."""
    return _findings_page(application)


@bp.post("/<ref>/corrections")
@access.on_application(Permission.EDIT)
def save_corrections(application: Application) -> Response | tuple[str, int]:
    """Save the answers, complete or not."""
    typed = _typed(application)
    try:
        verbs.save_answers(db.session(), access.me(), application, typed)
    except Conflict as conflict:
        return _findings_page(application, typed, conflict=conflict), 409
    except Invalid as refusal:
        return _findings_page(application, typed, fault=translate(refusal.message, **refusal.values)), 422
    db.commit()
    flash(_("Đã lưu."))
    return redirect(url_for("applications.corrections", ref=application.ref, _anchor=_anchor()))


@bp.post("/<ref>/corrections/draft")
@access.on_application(Permission.EDIT)
def autosave_corrections(application: Application) -> Response | tuple[Response, int]:
    """Save what is typed so far."""
    try:
        typed = _typed(application)
        saved = verbs.save_answers(db.session(), access.me(), application, typed, autosaves.saving(auto=True))
    except Refused as refusal:
        return autosaves.refused(refusal)
    db.commit()
    return autosaves.saved(now(), {f"version-{finding_id}": version for finding_id, version in saved.items()})


@bp.post("/<ref>/corrections/send")
@access.on_application(Permission.ANSWER)
def send_corrections(application: Application) -> Response:
    """Send the correction to the reviewers; pressed again, it shows what the first time has brought."""
    sent = submissions.latest(db.session(), application.id)
    if sent is not None and application.correction_round and application.state is State.CONSENSUS:
        at = moment(sent.submitted_at)
        return _said_before(
            application,
            _(
                "Đã gửi bản khắc phục lúc %(at)s, lần nộp thứ %(number)d. Không gửi thêm lần nữa.",
                at=at,
                number=sent.number,
            ),
        )
    submission = verbs.answer_correction(db.session(), access.me(), application)
    db.commit()
    flash(_("Đã gửi bản khắc phục, lần nộp thứ %(number)d.", number=submission.number))
    return redirect(url_for("applications.show", ref=application.ref))


@bp.post("/<ref>/corrections/owners")
@access.on_application(Permission.ANSWER)
def assign_findings(application: Application) -> Response | tuple[str, int]:
    """Say who at the company has to act on which finding."""
    chosen = {one.id: request.form.get(f"owner-{one.id}") for one in _asked(application)}
    try:
        owners = {finding_id: UUID(person) if person else None for finding_id, person in chosen.items()}
        verbs.name_owners(db.session(), access.me(), application, owners)
    except ValueError:
        return _findings_page(application, fault=_("Chọn một người của đơn vị.")), 422
    except Invalid as refusal:
        return _findings_page(application, fault=translate(refusal.message, **refusal.values)), 422
    db.commit()
    flash(_("Đã ghi ai lo phát hiện nào."))
    return redirect(url_for("applications.corrections", ref=application.ref, _anchor="owners"))


@bp.get("/<ref>/notice")
@access.on_application(Permission.VIEW)
def notice(application: Application) -> str:
    """What the committee intends, and why."""
    return _notice_page(application, Comment())


@bp.post("/<ref>/notice")
@access.on_application(Permission.ANSWER)
def comment(application: Application) -> Response | tuple[str, int]:
    """Say what there is to say to it; sent again, it shows what was said the first time."""
    form = Comment()
    if not form.validate():
        return _notice_page(application, form), 422
    said = decisions.latest_notice(db.session(), application.id)
    if said is not None and said.comment:
        return _refuse_twice(application, Version({"": said.comment}, at=said.ended_at), form.text.data or "")
    verbs.comment_on_notice(db.session(), access.me(), application, form.text.data or "")
    db.commit()
    flash(_("Đã gửi ý kiến của đơn vị đến hội đồng."))
    return redirect(url_for("applications.show", ref=application.ref))


@bp.get("/<ref>/summary")
@access.on_application(Permission.VIEW)
def summary(application: Application) -> str:
    """The public summary and the limits, before the committee sees them."""
    return _summary_page(application, Facts())


@bp.post("/<ref>/summary")
@access.on_application(Permission.ANSWER)
def check_facts(application: Application) -> Response | tuple[str, int]:
    """Say whether the facts are right."""
    form = Facts()
    if not form.validate():
        return _summary_page(application, form), 422
    remarks = (form.remarks.data or "") if form.right.data == "no" else ""
    found = consensus.recommendation(db.session(), application.id)
    if found is not None and found.vendor_checked_at is not None:
        before = Version({"": found.vendor_remarks}, at=found.vendor_checked_at)
        return _refuse_twice(application, before, remarks)
    verbs.check_facts(db.session(), access.me(), application, remarks)
    db.commit()
    flash(_("Đã gửi trả lời cho nhóm đánh giá."))
    return redirect(url_for("applications.show", ref=application.ref))


def _refuse_twice(application: Application, before: Version, text: str) -> Response:
    """What can be said once was said: the same again is no fault, another text (Conflict) is shown to be copied."""
    if before.fields[""] != text.strip():
        raise Conflict(SAID_ONCE, before, Version({"": text}))
    return _said_before(application, _("Đã gửi lúc %(at)s. Không gửi thêm lần nữa.", at=moment(before.at)))


def _said_before(application: Application, words: str) -> Response:
    flash(words)
    return redirect(url_for("applications.show", ref=application.ref))


def _asked(application: Application) -> list[Finding]:
    if application.state is not State.CORRECTION:
        raise WrongState(NO_FINDINGS)
    return findings.of_round(db.session(), application.id, application.correction_round)


def _typed(application: Application) -> dict[UUID, FindingAnswer]:
    typed = {}
    for finding in _asked(application):
        text = request.form.get(f"answer-{finding.id}")
        if text is not None:
            typed[finding.id] = FindingAnswer(tidy(text), whole(request.form.get(f"version-{finding.id}")))
    return typed


def _findings_page(
    application: Application,
    typed: dict[UUID, FindingAnswer] | None = None,
    *,
    conflict: Conflict | None = None,
    fault: str = "",
) -> str:
    session = db.session()
    asked = _asked(application)
    edition = store.load(application.edition_id)
    members = people.members_of(session, application.vendor_id)
    return render_template(
        "applications/corrections.html",
        application=application,
        edition=edition,
        asked=asked,
        texts={one.id: typed[one.id].text if typed and one.id in typed else one.answer for one in asked},
        unanswered=[one for one in asked if not one.answer.strip()],
        given=answers.summary(session, application.id),
        comments=released_comments(session, application),
        late=application.due_at is not None and application.due_at < now(),
        severities={severity: translate(word) for severity, word in SEVERITIES.items()},
        conflict=conflict,
        fault=fault,
        longest=LONGEST,
        may_send=allows(access.standing(), Permission.ANSWER),
        sentences=sentences,
        members=members,
        names={one.id: one.name for one in members},
        mine=access.me().id,
    )


def _notice_page(application: Application, form: Comment) -> str:
    found = decisions.latest_notice(db.session(), application.id)
    if found is None:
        raise NotFound
    return render_template(
        "applications/notice.html",
        application=application,
        notice=found,
        form=form,
        running=application.state is State.MINDED_TO,
        may_answer=allows(access.standing(), Permission.ANSWER),
    )


def _summary_page(application: Application, form: Facts) -> str:
    found = consensus.recommendation(db.session(), application.id)
    if found is None or found.sent_to_vendor_at is None:
        raise NotFound
    return render_template(
        "applications/summary.html",
        application=application,
        summary=found,
        figures=to_publish({"blocking": measurements.figures_of(db.session(), application)}, found.measured),
        form=form,
        waiting=application.state is State.CONSENSUS and verbs.waits_for_facts(found),
        may_answer=allows(access.standing(), Permission.ANSWER),
    )


def _anchor() -> str | None:
    return "send" if request.form.get("then") == "send" else None
