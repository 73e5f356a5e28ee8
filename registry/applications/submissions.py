"""Routes of handing in: the check page, the submission itself, and every snapshot to read again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from assessments import applications, manifest, readiness
from assessments.applications import DRAFTING, LOCKED
from assessments.errors import Conflict, NotFound, NotReady, WrongState
from assessments.models import Application, Submission
from assessments.people import MemberRole
from assessments.policy import Permission, allows
from assessments.profile import from_dict
from assessments.queries import submissions
from assessments.queries.people import members_of
from criteria import store
from criteria.model import Criterion, Edition, Group
from registry import access, db
from registry.applications import facts, meanwhile, pieces, sentences
from registry.applications.blueprint import bp
from registry.templating import moment


@dataclass(frozen=True)
class Sheet:
    """One answer of a snapshot: claim, claim that it does not apply, evidence as rows."""

    criterion: Criterion
    claim: str
    not_applicable: bool
    reason: str
    evidence: list[dict[str, Any]]


@dataclass(frozen=True)
class Content:
    """A snapshot as a page shows it."""

    profile: list[facts.Section]
    groups: list[tuple[Group, list[Sheet]]]
    agreement: Mapping[str, Any]
    vendor: Mapping[str, Any]
    files: list[manifest.Filed]
    file_set: str  # sha256 of the manifest


@bp.get("/<ref>/check")
@access.on_application(Permission.VIEW)
def check(application: Application) -> str | Response:
    """Everything that would be handed in, on one page, with what is missing on top."""
    if application.state not in DRAFTING:
        if submissions.latest(db.session(), application.id) is None:
            raise WrongState(LOCKED)
        return redirect(url_for("applications.show", ref=application.ref))
    return _check_page(application)


@bp.post("/<ref>/submit")
@access.on_application(Permission.SUBMIT)
def submit(application: Application) -> Response | tuple[str, int]:
    """Hand it in; pressed again, it shows what the first time has brought."""
    sent = submissions.latest(db.session(), application.id)
    if sent is not None and application.state not in DRAFTING:
        return _shown(application, sent, again=True)
    try:
        submission = applications.submit(db.session(), access.me(), application, _seen())
    except Conflict:
        return _check_page(application, _seen()), 409
    except NotReady:
        return _check_page(application, refused=True), 422
    db.commit()
    return _shown(application, submission)


@bp.get("/<ref>/submissions/<int:number>")
@access.on_application(Permission.VIEW)
def submission(application: Application, number: int) -> str:
    """One snapshot, exactly as it was handed in."""
    found = submissions.all_of(db.session(), application.id)
    chosen = next((one for one in found if one.number == number), None)
    if chosen is None:
        raise NotFound
    edition = store.load(application.edition_id)
    return render_template(
        "applications/submission.html",
        application=application,
        edition=edition,
        submission=chosen,
        others=[one for one in found if one.number != number],
        content=view(application.ref, edition, chosen.content),
        receipt=submissions.receipt_of(db.session(), chosen.id),
    )


def view(ref: str, edition: Edition, content: Mapping[str, Any]) -> Content:
    """A snapshot's content as sections, groups and rows."""
    answers = content["answers"]
    groups = []
    for group, criteria in edition.by_group():
        sheets = [_sheet(ref, edition, one, answers[one.code]) for one in criteria if one.code in answers]
        if sheets:
            groups.append((group, sheets))
    return Content(
        profile=facts.sections(from_dict(content["profile"]), edition),
        groups=groups,
        agreement=content["agreement"],
        vendor=content["vendor"],
        files=manifest.files_of(content),
        file_set=manifest.file_set_digest(content),
    )


def _check_page(application: Application, seen: Mapping[str, str] | None = None, *, refused: bool = False) -> str:
    """The page; `seen` are the parts of an older look at it, to say what has changed since."""
    session = db.session()
    edition = store.load(application.edition_id)
    before = submissions.latest(session, application.id)
    now = submissions.content_now(session, application, before.number + 1 if before else 1, "")
    parts = submissions.parts(now)
    return render_template(
        "applications/check.html",
        application=application,
        edition=edition,
        gaps=sentences.grouped(edition, application.ref, readiness.to_submit(session, application)),
        change=lambda field: sentences.place_url(application.ref, f"profile:{field}"),
        content=view(application.ref, edition, now),
        seen=json.dumps(parts, separators=(",", ":")),
        changed=meanwhile.told(session, application, meanwhile.between(seen, parts)) if seen is not None else [],
        refused=refused,
        may_submit=allows(access.standing(), Permission.SUBMIT),
        owners=", ".join(one.name for one in members_of(session, application.vendor_id, MemberRole.OWNER)),
    )


def _seen() -> dict[str, str] | None:
    """The parts that were on the page; None where the form says nothing of them, and none that fit where it lies."""
    written = request.form.get("seen")
    if written is None:
        return None
    try:
        found = json.loads(written)
        json.dumps(found, ensure_ascii=False).encode()  # a half of a character could be written on no page
    except (ValueError, RecursionError):
        return {}
    return {str(place): str(mark) for place, mark in found.items()} if isinstance(found, dict) else {}


def _shown(application: Application, sent: Submission, *, again: bool = False) -> Response:
    values = {"ref": application.ref, "number": sent.number}
    if again:
        at = moment(sent.submitted_at)
        flash(
            _("Hồ sơ %(ref)s đã được nộp lúc %(at)s, lần nộp thứ %(number)d. Không nộp thêm lần nữa.", at=at, **values)
        )
    else:
        flash(_("Đã nộp hồ sơ %(ref)s, lần nộp thứ %(number)d.", **values))
    return redirect(url_for("applications.show", ref=application.ref))


def _sheet(ref: str, edition: Edition, criterion: Criterion, answer: Mapping[str, Any]) -> Sheet:
    return Sheet(
        criterion=criterion,
        claim=answer["claim"],
        not_applicable=answer["not_applicable"],
        reason=answer["not_applicable_reason"],
        evidence=pieces.of_snapshot(ref, edition, answer["evidence"]),
    )
