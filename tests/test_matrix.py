"""Every action and every route, by every kind of person, in every state: who is refused, and that nothing changes."""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from assessments import appeals, committee, complaints, workflow
from assessments.errors import NotAllowed, NotFound, Refused, WrongState
from assessments.models import Application, Declaration, Participation
from assessments.people import Part, Role
from assessments.policy import AppealPermission, Permission, allows, appeal_allows
from assessments.queries.hearings import standing_to
from assessments.queries.standings import standing_of
from assessments.recourse import AppealAction, AppealState, ComplaintSubject
from assessments.states import Action, State
from registry import errors
from registry.accounts.models import User
from tests import matrix
from tests.access_table import DECLARATIONS
from tests.conftest import Browser
from tests.matrix import ACTIONS, BY_THE_CLOCK, KINDS
from tests.test_access import NOT_WRITTEN_YET, address, ask, expectation, routes_of
from tests.watching import watched
from tests.world import World, _person

SIGN_IN = {"GET": 302, "POST": 401}  # asked to sign in, and back with what was typed
COMPANY = {"owner": "owner", "contributor": "contributor", "other vendor": "owner"}
ROLES = {
    **{kind: {"reviewer"} for kind in ("lead reviewer", "reviewer", "reviewer not asked yet", "unassigned reviewer")},
    **{kind: {"decider"} for kind in ("decider", "decider not asked yet", "conflicted decider", "decider set aside")},
    **{kind: {"decider"} for kind in ("proposer", "confirmer")},
    "hearer": {"reviewer"},
    "hearer not asked yet": {"impartiality"},
    "conflicted reviewer": {"reviewer", "decider"},
    "coordinator": {"coordinator"},
    "auditor": {"auditor"},
    "auditor not asked yet": {"auditor"},
    "impartiality committee": {"impartiality"},
    "admin": {"admin"},
}
READ = {State.DRAFT, State.IN_REVIEW, State.IN_DECISION}  # where pages are opened by those who may, too
EVERYTHING = State.IN_REVIEW  # everybody asks for every address here
STATES = pytest.mark.parametrize("state", State)
APPEAL_STATES = pytest.mark.parametrize("state", AppealState)
OF_A_FILE = ("application:", "upload:application:")
OF_NO_FILE = ("role:", "vendor:", "upload:vendor", "signed in")  # asked in one state: they know of no other
OF_OTHER_KINDS = ("token", "machine:", "setting up", "owing")  # tests/registry/api/test_own.py, metrics, accounts
JUDGED = (*OF_A_FILE, *OF_NO_FILE, "appeal:", *OF_OTHER_KINDS)  # every other form lets everybody in


@pytest.fixture
def people(world: World) -> dict[str, User]:
    """Somebody of each kind, by kind."""
    new = matrix.newcomers(world)
    found = {kind: new.get(name) or getattr(world, name) for kind, name in KINDS.items() if name}
    for person in found.values():
        committee.refresh(world.session, person.id)  # as the site does when somebody gets a role
    world.session.commit()
    return found


@pytest.fixture
def newcomer(people: dict[str, User]) -> dict[str, User]:
    """The same by name."""
    return {name: people[kind] for kind, name in KINDS.items() if name}


def test_every_permission_and_every_action_has_its_row():
    named = {name for _states, names in matrix.MAY.values() for name in names.split()}
    assert named == {permission.name for permission in Permission}
    assert set(ACTIONS) | BY_THE_CLOCK == set(Action)
    assert set(matrix.APPEAL_ACTIONS) | matrix.APPEAL_BY_THE_CLOCK == set(AppealAction)
    named = {name for names in matrix.APPEAL_MAY.values() for name in names.split()}
    assert named == {permission.name for permission in AppealPermission}
    assert {row.removeprefix("application:") for row in DECLARATIONS.values() if row.startswith("application:")} <= {
        permission.value for permission in Permission
    }


def test_every_form_of_access_is_judged_or_open_to_everybody():
    others = {declared for declared in DECLARATIONS.values() if not declared.startswith(JUDGED)}
    assert others == {"public", "open form"}


