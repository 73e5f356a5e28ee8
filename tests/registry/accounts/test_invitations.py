"""Invitations: accepted by the person they were written to, once, in the way that fits."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import clock
from assessments.clock import now
from assessments.models import Conflict, Member, Review
from assessments.people import MemberRole, Role
from registry.accounts.models import Invitation, User, UserRole
from tests import evaluation
from tests.factors import shown
from tests.rows import letters, link, row, rows
from tests.world import PASSWORD

EMAIL = "ban@moi.example"
SECRET = "bốn con ngựa kéo xe"


def invited(app, world, email=EMAIL, role="contributor", language="vi"):
    """A link into Hạt Nắng, written by An."""
    owner = app.test_client()
    owner.sign_in(world.an)
    answer = owner.press("/company/invite", "/company/invite", email=email, role=role, language=language)
    assert answer.status_code == 302
    return link(letters(app, email)[-1])


def membership(app, email):
    question = select(Member).join(User, User.id == Member.user_id).where(User.email == email)
    return rows(app, question)


def test_a_new_person_opens_an_account_and_is_in(app, world, browser):
    url = invited(app, world, role="owner")
    assert "Công ty CP Hạt Nắng" in browser.get(url).text
    answer = browser.press(url, url, name="Bạn Mới", password=SECRET, repeat=SECRET)
    assert answer.headers["Location"] == "/applications"
    (member,) = membership(app, EMAIL)
    assert (member.vendor_id, member.role, member.left_at) == (world.hat_nang.id, MemberRole.OWNER, None)
    user = row(app, select(User).where(User.email == EMAIL))
    assert (user.email_verified_at is not None, user.name) == (True, "Bạn Mới")
    assert row(app, select(Invitation.accepted_at)) is not None
    assert browser.get(url).status_code == 410


def test_who_has_an_account_signs_in_first(app, world, browser):
    url = invited(app, world, world.dung.email)
    page = browser.get(url)
    assert f'href="/sign-in?next={url}"' in page.text
    assert browser.press(url, "/sign-in", name="x", password=SECRET, repeat=SECRET).status_code == 409
    answer = browser.press("/sign-in", "/sign-in", email=world.dung.email, password=PASSWORD, next=url)
    assert answer.headers["Location"] == f"/sign-in/factor?next={url}"
    shown(app, world.dung)
    assert browser.press(url, url).status_code == 302
    assert [member.role for member in membership(app, world.dung.email)] == [MemberRole.CONTRIBUTOR]


def test_signed_in_with_another_address(app, world, browser):
    url = invited(app, world)
    browser.sign_in(world.lan)
    page = browser.get(url)
    assert f"Bạn đang đăng nhập bằng {world.lan.email}, còn lời mời gửi cho {EMAIL}." in page.text
    assert browser.press(url, url).status_code == 409
    assert membership(app, world.lan.email) == []


def test_a_member_of_another_company_stays_there(app, world, browser):
    url = invited(app, world, world.bao.email)
    browser.sign_in(world.bao)
    assert browser.press(url, url).status_code == 409
    assert [member.vendor_id for member in membership(app, world.bao.email)] == [world.bo_tre.id]


def test_who_never_confirmed_proves_the_address_here(app, world, browser, session):
    session.add(User(email=EMAIL, name="Kẻ gian", password_hash="x"))
    session.commit()
    url = invited(app, world)
    assert browser.press(url, url, name="Bạn Mới", password=SECRET, repeat=SECRET).status_code == 302
    assert row(app, select(User.name).where(User.email == EMAIL)) == "Bạn Mới"


def test_disabled_people_are_told(app, world, browser, session):
    world.lan.disabled_at = now()
    session.add(world.lan)
    session.commit()
    url = invited(app, world, world.lan.email)
    assert "đang khóa nên chưa nhận lời được" in browser.get(url).text
    assert browser.press(url, "/sign-in", name="x", password=SECRET, repeat=SECRET).status_code == 409
    assert membership(app, world.lan.email) == []


def test_a_link_ends_after_two_weeks_and_when_a_newer_one_is_sent(app, world, browser):
    first = invited(app, world)
    second = invited(app, world)
    assert browser.get(first).status_code == 410
    with clock.at(now() + timedelta(days=16)):
        assert browser.get(second).status_code == 410
    assert browser.get("/invitations/nonsense").status_code == 410


def into_the_club(app, person, email=EMAIL, **data):
    """A link into the club, written by an administrator."""
    admin = app.test_client()
    admin.sign_in(person)
    given = {"name": "Người Mới", "email": email, "roles": ["admin"], "language": "vi", **data}
    assert admin.press("/people/invite", "/people/invite", **given).status_code == 302
    return link(letters(app, email)[-1])


@pytest.fixture
def second_admin(session):
    """Somebody who can act against Minh."""
    user = User(email="boss@club.example", name="Bà Chủ", email_verified_at=now(), password_hash="x")
    session.add(user)
    session.flush()
    session.add(UserRole(user_id=user.id, role=Role.ADMIN))
    session.commit()
    return user


@pytest.mark.parametrize(("act", "data"), [("disable", {}), ("roles", {"roles": ["auditor"]})])
def test_who_may_invite_no_more_has_invited_nobody(app, world, browser, second_admin, act, data):
    url = into_the_club(app, world.minh)
    boss = app.test_client()
    boss.sign_in(second_admin)
    page = f"/people/{world.minh.id}"
    assert boss.press(f"{page}/{act}", page, **data).status_code == 302
    assert browser.press(url, "/sign-in", name="Kẻ gian", password=SECRET, repeat=SECRET).status_code == 410
    assert row(app, select(Invitation.revoked_at)) is not None
    assert rows(app, select(User).where(User.email == EMAIL)) == []


def test_the_right_to_invite_is_looked_at_again(app, world, browser, session):
    url = into_the_club(app, world.minh)
    session.delete(session.get(UserRole, (world.minh.id, Role.ADMIN)))
    session.commit()
    assert browser.get(url).status_code == 410


@pytest.mark.parametrize("leave", [False, True])
def test_an_owner_who_hands_over_or_leaves_has_invited_nobody(app, world, browser, leave):
    url = invited(app, world, role="owner")
    owner = app.test_client()
    owner.sign_in(world.an)
    page = f"/company/members/{world.anh.id}/hand-over"
    assert owner.press(page, page).status_code == 302
    if leave:
        assert owner.press("/company/leave", "/company/leave").status_code == 302
    assert browser.press(url, "/sign-in", name="Kẻ gian", password=SECRET, repeat=SECRET).status_code == 410
    assert row(app, select(Invitation.revoked_at)) is not None


def test_letters_to_one_address_are_counted(app, world):
    owner = app.test_client()
    owner.sign_in(world.an)
    token = owner.token("/company/invite")
    data = {"csrf_token": token, "email": EMAIL, "role": "contributor", "language": "vi"}
    answers = [owner.post("/company/invite", data=data) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "Thử quá nhiều lần. Chờ đến" in answers[-1].text
    assert EMAIL in answers[-1].text
    assert len(letters(app, EMAIL)) == 5


def test_a_company_and_an_administrator_write_thirty_letters_a_day(app, world, browser):
    browser.sign_in(world.an)
    data = {"csrf_token": browser.token("/company/invite"), "role": "contributor", "language": "vi"}
    answers = [browser.post("/company/invite", data={**data, "email": f"a{n}@x.example"}) for n in range(31)]
    assert [answer.status_code for answer in answers] == [302] * 30 + [429]
    assert "Hôm nay đã gửi đủ số lời mời." in answers[-1].text
    browser.sign_in(world.minh)
    data = {"csrf_token": browser.token("/people/invite"), "name": "X", "roles": ["auditor"], "language": "vi"}
    answers = [browser.post("/people/invite", data={**data, "email": f"b{n}@x.example"}) for n in range(31)]
    assert [answer.status_code for answer in answers] == [302] * 30 + [429]


def test_club_roles_are_granted(app, world, browser):
    admin = app.test_client()
    admin.sign_in(world.minh)
    data = {"name": "Chị Mới", "email": EMAIL, "roles": ["reviewer", "decider"], "language": "en"}
    assert admin.press("/people/invite", "/people/invite", **data).status_code == 302
    (letter,) = letters(app, EMAIL)
    assert (letter.language, "as reviewer, decider" in letter.body) == ("en", True)
    url = link(letter)
    assert url.startswith("/en/invitations/")
    assert browser.press(url, url, name="Chị Mới", password=SECRET, repeat=SECRET).status_code == 302
    user = row(app, select(User).where(User.email == EMAIL))
    held = rows(app, select(UserRole.role).where(UserRole.user_id == user.id))
    assert (set(held), user.language) == ({Role.REVIEWER, Role.DECIDER}, "en")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_posted_empty(app, world, browser, prefix):
    url = prefix + invited(app, world)
    answer = browser.press(url, url)
    assert answer.status_code == 422
    assert ("Enter your full name." if prefix else "Nhập họ và tên.") in answer.text
    assert membership(app, EMAIL) == []


def test_without_a_token(app, world, browser):
    url = invited(app, world)
    assert browser.post(url, data={"name": "x", "password": SECRET, "repeat": SECRET}).status_code == 400
    assert membership(app, EMAIL) == []


def test_a_reviewer_who_accepts_loses_the_file_at_the_next_click(app, world, browser):
    """The vendor invites somebody who happens to review its file; nobody there learns that."""
    application = evaluation.in_review(world)
    browser.sign_in(world.ha)
    assert browser.get(f"/reviews/{application.ref}").status_code == 200
    url = invited(app, world, world.ha.email)
    browser.sign_in(world.ha)
    assert browser.press(url, url).status_code == 302
    assert browser.get(f"/reviews/{application.ref}").status_code == 403  # a colleague now, and no reviewer
    conflict = row(app, select(Conflict))
    assert (conflict.person_id, conflict.origin, conflict.effect) == (world.ha.id, "joined", "review_voided")
    assert row(app, select(Review).where(Review.reviewer_id == world.ha.id)).voided_at is not None
    assert "review_voided" in {one.event.split(":")[1] for one in letters(app, world.chi.email)}
    browser.sign_in(world.an)
    assert "không được tính" not in browser.get(f"/applications/{application.ref}").text
