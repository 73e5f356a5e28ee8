"""/tokens: an owner makes, sees and revokes tokens; the key is shown once; they end with the right to make them."""

import re
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from assessments import clock, tokens
from assessments.clock import now
from assessments.errors import Invalid, NotAllowed, WrongState
from assessments.models import ApiToken, HistoryEntry, Member, TokenEnd, TokenScope
from assessments.people import MemberRole
from assessments.states import PeopleEvent
from registry.accounts.security_models import SecurityEvent, SecurityKind
from registry.tokens import upkeep
from tests.counting import statements
from tests.rows import letters, row, rows

WANTED = tokens.Wanted("Lịch nhắc hạn", frozenset({TokenScope.APPLICATIONS, TokenScope.PRODUCTS}), 90)


def own(client, key):
    """What the first address says with a key."""
    return client.get("/api/v1/own", headers={"Authorization": f"Bearer {key}"})


def made(browser, **data):
    values = {"name": "Lịch nhắc hạn", "scopes": ["applications", "products"], "days": "90", **data}
    return browser.press("/tokens", "/tokens/new", **values)


def key_in(page):
    return re.search(r">(vcsc_[\w-]{43})<", page.text)[1]


@pytest.fixture
def key(app, world, browser):
    """The key of a token that An has made on the page."""
    browser.sign_in(world.an)
    return key_in(made(browser))


def test_a_token_is_shown_once_kept_as_a_hash_and_told_to_the_owners(app, world, browser):
    world.session.add(Member(vendor_id=world.hat_nang.id, user_id=world.chi.id, role=MemberRole.OWNER))
    world.session.commit()
    browser.sign_in(world.an)
    page = made(browser)
    key = key_in(page)
    assert page.status_code == 201
    assert page.headers["Cache-Control"] == "no-store"
    token = row(app, select(ApiToken))
    assert (token.key_hash, token.scopes, token.ending) == (
        tokens.key_hash(key),
        "products,applications",
        key[-4:],
    )
    assert key not in str(rows(app, select(ApiToken)))
    listed = browser.get("/tokens").text
    assert (key in listed, f"…{key[-4:]}" in listed, "chưa dùng" in listed) == (False, True, True)
    for owner in (world.an, world.chi):
        (letter,) = letters(app, owner.email)
        assert (letter.subject, key in letter.body) == ("Mã truy cập mới: Lịch nhắc hạn", False)
    assert row(app, select(HistoryEntry).where(HistoryEntry.action == PeopleEvent.MAKE_TOKEN)).actor_id == world.an.id
    assert row(app, select(SecurityEvent.note).where(SecurityEvent.kind == SecurityKind.TOKEN_MADE)) == token.name
    assert own(app.test_client(), key).json["scopes"] == ["products", "applications"]
    used = browser.get("/tokens").text
    assert "dùng lần cuối" in used


def test_a_form_with_faults_keeps_what_was_typed_and_makes_nothing(app, world, browser):
    browser.sign_in(world.an)
    page = made(browser, scopes=[])
    assert (page.status_code, 'value="Lịch nhắc hạn"' in page.text) == (422, True)
    assert made(browser, name="").status_code == 422
    assert made(browser, days="366").status_code == 422
    assert made(browser, scopes=["everything"]).status_code == 422
    assert browser.post("/tokens", data={"name": "x"}).status_code == 400  # no form token
    assert rows(app, select(ApiToken)) == []


def test_only_owners_and_each_only_those_of_their_company(app, world, key):
    token = row(app, select(ApiToken))
    contributor, stranger, club = (app.test_client() for _each in range(3))
    contributor.sign_in(world.anh)
    stranger.sign_in(world.bao)
    club.sign_in(world.chi)
    for path in ("/tokens", "/tokens/new", f"/tokens/{token.id}/revoke"):
        assert contributor.get(path).status_code == 403
        assert club.get(path).status_code == 404
    address = f"/tokens/{token.id}/revoke"
    assert stranger.get(address).status_code == 404
    assert stranger.press(address, "/account").status_code == 404
    assert "Lịch nhắc hạn" not in stranger.get("/tokens").text
    assert own(app.test_client(), key).status_code == 200


def test_revoked_at_once(app, world, browser, key):
    token = row(app, select(ApiToken))
    address = f"/tokens/{token.id}/revoke"
    assert "Lịch nhắc hạn" in browser.get(address).text
    assert browser.press(address, address).headers["Location"] == "/tokens"
    assert own(app.test_client(), key).status_code == 401
    assert row(app, select(ApiToken.ended_as)) is TokenEnd.REVOKED
    assert "đã thu hồi" in browser.get("/tokens").text
    assert browser.press(address, address).status_code == 409
    ended = row(app, select(HistoryEntry).where(HistoryEntry.action == PeopleEvent.END_TOKEN))
    assert ended.actor_id == world.an.id


