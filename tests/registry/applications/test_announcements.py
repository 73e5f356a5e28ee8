"""Results of a round stay inside the club until its day of announcement, and then appear together."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import certificates, clock, decisions
from assessments.announcements import announce
from assessments.certificates import Change
from assessments.decisions import Proposing
from assessments.errors import WrongState
from assessments.models import HistoryEntry, Notice
from assessments.queries.certificates import certificate_of
from assessments.states import CertificateAction, Outcome, State
from registry import db, jobs
from tests.deciding import ISSUER, in_decision
from tests.rows import letters, rows

AN = "an@hatnang.example"
DAY = clock.today() + timedelta(days=10)
MIDNIGHT = clock.start_of_day(DAY)
BEFORE = MIDNIGHT - timedelta(microseconds=1)
REASONS = ("Chặn chưa đủ.", "It blocks too little.")


@pytest.fixture
def announced(world):
    """The round of the tests is announced in ten days."""
    world.round.announce_on = DAY
    world.session.add(world.round)
    world.session.commit()
    return world


def certify(app, world, ref="HS-2026-0001"):
    application = in_decision(world, ref)
    proposal = decisions.propose(world.session, world.giang, application, Proposing(Outcome.CERTIFY, "L1"))
    return _confirmed(app, world, application, proposal.number)


def decline(app, world, ref="HS-2026-0002"):
    application = in_decision(world, ref)
    session = world.session
    proposing = Proposing(Outcome.DECLINE, None, *REASONS)
    proposal = decisions.propose(session, world.giang, application, proposing)
    notice = decisions.give_notice(session, world.giang, application, proposal.number, REASONS)
    application.state, application.due_at, notice.ended_at = State.IN_DECISION, None, clock.now()
    session.add_all([application, notice])
    session.flush()
    proposal = decisions.propose(session, world.giang, application, proposing)
    return _confirmed(app, world, application, proposal.number)


def _confirmed(app, world, application, number):
    with app.app_context():
        decisions.confirm(world.session, world.hung, application, number, ISSUER)
        db.commit(world.session)
    return application


def told(app):
    return [one.event.split(":")[1] for one in letters(app, AN) if one.event.split(":")[1] != "minded_to"]


def test_a_round_without_a_day_tells_at_once(app, world):
    application = certify(app, world)
    assert (application.announce_at, told(app)) == (None, ["certified"])


def test_midnight_in_viet_nam_is_when_it_is_announced(announced):
    assert MIDNIGHT.astimezone(clock.VIETNAM).isoformat() == f"{DAY.isoformat()}T00:00:00+07:00"
    assert clock.legal_day(BEFORE) == DAY - timedelta(days=1)


def test_nobody_outside_learns_of_a_certificate_before_its_day(app, announced, browser):
    application = certify(app, announced)
    number = certificate_of(announced.session, application.id).number
    announced.session.commit()
    assert told(app) == []
    with clock.at(BEFORE):
        browser.sign_in(announced.an)
        page, every = browser.get(f"/applications/{application.ref}"), browser.get("/applications")
        for text in (page.text, every.text):
            assert number not in text
            assert "Được cấp" not in text
            assert "Đã quyết định, chờ ngày công bố" in text
        assert "Quyết định cấp" not in page.text
        assert f"ngày {DAY:%d/%m/%Y}" in page.text
        for path in (f"/c/{number}", f"/c/{number}.json", f"/verify?number={number}", "/products/den-nha-0001"):
            assert browser.get(path).status_code == 404
        assert browser.get("/vendors/hat-nang").status_code == 404
        assert "Đèn Nhà" not in browser.get("/products").text
    with clock.at(MIDNIGHT):
        browser.sign_in(announced.an)
        page = browser.get(f"/applications/{application.ref}").text
        assert number in page
        assert "Quyết định cấp" in page
        assert browser.get(f"/c/{number}").status_code == 200
        assert browser.get(f"/c/{number}.json").json["status"] == "active"
        assert "Đèn Nhà" in browser.get("/products").text


def test_nor_of_a_decline(app, announced, browser):
    application = decline(app, announced)
    assert told(app) == []
    for moment, known in ((BEFORE, False), (MIDNIGHT, True)):
        with clock.at(moment):
            browser.sign_in(announced.an)
            for path in ("", "/messages"):
                text = browser.get(f"/applications/{application.ref}{path}").text
                assert ("Quyết định không cấp" in text) is known
            page = browser.get(f"/applications/{application.ref}").text
            assert ("Không được cấp" in page) is known
            assert ("Lý do của quyết định" in page) is known


def test_the_time_to_appeal_runs_from_the_announcement(app, announced, browser):
    application = decline(app, announced)
    with clock.at(MIDNIGHT):
        browser.sign_in(announced.an)
        page = browser.get(f"/applications/{application.ref}").text
    assert f"{DAY + timedelta(days=30):%d/%m/%Y}" in page


def test_the_worker_tells_every_company_together_and_once(app, announced):
    certified, declined = certify(app, announced), decline(app, announced)
    with app.app_context():
        with clock.at(BEFORE):
            assert jobs.announce_results() == 0
        assert told(app) == []
        with clock.at(MIDNIGHT):
            assert jobs.announce_results() == 2
            assert jobs.announce_results() == 0
    assert sorted(told(app)) == ["certified", "declined"]
    steps = select(HistoryEntry.action, HistoryEntry.actor_id).where(HistoryEntry.action == "announce_result")
    assert rows(app, steps) == [("announce_result", None)] * 2
    assert {announced.again(one).announced_at for one in (certified, declined)} == {MIDNIGHT}
    assert {one.written_at for one in letters(app, AN) if "certified" in one.event} == {MIDNIGHT}


def test_a_certificate_withdrawn_before_anybody_knew_is_told_as_withdrawn(app, announced, browser):
    application = certify(app, announced)
    session = announced.session
    number = certificate_of(session, application.id).number
    with app.app_context():
        change = Change("Phát hiện lỗi trước khi công bố.", "A fault was found before.")
        event = certificates.propose(session, announced.giang, number, CertificateAction.WITHDRAW, change)
        certificates.confirm(session, announced.hung, number, event.number)
        db.commit(session)
        assert told(app) == []
        with clock.at(MIDNIGHT):
            jobs.announce_results()
    assert told(app) == ["certificate_withdrawn"]
    with clock.at(MIDNIGHT + timedelta(days=1)):
        assert browser.get(f"/c/{number}").status_code == 404


def test_a_decision_after_the_day_is_told_at_once(app, announced):
    with clock.at(MIDNIGHT + timedelta(hours=1)):
        application = certify(app, announced)
        assert certificate_of(announced.session, application.id).valid_from == DAY
    assert (application.announce_at, told(app)) == (None, ["certified"])


def test_withdrawing_between_decision_and_announcement_is_refused(app, announced, browser):
    application = certify(app, announced)
    browser.sign_in(announced.an)
    page = f"/applications/{application.ref}"
    assert f"{page}/withdraw" not in browser.get(page).text
    assert browser.press(f"{page}/withdraw", "/account", reason="x").status_code == 409
    assert announced.again(application).state is State.CERTIFIED


def test_announcing_twice_or_too_early_is_refused(app, announced):
    application = certify(app, announced)
    with pytest.raises(WrongState), clock.at(BEFORE):
        announce(announced.session, application)
    with clock.at(MIDNIGHT):
        announce(announced.session, application)
        with pytest.raises(WrongState):
            announce(announced.session, application)


def test_the_notice_before_a_decline_stays_what_it_was(app, announced, browser):
    application = decline(app, announced)
    assert len(rows(app, select(Notice))) == 1
    browser.sign_in(announced.an)
    text = browser.get(f"/applications/{application.ref}/notice").text
    assert "Đây chưa phải là quyết định." in text
