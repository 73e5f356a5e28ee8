"""A contact is opened by two people: one asks with a reason, another agrees, the first reads it once, within a day."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from assessments import clock, concerns, openings
from assessments.concerns import Said
from assessments.errors import NotAllowed, NotFound, WrongState
from assessments.models import Concern, ConcernOpening, HistoryEntry, Interest
from assessments.people import InterestKind, Role
from assessments.recourse import ConcernKind, Referral
from registry import jobs, sealed
from registry.accounts import sessions
from registry.accounts.models import UserRole
from registry.concerns import contacts
from registry.mail.models import Letter
from tests.deciding import certified
from tests.rows import row, rows

CONTACT = "nguoi.dan@example.net"
REASON = "Cần hỏi kiểu máy để thử lại."
OPENINGS = select(ConcernOpening).order_by(ConcernOpening.asked_at)


@pytest.fixture
def phuc(world):
    """A member of the impartiality committee, the second person of these tests."""
    return second(world, world.hung, Role.IMPARTIALITY)


def second(world, person, role):
    world.session.add(UserRole(user_id=person.id, role=role))
    world.session.commit()
    sessions.load_standing(world.session, person)
    world.session.commit()
    return person


def reported(app, world, **said):
    with app.app_context():
        told = Said(ConcernKind.OTHER, "Chuyện của tôi.", contact=CONTACT, **said)
        concern = concerns.receive(world.session, uuid4(), uuid4().hex, told, contacts.seal)
        world.session.commit()
    return concern


def ask(browser, world, concern):
    browser.sign_in(world.chi)
    page = f"/triage/{concern.number}"
    return browser.press(f"{page}/contact", page, reason=REASON)


def answer(app, browser, person, how="confirm"):
    browser.sign_in(person)
    opening = rows(app, OPENINGS)[-1]
    return browser.post(f"/triage/openings/{opening.id}/{how}", data={"csrf_token": browser.token("/account")})


def read(browser, world, concern):
    browser.sign_in(world.chi)
    page = f"/triage/{concern.number}"
    return browser.post(f"{page}/open", data={"csrf_token": browser.token(page)})


def test_two_people_open_it_and_the_first_reads_it_once(app, browser, world, phuc):
    concern = reported(app, world)
    assert read(browser, world, concern).status_code == 409  # nobody has agreed to anything
    assert ask(browser, world, concern).status_code == 302
    assert ask(browser, world, concern).status_code == 409
    assert read(browser, world, concern).status_code == 409
    browser.sign_in(phuc)
    seen = browser.get("/triage/openings").text
    assert (REASON in seen, concern.number in seen, "Chuyện của tôi." in seen, CONTACT in seen) == (
        True,
        True,
        False,
        False,
    )
    assert browser.get(f"/triage/{concern.number}").status_code == 404
    assert answer(app, browser, phuc).location == "/triage/openings"
    assert answer(app, browser, phuc).status_code == 409
    shown = read(browser, world, concern)
    assert (shown.status_code, CONTACT in shown.text) == (200, True)
    assert (shown.headers["Cache-Control"], shown.headers["Refresh"]) == (
        "no-store",
        f"300; url=/triage/{concern.number}",
    )
    assert read(browser, world, concern).status_code == 409
    assert CONTACT not in browser.get(f"/triage/{concern.number}").text
    one = row(app, OPENINGS)
    assert (one.asked_by, one.answered_by, one.asked_half, one.confirmed_half) == (world.chi.id, phuc.id, None, None)
    steps = [one for one in rows(app, select(HistoryEntry).order_by(HistoryEntry.seq)) if "contact" in one.action]
    assert [(one.action, one.actor_id) for one in steps] == [
        ("ask_concern_contact", world.chi.id),
        ("confirm_concern_contact", phuc.id),
        ("show_concern_contact", world.chi.id),
    ]
    letters = rows(app, select(Letter).where(Letter.event.like(f"{concern.number}:concern_opening%")))
    assert [(one.recipient, CONTACT in one.body, "Chuyện" in one.body) for one in letters] == [
        ("hung@club.example", False, False),
        ("chi@club.example", False, False),
    ]


def test_one_person_is_not_two(app, browser, world, phuc):
    concern = reported(app, world)
    ask(browser, world, concern)
    assert "Không có yêu cầu nào chờ bạn." in browser.get("/triage/openings").text
    assert answer(app, browser, world.chi).status_code == 403
    for person in (world.lan, world.minh, world.an, world.dung):
        assert answer(app, browser, person).status_code == 404, person.name
    with app.app_context(), pytest.raises(NotAllowed):
        openings.confirm(world.session, world.chi, row(app, OPENINGS).id, contacts.half_of_who_confirms)


def test_only_whoever_asked_reads_it(app, browser, world, phuc):
    concern = reported(app, world)
    other = second(world, world.ha, Role.COORDINATOR)
    ask(browser, world, concern)
    answer(app, browser, phuc)
    browser.sign_in(other)
    page = f"/triage/{concern.number}"
    assert browser.post(f"{page}/open", data={"csrf_token": browser.token(page)}).status_code == 409
    assert CONTACT in read(browser, world, concern).text


def test_refused_is_refused_and_can_be_asked_for_again(app, browser, world, phuc):
    concern = reported(app, world)
    ask(browser, world, concern)
    assert answer(app, browser, phuc, "refuse").location == "/triage/openings"
    assert read(browser, world, concern).status_code == 409
    assert row(app, OPENINGS).asked_half is None
    assert ask(browser, world, concern).status_code == 302


def test_the_day_runs_out_and_the_worker_takes_the_halves(app, browser, world, phuc):
    concern = reported(app, world)
    ask(browser, world, concern)
    answer(app, browser, phuc)
    with clock.at(clock.now() + timedelta(hours=25)):
        with app.app_context():
            assert [jobs.concerns_upkeep.end_openings() for _ in range(2)] == [1, 0]
        assert read(browser, world, concern).status_code == 409
    one = row(app, OPENINGS)
    assert (one.asked_half, one.confirmed_half, one.shown_at) == (None, None, None)


def test_somebody_with_an_interest_is_not_the_second_person(app, browser, world, phuc):
    certified(world)
    concern = reported(app, world, product="den-nha-0001")
    ask(browser, world, concern)
    kind, since = InterestKind.SHARES, clock.today() - timedelta(days=30)
    name = world.hat_nang.name
    world.session.add(
        Interest(person_id=phuc.id, vendor_id=world.hat_nang.id, organisation=name, kind=kind, since=since)
    )
    world.session.commit()
    browser.sign_in(phuc)
    assert concern.number not in browser.get("/triage/openings").text
    assert answer(app, browser, phuc).status_code == 404
    with app.app_context(), pytest.raises(NotFound):
        openings.refuse(world.session, phuc, row(app, OPENINGS).id)


def test_it_goes_onto_the_sheet_instead_and_that_is_the_one_time(app, browser, world, phuc):
    concern = reported(app, world)
    page = f"/triage/{concern.number}"
    browser.sign_in(world.chi)
    assert 'name="with_contact"' not in browser.get(page).text
    early = browser.press(f"{page}/sheet", page, to="helpline", with_contact="y")
    assert early.status_code == 409
    assert CONTACT not in browser.press(f"{page}/sheet", page, to="helpline").text
    ask(browser, world, concern)
    answer(app, browser, phuc)
    browser.sign_in(world.chi)
    assert CONTACT in browser.press(f"{page}/sheet", page, to="helpline", with_contact="y").text
    assert read(browser, world, concern).status_code == 409


def test_what_is_passed_on_cannot_be_opened_any_more(app, browser, world, phuc):
    concern = reported(app, world)
    ask(browser, world, concern)
    page = f"/triage/{concern.number}"
    browser.press(f"{page}/refer", page, to=Referral.POLICE.value, passed_on="y")
    assert answer(app, browser, phuc).status_code == 409
    one, left = row(app, OPENINGS), row(app, select(Concern))
    assert (one.asked_half, one.reason, left.contact, left.contact_given) == (None, "", None, True)
    browser.sign_in(phuc)
    assert concern.number not in browser.get("/triage/openings").text


def test_without_a_contact_there_is_nothing_to_ask_for(app, browser, world):
    with app.app_context():
        told = Said(ConcernKind.OTHER, "Chuyện của tôi.")
        concern = concerns.receive(world.session, uuid4(), uuid4().hex, told, contacts.seal)
        world.session.commit()
    browser.sign_in(world.chi)
    page = f"/triage/{concern.number}"
    assert f'action="{page}/contact"' not in browser.get(page).text
    token = browser.token(page)
    assert browser.post(f"{page}/contact", data={"reason": REASON, "csrf_token": token}).status_code == 409


def test_each_half_alone_opens_nothing(app, world):
    with app.app_context():
        closed = contacts.seal(CONTACT, "concern 1")
        asked = contacts.half_of_who_asks(closed, "concern 1", "opening 1")
        confirmed = contacts.half_of_who_confirms(closed, "concern 1", "opening 1")
        assert contacts.opened(closed, "concern 1", "opening 1", asked, confirmed) == CONTACT
        assert contacts.seal(CONTACT, "concern 1") != closed
        for halves in ((asked, asked), (confirmed, confirmed), (confirmed, asked), ("", "")):
            with pytest.raises(sealed.Unreadable):
                contacts.opened(closed, "concern 1", "opening 1", *halves)
        for place, opening in (("concern 2", "opening 1"), ("concern 1", "opening 2")):
            with pytest.raises(sealed.Unreadable):
                contacts.opened(closed, place, opening, asked, confirmed)
        for wrong in ("", "1|2|3", closed.replace("1|", "2|", 1)):
            with pytest.raises(sealed.Unreadable):
                contacts.half_of_who_asks(wrong, "concern 1", "opening 1")


def test_the_key_is_apart_from_every_other_and_can_be_changed(app, world):
    settings = app.config["SETTINGS"]
    with app.app_context():
        closed = contacts.seal(CONTACT, "concern 1")
        for purpose in (sealed.COMPLAINT, sealed.MISUSE, contacts.ASKING, contacts.CONFIRMING):
            for half in closed.split("|")[1:3]:
                with pytest.raises(sealed.Unreadable):
                    sealed.ring(purpose).open(half, "concern 1")
        app.config["SETTINGS"] = replace(
            settings, concern_key=("another key of forty letters or more!!!!", *settings.concern_key)
        )
        asked = contacts.half_of_who_asks(closed, "concern 1", "opening 1")
        confirmed = contacts.half_of_who_confirms(closed, "concern 1", "opening 1")
        assert contacts.opened(closed, "concern 1", "opening 1", asked, confirmed) == CONTACT
        app.config["SETTINGS"] = replace(settings, concern_key=("another key of forty letters or more!!!!",))
        with pytest.raises(sealed.Unreadable):
            contacts.half_of_who_asks(closed, "concern 1", "opening 1")


def test_a_lost_key_says_so(app, browser, world, phuc):
    concern = reported(app, world)
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], concern_key=())
    lost = ask(browser, world, concern)
    assert (lost.status_code, "khóa mã hóa của máy chủ đã đổi" in lost.text) == (409, True)
    assert re.search(r"PA-\d{4}-0001", browser.get("/triage").text)


@pytest.mark.parametrize(
    "broken",
    [
        {"answered_by": "chi", "answered_at": clock.now()},
        {"answered_by": "hung"},
        {"opens_until": clock.now()},
        {"confirmed_half": "sealed"},
        {"answered_by": "hung", "answered_at": clock.now(), "shown_at": clock.now()},
    ],
)
def test_the_database_refuses_what_makes_no_sense(app, world, broken):
    concern = reported(app, world)
    fields = {"concern_id": concern.id, "asked_by": world.chi.id, "reason": REASON, "asked_half": "sealed", **broken}
    if "answered_by" in fields:
        fields["answered_by"] = getattr(world, fields["answered_by"]).id
    world.session.add(ConcernOpening(**fields))
    with pytest.raises(IntegrityError):
        world.session.flush()


def test_only_one_waits_at_a_time(app, world):
    concern = reported(app, world)
    with app.app_context():
        openings.ask(world.session, world.chi, concern, REASON, contacts.half_of_who_asks)
        with pytest.raises(WrongState):
            openings.ask(world.session, world.chi, concern, REASON, contacts.half_of_who_asks)