def test_expires_at_the_end_of_its_day_after_a_letter(app, world, key):
    expires = row(app, select(ApiToken.expires_at))
    with app.app_context(), clock.at(expires - timedelta(days=20)):
        assert upkeep.warn_of_expiry() == 0
    with app.app_context(), clock.at(expires - timedelta(days=13)):
        assert (upkeep.warn_of_expiry(), upkeep.warn_of_expiry()) == (1, 0)
    assert letters(app, world.an.email)[-1].subject == "Mã truy cập sắp hết hạn: Lịch nhắc hạn"
    with clock.at(expires):
        assert own(app.test_client(), key).status_code == 401
    with clock.at(expires - timedelta(seconds=1)):
        assert own(app.test_client(), key).status_code == 200


@pytest.mark.parametrize("how", ["removed", "handed over", "disabled", "closed"])
def test_ends_with_the_right_of_whoever_made_it(app, world, browser, key, how):
    other = app.test_client()
    if how == "handed over":
        path = f"/company/members/{world.anh.id}/hand-over"
        browser.press(path, path)
    elif how == "closed":
        browser.press("/company/close", "/company/close", name=world.hat_nang.name)
    elif how == "disabled":
        with app.app_context():
            app.test_cli_runner().invoke(args=["users", "disable", world.an.email])
    else:
        member = world.session.get_one(Member, (world.hat_nang.id, world.anh.id))
        member.role = MemberRole.OWNER
        world.session.add(member)
        world.session.commit()
        other.sign_in(world.anh)
        path = f"/company/members/{world.an.id}/remove"
        other.press(path, path)
    assert own(app.test_client(), key).status_code == 401
    token = row(app, select(ApiToken))
    ends = {"removed": "left", "handed over": "left", "disabled": "disabled", "closed": "closed"}
    assert token.ended_as == ends[how]
    with app.app_context():
        assert upkeep.tell_of_ended() == (0 if how == "closed" else 1)
        assert upkeep.tell_of_ended() == 0
    if how == "handed over":
        assert letters(app, world.anh.email)[-1].subject == "Mã truy cập đã kết thúc: Lịch nhắc hạn"


def test_coming_back_brings_no_token_back(app, world, browser, key):
    path = f"/company/members/{world.anh.id}/hand-over"
    browser.press(path, path)
    other = app.test_client()
    other.sign_in(world.anh)
    path = f"/company/members/{world.an.id}/hand-over"
    other.press(path, path)
    assert own(app.test_client(), key).status_code == 401


def test_the_verb_refuses_what_the_form_would_not_send(app, world, session):
    an, vendor = world.an, world.hat_nang
    an.stand(frozenset(), {vendor.id: MemberRole.OWNER})
    world.anh.stand(frozenset(), {vendor.id: MemberRole.CONTRIBUTOR})
    with pytest.raises(NotAllowed):
        tokens.make(session, world.anh, vendor, WANTED)
    for wanted in (
        tokens.Wanted("", WANTED.scopes, 90),
        tokens.Wanted("x", frozenset(), 90),
        tokens.Wanted("x", WANTED.scopes, 366),
        tokens.Wanted("x", WANTED.scopes, 0),
    ):
        with pytest.raises(Invalid):
            tokens.make(session, an, vendor, wanted)
    for _each in range(tokens.MOST):
        tokens.make(session, an, vendor, WANTED)
    with pytest.raises(WrongState):
        tokens.make(session, an, vendor, WANTED)


def test_the_database_keeps_an_end_and_its_cause_together(session, world, key):
    token = session.exec(select(ApiToken)).one()
    token.ended_at = now()
    session.add(token)
    with pytest.raises(IntegrityError):
        session.commit()
    session.rollback()


def test_letters_in_english_and_the_limit_of_a_day(app, world, browser):
    world.an.language = "en"
    world.session.add(world.an)
    world.session.commit()
    browser.sign_in(world.an)
    made(browser)
    (letter,) = letters(app, world.an.email)
    assert letter.subject == "New API token: Lịch nhắc hạn"
    assert "Applications of the organisation" in letter.body


def test_the_page_asks_the_same_however_many_there_are(app, world, browser, key):
    with statements(app) as few:
        browser.get("/tokens")
    for _each in range(3):
        made(browser)
    with statements(app) as many:
        browser.get("/tokens")
    assert len(few) == len(many) <= 8
