"""Opening an account: the same answer for every address, and a link that only the owner of the mailbox can use."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import clock
from assessments.clock import now
from registry.accounts.models import LoginSession, User
from tests.rows import letters, link, row, rows

EMAIL = "moi@congty.example"
SECRET = "bốn con ngựa kéo xe"


def sign_up(browser, email=EMAIL, password=SECRET, **fields):
    data = {"name": "Người Mới", "email": email, "password": password, "repeat": password, "language": "vi"}
    return browser.press("/sign-up", "/sign-up", **{**data, **fields})


def test_sign_up_confirm_and_be_in(app, world, browser):
    answer = sign_up(browser)
    assert answer.headers["Location"] == "/mail-sent"
    assert EMAIL in browser.get("/mail-sent").text
    user = row(app, select(User).where(User.email == EMAIL))
    assert (user.email_verified_at, user.name, user.language) == (None, "Người Mới", "vi")
    assert user.password_hash.startswith("$argon2id$")
    (letter,) = letters(app, EMAIL)
    assert letter.subject == "Xác nhận email để mở tài khoản"

    page = browser.get(link(letter))
    assert page.status_code == 200
    assert 'type="password"' not in page.text
    assert row(app, select(User.email_verified_at).where(User.email == EMAIL)) is None
    answer = browser.press(link(letter), link(letter))
    assert answer.headers["Location"] == "/company/new"
    assert row(app, select(User.email_verified_at).where(User.email == EMAIL)) is not None
    assert browser.get("/account").status_code == 200


def test_another_browser_needs_the_password_too(app, world, browser):
    sign_up(browser)
    url = link(letters(app, EMAIL)[0])
    elsewhere = app.test_client()
    assert 'type="password"' in elsewhere.get(url).text
    assert elsewhere.press(url, url, password="wrong").status_code == 422
    assert row(app, select(User.email_verified_at).where(User.email == EMAIL)) is None
    assert elsewhere.press(url, url, password=SECRET).status_code == 302


def test_a_link_works_once_and_not_for_ever(app, world, browser):
    sign_up(browser)
    url = link(letters(app, EMAIL)[0])
    with clock.at(now() + timedelta(days=3, minutes=1)):
        assert browser.get(url).status_code == 410
    browser.press(url, url)
    assert browser.get(url).status_code == 410
    assert browser.get("/verify-email/nonsense").status_code == 410


def test_known_unconfirmed_and_unknown_addresses_get_the_same_answer(app, world, browser):
    answers = []
    for email in (EMAIL, EMAIL, world.an.email):
        client = app.test_client()
        answer = sign_up(client, email)
        answers.append(
            (answer.status_code, answer.headers["Location"], client.get("/mail-sent").text.replace(email, ""))
        )
    assert len({(status, onward) for status, onward, _ in answers}) == 1
    assert len({page.partition("<main")[2] for _, _, page in answers}) == 1
    assert [letter.subject for letter in letters(app, world.an.email)] == ["Địa chỉ này đã có tài khoản"]


def test_signing_up_again_replaces_what_was_never_confirmed_and_kills_the_first_link(app, world, browser):
    attacker = app.test_client()
    sign_up(attacker, password="kẻ gian biết câu này")
    sign_up(browser)
    first, second = (link(letter) for letter in letters(app, EMAIL))
    assert attacker.get(first).status_code == 410
    assert browser.press(second, second).status_code == 302


def test_a_known_address_keeps_its_password(app, world, browser):
    before = row(app, select(User.password_hash).where(User.id == world.an.id))
    sign_up(browser, world.an.email)
    assert row(app, select(User.password_hash).where(User.id == world.an.id)) == before


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("ngắn quá", "Mật khẩu cần ít nhất 12 ký tự."),
        ("a" * 257, "Mật khẩu dài tối đa 256 ký tự."),
        ("Mật Khẩu 123456", "nhiều người dùng"),
        ("qwertyuiop123", "nhiều người dùng"),
        ("aaaaaaaaaaaaaa", "lặp lại"),
        (EMAIL, "không được là email hay tên"),
        ("Trần Thị Người Mới", "không được là email hay tên"),
    ],
)
def test_passwords_that_are_refused(app, world, browser, password, said):
    answer = sign_up(browser, password=password, name="Trần Thị Người Mới")
    assert answer.status_code == 422
    assert said in answer.text
    assert rows(app, select(User).where(User.email == EMAIL)) == []


def test_passwords_are_compared_in_one_unicode_form(app, world, browser):
    sign_up(browser, password="bo\u0302\u0301n con ngu\u031b\u0323a keo", repeat="bốn con ngựa keo")
    url = link(letters(app, EMAIL)[0])
    assert app.test_client().get(url).status_code == 200
    other = app.test_client()
    assert other.press(url, url, password="bốn con ngựa keo").status_code == 302


def test_two_different_passwords(world, browser):
    answer = sign_up(browser, repeat="một câu khác hẳn")
    assert (answer.status_code, "chưa giống nhau" in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/sign-up", ["Nhập họ và tên.", "Nhập email.", "Nhập mật khẩu."]),
        ("/en/sign-up", ["Enter your full name."]),
    ],
)
def test_posted_empty(app, world, browser, path, said):
    answer = browser.press(path, path)
    assert answer.status_code == 422
    for sentence in said:
        assert sentence in answer.text
    assert rows(app, select(User).where(User.email == "")) == []


@pytest.mark.parametrize("name", ["Mở https://evil.example", "x" * 101])
def test_names_are_no_place_for_letters(app, world, browser, name):
    assert sign_up(browser, name=name).status_code == 422
    assert letters(app, EMAIL) == []


@pytest.mark.parametrize("path", ["/verify-email", "/forgot-password"])
def test_what_a_stranger_typed_is_not_sent_to_an_address_before_it_is_confirmed(app, world, browser, path):
    sign_up(browser, name="Trúng thưởng\n\nGọi 0900 000 000")
    browser.press(path, page=path, email=EMAIL)
    assert len(letters(app, EMAIL)) == 2
    for letter in letters(app, EMAIL):
        assert letter.body.startswith("Chào bạn,")
        assert "Trúng" not in letter.body + letter.subject
    assert row(app, select(User.name).where(User.email == EMAIL)) == "Trúng thưởng Gọi 0900 000 000"


def test_letters_to_one_address_are_counted(app, world, browser):
    for _ in range(5):
        assert sign_up(browser).status_code == 302
    blocked = sign_up(browser)
    assert (blocked.status_code, "Retry-After" in blocked.headers) == (429, True)
    assert browser.press("/forgot-password", "/forgot-password", email=EMAIL).status_code == 429
    assert len(letters(app, EMAIL)) == 5


@pytest.mark.parametrize(("who", "subjects"), [("new", 2), ("known", 1), ("unknown", 0)])
def test_another_letter(app, world, browser, who, subjects):
    email = {"new": EMAIL, "known": world.an.email, "unknown": "nobody@x.example"}[who]
    if who == "new":
        sign_up(browser)
    answer = browser.press("/verify-email", "/verify-email", email=email)
    assert answer.headers["Location"] == "/mail-sent"
    assert len(letters(app, email)) == subjects


def test_autocomplete_and_labels(world, browser):
    page = browser.get("/sign-up").text
    assert page.count('autocomplete="new-password"') == 2
    for field in ("name", "email", "password", "repeat"):
        assert f'<label for="{field}">' in page


def test_without_a_token(app, world, browser):
    assert browser.post("/sign-up", data={"email": EMAIL}).status_code == 400
    assert rows(app, select(LoginSession)) == []
