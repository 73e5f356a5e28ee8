"""What is known of a person: seen, taken away, forgotten in time, and gone when they close their account."""

import json
from datetime import timedelta
from importlib import import_module

import pytest
from sqlalchemy import String, Text
from sqlmodel import SQLModel, select

from assessments import history
from assessments.clock import now
from assessments.models import HistoryEntry, HistoryText, Member
from assessments.people import Role
from registry.accounts import closing, copies, forgetting
from registry.accounts.models import Invitation, LoginSession, User, UserRole
from registry.accounts.periods import PERIODS, Way
from registry.mail.models import Letter
from tests.rows import row, rows
from tests.world import PASSWORD

# Columns whose names sound of people and hold nothing of them: names of products, bodies of log entries and the like.
NOT_OF_PEOPLE = {
    *("product.name", "vendor.name", "laboratory.name", "affiliate.name_vi", "heartbeat.name", "job_failure.name"),
    *("attachment.name", "stored_file.name", "status_list.name", "figure.name", "log_entry.body", "guide_text.body_vi"),
    *("laboratory_report.laboratory_name", "issuing_body.name_vi", "issuing_body.name_en", "issuing_body.signatory"),
    *("identity.name_vi", "identity.name_en", "identity.email", "identity.phone", "identity.address_vi"),
    *("identity.address_en", "identity.short_name", "identity.site_name_vi", "identity.site_name_en"),
    *("affiliate.name_en", "vendor.name_en", "product.name_en", "laboratory.name_en", "guide_text.body_en"),
    *("vendor.contact_email", "concern_step.contact"),
}
SOUNDS = ("email", "name", "address", "browser", "phone", "contact", "recipient", "representative", "bucket", "sealed")
SOUNDS += ("affiliation", "represents", "body", "people", "present", "owner", "signatory", "organisation", "user_agent")


def columns():
    return {f"{table.name}.{column.name}": column for table in SQLModel.metadata.sorted_tables for column in table.c}


def test_every_column_that_sounds_of_people_has_its_period():
    told = {name for period in PERIODS for name in period.columns}
    sounding = {
        name
        for name, column in columns().items()
        if isinstance(column.type, String | Text)
        and (column.name in SOUNDS or column.name.split("_")[-1] in SOUNDS)
        and not column.foreign_keys
    }
    missing = sounding - told - NOT_OF_PEOPLE - {"committee_seat.body", "affiliate.affiliation", "guide_text.audience"}
    assert missing == set(), "add them to registry/accounts/periods.py, or say here that they are not of people"


def test_the_table_names_what_there_is():
    assert {name for period in PERIODS for name in period.columns} - set(columns()) == set()


@pytest.mark.parametrize("period", [one for one in PERIODS if one.way is Way.WORKER], ids=lambda one: one.job)
def test_the_worker_has_the_job(period):
    from registry import jobs  # noqa: PLC0415

    module, name = period.job.split(":")
    job = getattr(import_module(module), name)
    assert job.__name__ in open_source(jobs) or job in forgetting.JOBS


def open_source(module):
    from inspect import getsource  # noqa: PLC0415

    return getsource(module)


def test_whatever_is_an_accounts_own_goes_with_it():
    named = {table.name for table in closing._of_person()}
    assert {"login_session", "user_role"} <= named
    assert "member" not in named


def test_a_person_sees_and_takes_what_is_theirs(app, world, browser):
    browser.sign_in(world.an)
    page = browser.get("/account/data")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    file = browser.get("/account/data.json")
    assert "attachment" in file.headers["Content-Disposition"]
    assert file.headers["Cache-Control"] == "private, no-store"
    known = json.loads(file.data)
    assert known["account"]["email"] == "an@hatnang.example"
    assert [one["role"] for one in known["memberships"]] == ["owner"]
    assert len(known["sessions"]) == 1
    text = file.text
    for other in (world.bao, world.chi, world.anh):
        assert other.email not in text
        assert str(other.id) not in text
    assert "password" not in text.lower()
    assert app.test_client().get("/account/data.json").status_code == 302


