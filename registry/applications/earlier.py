"""Routes of earlier texts: every version of an answer or of a step of the profile, read and brought back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
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
from registry.differences import merged
from registry.forms import whole

Told = list[tuple[str, str, str]]  # label, text, language of every field


@dataclass(frozen=True)
class Row:
    """One field of a version: its text, with what was added and left out since the version before."""

    label: str
    text: Markup
    language: str = ""


@dataclass(frozen=True)
class Version:
    """One version as the page shows it; `key` orders them, `number` counts them from one."""

    id: UUID
    key: int
    number: int
    who: str
    at: datetime
    auto: bool
    present: bool
    first: bool
    rows: list[Row]


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
    earlier = _text_id(), whole(request.form.get("seen"))
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
        profiles.restore(db.session(), access.me(), application, _text_id(), request.form.get("seen", ""))
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
    rows = _versions(found[:PAGE], told, top, answer.version)
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
    rows = _versions(found[:PAGE], told, found[0].number if found else 0, present)
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
    """The versions of a page, each beside the one before it; `told` goes one further where there is one more."""
    names = people.people(db.session(), {one.saved_by for one in found})
    rows = []
    for place, one in enumerate(found):
        before = told[place + 1] if place + 1 < len(told) else None
        key = _key(one)
        rows.append(
            Version(
                id=one.id,
                key=key,
                number=top - place,
                who=names[one.saved_by].name if one.saved_by in names else "",
                at=one.saved_at,
                auto=one.begun_at is not None,
                present=key == present,
                first=before is None,
                rows=list(_rows(told[place], before)),
            )
        )
    return rows


def _rows(told: Told, before: Told | None) -> Iterable[Row]:
    """What to show of a version: of the first one everything, of the others what changed."""
    for place, (label, text, language) in enumerate(told):
        if before is None:
            if text:
                yield Row(label, Markup.escape(text), language)
        elif text != before[place][1]:
            yield Row(label, merged(before[place][1], text), language)


def _answer_told(text: AnswerText) -> Told:
    return drafts.answer_told(text.claim, text.not_applicable_reason, not_applicable=text.not_applicable)


def _key(text: AnswerText | ProfileText) -> int:
    return text.version if isinstance(text, AnswerText) else text.number


def _before() -> int | None:
    return whole(request.args.get("before")) or None


def _text_id() -> UUID:
    try:
        return UUID(request.form.get("text", ""))
    except ValueError as error:
        raise NotFound from error


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
