"""What happens to an account: written down for its person, told by letter, and which sessions end at the next click."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import select

from assessments import clock
from assessments.clock import now
from registry import jobs
from registry.accounts import passwords, security_events, tokens, users
from registry.accounts.security_models import SecurityEvent, SecurityKind
from registry.accounts.security_words import KINDS
from registry.i18n import LANGUAGES
from tests.counting import statements
from tests.rows import letters, rows
from tests.world import PASSWORD

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
NEW = "năm con ngựa kéo xe"


def sign_in(client, email, password=PASSWORD, path="/sign-in", **headers):
    data = {"csrf_token": client.token(path), "email": email, "password": password}
    return client.post(path, data=data, headers={"User-Agent": FIREFOX, **headers})


def kinds(app, person):
    question = select(SecurityEvent.kind).where(SecurityEvent.user_id == person.id).order_by(SecurityEvent.at)
    return rows(app, question)


def is_in(client):
    return client.get("/account").status_code == 200


# --- what is written down ---


def test_what_one_does_stands_in_the_history_and_nowhere_else(app, world, browser):
    sign_in(browser, world.an.email, "wrong")
    sign_in(browser, world.an.email)
    sign_in(app.test_client(), world.bao.email)
    data = {"current": PASSWORD, "password": NEW, "repeat": NEW}
    browser.press("/account/password", "/account/password", **data)
    browser.press("/account/sessions/end-others", "/account")
    assert kinds(app, world.an) == ["failed", "signed_in", "password_changed", "sessions_ended"]
    page = browser.get("/account/security")
    words = ("Kết thúc mọi phiên", "Đã đổi mật khẩu</p>", "Đã đăng nhập</p>", "Nhập sai")
    places = [page.text.index(word) for word in words]
    assert places == sorted(places)
    assert page.text.count("Firefox trên Windows · 127.0.0.1") >= 2
    assert PASSWORD not in str(rows(app, select(SecurityEvent)))
    assert page.headers["Cache-Control"] == "no-store"
    browser.press("/sign-out", "/account")
    assert kinds(app, world.an)[-1] == "signed_out"
    assert browser.get("/account/security").status_code == 302


def test_an_unknown_address_leaves_nothing_and_a_known_one_at_most_twenty_an_hour(app, world, browser, monkeypatch):
    sign_in(browser, "nobody@x.example", "wrong")
    assert rows(app, select(SecurityEvent)) == []
    monkeypatch.setattr("registry.accounts.passwords.verify", lambda _hashed, _password: False)
    token = browser.token("/sign-in")
    for number in range(25):
        data = {"csrf_token": token, "email": world.an.email, "password": "wrong"}
        browser.post("/sign-in", data=data, environ_base={"REMOTE_ADDR": f"192.0.2.{number}"})
    assert kinds(app, world.an) == ["failed"] * 20


def test_a_link_that_sets_a_password_is_written_down(app, world, session):
    with app.test_request_context():
        users.reset_password(session, world.an, passwords.hash_password(NEW))
        session.commit()
    assert kinds(app, world.an) == ["password_reset"]
    assert [one.subject for one in letters(app, world.an.email)] == ["Mật khẩu đã đổi"]


def test_the_database_refuses_to_rewrite_it_and_forgets_it_after_a_year(app, world, browser, session):
    sign_in(browser, world.an.email)
    with pytest.raises(Exception, match="immutable"):
        session.exec(update(SecurityEvent).values(note="x"))
    session.rollback()
    for days, left in ((364, 1), (366, 0)):
        with app.app_context(), clock.at(now() + timedelta(days=days)):
            jobs.sweep()
        assert len(rows(app, select(SecurityEvent))) == left


def test_page_by_page_in_one_statement_more(app, world, browser, session):
    browser.sign_in(world.an)
    moment = now()
    for number in range(35):
        with clock.at(moment + timedelta(seconds=number)):
            security_events.record(session, world.an, SecurityKind.TOKEN_MADE, note=f"mã {number:02}")
    session.commit()
    with statements(app) as seen:
        first = browser.get("/account/security")
    assert len(seen) <= 5
    assert ("mã 34" in first.text, "mã 05" in first.text, "mã 04" in first.text) == (True, True, False)
    following = first.text.split('rel="next" href="')[1].split('"')[0]
    second = browser.get(following)
    assert ("mã 04" in second.text, "mã 00" in second.text, "mã 05" in second.text) == (True, True, False)
    assert browser.get("/account/security?after=nonsense").status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_a_word(app, language):
    with app.test_request_context("/en" if language == "en" else "/"):
        words = [str(KINDS[kind]) for kind in SecurityKind]
    assert len(set(words)) == len(SecurityKind)


# --- new devices ---


def test_a_new_device_is_told_by_letter_and_a_known_one_is_not(app, world, browser):
    sign_in(browser, world.an.email)
    assert letters(app, world.an.email) == []  # the first of all: nothing to compare it with
    browser.press("/sign-out", "/account")
    sign_in(browser, world.an.email)
    sign_in(browser, world.an.email, path="/en/sign-in")
    assert letters(app, world.an.email) == []
    elsewhere = app.test_client()
    sign_in(elsewhere, world.an.email)
    (letter,) = letters(app, world.an.email)
    assert letter.subject == "Đăng nhập trên thiết bị mới"
    assert ("Firefox trên Windows" in letter.body, "/forgot-password" in letter.body) == (True, True)
    assert kinds(app, world.an)[-1] == "new_device"
    elsewhere.press("/sign-out", "/account")
    sign_in(elsewhere, world.an.email)
    assert len(letters(app, world.an.email)) == 1


def test_a_device_is_one_persons_and_nobody_makes_one_up(app, world, browser):
    for person in (world.an, world.bao):
        sign_in(app.test_client(), person.email)
    sign_in(browser, world.an.email)
    browser.press("/sign-out", "/account")
    sign_in(browser, world.bao.email)  # the same browser: known to An, new to Bảo
    assert (len(letters(app, world.an.email)), len(letters(app, world.bao.email))) == (1, 1)
    forged = app.test_client()
    forged.set_cookie("vcsc-device", "WyJ4Il0.forged", path="/sign-in")
    sign_in(forged, world.an.email)
    assert len(letters(app, world.an.email)) == 2


def test_the_cookie_goes_to_the_sign_in_page_alone(app, world, browser):
    answer = sign_in(browser, world.an.email)
    cookies = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("vcsc-device=")]
    assert {one.rpartition("Path=")[2].split(";")[0] for one in cookies} == {"/sign-in", "/en/sign-in"}
    assert all("HttpOnly" in one and "SameSite=Lax" in one for one in cookies)
    assert browser.get_cookie("vcsc-device", path="/") is None
    assert "Set-Cookie" not in browser.get("/products").headers


def test_the_letter_in_english(app, world, browser):
    world.an.language = "en"
    world.session.add(world.an)
    world.session.commit()
    for _each in range(2):
        sign_in(app.test_client(), world.an.email)
    (letter,) = letters(app, world.an.email)
    assert letter.subject == "Sign-in on a new device"
    assert "Firefox on Windows" in letter.body


# --- sessions that end at the next click ---


def test_roles_given_and_taken_sign_the_person_out(app, world, browser):
    browser.sign_in(world.minh)
    page = f"/people/{world.dung.id}"
    for roles in (["reviewer", "decider"], ["reviewer"]):
        theirs = app.test_client()
        theirs.sign_in(world.dung)
        assert is_in(theirs)
        assert browser.press(f"{page}/roles", page, roles=roles).status_code == 302
        assert not is_in(theirs)
    assert kinds(app, world.dung) == ["roles_changed"] * 2
    theirs = app.test_client()
    theirs.sign_in(world.dung)
    browser.press(f"{page}/roles", page, roles=["reviewer"])  # nothing new
    assert is_in(theirs)
    found = theirs.get("/account/security").text
    assert "Vai trò ở Câu lạc bộ thay đổi: người đánh giá, người ra quyết định" in found
    assert "127.0.0.1" not in found  # the administrator's own


def test_disabling_and_enabling(app, world, browser):
    browser.sign_in(world.minh)
    theirs = app.test_client()
    theirs.sign_in(world.dung)
    page = f"/people/{world.dung.id}"
    browser.press(f"{page}/disable", page)
    assert not is_in(theirs)
    browser.press(f"{page}/enable", page)
    assert not is_in(theirs)
    assert kinds(app, world.dung) == ["disabled", "enabled"]


def test_an_administrator_signs_one_person_out_and_the_command_everybody(app, world, browser):
    browser.sign_in(world.minh)
    theirs, an = app.test_client(), app.test_client()
    theirs.sign_in(world.dung)
    page = f"/people/{world.dung.id}"
    assert browser.press(f"{page}/end-sessions", page).headers["Location"] == page
    assert (is_in(theirs), is_in(browser)) == (False, True)
    assert kinds(app, world.dung) == ["sessions_stopped"]
    theirs.sign_in(world.dung)
    an.sign_in(world.an)
    run = app.test_cli_runner().invoke
    assert run(args=["users", "end-sessions", world.dung.email]).output == "1 signed out\n"
    assert (is_in(theirs), is_in(an)) == (False, True)
    assert run(args=["users", "end-sessions", "--everybody"]).output == "2 signed out\n"
    assert (is_in(an), is_in(browser)) == (False, False)
    assert run(args=["users", "end-sessions"]).exit_code == 2
    assert run(args=["users", "end-sessions", "nobody@x.example"]).exit_code == 1


def test_whoever_is_put_out_of_a_company_is_signed_out(app, world, browser):
    browser.sign_in(world.an)
    theirs = app.test_client()
    theirs.sign_in(world.anh)
    path = f"/company/members/{world.anh.id}/remove"
    browser.press(path, path)
    assert not is_in(theirs)
    assert kinds(app, world.anh) == ["left_company"]


def test_ending_the_others_keeps_this_one(app, world, browser):
    browser.sign_in(world.an)
    assert "Kết thúc mọi phiên khác" not in browser.get("/account").text
    elsewhere, bao = app.test_client(), app.test_client()
    elsewhere.sign_in(world.an)
    bao.sign_in(world.bao)
    assert "Kết thúc mọi phiên khác" in browser.get("/account").text
    assert browser.post("/account/sessions/end-others").status_code == 400  # no form token
    browser.press("/account/sessions/end-others", "/account")
    assert (is_in(browser), is_in(elsewhere), is_in(bao)) == (True, False, True)


def test_a_cookie_that_was_copied_ends_with_its_session(app, world, browser):
    sign_in(browser, world.an.email)
    copied = browser.get_cookie("vcsc").value
    browser.press("/sign-out", "/account")
    thief = app.test_client()
    thief.set_cookie("vcsc", copied)
    assert not is_in(thief)


# --- counters and links ---


def test_a_success_clears_the_count_of_a_whole_ipv6_network(app, world, browser):
    token = browser.token("/sign-in")
    data = {"csrf_token": token, "email": world.an.email, "password": "wrong"}
    for number in range(9):
        place = {"REMOTE_ADDR": f"2001:db8::{number}"}
        assert browser.post("/sign-in", data=data, environ_base=place).status_code == 422
    right = {**data, "password": PASSWORD}
    assert browser.post("/sign-in", data=right, environ_base={"REMOTE_ADDR": "2001:db8::9"}).status_code == 302
    elsewhere = app.test_client()
    data["csrf_token"] = elsewhere.token("/sign-in")
    statuses = [
        elsewhere.post("/sign-in", data=data, environ_base={"REMOTE_ADDR": "2001:db8::a"}).status_code
        for _each in range(2)
    ]
    assert statuses == [422, 422]


def test_a_link_of_another_site_with_the_same_key_is_nothing(app, world, session):
    with app.test_request_context():
        token = tokens.issue(tokens.Purpose.RESET_PASSWORD, world.an)
        assert tokens.holder(session, tokens.Purpose.RESET_PASSWORD, token) is not None
        for place in range(0, len(token), 7):
            flipped = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
            assert tokens.holder(session, tokens.Purpose.RESET_PASSWORD, flipped) is None
        settings = app.config["SETTINGS"]
        app.config["SETTINGS"] = replace(settings, public_url="https://elsewhere.example")
        assert tokens.holder(session, tokens.Purpose.RESET_PASSWORD, token) is None


def test_an_invitation_that_is_taken_keeps_the_session_it_was_taken_in(app, world, browser):
    browser.sign_in(world.minh)
    offered = {"email": world.bao.email, "name": "Lê Bảo", "language": "vi", "roles": ["reviewer"]}
    browser.press("/people/invite", "/people/invite", **offered)
    letter = letters(app, world.bao.email)[-1]
    url = "/invitations/" + letter.body.split("/invitations/")[1].split()[0]
    theirs = app.test_client()
    theirs.sign_in(world.bao)
    assert theirs.press(url, url).status_code == 302
    assert is_in(theirs)
    assert kinds(app, world.bao) == ["roles_changed"]
