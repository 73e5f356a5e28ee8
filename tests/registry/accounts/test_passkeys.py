"""Passkeys: made, used and refused, with a device in software that lies as it is told to."""

import json
from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import clock
from assessments.clock import now
from registry.accounts.factor_models import Challenge, Passkey
from registry.accounts.sessions import Shown
from tests.factors import Device, with_codes
from tests.rows import letters, row, rows

ASKED = Shown(asks_factor=True)
REFUSED = "Khóa đăng nhập này không dùng được ở đây. Thử lại, hoặc chọn cách khác."


def asked(browser, page="/sign-in", path="/sign-in/passkey/options"):
    answer = browser.press(path, page)
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text)


def register(browser, device, name="Điện thoại"):
    page, path = "/account/factors/passkeys/new", "/account/factors/passkeys/options"
    answer = device.make(asked(browser, page, path))
    return browser.press("/account/factors/passkeys", page, name=name, credential=answer)


@pytest.fixture
def device(app, world):
    """A device with a passkey of An's."""
    browser, device = app.test_client(), Device()
    browser.sign_in(world.an)
    assert register(browser, device).status_code == 200
    return device


def enter(browser, answer, **data):
    return browser.press("/sign-in/passkey", "/sign-in", credential=answer, **data)


def test_a_passkey_alone_opens_a_session_with_both_factors(app, world, browser, device):
    answer = enter(browser, device.sign(asked(browser)), next="/company")
    assert answer.headers["Location"] == "/company"
    assert browser.get("/company").status_code == 200
    assert browser.get("/account/factors").status_code == 200  # and counts as fresh
    kept = row(app, select(Passkey))
    assert (kept.sign_count, kept.used_at is not None) == (1, True)


def test_registering_tells_the_person_ends_other_sessions_and_gives_recovery_codes(app, world, browser):
    other = app.test_client()
    for one in (browser, other):
        one.sign_in(world.an)
    page = register(browser, Device())
    assert page.text.count("<li>") >= 10
    assert browser.get("/account").status_code == 200
    assert other.get("/account").status_code == 302
    assert "“Điện thoại”" in letters(app, world.an.email)[-1].body
    assert register(browser, Device(), name="Khóa USB").headers["Location"] == "/account/factors"
    listed = browser.get("/account/factors").text
    assert "Khóa USB" in listed
    assert "2 khóa đăng nhập" in browser.get("/account").text.lower()


def test_after_a_password_having_it_is_enough(app, world, browser, device):
    device.verified = False
    assert enter(browser, device.sign(asked(browser))).status_code == 422  # but not in place of one
    browser.sign_in(world.an, ASKED)
    options = asked(browser, "/sign-in/factor")
    assert [one["id"] for one in options["allowCredentials"]] == [row(app, select(Passkey)).credential_id]
    answer = browser.press("/sign-in/factor", "/sign-in/factor", credential=device.sign(options))
    assert answer.headers["Location"] == "/applications"


def test_the_passkey_of_somebody_else_is_no_second_factor(app, world, browser, device):
    with_codes(app, world.bao)
    browser.sign_in(world.bao, ASKED)
    answer = browser.press(
        "/sign-in/factor", "/sign-in/factor", credential=device.sign(asked(browser, "/sign-in/factor"))
    )
    assert (answer.status_code, REFUSED in answer.text) == (422, True)
    assert browser.get("/account").status_code == 302


LIES = {
    "another site": {"origin": "https://evil.example"},
    "another host": {"host": "evil.example"},
    "nobody looked": {"verified": False},
    "a key nobody knows": {"identifier": b"x" * 32},
}


@pytest.mark.parametrize("lie", LIES)
def test_lies_are_refused_in_the_same_words(app, world, browser, device, lie):
    for name, value in LIES[lie].items():
        setattr(device, name, value)
    answer = enter(browser, device.sign(asked(browser)))
    assert (answer.status_code, REFUSED in answer.text) == (422, True)
    assert browser.get("/account").status_code == 302


