"""GET /api/v1/own: a company's own data with a token, in one header only, never more than its pages show."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import clock, tokens
from assessments.clock import now
from assessments.models import ApiToken, HistoryEntry, TokenEnd, TokenScope
from assessments.people import MemberRole
from assessments.states import CertificateState, Kind, PeopleEvent, State
from registry.accounts.attempts import LIMITS, Limit, Purpose
from registry.accounts.models import LoginSession
from registry.accounts.security_models import SecurityEvent, SecurityKind
from registry.api import own_models
from registry.api.models import Problem
from registry.api.own_examples import OWN_EXAMPLES
from registry.api.own_operations import OWN_OPERATIONS
from registry.tokens import upkeep
from tests.counting import statements
from tests.drafting import ready
from tests.listings import Published, Shop
from tests.rows import letters, row, rows

ALL = frozenset(TokenScope)
BY_NAME = {one.name: one for one in OWN_OPERATIONS}


def token_of(world, person, vendor, scopes=ALL):
    """The key of a token that an owner has made."""
    person.stand(frozenset(), {vendor.id: MemberRole.OWNER})
    _token, key = tokens.make(world.session, person, vendor, tokens.Wanted("Thử", scopes, 90))
    world.session.commit()
    return key


@pytest.fixture
def key(world):
    return token_of(world, world.an, world.hat_nang)


def ask(client, path, key, **headers):
    return client.get(f"/api/v1/own{path}", headers={"Authorization": f"Bearer {key}", **headers})


def shaped(name, answer):
    """An answer in the declared shape of its operation, strictly, that nobody else may keep or read."""
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    BY_NAME[name].answer.model_validate_json(answer.data)
    return answer.json


def problem(answer, status, kind):
    """A refusal as RFC 9457 has it."""
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    said = Problem.model_validate_json(answer.data)
    assert (said.status, said.type.rpartition("#")[2]) == (status, kind)
    assert (said.title != said.title_vi, said.detail != said.detail_vi) == (True, True)
    assert answer.headers["Cache-Control"] == "no-store"
    return answer


# --- who gets in ---


def test_a_token_in_its_header_and_nothing_else(app, world, browser, key):
    own = shaped("own", ask(browser, "", key))
    assert (own["company"], own["token"]) == ({"slug": "hat-nang", "name": "Công ty CP Hạt Nắng"}, "Thử")
    for address in own["links"].values():
        path = address.removeprefix("http://localhost")
        assert browser.get(path, headers={"Authorization": f"Bearer {key}"}).status_code == 200
    missing = problem(browser.get("/api/v1/own"), 401, "token-missing")
    assert missing.headers["WWW-Authenticate"] == 'Bearer realm="own"'
    for bad in (key[:-1], key + "x", key.upper(), "vcsc_" + "A" * 43, "x", "é", "Ω" * 9, "a b", "a" * 5000):
        answer = problem(ask(browser, "", bad.encode().decode("latin-1")), 401, "token-invalid")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="own", error="invalid_token"'
    for header in (f"Basic {key}", key, "Bearer", f"Token {key}"):
        answer = browser.get("/api/v1/own", headers={"Authorization": header})
        problem(answer, 401, "token-invalid")


def test_no_session_opens_it_and_no_cookie_goes_with_it(app, world, browser, key):
    browser.sign_in(world.an)
    problem(browser.get("/api/v1/own"), 401, "token-missing")
    problem(ask(browser, "", key), 400, "cookie-with-token")
    problem(app.test_client().get("/api/v1/own", headers={"Cookie": f"token={key}"}), 401, "token-missing")
    assert ask(app.test_client(), "", key).status_code == 200


def test_a_token_opens_no_page_and_changes_nothing(app, world, browser, key):
    bearer = {"Authorization": f"Bearer {key}"}
    assert browser.get("/applications", headers=bearer).status_code == 302
    assert browser.get("/company", headers=bearer).status_code == 302
    for method in ("post", "put", "patch", "delete"):
        assert getattr(browser, method)("/api/v1/own/applications", headers=bearer).status_code in {400, 405}
    assert rows(app, select(LoginSession)) == []


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/own?token={key}",
        "/api/v1/own/applications?access_token={key}",
        "/api/v1/products?q={key}",
        "/api/v1/nothing/{key}",
        "/products?q=x%20{percent}",
        "/no/such/page/{key}",
    ],
)
def test_a_key_in_an_address_is_refused_and_ended_and_said(app, world, browser, key, address):
    path = address.format(key=key, percent=key.replace("_", "%5F"))
    answer = browser.get(path)
    if path.startswith("/api/"):
        problem(answer, 400, "token-in-address")
    else:
        assert (answer.status_code, "Mã này đã được thu hồi" in answer.text) == (400, True)
    assert row(app, select(ApiToken.ended_as)) is TokenEnd.EXPOSED
    problem(ask(browser, "", key), 401, "token-invalid")
    assert row(app, select(HistoryEntry).where(HistoryEntry.action == PeopleEvent.END_TOKEN)).actor_id is None
    assert row(app, select(SecurityEvent.user_id).where(SecurityEvent.kind == SecurityKind.TOKEN_ENDED)) == world.an.id
    assert browser.get(path).status_code == 400
    with app.app_context():
        upkeep.tell_of_ended()
    (letter,) = letters(app, world.an.email)
    assert "Authorization: Bearer" in letter.body


def test_a_made_up_key_in_an_address_ends_nothing(app, world, browser, key):
    problem(browser.get("/api/v1/own?token=vcsc_" + "A" * 43), 400, "token-in-address")
    assert row(app, select(ApiToken.ended_as)) is None
    assert browser.get("/products?q=vcsc_2026").status_code == 200


def test_each_address_asks_for_its_scope(app, world, browser):
    for scope in TokenScope:
        key = token_of(world, world.an, world.hat_nang, frozenset({scope}))
        for one in OWN_OPERATIONS:
            answer = ask(browser, one.path.removeprefix("/own").replace("{ref}", "HS-2026-0001"), key)
            if one.scope in {None, scope}:
                assert answer.status_code in {200, 404}
            else:
                problem(answer, 403, "scope-missing")
                assert f'scope="{one.scope}"' in answer.headers["WWW-Authenticate"]


def test_a_token_has_a_minute_of_its_own_counted_for_all_processes(app, world, browser, key, monkeypatch):
    other = token_of(world, world.an, world.hat_nang)
    monkeypatch.setattr("registry.accounts.attempts.LIMITS", _few(3))
    moment = now()
    with clock.at(moment):
        assert [ask(browser, "", key).status_code for _each in range(4)] == [200, 200, 200, 429]
        app.extensions.pop("api windows")  # what one process remembers
        answer = problem(ask(browser, "", key), 429, "too-many-requests")
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        assert ask(browser, "", other).status_code == 200
    with clock.at(moment + timedelta(seconds=61)):
        assert ask(browser, "", key).status_code == 200


def _few(most):
    return {**LIMITS, Purpose.OWN: Limit(account=most, window=timedelta(minutes=1))}


def test_its_last_use_is_kept_to_ten_minutes(app, world, browser, key):
    moment = now()
    for minutes, kept in ((0, 0), (9, 0), (10, 10)):
        with clock.at(moment + timedelta(minutes=minutes)):
            ask(browser, "", key)
        assert row(app, select(ApiToken.used_at)) == moment + timedelta(minutes=kept)


# --- what it reads ---


@pytest.fixture
def shop(world):
    shop = Shop(world)
    shop.publish(name="Đèn Nhà", name_en="Home Lamp")
    shop.publish(name="Đường Về", state=CertificateState.WITHDRAWN)
    return shop


def test_products_and_certificates_page_by_page(app, world, browser, shop, key):
    found, following = [], "/products?limit=1"
    while following:
        page = shaped("own_products", ask(browser, following, key))
        found += [one["slug"] for one in page["items"]]
        following = (page["next"] or "").partition("/api/v1/own")[2]
    assert found == sorted(found)
    assert len(found) == 2
    certificates = shaped("own_certificates", ask(browser, "/certificates", key))["items"]
    assert [one["status"] for one in certificates] == ["active", "withdrawn"]
    stranger = token_of(world, world.bao, world.bo_tre)
    for path in ("/products", "/certificates", "/applications", "/deadlines", "/evidence"):
        assert ask(browser, path, stranger).json["items"] == []


def test_applications_are_those_of_the_company_and_others_are_not_there(app, world, browser, key):
    application = world.application(State.CORRECTION, due_at=clock.deadline(20), correction_round=1)
    one = shaped("own_application", ask(browser, f"/applications/{application.ref}", key))
    day = clock.legal_day(application.due_at).isoformat()
    assert (one["state"], one["answer_by"]) == ("correction", day)
    assert shaped("own_applications", ask(browser, "/applications", key))["items"] == [one]
    due = shaped("own_deadlines", ask(browser, "/deadlines", key))["items"]
    assert due == [{"kind": "application", "due_on": day, "place": application.ref, "criterion": None}]
    assert shaped("own_messages", ask(browser, f"/applications/{application.ref}/messages", key))["items"] == []
    stranger = token_of(world, world.bao, world.bo_tre)
    for path in (f"/applications/{application.ref}", f"/applications/{application.ref}/messages"):
        theirs, nobodys = ask(browser, path, stranger), ask(browser, path.replace("0001", "9999"), stranger)
        problem(theirs, 404, "not-found")
        assert theirs.json == nobodys.json


@pytest.mark.parametrize("state", [State.CERTIFIED, State.DECLINED])
def test_a_result_that_waits_for_its_day_is_told_by_nothing(app, world, browser, shop, key, state):
    """Word for word what is answered while the committee still decides."""
    application = world.application(State.IN_DECISION, ref="HS-2026-0777")
    paths = ("/applications", f"/applications/{application.ref}", f"/applications/{application.ref}/messages")
    paths += ("/deadlines", "/certificates", "/products")
    before = [ask(browser, path, key).data for path in paths]
    day = now() + timedelta(days=3)
    application.state, application.announce_at, application.moved_at = state, day, now()
    world.session.add(application)
    world.session.commit()
    assert [ask(browser, path, key).data for path in paths] == before
    with clock.at(day):
        assert ask(browser, paths[1], key).json["state"] == state


def test_a_deadline_of_the_club_is_none_of_the_company(app, world, browser, key):
    for number, state in enumerate((State.SUBMITTED, State.IN_REVIEW)):
        world.application(state, ref=f"HS-2026-010{number}", due_at=clock.deadline(10))
    assert {one["answer_by"] for one in ask(browser, "/applications", key).json["items"]} == {None}
    assert ask(browser, "/deadlines", key).json["items"] == []


def test_evidence_is_listed_without_its_bytes(app, world, browser, key):
    ready(world)
    first = shaped("own_evidence", ask(browser, "/evidence?limit=1", key))
    found = shaped("own_evidence", ask(browser, "/evidence", key))["items"]
    assert len(found) >= 1
    assert first["items"] == found[:1]
    assert {use["application"] for one in found for use in one["used_for"]} == {"HS-2026-0001"}
    answer = ask(browser, "/evidence?cursor=abc", key)
    problem(answer, 400, "bad-parameter")


def test_nobody_of_the_club_stands_in_any_answer(app, world, browser, key):
    application = ready(world)
    application = world.application(State.MINDED_TO, ref="HS-2026-0778", due_at=clock.deadline(5))
    said = "".join(
        ask(browser, path, key).text
        for path in (
            *("", "/products", "/certificates", "/applications", "/deadlines", "/evidence"),
            f"/applications/{application.ref}/messages",
        )
    )
    for person in (world.chi, world.dung, world.ha, world.khanh, world.giang, world.hung, world.lan, world.minh):
        assert (person.name in said, person.email in said, str(person.id) in said) == (False, False, False)


def test_each_list_asks_the_same_however_long_it_is(app, world, browser, key):
    shop = Shop(world)
    shop.publish()
    ask(browser, "", key)
    counts = []
    for _each in range(2):
        with statements(app) as seen:
            for path in ("/products", "/certificates", "/applications", "/deadlines", "/evidence"):
                ask(browser, path, key)
        counts.append(len(seen))
        shop.publish_all(*[Published() for _more in range(3)])
        world.application(State.DRAFT, kind=Kind.INITIAL, ref=f"HS-2026-020{_each}")
    assert counts[0] == counts[1] <= 40


def test_every_operation_has_an_example_in_its_shape():
    assert set(OWN_EXAMPLES) == set(BY_NAME)
    for name, one in BY_NAME.items():
        one.answer.model_validate(OWN_EXAMPLES[name])
    assert own_models.OwnApplication.model_fields.keys() >= {"ref", "state", "answer_by"}
