"""What was typed when a session ended: it comes back after signing in, and is never sent by itself."""

import json
from html import unescape
from re import DOTALL, search

import pytest
from sqlmodel import select, update

from assessments.clock import now
from assessments.models import Vendor
from registry.accounts import carried
from registry.accounts.models import LoginSession
from tests.rows import row
from tests.world import PASSWORD

TYPED = {
    "name": "Công ty CP Hạt Nắng “mới”",
    "country": "VN",
    "registration_number": "0100000001",
    "address": "2 Tràng Tiền\n<script>Hà Nội</script>",
    "representative": "Nguyễn Văn Đại",
    "contact_email": "a@hatnang.example",
}


def end_sessions(session):
    session.exec(update(LoginSession).values(ended_at=now()))
    session.commit()


def kept(page):
    return unescape(search(r'name="carried"[^>]*value="([^"]*)"', page.text)[1])


def interrupted(world, browser, session, **extra):
    """Post a form after the session has ended."""
    browser.sign_in(world.an)
    token = browser.token("/company/facts")
    end_sessions(session)
    return browser.post("/company/facts", data={"csrf_token": token, **TYPED, **extra})


def test_the_form_survives_the_sign_in_and_a_wrong_password(app, world, browser, session):
    page = interrupted(world, browser, session, password="secret", csrf_token2="x")
    assert page.status_code == 401
    assert "nội dung vừa nhập sẽ hiện lại ngay" in page.text
    url, fields, cut = json.loads(kept(page))
    assert (url, cut) == ("/company/facts", False)
    assert dict(fields) == {**TYPED, "address": TYPED["address"]}

    token = search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]
    form = {"csrf_token": token, "email": world.an.email, "carried": kept(page)}
    again = browser.post("/sign-in", data={**form, "password": "wrong"})
    assert again.status_code == 422
    assert kept(again) == kept(page)

    shown = browser.post("/sign-in", data={**form, "password": PASSWORD})
    assert shown.status_code == 200
    assert '<form method="post" action="/company/facts"' in shown.text
    assert "Chưa có gì được gửi đi." in shown.text
    assert "&lt;script&gt;Hà Nội" in shown.text
    assert 'value="0100000001"' in shown.text
    assert row(app, select(Vendor.address).where(Vendor.slug == "hat-nang")) == "1 Tràng Tiền, Hà Nội"

    fresh = search(r'action="/company/facts".*?name="csrf_token"[^>]*value="([^"]+)"', shown.text, DOTALL)[1]
    assert browser.post("/company/facts", data={"csrf_token": fresh, **TYPED}).status_code == 302
    assert row(app, select(Vendor.name).where(Vendor.slug == "hat-nang")) == TYPED["name"]


def test_whoever_may_not_open_the_form_still_gets_the_text(world, browser, session):
    page = interrupted(world, browser, session)
    token = search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]
    form = {"csrf_token": token, "email": world.anh.email, "carried": kept(page), "password": PASSWORD}
    shown = browser.post("/sign-in", data=form).text
    assert "Công ty CP Hạt Nắng “mới”" in shown
    assert '<label for="kept-1">Tên</label>' in shown
    assert "Ô “representative”" in shown


def test_a_page_left_open_too_long_shows_its_text_again(app, world, browser):
    browser.sign_in(world.an)
    answer = browser.post("/company/facts", data={"csrf_token": "too old", **TYPED})
    assert answer.status_code == 400
    assert "Chưa có gì được gửi đi." in answer.text
    assert "Nguyễn Văn Đại" in answer.text
    assert row(app, select(Vendor.name).where(Vendor.slug == "hat-nang")) == "Công ty CP Hạt Nắng"


def test_a_lost_cookie_is_a_session_that_ended(world, browser):
    answer = browser.post("/company/facts", data={"csrf_token": "of a cookie that is gone", **TYPED})
    assert answer.status_code == 401
    assert dict(json.loads(kept(answer))[1])["name"] == TYPED["name"]


def test_without_any_token_it_is_no_form_of_ours(world, browser):
    assert browser.post("/company/facts", data=TYPED).status_code == 400
    browser.sign_in(world.an)
    assert browser.post("/company/facts", data=TYPED).status_code == 400


def test_other_sites_cannot_bring_a_text_in(world, browser):
    headers = {"Origin": "https://evil.example"}
    answer = browser.post("/company/facts", data={"csrf_token": "x", **TYPED}, headers=headers)
    assert answer.status_code == 400
    assert "carried" not in answer.text


def test_too_much_is_not_carried_and_that_is_said(world, browser, session):
    page = interrupted(world, browser, session, note="x" * (carried.MOST_CHARACTERS + 1))
    assert json.loads(kept(page)) == ["/company/facts", [], True]
    assert "quá dài" in page.text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "[]",
        '["//evil.example", [], false]',
        '["https://evil.example/", [], false]',
        '["/ok", [["only one"]], false]',
        '{"url": "/ok"}',
        "[" * 100_000,
        '["/ok", [["note", "\\ud800 a"]], false]',
        '["/ok", [["note", "' + "\\n" * 300_000 + '"]], false]' + " " * 500_000,
    ],
)
def test_nonsense_is_not_unpacked(text):
    assert carried.unpack(text) is None


@pytest.mark.parametrize(
    ("path", "local"),
    [
        *((path, True) for path in ("/", "/a?b=c#d", "/en/x")),
        *((path, False) for path in ("//x", "/\\x", "x", "/a b", "/a\r\nb", "http://x", "", "/" + "a" * 3000)),
    ],
)
def test_what_is_local(path, local):
    assert carried.is_local(path) is local