@STATES
def test_the_policy_gives_exactly_this(world, people, newcomer, state):
    application = matrix.file_in(world, state, newcomer)
    for kind, person in people.items():
        standing = standing_of(world.session, person, application)
        assert {one.name for one in Permission if allows(standing, one)} == matrix.may(kind, state), kind


@STATES
def test_each_action_is_taken_by_whom_the_table_names_and_refused_to_all_others(
    app, world, people, newcomer, monkeypatch, state
):
    """What is still missing is asked last: here nothing is, so that nobody is refused for another reason."""
    application = matrix.file_in(world, state, newcomer)
    for action, step in workflow.TRANSITIONS.items():
        monkeypatch.setitem(
            workflow.TRANSITIONS, action, workflow.Transition(step.permission, step.target, step.sources)
        )
    known = {person.id: standing_of(world.session, person, application) for person in people.values()}
    monkeypatch.setattr(workflow, "standing_of", lambda _session, actor, _application: known[actor.id])
    steps = [
        (partial(workflow.move, world.session, person, application, action), expected(action, kind, state))
        for action in Action
        for kind, person in people.items()
    ]
    check(app, world, steps)


Step = tuple[partial[None], type[Refused] | None]


def check(app: Flask, world: World, steps: list[Step]) -> None:
    """Each step ends as it should; what the refused ones have written is kept, to be seen."""
    with watched(app.extensions["engine"]) as changed:
        for step, refusal in steps:
            if refusal is not None:
                assert outcome(step) is refusal, step.args[1:]
        world.session.commit()
    assert changed == []
    for step, refusal in steps:
        if refusal is None:
            assert outcome(step) is None, step.args[1:]
            world.session.rollback()


def expected(action: Action, kind: str, state: State) -> type[Refused] | None:
    """The refusal the table asks for; None where the action may be taken."""
    if action in BY_THE_CLOCK:
        return WrongState if state not in workflow.TRANSITIONS[action].sources else None
    who, states = ACTIONS[action]
    if not matrix.may(kind, state):
        return NotFound
    if kind not in who.split(", "):
        return NotAllowed
    if workflow.TRANSITIONS[action].permission not in {Permission[name] for name in matrix.may(kind, state)}:
        return NotAllowed
    return None if state in states else WrongState


def outcome(step: partial[None]) -> type[Refused] | None:
    """The refusal of a step; None where it was taken."""
    try:
        step()
    except Refused as refusal:
        return type(refusal)
    return None


class Kept:
    """The database as it was, to go back to after a request that has changed it."""

    def __init__(self, app: Flask, folder: Path, changed: list[str]) -> None:
        self.engine, self.changed = app.extensions["engine"], changed
        self.here, self.copy = folder / "registry.db", folder / "kept.db"

    def take(self) -> None:
        """Remember this moment."""
        self.changed.clear()
        self.engine.dispose()
        shutil.copy(self.here, self.copy)

    def restore(self) -> list[str]:
        """Back to it, where anything has changed; the tables in which it has."""
        found = list(self.changed)
        if found:
            self.engine.dispose()
            shutil.copy(self.copy, self.here)
            self.changed.clear()
        return found


@pytest.fixture
def kept(app: Flask, tmp_path: Path) -> Iterator[Kept]:
    if app.extensions["engine"].dialect.name == "postgresql":
        pytest.skip("goes back to a copy of the file after each change; who is refused does not depend on the database")
    with watched(app.extensions["engine"]) as changed:
        yield Kept(app, tmp_path, changed)


@STATES
def test_every_route_keeps_to_the_table_and_a_refused_request_changes_no_row(
    app, world, people, newcomer, kept, state, monkeypatch
):
    monkeypatch.setattr(errors, "render_template", lambda *_, **__: "refused")  # its words are read elsewhere
    ref = matrix.file_in(world, state, newcomer).ref
    world.session.close()
    forms = (*OF_A_FILE, *OF_NO_FILE) if state is EVERYTHING else OF_A_FILE
    routes = [route for form in forms for route in routes_of(app, form)]
    wrong = []
    for kind in KINDS if state is EVERYTHING else people:  # whoever is nobody is asked to sign in, in any state
        token_of = entered(browser := app.test_client(), people.get(kind))
        kept.take()
        for rule, method, asked in questions(routes, kind, state):
            path = address(app, rule, ref)
            wrong += tried(kept, browser, (kind, rule, method, path, token_of), asked)
    assert wrong == []