NONSENSE = [
    "",
    "{}",
    "[]",
    "null",
    "{",
    "x" * 30_000,
    '{"id": "a", "rawId": "b", "type": "public-key"}',
    "\ud83d",
    "1" * 500,
]


@pytest.mark.parametrize("answer", NONSENSE)
def test_nonsense_is_refused(world, browser, answer):
    asked(browser)
    answer = enter(browser, answer.encode("utf-8", "replace"))
    assert answer.status_code == 422


def test_a_signature_over_something_else(browser, device):
    other = Device(identifier=device.identifier)
    assert enter(browser, other.sign(asked(browser))).status_code == 422


def test_a_challenge_is_good_once_for_one_browser_and_for_minutes(app, world, browser, device):
    options = asked(browser)
    stranger = app.test_client()
    asked(stranger)
    assert enter(stranger, device.sign(options)).status_code == 422
    signed = device.sign(options)
    assert enter(browser, signed).status_code == 302
    browser.press("/sign-out", "/account")
    assert enter(browser, signed).status_code == 422
    assert rows(app, select(Challenge)) == []
    options = asked(browser)
    with clock.at(now() + timedelta(minutes=6)):
        assert enter(browser, device.sign(options)).status_code == 422


def test_a_wrong_answer_uses_the_challenge_up(browser, device):
    options = asked(browser)
    assert enter(browser, Device().sign(options)).status_code == 422
    assert enter(browser, device.sign(options)).status_code == 422


def test_a_challenge_for_one_purpose_is_nothing_to_another(app, world, browser, device):
    browser.sign_in(world.an)
    options = asked(browser, "/account")  # to confirm
    answer = browser.press("/sign-in/passkey", "/account", credential=device.sign(options))
    assert answer.status_code == 422


def test_a_count_that_goes_back_betrays_a_copy(app, browser, device):
    device.count = 7
    assert enter(browser, device.sign(asked(browser))).status_code == 302
    browser.press("/sign-out", "/account")
    device.count = 3
    assert enter(browser, device.sign(asked(browser))).status_code == 422
    assert row(app, select(Passkey.sign_count)) == 8


def test_disabled_people_hear_what_strangers_hear(world, browser, session, device):
    world.an.disabled_at = now()
    session.add(world.an)
    session.commit()
    answer = enter(browser, device.sign(asked(browser)))
    assert (answer.status_code, REFUSED in answer.text) == (422, True)


def test_strangers_are_asked_without_a_word_about_accounts(world, browser, device):
    options = asked(browser)
    assert (options["allowCredentials"], options["userVerification"], options["rpId"]) == ([], "required", "localhost")


def test_a_passkey_is_kept_once_and_needs_a_name(app, world, browser, device):
    browser.sign_in(world.bao)
    assert register(browser, device).status_code == 422  # An's, who has it still
    assert register(browser, Device(), name=" ").status_code == 422
    assert browser.press("/account/factors/passkeys", "/account/factors/passkeys/new", name="Không").status_code == 422
    assert row(app, select(Passkey)).user_id == world.an.id


def test_only_its_owner_removes_a_passkey(app, world, browser, device):
    path = f"/account/factors/passkeys/{row(app, select(Passkey.id))}/remove"
    browser.sign_in(world.bao)
    assert browser.press(path, "/account").status_code == 404
    browser.sign_in(world.an)
    assert browser.press(path, "/account/factors").status_code == 302
    assert rows(app, select(Passkey)) == []
    assert "“Điện thoại”" in letters(app, world.an.email)[-1].body
    assert browser.press(path, "/account").status_code == 404


def test_asking_and_answering_are_counted(app, browser):
    token = browser.token("/sign-in")
    answers = [browser.post("/sign-in/passkey/options", data={"csrf_token": token}).status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]


def test_a_request_without_a_token_is_refused(browser):
    assert browser.post("/sign-in/passkey/options").status_code == 400
    assert browser.post("/sign-in/passkey", data={"credential": "{}"}).status_code == 400
