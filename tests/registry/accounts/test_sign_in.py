"""Signing in and out: one answer for every failure, tries counted, a session of one's own."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlmodel import select

from assessments import clock
from assessments.clock import now
from registry.accounts import sessions
from registry.accounts.models import LoginSession, User
from tests.rows import row, rows
from tests.world import PASSWORD

WRONG = "Email hoặc mật khẩu chưa đúng. Kiểm tra bộ gõ tiếng Việt và phím Caps Lock."


def sign_in(browser, email, password=PASSWORD, **data):
    return browser.press("/sign-in", "/sign-in", email=email, password=password, **data)


def without_token(response, email):
    """The page without what differs by nature: the token, and the address typed."""
    head, _, rest = response.text.partition('name="csrf_token"')
    return (head + rest.partition(">")[2]).replace(email, "")


def test_the_right_password_opens_a_session_and_leads_to_the_first_page(app, world, browser):
    answer = sign_in(browser, "AN@hatnang.example ")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/applications")
    session = row(app, select(LoginSession).where(LoginSession.user_id == world.an.id))
    assert (session.ended_at, session.address) == (None, "127.0.0.1")
    assert browser.get("/account").status_code == 200


def test_unknown_wrong_unverified_and_disabled_get_the_same_answer(world, browser, session):
    world.dung.email_verified_at = None
    world.ha.disabled_at = now()
    session.add_all([world.dung, world.ha])
    session.commit()
    tried = [
        (world.an.email, "not the right one"),
        ("nobody@x.example", PASSWORD),
        (world.dung.email, PASSWORD),
        (world.ha.email, PASSWORD),
    ]
    answers = [(sign_in(browser, email, password), email) for email, password in tried]
    assert [answer.status_code for answer, _ in answers] == [422] * 4
    assert len({without_token(answer, email) for answer, email in answers}) == 1
    assert WRONG in answers[0][0].text


def test_ten_tries_an_account_then_wait(app, world, browser):
    for _ in range(10):
        assert sign_in(browser, world.an.email, "wrong").status_code == 422
    blocked = sign_in(browser, world.an.email)
    assert blocked.status_code == 429
    assert 0 < int(blocked.headers["Retry-After"]) <= 900
    assert "Thử quá nhiều lần. Chờ đến" in blocked.text
    assert sign_in(app.test_client(), world.bao.email).status_code == 302
    with clock.at(now() + timedelta(minutes=16)):
        assert sign_in(browser, world.an.email).status_code == 302


def test_nobody_locks_the_account_of_somebody_else(app, world, browser):
    for _ in range(11):
        sign_in(browser, world.an.email, "wrong")
    elsewhere = app.test_client()
    token = elsewhere.token("/sign-in")
    data = {"csrf_token": token, "email": world.an.email, "password": PASSWORD}
    answer = elsewhere.post("/sign-in", data=data, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert answer.status_code == 302


def test_a_hundred_tries_an_account_from_everywhere(app, world, browser, monkeypatch):
    monkeypatch.setattr("registry.accounts.passwords.verify", lambda _hashed, _password: False)
    data = {"csrf_token": browser.token("/sign-in"), "email": world.an.email, "password": "wrong"}
    places = [{"REMOTE_ADDR": f"192.0.2.{number // 10}"} for number in range(101)]
    answers = [browser.post("/sign-in", data=data, environ_base=place).status_code for place in places]
    assert answers == [422] * 100 + [429]


def test_sixty_tries_an_address_whatever_the_account(app, world, browser, monkeypatch):
    monkeypatch.setattr("registry.accounts.passwords.verify", lambda _hashed, _password: False)
    for number in range(60):
        assert sign_in(browser, f"nobody{number}@x.example", "wrong").status_code == 422
    assert sign_in(browser, "somebody@x.example", "wrong").status_code == 429
    elsewhere = app.test_client()
    token = elsewhere.token("/sign-in")
    data = {"csrf_token": token, "email": "somebody@x.example", "password": "wrong"}
    answer = elsewhere.post("/sign-in", data=data, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert answer.status_code == 422


def test_a_success_clears_the_account_s_count(world, browser):
    for _ in range(9):
        sign_in(browser, world.an.email, "wrong")
    assert sign_in(browser, world.an.email).status_code == 302
    browser.press("/sign-out", "/account")
    for _ in range(9):
        assert sign_in(browser, world.an.email, "wrong").status_code == 422


def test_an_outdated_hash_is_renewed(app, world, browser, session):
    world.an.password_hash = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    session.add(world.an)
    session.commit()
    sign_in(browser, world.an.email)
    assert "m=19456,t=2,p=1" in row(app, select(User.password_hash).where(User.id == world.an.id))


def test_the_session_and_its_cookie_are_new_after_signing_in(app, world, browser):
    browser.sign_in(world.bao)
    browser.get("/account")
    browser.press("/sign-out", "/account")
    browser.get("/sign-in")
    with browser.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        before = cookie["csrf_token"]
    sign_in(browser, world.an.email)
    with browser.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie.get("csrf_token") != before
        assert sessions.key_hash(cookie["_user_id"]) == row(
            app, select(LoginSession.key_hash).where(LoginSession.user_id == world.an.id)
        )


def test_signing_out_ends_the_row_and_a_copied_cookie_with_it(app, world, browser):
    browser.sign_in(world.an)
    copied = browser.get_cookie("vcsc").value
    assert browser.press("/sign-out", "/account").status_code == 302
    assert row(app, select(LoginSession)).ended_at is not None
    thief = app.test_client()
    thief.set_cookie("vcsc", copied)
    assert thief.get("/account").headers["Location"] == "/sign-in?next=/account"


def test_signing_out_twice_does_no_harm(world, browser):
    browser.sign_in(world.an)
    token = browser.token("/account")
    assert browser.post("/sign-out", data={"csrf_token": token}).status_code == 302
    assert browser.post("/sign-out", data={"csrf_token": browser.token("/sign-in")}).status_code == 302


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "/a\nb", "javascript:x"]
)
def test_only_addresses_on_this_site_are_gone_on_to(world, browser, onward):
    answer = sign_in(browser, world.an.email, next=onward)
    assert answer.headers["Location"] == "/applications"
    assert browser.get("/sign-in", query_string={"next": onward}).headers["Location"] == "/applications"


def test_next_leads_back(world, browser):
    asked = browser.get("/en/company/facts?x=1")
    assert asked.headers["Location"] == "/en/sign-in?next=/en/company/facts?x%3D1"
    page = browser.get(asked.headers["Location"])
    assert 'value="/en/company/facts?x=1"' in page.text
    answer = sign_in(browser, world.an.email, next="/en/company/facts?x=1")
    assert answer.headers["Location"] == "/en/company/facts?x=1"


def test_an_unknown_address_of_the_workspace_asks_to_sign_in_and_is_404_afterwards(world, browser):
    assert browser.get("/account/nothing").status_code == 302
    browser.sign_in(world.an)
    assert browser.get("/account/nothing").status_code == 404


@pytest.mark.parametrize(("path", "said"), [("/sign-in", "Nhập email."), ("/en/sign-in", "Enter your email.")])
def test_posted_empty(world, browser, path, said):
    answer = browser.press(path, path)
    assert answer.status_code == 422
    assert said in answer.text
    assert "<title>" in answer.text


def test_without_a_token_nothing_happens(app, world, browser):
    assert browser.post("/sign-in", data={"email": world.an.email, "password": PASSWORD}).status_code == 400
    assert rows(app, select(LoginSession)) == []


def test_a_person_disabled_meanwhile_is_out_at_the_next_click(world, browser, session):
    browser.sign_in(world.an)
    assert browser.get("/account").status_code == 200
    world.an.disabled_at = now()
    session.add(world.an)
    session.commit()
    assert browser.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("who", "menu"),
    [
        ("an", ["/company", "/account"]),
        ("chi", ["/people/interests", "/account"]),
        ("minh", ["/people", "/account"]),
    ],
)
def test_the_menu_follows_roles_and_company(world, browser, who, menu):
    browser.sign_in(getattr(world, who))
    page = browser.get("/account").text
    for address in menu:
        assert f'<a href="{address}"' in page
