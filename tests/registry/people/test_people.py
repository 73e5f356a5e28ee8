"""Club people for administrators: roles by hand, nobody locked out by mistake, no evidence in sight."""

import pytest
from sqlmodel import select

from assessments.clock import now
from assessments.models import HistoryEntry
from assessments.people import Role
from registry.accounts.models import Invitation, User, UserRole
from tests.rows import letters, row, rows


def roles(app, user):
    return set(rows(app, select(UserRole.role).where(UserRole.user_id == user.id)))


def test_the_list_names_club_people_and_no_members_of_companies(world, browser):
    browser.sign_in(world.minh)
    page = browser.get("/people").text
    for person in (world.chi, world.dung, world.khanh, world.minh):
        assert person.name in page
    for stranger in (world.an, world.bao):
        assert stranger.name not in page
    assert "Người đánh giá, người ra quyết định" in page


@pytest.mark.parametrize("who", ["an", "bao", "chi", "dung", "giang", "lan"])
def test_others_find_nothing(world, browser, who):
    browser.sign_in(getattr(world, who))
    for path in ("/people", "/people/invite", f"/people/{world.dung.id}"):
        assert browser.get(path).status_code == 404
    for act in ("roles", "disable", "enable"):
        assert browser.press(f"/people/{world.dung.id}/{act}", "/account").status_code == 404


def test_an_administrator_sees_no_files(world, browser):
    application = world.application()
    browser.sign_in(world.minh)
    assert browser.get(f"/applications/{application.ref}").status_code == 404


def test_roles_are_changed_and_written_down(app, world, browser):
    browser.sign_in(world.minh)
    url = f"/people/{world.dung.id}"
    assert browser.press(f"{url}/roles", url, roles=["auditor", "decider"]).headers["Location"] == "/people"
    assert roles(app, world.dung) == {Role.AUDITOR, Role.DECIDER}
    entry = row(app, select(HistoryEntry))
    assert (entry.action, entry.actor_id) == ("change_roles", world.minh.id)


def test_no_role_at_all_is_refused(app, world, browser):
    browser.sign_in(world.minh)
    url = f"/people/{world.dung.id}"
    answer = browser.press(f"{url}/roles", url)
    assert (answer.status_code, "Chọn ít nhất một vai trò." in answer.text) == (422, True)
    assert roles(app, world.dung) == {Role.REVIEWER}


def test_nobody_takes_their_own_administration_away(app, world, browser):
    browser.sign_in(world.minh)
    url = f"/people/{world.minh.id}"
    assert browser.press(f"{url}/roles", url, roles=["reviewer"]).status_code == 409
    assert browser.press(f"{url}/disable", url).status_code == 409
    assert roles(app, world.minh) == {Role.ADMIN}
    assert row(app, select(User.disabled_at).where(User.id == world.minh.id)) is None


def test_a_second_administrator_can_be_let_go(app, world, browser, session):
    session.add(UserRole(user_id=world.lan.id, role=Role.ADMIN))
    session.commit()
    browser.sign_in(world.minh)
    url = f"/people/{world.lan.id}"
    assert browser.press(f"{url}/roles", url, roles=["auditor"]).status_code == 302
    assert roles(app, world.lan) == {Role.AUDITOR}


def test_disabling_ends_sessions_at_once_and_enabling_lets_in_again(app, world, browser):
    out = app.test_client()
    out.sign_in(world.dung)
    browser.sign_in(world.minh)
    url = f"/people/{world.dung.id}"
    assert browser.press(f"{url}/disable", url).status_code == 302
    assert out.get("/account").status_code == 302
    assert browser.press(f"{url}/disable", url).status_code == 409
    assert roles(app, world.dung) == {Role.REVIEWER}
    assert browser.press(f"{url}/enable", url).status_code == 302
    assert row(app, select(User.disabled_at).where(User.id == world.dung.id)) is None
    assert out.get("/account").status_code == 302
    assert browser.press(f"{url}/enable", url).status_code == 409


def test_members_of_companies_are_no_club_people(world, browser):
    browser.sign_in(world.minh)
    assert browser.get(f"/people/{world.an.id}").status_code == 404
    assert browser.press(f"/people/{world.an.id}/disable", "/people/invite").status_code == 404


def test_inviting_and_revoking(app, world, browser):
    browser.sign_in(world.minh)
    data = {"name": "Chị Mới", "email": "moi@club.example", "roles": ["reviewer"], "language": "vi"}
    assert browser.press("/people/invite", "/people/invite", **data).status_code == 302
    (letter,) = letters(app, "moi@club.example")
    assert letter.subject == "Lời mời làm việc cùng Câu lạc bộ"
    assert letter.body.startswith("Kính gửi anh/chị Chị Mới,")
    invited = row(app, select(Invitation))
    assert (invited.roles, invited.vendor_id) == ("reviewer", None)
    assert "moi@club.example" in browser.get("/people").text
    assert browser.press(f"/people/invitations/{invited.id}/revoke", "/people").status_code == 302
    assert row(app, select(Invitation)).revoked_at is not None


def test_who_has_a_role_is_not_invited_again(app, world, browser):
    browser.sign_in(world.minh)
    data = {"name": "Dũng", "email": world.dung.email, "roles": ["admin"], "language": "vi"}
    answer = browser.press("/people/invite", "/people/invite", **data)
    assert (answer.status_code, "đã có tài khoản ở Câu lạc bộ" in answer.text) == (422, True)
    assert rows(app, select(Invitation)) == []


@pytest.mark.parametrize(
    ("language", "said"),
    [("vi", ["Nhập họ và tên.", "Nhập email.", "Chọn ít nhất một vai trò."]), ("en", ["Choose at least one role."])],
)
def test_posted_empty(world, browser, session, language, said):
    world.minh.language = language
    session.add(world.minh)
    session.commit()
    browser.sign_in(world.minh)
    answer = browser.press("/people/invite", "/people/invite")
    assert answer.status_code == 422
    for sentence in said:
        assert sentence in answer.text


def test_without_a_token(app, world, browser):
    browser.sign_in(world.minh)
    for act in ("roles", "disable", "enable"):
        assert browser.post(f"/people/{world.dung.id}/{act}", data={"roles": "admin"}).status_code == 400
    assert roles(app, world.dung) == {Role.REVIEWER}


def test_a_role_taken_away_is_gone_at_the_next_click(app, world, browser, session):
    browser.sign_in(world.minh)
    assert browser.get("/people").status_code == 200
    session.delete(session.get_one(UserRole, (world.minh.id, Role.ADMIN)))
    session.add(UserRole(user_id=world.minh.id, role=Role.AUDITOR, granted_at=now()))
    session.commit()
    assert browser.get("/people").status_code == 404
