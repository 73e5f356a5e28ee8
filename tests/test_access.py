"""Every route says who may call it, this file says the same, and every kind of person tries every route."""

from datetime import timedelta
from typing import Any

import pytest

from assessments.clock import deadline, now
from assessments.models import Declaration, Participation, Review
from assessments.people import Part
from assessments.policy import Permission, allows
from assessments.queries.standings import standing_of
from assessments.states import State
from registry import access
from tests import evaluation
from tests.access_table import DECLARATIONS, OPEN_TO_EVERYBODY

OWNER = {"KNOW", "VIEW", "EDIT", "SUBMIT", "WITHDRAW", "ANSWER", "TIMELINE", "READ_FILE"}
CONTRIBUTOR = {"KNOW", "VIEW", "EDIT", "TIMELINE", "READ_FILE"}
OFFICE = {"KNOW", "TIMELINE", "INTAKE", "ASSIGN", "READ_FILE", "MINUTES", "FOLLOW_UP"}
AUDITOR = {"KNOW", "TIMELINE", "READ_FILE", "AUDIT", "MINUTES"}
REVIEWER = {"KNOW", "TIMELINE", "DECLARE", "JOIN_REVIEW", "REVIEW", "READ_FILE"}
DECIDER = {"KNOW", "TIMELINE", "DECLARE", "JOIN_DECISION", "READ_FILE", "DECIDE", "PROPOSE", "CONFIRM", "MINUTES"}
NEW_REVIEWER = {"KNOW", "DECLARE", "JOIN_REVIEW"}
NEW_DECIDER = {"KNOW", "DECLARE", "JOIN_DECISION"}
STRANGER: set[str] = set()

# Who may do what to an application of Hạt Nắng: Dũng leads and has declared, Hà has not; Giang has declared, Hùng has
# not; Khánh works for Hạt Nắng; Bảo owns another company; Minh keeps the accounts.
MATRIX: dict[State, dict[str, set[str]]] = {
    State.DRAFT: {
        "an": OWNER,
        "anh": CONTRIBUTOR,
        **dict.fromkeys(("bao", "chi", "dung", "ha", "khanh", "giang", "hung", "lan", "minh"), STRANGER),
    },
    State.IN_REVIEW: {
        "an": OWNER,
        "anh": CONTRIBUTOR,
        "chi": OFFICE,
        "dung": REVIEWER | {"LEAD"},
        "ha": NEW_REVIEWER,
        "lan": AUDITOR,
        **dict.fromkeys(("bao", "khanh", "giang", "hung", "minh"), STRANGER),
    },
    State.IN_DECISION: {
        "an": OWNER,
        "anh": CONTRIBUTOR,
        "chi": OFFICE,
        "dung": REVIEWER | {"LEAD"},
        "ha": NEW_REVIEWER,
        "giang": DECIDER,
        "hung": NEW_DECIDER,
        "lan": AUDITOR,
        **dict.fromkeys(("bao", "khanh", "minh"), STRANGER),
    },
}
CASES = [(state, person) for state, people in MATRIX.items() for person in people]


@pytest.fixture
def file_of(world):
    """An application of Hạt Nắng in a state, with its reviewers and with what people have declared."""

    def build(state: State) -> Any:
        if state is State.DRAFT:
            return world.application(state)
        application = evaluation.handed_in(world, state)
        _assign(world, application)
        world.session.commit()
        return application

    return build


def _assign(world, application):
    session = world.session
    for letter, reviewer in (("A", world.dung), ("B", world.ha)):
        session.add(Participation(application_id=application.id, person_id=reviewer.id, part=Part.REVIEWER))
        session.flush()
        session.add(
            Review(
                application_id=application.id,
                reviewer_id=reviewer.id,
                letter=letter,
                lead=letter == "A",
                due_at=deadline(28),
            )
        )
    for person in (world.dung, world.giang):
        session.add(Declaration(application_id=application.id, person_id=person.id, has_interest=False))


def routes_of(app, kind):
    """(endpoint, method, rule) of every route whose declaration begins with a word."""
    for rule in app.url_map.iter_rules():
        with app.app_context():
            declared = access.declared(rule.endpoint) or ""
        if declared.startswith(kind):
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield rule, method, declared


def address(app, rule, ref):
    """The path of a route, with values that fit it."""
    values = {"ref": ref, "code": "TL-01", "edition_id": "vcsc-2026", "number": 1, "step": "names", "token": "x"}
    unknown = "00000000-0000-4000-8000-000000000000"
    given = {name: values.get(name, unknown) for name in rule.arguments}
    return app.url_map.bind("localhost").build(rule.endpoint, given)


def ask(browser, method, path, token):
    """Call a route as its form would."""
    if method == "GET":
        return browser.get(path)
    return browser.post(path, data={"csrf_token": token})


