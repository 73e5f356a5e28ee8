"""The answers of a self-check on their way into an application: through sign-in, sign-up and a new company."""

import json
from html import unescape
from re import search

import pytest
from sqlmodel import select

from assessments.models import Application, Member, ProfileText, Vendor
from assessments.states import State
from registry.accounts.models import User
from tests.registry.accounts.test_sign_up import EMAIL, SECRET
from tests.registry.applications.test_imports import carried
from tests.rows import letters, link, row, rows
from tests.self_checking import answered, hidden
from tests.world import PASSWORD

TARGET = "/applications/import"
COMPANY = {
    "name": "Công ty TNHH Sao Mai",
    "country": "VN",
    "registration_number": "0101234567",
    "address": "3 Tràng Tiền, Hà Nội",
    "representative": "Lê Thị Sao",
    "contact_email": "sao@saomai.example",
}


@pytest.fixture
def result(browser, world):
    """The document of a self-check, large and with every sort of sign in it, as the result page holds it."""
    marks = {f"TN-{n:02}": "3" for n in range(1, 12)}
    fields = answered(("PC", "KP"), marks=marks) | {"name_vi": "Mắt “Sáng” <b>\\n"}
    page = browser.post("/apply/self-check/result", data=fields)
    form = search(r'<form method="post" action="([^"]+)" class="onward', page.text)
    assert form[1] == TARGET
    assert hidden(page.text, "csrf_token") == [""]
    return hidden(page.text, "document")[0]


def fields_of(packed):
    """What a hidden field carries: address and fields."""
    url, fields, cut = json.loads(unescape(packed))
    assert not cut
    return url, dict(fields)


def token(page):
    return search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]


def packed(page):
    return unescape(search(r'name="carried"[^>]*value="([^"]*)"', page.text)[1])


def test_whoever_is_not_signed_in_is_asked_to_and_the_document_waits(app, browser, world, result):
    page = browser.post(TARGET, data={"csrf_token": "", "document": result})
    assert page.status_code == 401
    assert "Câu trả lời tự đánh giá đi theo; chưa có gì được gửi đi." in page.text
    assert fields_of(packed(page)) == (TARGET, {"document": result})

    form = {"csrf_token": token(page), "carried": packed(page), "email": world.an.email, "password": PASSWORD}
    shown = browser.post("/sign-in", data=form)
    assert shown.status_code == 200
    assert f'<form method="post" action="{TARGET}"' in shown.text
    assert hidden(shown.text, "document") == [result]
    assert "<textarea" not in shown.text
    assert "Đưa vào hồ sơ" in shown.text
    becomes_a_draft(app, browser, shown, world.an.id)


def test_it_survives_opening_an_account_and_registering_a_company(app, browser, world, result):
    page = browser.post(TARGET, data={"csrf_token": "", "document": result})
    page = browser.post("/sign-up/carried", data={"csrf_token": token(page), "carried": packed(page)})
    assert page.status_code == 200
    assert "Câu trả lời tự đánh giá đi theo" in page.text
    wrong = browser.post("/sign-up", data={"csrf_token": token(page), "carried": packed(page), "email": "nobody"})
    assert wrong.status_code == 422
    assert fields_of(packed(wrong)) == (TARGET, {"document": result})

    person = {"name": "Người Mới", "email": EMAIL, "password": SECRET, "repeat": SECRET, "language": "vi"}
    waiting = browser.post("/sign-up", data={"csrf_token": token(wrong), "carried": packed(wrong), **person})
    assert waiting.status_code == 200
    assert "Giữ trang này mở." in waiting.text
    assert hidden(waiting.text, "document") == [result]

    early = browser.post(TARGET, data={"csrf_token": "", "document": result})  # before the address is confirmed
    assert early.status_code == 401

    url = link(letters(app, EMAIL)[0])
    assert browser.press(url, url).location == "/company/new"
    page = browser.post(TARGET, data={"csrf_token": "", "document": result})  # the tab that was kept open
    assert page.status_code == 200
    assert "đăng ký đơn vị đứng tên hồ sơ" in page.text
    assert "/company/new/carried" in page.text

    page = browser.post("/company/new/carried", data={"csrf_token": token(page), "carried": packed(page)})
    wrong = browser.post("/company/new", data={"csrf_token": token(page), "carried": packed(page), "name": "x"})
    assert wrong.status_code == 422
    done = browser.post("/company/new", data={"csrf_token": token(wrong), "carried": packed(wrong), **COMPANY})
    assert done.status_code == 200
    assert rows(app, select(Vendor.name).where(Vendor.registration_number == "0101234567")) == [COMPANY["name"]]
    assert hidden(done.text, "document") == [result]
    assert f'<form method="post" action="{TARGET}"' in done.text
    assert "Đã đăng ký Công ty TNHH Sao Mai." in done.text
    person_id = row(app, select(User.id).where(User.email == EMAIL))
    becomes_a_draft(app, browser, done, person_id)