def test_every_section_can_be_asked_for(app, world):
    with app.app_context():
        from registry import db  # noqa: PLC0415

        known = copies.of_person(db.session(), world.dung)
    assert set(known) == {"format", "made_at", "account", "letters", *(one.name for one in copies.SECTIONS)}


def test_closing_ones_own_account(app, world, browser, session):
    history.record(session, world.anh, history.Step("join_vendor"))
    session.add(Invitation(email=world.anh.email, name="Ánh", token_hash="x", expires_at=now()))
    session.add(Letter(event="old", recipient=world.anh.email, subject="s", body="b", sent_at=now()))
    session.add(Letter(event="new", recipient=world.anh.email, subject="s", body="b"))
    session.commit()
    email, person_id = world.anh.email, world.anh.id
    elsewhere = app.test_client()
    elsewhere.sign_in(world.anh)
    browser.sign_in(world.anh)
    assert "Chỗ của bạn ở đơn vị" in browser.get("/account/close").text
    answer = browser.press("/account/close", "/account/close", current=PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in")
    assert "đã đóng" in browser.get("/sign-in").text
    assert elsewhere.get("/account").status_code == 302
    user = row(app, select(User).where(User.id == person_id))
    assert (user.email, user.name, user.password_hash) == (closing.address(user), closing.NAME, "")
    assert user.closed_at is not None
    assert user.disabled_at is not None
    assert rows(app, select(LoginSession).where(LoginSession.user_id == person_id)) == []
    assert row(app, select(Member).where(Member.user_id == person_id)).left_at is not None
    assert [one.email for one in rows(app, select(Invitation))] == [""]
    sent = {one.event.split(":")[0]: one for one in rows(app, select(Letter))}
    assert sent["old"].recipient == sent["new"].recipient == closing.address(user)
    assert sent["new"].given_up_at is not None
    assert sent["account_closed"].recipient == email
    names = [one.actor_name for one in rows(app, select(HistoryText))]
    assert "Trần Ánh" in names  # of the step they took
    steps = [one.action for one in rows(app, select(HistoryEntry))]
    assert steps[-1] == "close_account"


def test_the_last_letter_is_forgotten_once_it_went_out(app, world, session):
    session.add(Letter(event="account_closed:x", recipient="a@b.example", subject="s", body="b"))
    session.add(Letter(event="password_reset:x", recipient="a@b.example", subject="s", body="b", sent_at=now()))
    session.commit()
    with app.app_context():
        assert forgetting.forget_letters() == 0
    session.exec(select(Letter).where(Letter.event == "account_closed:x")).one().sent_at = now()
    session.commit()
    with app.app_context():
        assert forgetting.forget_letters() == 1
    found = {one.event: one for one in rows(app, select(Letter))}
    assert (found["account_closed:x"].recipient, found["account_closed:x"].body) == ("", "")
    assert found["password_reset:x"].recipient == "a@b.example"


def test_letters_about_files_are_no_letters_of_accounts(app, world, session):
    long_ago = now() - timedelta(days=200)
    session.add(Letter(event="step:7:an", recipient="a@b.example", subject="s", body="b", sent_at=long_ago))
    session.add(Letter(event="password_reset:y", recipient="a@b.example", subject="s", body="b", sent_at=long_ago))
    session.commit()
    with app.app_context():
        assert forgetting.forget_letters() == 1
    found = {one.event: one.body for one in rows(app, select(Letter))}
    assert found == {"step:7:an": "b", "password_reset:y": ""}


@pytest.mark.parametrize(("password", "status"), [("wrong", 422), ("", 422)])
def test_without_the_password_nothing_is_closed(app, world, browser, password, status):
    browser.sign_in(world.anh)
    assert browser.press("/account/close", "/account/close", current=password).status_code == status
    assert row(app, select(User).where(User.id == world.anh.id)).closed_at is None


def test_without_a_token_nothing_is_closed(app, world, browser):
    browser.sign_in(world.anh)
    assert browser.post("/account/close", data={"current": PASSWORD}).status_code == 400
    assert row(app, select(User).where(User.id == world.anh.id)).closed_at is None


def test_the_last_owner_hands_over_first(app, world, browser):
    browser.sign_in(world.an)
    answer = browser.press("/account/close", "/account/close", current=PASSWORD)
    assert answer.status_code == 409
    assert "người phụ trách" in answer.text
    assert row(app, select(User).where(User.id == world.an.id)).email == "an@hatnang.example"


def test_people_of_the_club_ask_an_administrator(app, world, browser):
    browser.sign_in(world.dung)
    page = browser.get("/account/close").text
    assert "quản trị viên" in page
    assert 'name="current"' not in page
    assert browser.press("/account/close", "/account/data", current=PASSWORD).status_code in {400, 409}
    ran = app.test_cli_runner().invoke(args=["users", "close", "dung@club.example"])
    assert (ran.exit_code, ran.output) == (0, "closed\n")
    user = row(app, select(User).where(User.id == world.dung.id))
    assert user.name == closing.NAME
    assert rows(app, select(UserRole).where(UserRole.user_id == world.dung.id)) == []
    assert app.test_cli_runner().invoke(args=["users", "close", closing.address(user)]).exit_code == 1


def test_the_last_administrator_stays(app, world):
    assert app.test_cli_runner().invoke(args=["users", "close", "minh@club.example"]).exit_code == 1
    assert row(app, select(User).where(User.id == world.minh.id)).closed_at is None


def test_the_address_is_free_again(app, world, session):
    with app.test_request_context():
        closing.close(session, session.get(User, world.anh.id))
        session.commit()
    session.add(User(email="anh@hatnang.example", name="Trần Ánh"))
    session.commit()


def test_the_history_stays_whole(app, world, session):
    with app.test_request_context():
        closing.close(session, session.get(User, world.anh.id))
        session.commit()
    assert app.test_cli_runner().invoke(args=["audit", "verify"]).exit_code == 0
    assert "clean" in app.test_cli_runner().invoke(args=["fsck", "--quick"]).output


def test_fsck_finds_what_a_closing_left(app, world, session):
    with app.test_request_context():
        closing.close(session, session.get(User, world.anh.id))
        session.commit()
    world.anh.name = "Trần Ánh"
    session.add(UserRole(user_id=world.anh.id, role=Role.AUDITOR))
    world.bao.name = closing.NAME
    session.commit()
    said = app.test_cli_runner().invoke(args=["fsck", "--quick"]).output
    assert f"Account {world.anh.id} was closed and still says whose it was." in said
    assert f"Account {world.anh.id} was closed and still has rows in user_role." in said
    assert f"Account {world.bao.id} looks closed and is not." in said


def test_accounts_that_nobody_confirmed_are_forgotten(app, world, session):
    old = now() - timedelta(days=31)
    session.add(User(email="old@x.example", name="Old", created_at=old))
    session.add(User(email="young@x.example", name="Young"))
    session.add(User(email="kept@x.example", name="Kept", created_at=old, email_verified_at=old))
    pointed = User(email="pointed@x.example", name="Pointed", created_at=old)
    session.add(pointed)
    session.flush()
    session.add(Invitation(email="z@x.example", token_hash="z", expires_at=now(), invited_by=pointed.id))
    session.commit()
    with app.app_context():
        assert forgetting.forget_unconfirmed() == 1
        assert forgetting.forget_unconfirmed() == 0
    left = {one.email for one in rows(app, select(User)) if one.email.endswith("@x.example")}
    assert left == {"young@x.example", "kept@x.example", "pointed@x.example"}


def test_invitations_that_are_over_are_emptied(app, world, session):
    old, young = now() - timedelta(days=100), now()
    for number, (at, name) in enumerate(((old, "Old"), (young, "Young"))):
        session.add(
            Invitation(email=f"{name}@x.example", name=name, token_hash=str(number), expires_at=at, invited_at=at)
        )
    session.commit()
    with app.app_context():
        assert forgetting.forget_invitations() == 1
        assert forgetting.forget_invitations() == 0
    assert {(one.email, one.name) for one in rows(app, select(Invitation))} == {("", ""), ("Young@x.example", "Young")}


@pytest.mark.parametrize(("path", "word"), [("/privacy", "Phiên đăng nhập: giờ"), ("/en/privacy", "Sign-in sessions")])
def test_the_public_page_has_the_table(browser, path, word):
    page = browser.get(path).text
    assert word in page
    assert page.count("<dt") >= len(PERIODS)
