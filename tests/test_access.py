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
    session.add(Participation(application_id=application.id, person_id=world.lan.id, part=Part.AUDITOR))
    for person in (world.dung, world.giang, world.lan):
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
    values = {
        "ref": ref,
        "code": "TL-01",
        "edition_id": "vcsc-2026",
        "number": 1,
        "place": 1,
        "step": "names",
        "token": "x",
        "year": 2026,
    }
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
            if role not in declared.removeprefix("vendor:").split("|"):  # what is allowed could end the membership
                answer = ask(browser, method, address(app, rule, "x"), token)
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