Try = tuple[str, Rule, str, str, str]  # kind of person, route, method, path, token


def tried(kept: Kept, browser: Browser, given: Try, asked: int | None) -> list[Any]:
    """Ask once; what was wrong with the answer, or with what it left behind."""
    kind, rule, method, path, token = given
    answer = ask(browser, method, path, token)
    changed = kept.restore()
    wrong = not answered(answer, asked, rule) or (answer.status_code >= 400 and changed)
    return [(kind, rule.endpoint, method, answer.status_code, changed)] if wrong else []


def questions(routes: list[Any], kind: str, state: State) -> Iterator[tuple[Rule, str, int | None]]:
    """In the state EVERYTHING every route, to everybody. In the others of those that refuse one of each declaration,
    for one guard refuses for all of them; and to whoever may ask it every one that may change something, in the states
    of READ every one that only shows something as well.
    """
    refused = set()
    for rule, method, declared in routes:
        asked = access_of(declared, kind, state) if KINDS[kind] else SIGN_IN[method]
        if state is EVERYTHING or (asked is None and (method == "POST" or state in READ)):
            yield rule, method, asked
        elif asked is not None and (key := (declared, method if state in READ else "")) not in refused:
            refused.add(key)
            yield rule, method, asked


def answered(answer: TestResponse, asked: int | None, rule: Rule) -> bool:
    """Whether an answer is the one asked for. Whoever may is not refused, but for a part that does not exist."""
    if asked is not None:
        return answer.status_code == asked
    if answer.status_code == 404:
        return len(rule.arguments - {"ref"}) > 0 or rule.endpoint in NOT_WRITTEN_YET
    return answer.status_code != 403


@pytest.mark.parametrize("state", sorted(READ))
def test_to_strangers_an_application_is_like_an_unknown_one(app, world, people, newcomer, browser, state):
    ref = matrix.file_in(world, state, newcomer).ref
    strangers = [kind for kind in people if not matrix.may(kind, state)]
    for kind in (strangers[0], strangers[-1]):
        browser.sign_in(people[kind])
        for rule, method, _declared in routes_of(app, "application:"):
            if method == "GET":
                unknown = browser.get(address(app, rule, "HS-1999-9999"))
                answer = browser.get(address(app, rule, ref))
                assert (answer.status_code, unknown.status_code) == (404, 404), rule.endpoint
                assert answer.text.replace(ref, "HS-1999-9999") == unknown.text, rule.endpoint


def entered(browser: Browser, person: User | None) -> str:
    """Sign somebody in; the token of their forms, none for whoever is nobody."""
    if person is None:
        return ""
    browser.sign_in(person)
    return browser.token("/account")


def access_of(declared: str, kind: str, state: State) -> int | None:
    """The status with which a route refuses a kind of person; None where it does not."""
    form, _, wanted = declared.removeprefix("upload:").partition(":")
    if declared == "signed in":
        return None
    if form == "application":
        return expectation(wanted, {Permission[name].value for name in matrix.may(kind, state)})
    if form == "vendor":
        return of_company(kind, wanted or "vendor")
    return None if ROLES.get(kind, set()) & set(wanted.split("|")) else 404


def of_company(kind: str, wanted: str) -> int | None:
    """404 to people without a company, 403 to its contributors where an owner is asked for."""
    if kind not in COMPANY:
        return 404
    return None if wanted == "vendor" or COMPANY[kind] in wanted.split("|") else 403


