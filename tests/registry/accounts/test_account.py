"""One's own account: name, language, and the sessions one can end."""

from sqlmodel import select

from registry.accounts import seats, sessions
from registry.accounts.models import LoginSession, User
from tests.rows import row, rows

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def running(app, user):
    return [one for one in rows(app, select(LoginSession).where(LoginSession.user_id == user.id)) if not one.ended_at]


def test_name_and_language(app, world, browser):
    browser.sign_in(world.an)
    answer = browser.press("/account/details", "/account/details", name=" Nguyễn Thị Ân ", language="en")
    assert answer.headers["Location"] == "/account"
    user = row(app, select(User).where(User.id == world.an.id))
    assert (user.name, user.language) == ("Nguyễn Thị Ân", "en")
    assert "My account" in browser.get("/account").text


def test_posted_empty_in_both_languages(app, world, browser, session):
    browser.sign_in(world.an)
    assert "Nhập họ và tên." in browser.press("/account/details", "/account/details").text
    world.an.language = "en"
    session.add(world.an)
    session.commit()
    answer = browser.press("/account/details", "/account/details")
    assert (answer.status_code, "Enter your full name." in answer.text) == (422, True)


def test_sessions_are_listed_and_one_is_ended(app, world, browser):
    browser.sign_in(world.an)
    elsewhere = app.test_client()
    elsewhere.sign_in(world.an)
    page = browser.get("/account").text
    assert page.count("Dùng lần cuối") == 2
    assert page.count("– phiên này") == 1
    with elsewhere.session_transaction() as cookie:
        other = sessions.key_hash(cookie["_user_id"])
    assert f'name="session" value="{other}"' in page
    assert browser.press("/account/sessions/end", "/account", session=other).status_code == 302
    assert len(running(app, world.an)) == 1
    assert elsewhere.get("/account").status_code == 302


def test_nobody_ends_the_session_of_another(app, world, browser):
    victim = app.test_client()
    victim.sign_in(world.bao)
    browser.sign_in(world.an)
    (theirs,) = running(app, world.bao)
    browser.press("/account/sessions/end", "/account", session=theirs.key_hash)
    assert victim.get("/account").status_code == 200


def test_signing_out_everywhere(app, world, browser):
    browser.sign_in(world.an)
    elsewhere = app.test_client()
    elsewhere.sign_in(world.an)
    assert browser.press("/account/sessions/end-all", "/account").headers["Location"] == "/sign-in"
    assert running(app, world.an) == []
    assert elsewhere.get("/account").status_code == 302


def test_strangers_sign_in_first_and_tokens_are_asked_for(world, browser):
    for path in ("/account", "/account/details", "/account/password"):
        assert browser.get(path).headers["Location"] == f"/sign-in?next={path}"
    browser.sign_in(world.an)
    for path in ("/account/details", "/account/sessions/end", "/account/sessions/end-all"):
        assert browser.post(path).status_code == 400


def test_only_club_people_are_led_to_the_register_of_interests(world, browser):
    browser.sign_in(world.an)
    assert "/account/interests" not in browser.get("/account").text
    browser.sign_in(world.dung)
    assert "/account/interests" in browser.get("/account").text


def test_browsers_in_words(app):
    with app.test_request_context():
        assert seats.in_words(FIREFOX) == "Firefox trên Windows"
        assert seats.in_words("") == "Trình duyệt không rõ"
        assert seats.in_words("Mozilla/5.0 (Linux; Android 14) Chrome/126 Mobile Safari/537 coc_coc_browser/1") == (
            "Coc Coc trên Android"
        )
