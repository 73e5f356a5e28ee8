"""Every action and every route, by every kind of person, in every state: who is refused, and that nothing changes."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from assessments import workflow
from assessments.errors import NotAllowed, NotFound, Refused, WrongState
from assessments.models import Application
from assessments.policy import Permission, allows
from assessments.queries.standings import standing_of
from assessments.states import Action, State
from registry.accounts.models import User
from tests import matrix
from tests.access_table import DECLARATIONS
from tests.conftest import Browser
from tests.matrix import ACTIONS, BY_THE_CLOCK, KINDS
from tests.test_access import NOT_WRITTEN_YET, address, ask, expectation, routes_of
from tests.watching import watched
from tests.world import World

SIGN_IN = {"GET": 302, "POST": 401}  # asked to sign in, and back with what was typed
COMPANY = {"owner": "owner", "contributor": "contributor", "other vendor": "owner"}
ROLES = {
    **{kind: {"reviewer"} for kind in ("lead reviewer", "reviewer", "reviewer not asked yet", "unassigned reviewer")},
    **{kind: {"decider"} for kind in ("decider", "decider not asked yet", "conflicted decider")},
    "conflicted reviewer": {"reviewer", "decider"},
    "coordinator": {"coordinator"},
    "auditor": {"auditor"},
    "auditor not asked yet": {"auditor"},
    "impartiality committee": {"impartiality"},
    "admin": {"admin"},
}
READ = {State.DRAFT, State.IN_REVIEW, State.IN_DECISION}  # where pages are opened by those who may, too
STATES = pytest.mark.parametrize("state", State)


@pytest.fixture
def people(world: World) -> dict[str, User]:
    """Somebody of each kind, by kind."""
    new = matrix.newcomers(world)
    return {kind: new.get(name) or getattr(world, name) for kind, name in KINDS.items() if name}


@pytest.fixture
def newcomer(people: dict[str, User]) -> dict[str, User]:
    """The same by name."""
    return {name: people[kind] for kind, name in KINDS.items() if name}


def test_every_permission_and_every_action_has_its_row():
    named = {name for _states, names in matrix.MAY.values() for name in names.split()}
    assert named == {permission.name for permission in Permission}
    assert set(ACTIONS) | BY_THE_CLOCK == set(Action)
    assert {row.removeprefix("application:") for row in DECLARATIONS.values() if row.startswith("application:")} <= {
        permission.value for permission in Permission
    }


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
    for action in Action:
        for kind, person in people.items():
            assert outcome(app, world, person, application, action) is expected(action, kind, state), (action, kind)


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


def outcome(app: Flask, world: World, person: User, application: Application, action: Action) -> type[Refused] | None:
    """What happens when somebody takes an action. What a refusal has written is kept, to be seen; a success is not."""
    with watched(app.extensions["engine"]) as changed:
        try:
            workflow.move(world.session, person, application, action)
        except Refused as refusal:
            world.session.commit()
            assert changed == []
            return type(refusal)
    world.session.rollback()
    return None


class Kept:
    """The database as it was, to go back to after a request that was allowed to change it."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.engine = app.extensions["engine"]
        self.here, self.copy = folder / "registry.db", folder / "kept.db"

    def take(self) -> None:
        """Remember this moment."""
        self.engine.dispose()
        shutil.copy(self.here, self.copy)

    def restore(self) -> None:
        """Back to it."""
        self.engine.dispose()
        shutil.copy(self.copy, self.here)


@STATES
def test_every_route_keeps_to_the_table_and_a_refused_request_changes_no_row(
    app, world, people, newcomer, tmp_path, state
):
    if app.extensions["engine"].dialect.name == "postgresql":
        pytest.skip("goes back to a copy of the file after each change; who is refused does not depend on the database")
    ref = matrix.file_in(world, state, newcomer).ref
    world.session.close()
    kinds = ("application:", "role:", "vendor:", "upload:")[: None if state is State.IN_REVIEW else 1]
    routes = [route for kind in kinds for route in routes_of(app, kind)]  # only applications have states
    kept = Kept(app, tmp_path)
    wrong = []
    for kind in KINDS:
        browser = app.test_client()
        token = entered(browser, people.get(kind))
        kept.take()
        for rule, method, asked in questions(routes, kind, state):
            with watched(app.extensions["engine"]) as changed:
                answer = ask(browser, method, address(app, rule, ref), token)
            if not answered(answer, asked, rule) or (answer.status_code >= 400 and changed):
                wrong.append((kind, rule.endpoint, method, answer.status_code, changed))
            if changed:
                kept.restore()
    assert wrong == []


def questions(routes: list[Any], kind: str, state: State) -> Iterator[tuple[Rule, str, int | None]]:
    """Every route that refuses somebody, and every one that might change something, with the answer asked for."""
    for rule, method, declared in routes:
        asked = access_of(declared, kind, state) if KINDS[kind] else SIGN_IN[method]
        if asked is not None or method == "POST" or state in READ:
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
    form, _, wanted = declared.partition(":")
    if form == "application":
        return expectation(wanted, {Permission[name].value for name in matrix.may(kind, state)})
    if form in {"vendor", "upload"}:
        return of_company(kind, wanted)
    return None if ROLES.get(kind, set()) & set(wanted.split("|")) else 404


def of_company(kind: str, wanted: str) -> int | None:
    """404 to people without a company, 403 to its contributors where an owner is asked for."""
    if kind not in COMPANY:
        return 404
    return None if wanted == "vendor" or COMPANY[kind] in wanted.split("|") else 403
