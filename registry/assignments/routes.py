"""Routes under /assignments: who reviews what, by whom the office replaces them, and until when."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlmodel import Session

from assessments import assignments, profile
from assessments.clock import deadline, legal_day
from assessments.errors import Invalid, NotAllowed, NotReady
from assessments.models import Application
from assessments.people import Role
from assessments.policy import Permission
from assessments.queries import reviews
from assessments.queries.applications import product_and_vendor
from assessments.queries.calibrations import standings
from assessments.queries.competences import asked_by
from assessments.queries.history import timeline
from assessments.queries.intake import queue
from assessments.queries.participation import Candidate, candidates, proposed_team
from assessments.queries.people import people
from assessments.queries.questions import due_with_pause
from assessments.queries.seats import backgrounds
from assessments.queries.suggestions import suggested
from assessments.queries.teams import Team
from assessments.queries.test_access import accounts_of, openings_of
from assessments.states import State
from criteria import store
from registry import access, db
from registry.assignments import teams
from registry.assignments.columns import columns
from registry.assignments.forms import AssignForm, ExtendForm, PlainForm, ReplaceForm
from registry.i18n import translate
from registry.timeline import by_itself, entries, state_word

bp = Blueprint("assignments", __name__, url_prefix="/assignments")

UNDER_WAY = (State.IN_REVIEW, State.CONSENSUS, State.CORRECTION)


@bp.get("")
@access.role(Role.COORDINATOR)
def index() -> str:
    """What waits for reviewers, and what they are at."""
    session, actor = db.session(), access.me()
    return render_template(
        "assignments/index.html",
        waiting=queue(session, actor, [State.ACCEPTED]),
        under_way=queue(session, actor, UNDER_WAY),
        state_word=state_word,
    )


@bp.get("/<ref>")
@access.on_application(Permission.ASSIGN)
def show(application: Application) -> str:
    """The team, or the choice of one."""
    return _page(application)


@bp.get("/<ref>/test-access")
@access.on_application(Permission.ASSIGN)
def test_access(application: Application) -> str:
    """Who opened which of the vendor's test accounts when, by name; never what an account says."""
    session = db.session()
    openings = openings_of(session, application.id)
    return render_template(
        "assignments/test_access.html",
        application=application,
        accounts=accounts_of(session, application.id),
        openings=openings,
        people=people(session, {one.person_id for one in openings}),
    )


@bp.post("/<ref>")
@access.on_application(Permission.ASSIGN)
def assign(application: Application) -> Any:
    """Give it to the reviewers that were chosen."""
    return _assigned(application)


@bp.post("/<ref>/proposed")
@access.on_application(Permission.ASSIGN)
def accept(application: Application) -> Any:
    """Give it to the team that was proposed when the page was read, with one click."""
    return _assigned(application)


def _assigned(application: Application) -> Any:
    form = AssignForm()
    _offer(form, application)
    if not form.validate():
        return _page(application, assign=form), 422
    chosen = tuple(UUID(one) for one in form.reviewers.data or ())
    lead = UUID(form.lead.data) if form.lead.data else None
    team = assignments.Team(chosen, lead, cast("date", form.due_on.data), form.lack.data or "")

    def verb() -> None:
        assignments.assign(db.session(), access.me(), application, team)

    return _done(application, "assign", form, verb, _("Đã giao hồ sơ %(ref)s.", ref=application.ref))


@bp.post("/<ref>/reviewers/<uuid:review_id>/replace")
@access.on_application(Permission.ASSIGN)
def replace(application: Application, review_id: UUID) -> Any:
    """Put somebody else in a reviewer's place."""
    form = ReplaceForm()
    _offer_person(form, application)
    if not form.validate():
        return _page(application, replace=form), 422

    def verb() -> None:
        newcomer = assignments.Newcomer(UUID(form.person.data), form.reason.data or "", form.waiver.data or "")
        assignments.replace(db.session(), access.me(), application, review_id, newcomer)

    return _done(application, "replace", form, verb, _("Đã đổi người đánh giá."))


@bp.post("/<ref>/reviewers")
@access.on_application(Permission.ASSIGN)
def add(application: Application) -> Any:
    """One more reviewer."""
    form = ReplaceForm()
    _offer_person(form, application)
    if not form.validate():
        return _page(application, add=form), 422

    def verb() -> None:
        assignments.add(db.session(), access.me(), application, UUID(form.person.data), form.waiver.data or "")

    return _done(application, "add", form, verb, _("Đã thêm người đánh giá."))


