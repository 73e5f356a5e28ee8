"""Routes of earlier texts: every version of an answer or of a step of the profile, read and brought back."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from assessments import answers, applications, profiles
from assessments.applications import DRAFTING
from assessments.errors import Conflict, NotFound
from assessments.models import Answer, AnswerText, Application, ProfileText
from assessments.policy import Permission
from assessments.queries import people, versions
from assessments.queries.answers import answer_to
from assessments.queries.versions import PAGE
from criteria import store
from criteria.model import Criterion, UnknownCode
from registry import access, db
from registry.applications import drafts, profile_form
from registry.applications.blueprint import bp
from registry.applications.profile_form import Step
from registry.forms import some_id, whole
from registry.versions import Stored, Told, Version, versions_of


@bp.get("/<ref>/criteria/<code>/history")
@access.on_application(Permission.VIEW)
def answer_history(application: Application, code: str) -> str:
    """Every text of an answer."""
    return _answer_page(application, _criterion(application, code))


@bp.post("/<ref>/criteria/<code>/history")
@access.on_application(Permission.EDIT)
def restore_answer(application: Application, code: str) -> Response | tuple[str, int]:
    """Bring one back, as a new version."""
    criterion = _criterion(application, code)
    earlier = some_id(request.form.get("text")), whole(request.form.get("seen"))
    try:
        answers.restore(db.session(), access.me(), application, code, earlier)
    except Conflict as conflict:
        return _answer_page(application, criterion, conflict), 409
    db.commit()
    flash(_("Đã dùng lại bản cũ. Bản trước đó vẫn còn trong các bản đã lưu."))
    return redirect(url_for("applications.answer", ref=application.ref, code=code))


@bp.get("/<ref>/profile/<step>/history")
@access.on_application(Permission.VIEW)
def profile_history(application: Application, step: str) -> str:
    """Every text of a step of the profile."""
    return _profile_page(application, _step(step))


@bp.post("/<ref>/profile/<step>/history")
@access.on_application(Permission.EDIT)
def restore_profile(application: Application, step: str) -> Response | tuple[str, int]:
    """Bring one back, as a new version."""
    chosen = _step(step)
    try:
        profiles.restore(
            db.session(), access.me(), application, some_id(request.form.get("text")), request.form.get("seen", "")
        )
    except Conflict as conflict:
        return _profile_page(application, chosen, conflict), 409
    db.commit()
    flash(_("Đã dùng lại bản cũ. Bản trước đó vẫn còn trong các bản đã lưu."))
    return redirect(url_for("applications.profile", ref=application.ref, step=step))


def _answer_page(application: Application, criterion: Criterion, conflict: Conflict | None = None) -> str:
    session = db.session()
    nothing = Answer(application_id=application.id, criterion=criterion.code)
    answer = answer_to(session, application.id, criterion.code) or nothing
    found = versions.answer_texts(session, answer, _before())
    told = [_answer_told(one) for one in found]
    top = versions.count_answer_texts(session, answer, found[0].version) if found else 0
    rows = _versions(found, told, top, answer.version)
    return render_template(
        "applications/answer_history.html",
        application=application,
        criterion=criterion,
        versions=rows,
        older=rows[-1].key if len(found) > PAGE else None,
        seen=answer.version,
        may_restore=answers.may_write(session, application, criterion.code),
        conflict=conflict,
    )


def _profile_page(application: Application, step: Step, conflict: Conflict | None = None) -> str:
    session = db.session()
    edition = store.load(application.edition_id)
    found = versions.profile_texts(session, application, step.name, _before())
    told = [drafts.told(edition, step, one.content) for one in found]
    present = versions.count_profile_texts(session, application.id, step.name)
    rows = _versions(found, told, found[0].number if found else 0, present)
    return render_template(
        "applications/profile_history.html",
        application=application,
        step=step,
        versions=rows,
        older=rows[-1].key if len(found) > PAGE else None,
        seen=applications.seen(application, step.fields),
        may_restore=application.state in DRAFTING,
        conflict=conflict,
    )


def _versions(found: Sequence[AnswerText | ProfileText], told: Sequence[Told], top: int, present: int) -> list[Version]:
    """The versions of a page; one more is among them where there is one, to be compared with."""
    names = people.people(db.session(), {one.saved_by for one in found[:PAGE]})
    stored = [
        Stored(
            id=one.id,
            key=_key(one),
            at=one.saved_at,
            auto=one.begun_at is not None,
            told=said,
            who=names[one.saved_by].name if one.saved_by in names else "",
        )
        for one, said in zip(found, told, strict=True)
    ]
    return versions_of(stored, PAGE, top, present)


def _answer_told(text: AnswerText) -> Told:
    return drafts.answer_told(text.claim, text.not_applicable_reason, not_applicable=text.not_applicable)


def _key(text: AnswerText | ProfileText) -> int:
    return text.version if isinstance(text, AnswerText) else text.number


def _before() -> int | None:
    return whole(request.args.get("before")) or None


def _criterion(application: Application, code: str) -> Criterion:
    try:
        return store.load(application.edition_id).criterion(code)
    except UnknownCode as error:
        raise NotFound from error


def _step(name: str) -> Step:
    found = profile_form.step_named(name)
    if found is None:
        raise NotFound
    return found