@pytest.mark.parametrize("state", [State.CERTIFIED, State.DECLINED, State.WITHDRAWN])
def test_reviewers_leave_a_file_a_month_after_it_is_over(world, file_of, state):
    application = file_of(state)
    assert allows(standing_of(world.session, world.dung, application), Permission.READ_FILE)
    application.moved_at = now() - timedelta(days=31)
    assert not allows(standing_of(world.session, world.dung, application), Permission.KNOW)


def test_every_route_declares_its_access(app):
    with app.app_context():
        found = {rule.endpoint: access.declared(rule.endpoint) for rule in app.url_map.iter_rules()}
    assert found == DECLARATIONS


def test_what_is_open_to_everybody_is_named():
    opened = {name for name, declared in DECLARATIONS.items() if declared in {"public", "open form"}}
    assert opened == OPEN_TO_EVERYBODY


def test_an_undeclared_route_is_refused(app, browser):
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert browser.get("/forgotten").status_code == 403


def test_no_address_both_shows_and_changes(app):
    both = [r.endpoint for r in app.url_map.iter_rules() if {"GET", "POST"} <= (r.methods or set())]
    assert both == []


@pytest.mark.parametrize(("state", "person"), CASES, ids=[f"{s}-{p}" for s, p in CASES])
def test_the_policy_gives_exactly_this(world, file_of, state, person):
    standing = standing_of(world.session, getattr(world, person), file_of(state))
    assert {one.name for one in Permission if allows(standing, one)} == MATRIX[state][person]


@pytest.mark.parametrize(("state", "person"), CASES, ids=[f"{s}-{p}" for s, p in CASES])
def test_every_route_of_an_application_keeps_to_the_policy(app, world, file_of, browser, state, person):
    application = file_of(state)
    browser.sign_in(getattr(world, person))
    token = browser.token("/account")
    may = {Permission[name].value for name in MATRIX[state][person]}
    wrong = []
    for rule, method, declared in routes_of(app, "application:"):
        answer = ask(browser, method, address(app, rule, application.ref), token)
        expected = expectation(declared.removeprefix("application:"), may)
        if not fits(answer.status_code, expected, rule):
            wrong.append((rule.endpoint, method, answer.status_code, expected))
        if expected == 404 and method == "GET":
            unknown = browser.get(address(app, rule, "HS-1999-9999"))
            assert (unknown.status_code, unknown.text) == (404, answer.text.replace(application.ref, "HS-1999-9999"))
    assert wrong == []


def expectation(permission, may):
    """404 to strangers, 403 to insiders without the right, None (neither) to the others."""
    if permission in may:
        return None
    return 403 if Permission.KNOW.value in may else 404


# Pages about something that these applications do not have yet: nobody can open them, whoever may.
NOT_WRITTEN_YET = {
    *("applications.notice", "applications.comment", "applications.summary", "applications.check_facts"),
    *(
        "applications.carried",
        "applications.confirm_rest",
        "applications.changed",
        "applications.tell",
    ),  # renewals only
}


def fits(status, expected, rule):
    """Whether an answer is the expected one; a part of an application that does not exist is 404 to everybody."""
    if expected is not None:
        return status == expected
    absent = len(rule.arguments) > 1 or rule.endpoint in NOT_WRITTEN_YET
    return status != 403 and (status != 404 or absent)


@pytest.mark.parametrize("person", ["an", "anh", "bao", "chi", "dung", "khanh", "giang", "lan", "minh"])
def test_role_pages_do_not_exist_for_other_people(app, world, browser, person):
    browser.sign_in(getattr(world, person))
    token = browser.token("/account")
    roles = {role.value for role in getattr(world, person).roles}
    for rule, method, declared in routes_of(app, "role:"):
        if roles & set(declared.removeprefix("role:").split("|")):
            continue
        assert ask(browser, method, address(app, rule, "x"), token).status_code == 404, (rule.endpoint, method)


def test_company_pages_are_for_its_people_and_some_for_its_owners(app, world, browser):
    for person, role in (("chi", None), ("anh", "contributor")):
        browser.sign_in(getattr(world, person))
        token = browser.token("/account")
        for rule, method, declared in routes_of(app, "vendor:"):
            answer = ask(browser, method, address(app, rule, "x"), token)
            allowed = role in declared.removeprefix("vendor:").split("|")
            if not allowed:
                assert answer.status_code == (403 if role else 404), (person, rule.endpoint, method)


def test_whoever_is_not_signed_in_is_asked_to_and_comes_back(app, world, browser, file_of):
    file_of(State.IN_REVIEW)
    for kind in ("application:", "role:", "vendor:", "signed in"):
        for rule, method, _ in routes_of(app, kind):
            path = address(app, rule, "HS-2026-0001")
            if method == "GET":
                answer = browser.get(path)
                assert answer.status_code == 302, rule.endpoint
                assert answer.location.startswith("/sign-in?next="), rule.endpoint


def test_unknown_workspace_addresses_tell_strangers_nothing(browser, world):
    assert browser.get("/applications/HS-1999-0001").location.startswith("/sign-in")
    assert browser.get("/nowhere").status_code == 404