@APPEAL_STATES
def test_each_step_of_an_appeal_is_taken_by_whom_the_table_names(app, world, people, newcomer, monkeypatch, state):
    application = matrix.file_in(world, State.SUBMITTED, newcomer)
    appeal = matrix.appeal_about(world, application, newcomer, state)
    declare(world, application, newcomer["son"])
    for action, step in appeals.TRANSITIONS.items():
        monkeypatch.setitem(appeals.TRANSITIONS, action, appeals.Transition(step.permission, step.target, step.sources))
    known = {}
    for kind, person in people.items():
        known[person.id] = standing_to(world.session, person, appeal, application)
        given = {one.name for one in AppealPermission if appeal_allows(known[person.id], one)}
        assert given == set(matrix.APPEAL_MAY.get(kind, "").split()), kind
    steps = [
        (partial(appeals.move, world.session, person, appeal, action), expected_of(action, kind, state))
        for action in AppealAction
        for kind, person in people.items()
    ]
    monkeypatch.setattr(appeals.hearings, "standing_to", lambda _session, actor, _appeal, _application: known[actor.id])
    check(app, world, steps)


def declare(world: World, application: Application, person: User) -> None:
    world.session.add(Declaration(application_id=application.id, person_id=person.id, has_interest=False))
    world.session.commit()


def expected_of(action: AppealAction, kind: str, state: AppealState) -> type[Refused] | None:
    """The refusal the table of appeals asks for; None where the step may be taken."""
    if action in matrix.APPEAL_BY_THE_CLOCK:
        return None if state in appeals.TRANSITIONS[action].sources else WrongState
    who, states = matrix.APPEAL_ACTIONS[action]
    if kind not in matrix.APPEAL_MAY:
        return NotFound
    if kind not in who.split(", "):
        return NotAllowed
    return None if state in states else WrongState


@pytest.mark.parametrize("state", [AppealState.LODGED, AppealState.UNDER_HEARING, AppealState.CONFIRMED])
def test_every_route_of_an_appeal_keeps_to_its_table(app, world, people, newcomer, kept, state):
    application = matrix.file_in(world, State.SUBMITTED, newcomer)
    matrix.appeal_about(world, application, newcomer, state)
    declare(world, application, newcomer["son"])
    world.session.close()
    wrong = []
    for kind in KINDS:
        token = entered(browser := app.test_client(), people.get(kind))
        kept.take()
        may = {AppealPermission[name].value for name in matrix.APPEAL_MAY.get(kind, "").split()}
        for rule, method, declared in routes_of(app, "appeal:"):
            asked = expectation(declared.removeprefix("appeal:"), may) if KINDS[kind] else SIGN_IN[method]
            path = app.url_map.bind("localhost").build(rule.endpoint, {"number": matrix.APPEAL})
            wrong += tried(kept, browser, (kind, rule, method, path, token), asked)
    assert wrong == []


def test_whoever_refused_an_application_does_nothing_on_the_appeal_against_it(world, newcomer):
    application = matrix.file_in(world, State.SUBMITTED, newcomer)
    appeal = matrix.appeal_about(world, application, newcomer)
    world.session.add(Participation(application_id=application.id, person_id=world.chi.id, part=Part.COORDINATOR))
    world.session.commit()
    standing = standing_to(world.session, world.chi, appeal, application)
    assert [one for one in AppealPermission if appeal_allows(standing, one)] == []


@pytest.mark.parametrize("other", [Role.COORDINATOR, Role.ADMIN])
def test_coordinators_and_administrators_read_no_complaint_whatever_else_they_are(app, world, people, browser, other):
    received = complaints.receive(
        world.session, uuid4(), "AAAA-BBBB", complaints.Said(ComplaintSubject.DELAY, "Chờ mãi."), lambda text, _: text
    )
    both = person_with(world, "both@club.example", Role.AUDITOR, Role.IMPARTIALITY, other)
    world.session.commit()
    for person, answer in ((people["impartiality committee"], 200), (both, 404)):
        browser.sign_in(person)
        token = browser.token("/account")
        assert browser.get(f"/complaints/{received.number}").status_code == answer
        assert browser.get("/complaints").status_code == answer
        with watched(app.extensions["engine"]) as changed:
            for rule, method, _declared in routes_of(app, "role:auditor|impartiality"):
                if answer == 404 and rule.endpoint.startswith("complaints.") and method == "POST":
                    path = app.url_map.bind("localhost").build(rule.endpoint, {"number": received.number})
                    assert ask(browser, method, path, token).status_code == 404, rule.endpoint
        assert changed == []


def person_with(world: World, email: str, *roles: Role) -> User:
    """Somebody with several roles."""
    return _person(world.session, email, "Ai Đó", *roles)
