"""Who reaches which page of an appeal: every kind of person tries every route of one, before and after the ruling."""

import pytest

from assessments import appeals, hearings
from assessments.models import Application
from assessments.policy import AppealPermission, appeal_allows
from assessments.queries.hearings import standing_to
from assessments.recourse import Ruling
from tests import appealing
from tests.test_access import ask, routes_of

OWNER = {"know", "view", "withdraw"}
CONTRIBUTOR = {"know", "view"}
OFFICE = {"know", "handle", "refuse"}
HEARER = {"know", "join", "hear"}
ASKED = {"know", "join"}
STRANGER: set[str] = set()

# An appeal of Hạt Nắng against a decline by Giang and Hùng: Phúc hears it and has declared, Mai hears it and has not.
MATRIX = {
    "an": OWNER,
    "anh": CONTRIBUTOR,
    "thao": OFFICE,
    "chi": OFFICE,
    "lan": OFFICE,
    "phuc": HEARER,
    "mai": ASKED,
    **dict.fromkeys(("bao", "dung", "ha", "khanh", "giang", "hung", "quan", "minh"), STRANGER),
}


@pytest.fixture
def people(world):
    others = appealing.others(world)
    return {name: getattr(world, name, None) or getattr(others, name) for name in MATRIX}


@pytest.fixture
def appeal(world, people):
    made = appealing.lodged(world, appealing.declined(world))
    appeals.acknowledge(world.session, people["thao"], made)
    hearings.assign(world.session, people["thao"], made, [people["phuc"].id, people["mai"].id])
    hearings.declare(world.session, people["phuc"], made)
    world.session.commit()
    return made


@pytest.mark.parametrize("person", MATRIX)
def test_the_policy_gives_exactly_this(world, people, appeal, person):
    application = world.session.get_one(Application, appeal.application_id)
    standing = standing_to(world.session, people[person], appeal, application)
    assert {one.value for one in AppealPermission if appeal_allows(standing, one)} == MATRIX[person]


@pytest.mark.parametrize("person", MATRIX)
def test_every_route_keeps_to_the_policy(app, world, people, appeal, browser, person):
    browser.sign_in(people[person])
    token = browser.token("/account")
    wrong = []
    for rule, method, declared in routes_of(app, "appeal:"):
        path = app.url_map.bind("localhost").build(rule.endpoint, {"number": appeal.number})
        answer = ask(browser, method, path, token)
        permission = declared.removeprefix("appeal:")
        expected = 404 if not MATRIX[person] else 403 if permission not in MATRIX[person] else None
        fits = answer.status_code == expected if expected else answer.status_code not in {403, 404}
        if not fits and rule.endpoint not in {"appeals.end", "appeals.acknowledge"}:
            wrong.append((rule.endpoint, method, answer.status_code, expected))
        if expected == 404 and method == "GET":
            unknown = browser.get(path.replace(appeal.number, "YC-1999-0001"))
            assert (unknown.status_code, unknown.text) == (404, answer.text.replace(appeal.number, "YC-1999-0001"))
    assert wrong == []


def test_whoever_is_not_signed_in_is_asked_to(app, world, appeal, browser):
    for rule, method, _ in routes_of(app, "appeal:"):
        path = app.url_map.bind("localhost").build(rule.endpoint, {"number": appeal.number})
        if method == "GET":
            assert browser.get(path).location.startswith("/sign-in?next="), rule.endpoint


def test_a_form_without_its_token_changes_nothing(world, people, appeal, browser):
    browser.sign_in(people["an"])
    assert browser.post(f"/appeals/{appeal.number}/withdraw").status_code == 400
    assert world.again(appeal).due_at is not None


def test_after_the_ruling_the_hearers_still_read(world, people, appeal, browser):
    hearings.declare(world.session, people["mai"], appeal)
    appealing.rule(world, appeal, Ruling.CONFIRMED, people["phuc"], people["mai"])
    for name, code in (("phuc", 200), ("giang", 404), ("quan", 404)):
        browser.sign_in(people[name])
        assert browser.get(f"/appeals/{appeal.number}/hearing").status_code == code
