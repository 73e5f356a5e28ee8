"""Routes of handing in: the check page, the submission itself, and every snapshot to read again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from assessments import applications, readiness
from assessments.applications import DRAFTING, LOCKED
from assessments.errors import NotFound, WrongState
from assessments.models import Application
from assessments.people import MemberRole
from assessments.policy import Permission, allows
from assessments.profile import from_dict
from assessments.queries import submissions
from assessments.queries.people import members_of
from criteria import store
from criteria.model import Criterion, Edition, Group
from registry import access, db
from registry.applications import facts, pieces, sentences
from registry.applications.blueprint import bp


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


@bp.get("/<ref>/check")
@access.on_application(Permission.VIEW)
def check(application: Application) -> str:
    """Everything that would be handed in, on one page, with what is missing on top."""
    if application.state not in DRAFTING:
        raise WrongState(LOCKED)
    session = db.session()
    missing = readiness.to_submit(session, application)
    edition = store.load(application.edition_id)
    now = submissions.content_now(session, application, 0, "")
    return render_template(
        "applications/check.html",
        application=application,
        edition=edition,
        gaps=sentences.gaps(application.ref, missing),
        change=lambda field: sentences.place_url(application.ref, f"profile:{field}"),
        content=view(application.ref, edition, now),
        may_submit=allows(access.standing(), Permission.SUBMIT),
        owners=", ".join(one.name for one in members_of(session, application.vendor_id, MemberRole.OWNER)),
    )


@bp.post("/<ref>/submit")
@access.on_application(Permission.SUBMIT)
def submit(application: Application) -> Response:
    """Hand it in."""
    submission = applications.submit(db.session(), access.me(), application)
    db.commit()
    flash(_("Đã nộp hồ sơ %(ref)s, lần nộp thứ %(number)d.", ref=application.ref, number=submission.number))
    return redirect(url_for("applications.show", ref=application.ref))


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
        facts.sections(from_dict(content["profile"]), edition), groups, content["agreement"], content["vendor"]
    )


def _sheet(ref: str, edition: Edition, criterion: Criterion, answer: Mapping[str, Any]) -> Sheet:
    return Sheet(
        criterion=criterion,
        claim=answer["claim"],
        not_applicable=answer["not_applicable"],
        reason=answer["not_applicable_reason"],
        evidence=pieces.of_snapshot(ref, edition, answer["evidence"]),
    )
