"""A fresh proof before anything grave, and back with everything that was typed; and how long sessions last."""

import ast
import re
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from unittest.mock import Mock

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from assessments import clock
from assessments.clock import now
from assessments.models import HistoryEntry
from assessments.people import Role
from registry import db
from registry.accounts import confirming, login
from registry.accounts.models import LoginSession, UserRole
from registry.accounts.sessions import Shown
from tests.access_table import DECLARATIONS
from tests.factors import code, hidden, stale, with_codes
from tests.rows import row, rows
from tests.test_access import address
from tests.world import PASSWORD

BUTTONS = {"accounts.new_passkey_options"}  # asked by a script, which loads the page again


@pytest.fixture
def strict(app):
    """The limits a site has when nobody sets others."""
    for name, value in (
        ("step_up_minutes", 10),
        ("club_idle_minutes", 60),
        ("club_session_hours", 12),
        ("company_idle_hours", 72),
    ):
        object.__setattr__(app.config["SETTINGS"], name, value)


@contextmanager
def connections_at_once(engine):
    """How many connections were in use at the same time, at most."""
    out, most = [], [0]

    def taken(connection, *_more):
        out.append(connection)
        most[0] = max(most[0], len(out))

    def given_back(connection, *_more):
        out.remove(connection)

    event.listen(engine, "checkout", taken)
    event.listen(engine, "checkin", given_back)
    try:
        yield most
    finally:
        event.remove(engine, "checkout", taken)
        event.remove(engine, "checkin", given_back)


def test_the_table_names_routes_that_there_are():
    assert confirming.GRAVE - set(DECLARATIONS) == set()
    assert {name for name in confirming.GRAVE if DECLARATIONS[name] in {"public", "open form"}} == set()


def test_every_grave_route_asks_first_and_does_nothing(app, world, browser):
    for role in Role:
        world.session.merge(UserRole(user_id=world.an.id, role=role))
    world.session.commit()
    browser.sign_in(world.an)
    token = browser.token("/account")
    stale(app, world.an)
    before = len(rows(app, select(HistoryEntry.seq)))
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in confirming.GRAVE:
            continue
        path = address(app, rule, "HS-2026-0001")
        if "GET" in (rule.methods or set()):
            assert browser.get(path).headers["Location"] == f"/account/confirm?next={path}", rule.endpoint
        else:
            answer = browser.post(path, data={"csrf_token": token})
            assert (answer.status_code, "Xác nhận lại là bạn" in answer.text) == (401, True), rule.endpoint
    assert len(rows(app, select(HistoryEntry.seq))) == before


def test_what_was_typed_comes_back_in_its_own_form(app, world, browser):
    secret, _ = with_codes(app, world.minh)
    browser.sign_in(world.minh)
    url = f"/people/{world.dung.id}"
    token = browser.token(url)
    stale(app, world.minh)
    asked = browser.post(
        "/people/invite",
        data={
            "csrf_token": token,
            "name": "Nguyễn Mới",
            "email": "moi@club.example",
            "roles": "reviewer",
            "language": "vi",
        },
    )
    assert asked.status_code == 401
    form = {name: hidden(asked.text, name).replace("&#34;", '"') for name in ("carried", "csrf_token")}
    wrong = browser.post("/account/confirm", data={**form, "code": "000000"})
    assert wrong.status_code == 422
    assert hidden(wrong.text, "carried") == hidden(asked.text, "carried")
    back = browser.post("/account/confirm", data={**form, "code": code(secret)})
    assert back.status_code == 200
    assert 'value="Nguyễn Mới"' in back.text
    assert "Chưa có gì được gửi đi." in back.text
    sent = browser.press(
        "/people/invite",
        "/people/invite",
        name="Nguyễn Mới",
        email="moi@club.example",
        roles="reviewer",
        outside="club",
        language="vi",
    )
    assert sent.headers["Location"] == "/people"


def test_whoever_has_no_factor_shows_the_password(app, world, browser):
    browser.sign_in(world.an, Shown())
    stale(app, world.an)
    assert browser.get("/account/factors").headers["Location"] == "/account/confirm?next=/account/factors"
    page = "/account/confirm?next=/account/factors"
    wrong = browser.press("/account/confirm", page, password="wrong", next="/account/factors")
    assert (wrong.status_code, "Mật khẩu chưa đúng." in wrong.text) == (422, True)
    before = row(app, select(LoginSession.key_hash))
    right = browser.press("/account/confirm", page, password=PASSWORD, next="/account/factors")
    assert right.headers["Location"] == "/account/factors"
    assert row(app, select(LoginSession.key_hash)) != before
    assert browser.get("/account/factors").status_code == 200


def test_whoever_has_a_factor_cannot_confirm_with_the_password(app, world, browser):
    with_codes(app, world.an)
    browser.sign_in(world.an)
    stale(app, world.an)
    assert browser.press("/account/confirm", "/account/confirm", password=PASSWORD).status_code == 422
    assert browser.get("/account/factors").status_code == 302


def test_confirming_never_leads_to_another_site(app, world, browser):
    browser.sign_in(world.an, Shown())
    answer = browser.press("/account/confirm", "/account/confirm", password=PASSWORD, next="https://evil.example/")
    assert answer.headers["Location"] == "/applications"


