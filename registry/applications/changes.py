"""The route of who changed what and when, for the company's own people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext as _

from assessments.models import Application
from assessments.policy import Permission
from assessments.queries import changes as queries
from assessments.queries.changes import Change, Wanted, What
from assessments.queries.people import Person, colleagues_of, people
from criteria import store
from criteria.model import Edition
from registry import access, db
from registry.applications import profile_form
from registry.applications.blueprint import bp
from registry.i18n import translate
from registry.templating import bi
from registry.timeline import STEPS


@dataclass(frozen=True)
class Line:
    """One change as a row of the page; `url` leads to the version, where there is one."""

    at: datetime
    who: str
    place: str
    text: str
    url: str = ""


@bp.get("/<ref>/changes")
@access.on_application(Permission.VIEW)
def changes(application: Application) -> str:
    """Every save, every piece of evidence taken or let go, every step; newest first."""
    session = db.session()
    edition = store.load(application.edition_id)
    wanted = Wanted(_person_id(), _known(edition, request.args.get("criterion", "")))
    found, following = queries.changes(session, application.id, wanted, request.args.get("after", ""))
    names = people(session, {one.person_id for one in found if one.person_id})
    return render_template(
        "applications/changes.html",
        application=application,
        edition=edition,
        lines=_lines(application, edition, found, names),
        colleagues=[one.person for one in colleagues_of(session, application.vendor_id)],
        wanted=wanted,
        next_url=_url(application, wanted, after=following) if following else None,
        first_url=_url(application, wanted) if request.args.get("after") else None,
    )


def _lines(
    application: Application, edition: Edition, found: Iterable[Change], names: dict[UUID, Person]
) -> list[Line]:
    lines = []
    for one in found:
        who = names[one.person_id].name if one.person_id in names else _("Người khác")
        lines.append(Line(one.at, who, _place(edition, one), _text(one), _version_url(application, one)))
    return lines


def _place(edition: Edition, one: Change) -> str:
    if one.what is What.STEP:
        return ""
    if one.what is What.PROFILE:
        step = profile_form.step_named(one.place)
        return translate(step.title) if step else one.place
    known = {criterion.code: criterion for criterion in edition.criteria}
    return f"{one.place} {bi(known[one.place].title)}" if one.place in known else one.place


def _text(one: Change) -> str:
    if one.what is What.STEP:
        return translate(STEPS[one.place].title) if one.place in STEPS else one.place
    if one.what is What.ATTACHED:
        return str(_("Thêm bằng chứng: %(title)s", title=one.title))
    if one.what is What.DETACHED:
        return str(_("Gỡ bằng chứng: %(title)s", title=one.title))
    return str(_("Sửa phần trình bày") if one.what is What.ANSWER else _("Sửa thông tin sản phẩm"))


def _version_url(application: Application, one: Change) -> str:
    at: dict[str, Any] = {"before": one.number + 1, "_anchor": f"v{one.number}"}
    if one.what is What.ANSWER:
        return url_for("applications.answer_history", ref=application.ref, code=one.place, **at)
    if one.what is What.PROFILE and profile_form.step_named(one.place):
        return url_for("applications.profile_history", ref=application.ref, step=one.place, **at)
    return ""


def _url(application: Application, wanted: Wanted, after: str | None = None) -> str:
    person, criterion = str(wanted.person_id or "") or None, wanted.criterion or None
    return url_for("applications.changes", ref=application.ref, person=person, criterion=criterion, after=after)


def _person_id() -> UUID | None:
    try:
        return UUID(request.args.get("person", ""))
    except ValueError:
        return None


def _known(edition: Edition, code: str) -> str:
    return code if code in {one.code for one in edition.criteria} else ""
