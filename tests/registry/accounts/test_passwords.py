"""Lost and changed passwords: links for one use, and what ends with the old password."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import clock
from assessments.clock import now
from registry.accounts import passwords, tokens
from registry.accounts.models import LoginSession, User
from tests.rows import letters, link, row, rows
from tests.world import PASSWORD

NEW = "năm con ngựa kéo xe"


def forgot(browser, email):
    return browser.press("/forgot-password", "/forgot-password", email=email)


def test_reset_sets_a_password_once_and_ends_every_session(app, world, browser):
    elsewhere = app.test_client()
    elsewhere.sign_in(world.an)
    forgot(browser, world.an.email)
    (letter,) = letters(app, world.an.email)
    url = link(letter)
    assert letter.subject == "Đặt lại mật khẩu"
    assert browser.get(url).status_code == 200
    assert browser.press(url, url, password=NEW, repeat=NEW).headers["Location"] == "/sign-in"
    assert passwords.verify(row(app, select(User.password_hash).where(User.id == world.an.id)), NEW)
    assert elsewhere.get("/account").status_code == 302
    assert browser.get(url).status_code == 410
    assert [one.subject for one in letters(app, world.an.email)] == ["Đặt lại mật khẩu", "Mật khẩu đã đổi"]


def test_known_and_unknown_addresses_get_the_same_answer(app, world, browser):
    answers = []
    for email in (world.an.email, "nobody@x.example"):
        client = app.test_client()
        answer = forgot(client, email)
        page = client.get("/mail-sent").text.replace(email, "").partition("<main")[2]
        answers.append((answer.status_code, answer.headers["Location"], page))
    assert answers[0] == answers[1]
    assert letters(app, "nobody@x.example") == []


def test_a_reset_link_is_good_for_an_hour_and_for_nothing_else(app, world, browser):
    forgot(browser, world.an.email)
    url = link(letters(app, world.an.email)[0])
    token = url.rsplit("/", 1)[1]
    assert browser.get(f"/verify-email/{token}").status_code == 410
    with clock.at(now() + timedelta(minutes=61)):
        assert browser.get(url).status_code == 410
    assert browser.get(url + "x").status_code == 410


def test_disabled_people_get_no_link(app, world, browser, session):
    world.an.disabled_at = now()
    session.add(world.an)
    session.commit()
    forgot(browser, world.an.email)
    assert letters(app, world.an.email) == []


def test_a_link_dies_when_its_person_is_disabled(app, world, session):
    with app.test_request_context():
        token = tokens.issue(tokens.Purpose.RESET_PASSWORD, world.an)
        assert tokens.holder(session, tokens.Purpose.RESET_PASSWORD, token).id == world.an.id
        world.an.disabled_at = now()
        assert tokens.holder(session, tokens.Purpose.RESET_PASSWORD, token) is None


def test_changing_asks_for_the_present_one_and_ends_the_others(app, world, browser):
    browser.sign_in(world.an)
    elsewhere = app.test_client()
    elsewhere.sign_in(world.an)
    wrong = browser.press("/account/password", "/account/password", current="wrong", password=NEW, repeat=NEW)
    assert (wrong.status_code, "Mật khẩu hiện tại chưa đúng." in wrong.text) == (422, True)
    assert elsewhere.get("/account").status_code == 200
    right = browser.press("/account/password", "/account/password", current=PASSWORD, password=NEW, repeat=NEW)
    assert right.headers["Location"] == "/account"
    assert browser.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    running = [one for one in rows(app, select(LoginSession)) if one.ended_at is None]
    assert len(running) == 1
    assert passwords.verify(row(app, select(User.password_hash).where(User.id == world.an.id)), NEW)
    assert [one.subject for one in letters(app, world.an.email)] == ["Mật khẩu đã đổi"]


def test_guessing_the_present_one_is_counted(world, browser):
    browser.sign_in(world.an)
    for _ in range(10):
        browser.press("/account/password", "/account/password", current="wrong", password=NEW, repeat=NEW)
    last = browser.press("/account/password", "/account/password", current=PASSWORD, password=NEW, repeat=NEW)
    assert last.status_code == 429


@pytest.mark.parametrize("path", ["/forgot-password", "/en/forgot-password", "/verify-email", "/en/verify-email"])
def test_addresses_posted_empty(world, browser, path):
    answer = browser.press(path, path)
    assert answer.status_code == 422
    assert ("Enter your email." if path.startswith("/en") else "Nhập email.") in answer.text


def test_passwords_posted_empty(app, world, browser):
    browser.sign_in(world.an)
    answer = browser.press("/account/password", "/account/password")
    assert answer.status_code == 422
    assert "Nhập mật khẩu hiện tại." in answer.text
    forgot(browser, world.bao.email)
    url = link(letters(app, world.bao.email)[0])
    assert browser.press(url, url).status_code == 422


def test_without_a_token(world, browser):
    browser.sign_in(world.an)
    data = {"current": PASSWORD, "password": NEW, "repeat": NEW}
    assert browser.post("/account/password", data=data).status_code == 400
    assert browser.post("/forgot-password", data={"email": world.an.email}).status_code == 400


def test_the_list_of_common_passwords_is_read_and_folded():
    assert passwords.fault("anh yêu em 2026!!") != ""
    assert passwords.fault("một câu dài dễ nhớ") == ""