def test_an_upload_page_in_another_tab_outlives_a_confirmation(app, world, browser):
    browser.sign_in(world.an, Shown())
    action = re.search(r'action="(/evidence/upload[^"]*)"', browser.get("/evidence/new").text)[1]
    browser.press("/account/confirm", "/account/confirm", password=PASSWORD)
    form = {"title": "Báo cáo", "file": (BytesIO(b"%PDF-1.4 x"), "b.pdf")}
    assert browser.post(action.replace("&amp;", "&"), data=form).status_code != 400
    other = app.test_client()
    other.sign_in(world.an)
    assert other.post(action.replace("&amp;", "&"), data={"title": "x"}).status_code == 400


def test_every_way_in_is_known():
    entering = set()
    for path in Path(login.__file__).parent.glob("*_routes.py"):
        functions = (one for one in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(one, ast.FunctionDef))
        entering |= {one.name for one in functions if "login.enter(" in ast.unparse(one)}
    by_link, by_factor = {"_open", "_accepted"}, {"_let_in", "_added", "enter_with_passkey"}
    assert entering == {"enter"} | by_link | by_factor  # docs/operations.md, "Who gets in", lists the same


def test_a_proof_is_fresh_for_ten_minutes(app, world, browser, strict):
    browser.sign_in(world.an)
    for minutes, status in ((9, 200), (11, 302)):
        with clock.at(now() + timedelta(minutes=minutes)):
            assert browser.get("/account/factors").status_code == status
    with clock.at(now() + timedelta(minutes=11)):
        assert browser.get("/account").status_code == 200


def test_a_copied_cookie_is_worth_nothing_after_confirming(app, world, browser):
    browser.sign_in(world.an, Shown())
    browser.get("/account")
    with browser.session_transaction("/account") as cookie:
        copied = cookie["_user_id"]
    browser.press("/account/confirm", "/account/confirm", password=PASSWORD)
    thief = app.test_client()
    with thief.session_transaction("/account") as cookie:
        cookie["_user_id"] = copied
    assert thief.get("/account").status_code == 302
    assert browser.get("/account").status_code == 200


@pytest.mark.parametrize(("person", "idle"), [("chi", timedelta(hours=1)), ("an", timedelta(hours=72))])
def test_a_session_that_rests_too_long_is_over(app, world, browser, strict, person, idle):
    browser.sign_in(getattr(world, person))
    with clock.at(now() + idle - timedelta(minutes=2)):
        assert browser.get("/account").status_code == 200  # and is used again by that
    with clock.at(now() + idle + timedelta(minutes=10)):
        assert browser.get("/account").status_code == 200
    with clock.at(now() + 2 * idle + timedelta(minutes=20)):
        assert browser.get("/account").headers["Location"] == "/sign-in?next=/account"


def test_that_a_session_is_used_is_written_when_the_page_has_given_its_connection_back(app, world, browser, session):
    browser.sign_in(world.an)
    before = session.exec(select(LoginSession)).one().seen_at
    session.rollback()
    with clock.at(now() + timedelta(minutes=11)), connections_at_once(app.extensions["engine"]) as most:
        assert browser.get("/account").status_code == 200
    assert most == [1]
    session.expire_all()
    assert session.exec(select(LoginSession)).one().seen_at - before > timedelta(minutes=10)


def test_a_page_is_read_although_nobody_can_note_that_it_was(app, world, browser, session, monkeypatch):
    browser.sign_in(world.an)
    full = OperationalError("UPDATE", {}, Exception("database or disk is full"))
    monkeypatch.setattr(db, "commit", Mock(side_effect=full))
    with clock.at(now() + timedelta(minutes=11)):
        assert browser.get("/account").status_code == 200
    assert db.commit.called


@pytest.mark.parametrize(("person", "whole"), [("chi", timedelta(hours=12)), ("an", timedelta(days=14))])
def test_a_session_in_constant_use_is_over_at_last(app, world, browser, session, strict, person, whole):
    browser.sign_in(getattr(world, person))
    for moment, status in ((whole - timedelta(minutes=1), 200), (whole + timedelta(minutes=1), 302)):
        held = session.exec(select(LoginSession)).one()
        session.refresh(held)
        held.seen_at = now() + moment - timedelta(minutes=5)
        session.add(held)
        session.commit()
        with clock.at(now() + moment):
            assert browser.get("/account").status_code == status


def test_a_role_shortens_sessions_at_once(app, world, browser, session, strict):
    browser.sign_in(world.an)
    with clock.at(now() + timedelta(hours=13)):
        assert browser.get("/account").status_code == 200
        session.add(UserRole(user_id=world.an.id, role=Role.REVIEWER))
        session.commit()
        assert browser.get("/account").status_code == 302


def test_saving_counts_as_use(app, world, browser, strict):
    browser.sign_in(world.chi)
    token = browser.token("/account/details")
    for minutes in (50, 100):
        with clock.at(now() + timedelta(minutes=minutes)):
            data = {"csrf_token": token, "name": "Chi", "language": "vi"}
            assert browser.post("/account/details", data=data).headers["Location"] == "/account"