@bp.post("/<ref>/reviewers/<uuid:review_id>/lead")
@access.on_application(Permission.ASSIGN)
def make_lead(application: Application, review_id: UUID) -> Any:
    """Another lead reviewer."""
    assignments.make_lead(db.session(), access.me(), application, review_id)
    db.commit()
    flash(_("Đã đổi trưởng nhóm."))
    return redirect(url_for("assignments.show", ref=application.ref))


@bp.post("/<ref>/deadline")
@access.on_application(Permission.ASSIGN)
def extend(application: Application) -> Any:
    """More time."""
    form = ExtendForm()
    if not form.validate():
        return _page(application, extend=form), 422

    def verb() -> None:
        assignments.extend(db.session(), access.me(), application, cast("date", form.until.data))

    return _done(application, "extend", form, verb, _("Đã gia hạn."))


def _done(application: Application, name: str, form: Any, verb: Callable[[], None], words: str) -> Any:
    """Do it and go on, or show the page again with what was typed and why not."""
    try:
        verb()
    except assignments.Uncovered as refusal:
        _ask_why(application, form, refusal)
    except assignments.Uncalibrated as refusal:
        form.waiver.errors = [translate(refusal.message, **refusal.values)]
    except (Invalid, NotAllowed) as refusal:
        form.form_errors.append(translate(refusal.message, **refusal.values))
    except NotReady as refusal:
        form.form_errors.extend(translate(one.message, **one.values) for one in refusal.missing)
    else:
        db.commit()
        flash(words)
        return redirect(url_for("assignments.show", ref=application.ref))
    db.session().rollback()
    return _page(application, **{name: form}), 422


def _ask_why(application: Application, form: AssignForm, refusal: assignments.Uncovered) -> None:
    said = []
    if refusal.lacking:
        what = teams.names(store.load(application.edition_id), refusal.lacking)
        said.append(_("Trong nhóm này chưa ai có năng lực về: %(what)s.", what=what))
    if refusal.untried:
        said.append(teams.untried(refusal.untried))
    form.lack.errors = [" ".join([*said, _("Ghi lý do vẫn giao, hoặc chọn người khác.")])]


def _page(application: Application, **forms: Any) -> str:
    session = db.session()
    product, vendor = product_and_vendor(session, application)
    every = reviews.ever(session, application.id)
    offered = candidates(session, application)
    edition = store.load(application.edition_id)
    waits = application.state is State.ACCEPTED
    team = proposed_team(session, application, offered) if waits else None
    given = {name: forms.get(name) or form(formdata=None) for name, form in _FORMS.items()}
    given["assign"].due_on.data = given["assign"].due_on.data or legal_day(deadline(edition.periods.review_days))
    choices = [(str(one.person.id), teams.label(one)) for one in offered if one.free]
    for form in (given["replace"], given["add"]):
        form.person.choices = [("", _("Chọn một người")), *choices]
    given["assign"].reviewers.choices = given["assign"].lead.choices = choices
    return render_template(
        "assignments/show.html",
        application=application,
        product=product,
        vendor=vendor,
        facts=profile.from_dict(application.profile),
        edition=edition,
        candidates=offered,
        columns=columns(session, application, [one for one in offered if one.free]) if waits else [],
        proposal=_proposal(session, application, team, offered),
        asked=asked_by(application),
        signs=suggested(session, application, [one.person.id for one in offered]),
        backgrounds=backgrounds(session, [one.person.id for one in offered]),
        team=[one for one in every if one.voided_at is None],
        gone=[one for one in every if one.voided_at is not None],
        people=people(session, [one.reviewer_id for one in every]),
        progress=reviews.progress(session, every),
        total=reviews.total(application),
        due=due_with_pause,
        steps=entries(timeline(session, application.id), lambda row: row.actor_name or by_itself(row.action)),
        state=state_word(application.state),
        extendable=application.state in assignments.EXTENDABLE,
        button=PlainForm(formdata=None),
        **given,
    )


def _proposal(
    session: Session, application: Application, team: Team | None, offered: Sequence[Candidate]
) -> teams.Proposal | None:
    if team is None:
        return None
    passed = standings(session, application.edition_id, team.people)
    untried = sum(not one.passed for one in passed.values())
    return teams.in_words(team, offered, store.load(application.edition_id), untried)


_FORMS: dict[str, Any] = {"assign": AssignForm, "replace": ReplaceForm, "add": ReplaceForm, "extend": ExtendForm}


def _everybody(application: Application) -> list[tuple[str, str]]:
    found = candidates(db.session(), application)
    return [(str(one.person.id), one.person.name) for one in found]


def _offer(form: AssignForm, application: Application) -> None:
    """Name everybody with the role: the verb says why somebody cannot be assigned."""
    form.reviewers.choices = form.lead.choices = _everybody(application)


def _offer_person(form: ReplaceForm, application: Application) -> None:
    form.person.choices = _everybody(application)
