"""A company's own pages: registering, facts, members, invitations; and that nobody else gets in."""

import pytest
from sqlmodel import select

from assessments.models import Member, Vendor
from assessments.people import MemberRole
from registry.accounts.models import Invitation
from tests.rows import letters, row, rows

FACTS = {
    "name": "Công ty TNHH Đèn Làng",
    "country": "VN",
    "registration_number": "010 999 9999",
    "address": "5 Lý Thái Tổ, Hà Nội",
    "representative": "Trần Văn Bê",
    "contact_email": "Lienhe@DenLang.example",
    "website": "denlang.example/vi",
}


def role_of(app, world, user):
    return row(app, select(Member).where(Member.user_id == user.id, Member.vendor_id == world.hat_nang.id))


def test_registering_makes_an_owner(app, world, browser):
    browser.sign_in(world.dung)
    answer = browser.press("/company/new", "/company/new", **FACTS, club_member="y", club_member_since="05/02/2024")
    assert answer.headers["Location"] == "/company"
    vendor = row(app, select(Vendor).where(Vendor.slug == "den-lang"))
    assert (vendor.registration_number, vendor.contact_email) == ("0109999999", "lienhe@denlang.example")
    assert (vendor.website, vendor.club_member) == ("https://denlang.example/vi", False)  # the office confirms first
    assert vendor.membership_claimed_since.isoformat() == "2024-02-05"
    assert row(app, select(Member).where(Member.vendor_id == vendor.id)).role is MemberRole.OWNER
    assert "Công ty TNHH Đèn Làng" in browser.get("/company").text


def test_a_known_number_is_said_clearly_and_what_was_typed_stays(app, world, browser):
    browser.sign_in(world.dung)
    answer = browser.press("/company/new", "/company/new", **{**FACTS, "registration_number": "0100000001"})
    assert answer.status_code == 422
    assert "Mã số này đã được đăng ký ở đây." in answer.text
    assert "5 Lý Thái Tổ" in answer.text
    assert len(rows(app, select(Vendor))) == 2