def becomes_a_draft(app, browser, page, person_id):
    """From the page that holds the document, by hand, through the preview, into a draft of that person's company."""
    shown = browser.post(TARGET, data={"csrf_token": token(page), "document": hidden(page.text, "document")[0]})
    assert shown.status_code == 200
    assert rows(app, select(Application)) == []
    form = {**carried(shown), "name_vi": "Mắt Sáng", "name_en": "Bright Eye"}
    done = browser.post(f"{TARGET}/confirm", data={"csrf_token": token(shown), **form})
    application = row(app, select(Application))
    assert (done.status_code, done.location) == (302, f"/applications/{application.ref}")
    assert (application.state, application.created_by) == (State.DRAFT, person_id)
    member = row(app, select(Member).where(Member.vendor_id == application.vendor_id, Member.user_id == person_id))
    assert member.role == "owner"
    profile = application.profile
    assert (profile["name_vi"], profile["categories"]) == ("Mắt Sáng", ["PC", "KP"])
    assert (sorted(profile["flags"]), profile["flags_answered"]) == (["has_accounts", "has_install"], True)
    assert {one.saved_by for one in rows(app, select(ProfileText))} == {person_id}
    again = browser.post(f"{TARGET}/confirm", data={"csrf_token": token(shown), **form})
    assert again.location == f"/applications/{application.ref}"
    assert len(rows(app, select(Application))) == 1


def test_whoever_is_signed_in_sees_it_once_more_and_sends_it_by_hand(app, browser, world, result):
    browser.sign_in(world.an)
    page = browser.post(TARGET, data={"csrf_token": "", "document": result})
    assert page.status_code == 200
    assert "Chưa có gì được gửi đi." in page.text
    assert hidden(page.text, "document") == [result]
    becomes_a_draft(app, browser, page, world.an.id)


def test_an_empty_token_is_no_way_around_the_token(app, browser, world):
    browser.sign_in(world.an)
    before = rows(app, select(Vendor.name))
    page = browser.post("/company/facts", data={"csrf_token": "", "name": "Đổi tên"})
    assert page.status_code == 200
    assert "Chưa có gì được gửi đi." in page.text
    assert rows(app, select(Vendor.name)) == before
    foreign = browser.post("/company/facts", data={"csrf_token": ""}, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 400


def test_members_of_a_company_are_not_asked_for_another(browser, world, result):
    browser.sign_in(world.an)
    kept = json.dumps([TARGET, [["document", result]], False])
    page = browser.press("/company/new/carried", "/account", carried=kept)
    assert hidden(page.text, "document") == [result]
    assert browser.press("/company/new/carried", "/account", carried="nonsense").location == "/company"


@pytest.mark.parametrize("nonsense", ["", "nonsense", '["//evil.example", [], false]', "[" * 10_000])
def test_nonsense_is_not_carried(browser, world, nonsense):
    page = browser.press("/sign-up/carried", "/sign-up", carried=nonsense)
    assert page.status_code == 200
    assert "đi theo" not in page.text
    person = {"name": "Người Mới", "email": EMAIL, "password": SECRET, "repeat": SECRET, "language": "vi"}
    assert browser.press("/sign-up", "/sign-up", carried=nonsense, **person).location == "/mail-sent"