def test_numbers_are_not_tried_out(app, world, browser):
    browser.sign_in(world.dung)
    known = {**FACTS, "registration_number": "0100000001"}
    token = browser.token("/company/new")
    answers = [browser.post("/company/new", data={"csrf_token": token, **known}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert "đã được đăng ký" not in answers[-1].text
    assert "5 Lý Thái Tổ" in answers[-1].text


def test_an_owner_does_not_try_numbers_out_either(app, world, browser):
    browser.sign_in(world.bao)
    token = browser.token("/company/facts")
    own = {**FACTS, "registration_number": row(app, select(Vendor).where(Vendor.slug == "bo-tre")).registration_number}
    known = {**FACTS, "registration_number": "0100000001"}
    answers = [browser.post("/company/facts", data={"csrf_token": token, **known}).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    assert browser.post("/company/facts", data={"csrf_token": token, **own}).status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("registration_number", "123", "có 10 chữ số"),
        ("contact_email", "nobody", "Địa chỉ email chưa đúng"),
        ("website", "javascript://x.example/%0aalert(1)", "Địa chỉ trang web chưa đúng"),
        ("contact_phone", "gọi tôi", "Số điện thoại chưa đúng"),
        ("country", "ZZ", "Lựa chọn này không còn trong danh sách"),
        ("name", "x" * 201, "200"),
    ],
)
def test_facts_that_are_refused(app, world, browser, field, value, said):
    browser.sign_in(world.dung)
    answer = browser.press("/company/new", "/company/new", **{**FACTS, field: value})
    assert (answer.status_code, said in answer.text) == (422, True)


def test_numbers_of_other_countries_have_other_shapes(app, world, browser):
    browser.sign_in(world.dung)
    facts = {**FACTS, "country": "US", "registration_number": "a/res/57(i)"}
    assert browser.press("/company/new", "/company/new", **facts).status_code == 302
    assert row(app, select(Vendor.registration_number).where(Vendor.country == "US")) == "A/RES/57(I)"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_posted_empty(world, browser, session, language):
    world.dung.language = language
    session.add(world.dung)
    session.commit()
    browser.sign_in(world.dung)
    answer = browser.press("/company/new", "/company/new", country="VN")
    assert answer.status_code == 422
    for said in {
        "vi": ["Nhập tên đơn vị.", "Nhập mã số đăng ký.", "Nhập địa chỉ trụ sở.", "Nhập email liên hệ."],
        "en": ["Enter the name of the organisation.", "Enter a contact email."],
    }[language]:
        assert said in answer.text


def test_members_do_not_register_a_second_one(app, world, browser):
    browser.sign_in(world.an)
    assert browser.get("/company/new").headers["Location"] == "/company"
    browser.sign_in(world.an)
    assert browser.press("/company/new", "/company/invite", **FACTS).status_code == 409
    assert len(rows(app, select(Vendor))) == 2


def test_an_owner_changes_facts_and_a_contributor_does_not(app, world, browser):
    browser.sign_in(world.an)
    facts = {**FACTS, "registration_number": "0100000001"}
    assert browser.press("/company/facts", "/company/facts", **facts).status_code == 302
    vendor = row(app, select(Vendor).where(Vendor.id == world.hat_nang.id))
    assert (vendor.name, vendor.slug) == ("Công ty TNHH Đèn Làng", "hat-nang")
    browser.sign_in(world.anh)
    assert browser.get("/company/facts").status_code == 403
    assert browser.press("/company/facts", "/company", **facts).status_code == 403


def test_strangers_find_nothing(world, browser):
    assert browser.get("/company").headers["Location"] == "/sign-in?next=/company"
    browser.sign_in(world.dung)
    for path in ("/company", "/company/facts", "/company/invite", "/company/leave"):
        assert browser.get(path).status_code == 404


def test_inviting_writes_a_letter_and_revoking_kills_it(app, world, browser):
    browser.sign_in(world.an)
    data = {"email": "Moi@HatNang.example", "role": "contributor", "language": "vi"}
    assert browser.press("/company/invite", "/company/invite", **data).status_code == 302
    (letter,) = letters(app, "moi@hatnang.example")
    assert letter.subject == "Nguyễn Thị An mời anh/chị vào Công ty CP Hạt Nắng"
    assert "với vai trò người cùng soạn" in letter.body
    invited = row(app, select(Invitation))
    page = browser.get("/company").text
    assert "moi@hatnang.example" in page
    assert browser.press(f"/company/invitations/{invited.id}/revoke", "/company").status_code == 302
    assert row(app, select(Invitation)).revoked_at is not None
    assert browser.press(f"/company/invitations/{invited.id}/revoke", "/company").status_code == 404


def test_nobody_revokes_for_another_company(app, world, browser):
    browser.sign_in(world.an)
    browser.press("/company/invite", "/company/invite", email="a@x.example", role="owner", language="vi")
    invited = row(app, select(Invitation))
    browser.sign_in(world.bao)
    assert browser.press(f"/company/invitations/{invited.id}/revoke", "/company").status_code == 404
    assert row(app, select(Invitation)).revoked_at is None


def test_members_are_not_invited_again(app, world, browser):
    browser.sign_in(world.an)
    data = {"email": world.anh.email, "role": "owner", "language": "vi"}
    answer = browser.press("/company/invite", "/company/invite", **data)
    assert (answer.status_code, "Người này đã thuộc đơn vị." in answer.text) == (422, True)
    assert rows(app, select(Invitation)) == []


def test_a_removed_member_is_out_at_the_next_click(app, world, browser):
    removed = app.test_client()
    removed.sign_in(world.anh)
    assert removed.get("/company").status_code == 200
    browser.sign_in(world.an)
    url = f"/company/members/{world.anh.id}/remove"
    assert "Đưa Trần Ánh ra khỏi Công ty CP Hạt Nắng?" in browser.get(url).text
    assert browser.press(url, url).status_code == 302
    assert role_of(app, world, world.anh).left_at is not None
    assert removed.get("/company").headers["Location"] == "/sign-in?next=/company"
    removed.sign_in(world.anh)
    assert removed.get("/company").status_code == 404


def test_handing_over_and_leaving(app, world, browser):
    browser.sign_in(world.an)
    assert browser.press("/company/leave", "/company/leave").status_code == 409
    url = f"/company/members/{world.anh.id}/hand-over"
    assert browser.press(url, url).status_code == 302
    assert role_of(app, world, world.anh).role is MemberRole.OWNER
    assert role_of(app, world, world.an).role is MemberRole.CONTRIBUTOR
    assert browser.get(url).status_code == 403
    assert browser.press("/company/leave", "/company/leave").headers["Location"] == "/account"
    assert role_of(app, world, world.an).left_at is not None


def test_people_of_other_companies_are_not_there(world, browser):
    browser.sign_in(world.an)
    for act in ("remove", "hand-over"):
        url = f"/company/members/{world.bao.id}/{act}"
        assert browser.get(url).status_code == 404
        assert browser.press(url, "/company").status_code == 404


def test_without_a_token(app, world, browser):
    browser.sign_in(world.an)
    for path in ("/company/facts", "/company/invite", "/company/leave", f"/company/members/{world.anh.id}/remove"):
        assert browser.post(path, data=FACTS).status_code == 400
    assert role_of(app, world, world.anh).left_at is None
