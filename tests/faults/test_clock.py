"""The clock of the machine stands two years ahead, two years behind, or passes midnight in the middle of things."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select, update

from assessments import clock, decisions, scans
from assessments.clock import end_of_day, now, start_of_day
from assessments.models import Application, Certificate, HistoryEntry, LogEntry, StatusList, StoredFile
from assessments.queries import scans as scanned
from assessments.states import ScanState, ScanTrouble, State
from registry import db, issuing, jobs, timekeeping
from registry.mail import outbox
from registry.mail.models import Letter
from tests.conftest import Browser
from tests.deciding import ISSUER
from tests.racing import Files, Hand, everything_agrees
from tests.registry.evidence import desk, sender
from tests.rows import rows
from tests.world import PASSWORD, World

YEARS = timedelta(days=730)


@pytest.fixture
def certified(app: Flask, world: World, session: Session) -> Certificate:
    """A certificate, and a draft-like file whose deadline runs; the worker has been here just now."""
    refs = Files(world, State.IN_DECISION, deciders=(world.giang, world.hung)).write(2)
    application = session.exec(select(Application).where(Application.ref == refs[0])).one()
    decisions.confirm(session, world.hung, application, 1, ISSUER)
    session.commit()
    with app.app_context():
        jobs.turn()
    return rows(app, select(Certificate))[0]


def at_work(app: Flask, moment: datetime) -> str:
    """A turn of the worker at that moment by the clock of the machine; what it says of the clock."""
    with clock.at(moment), app.app_context():
        return jobs.careful_turn()


def everything(app: Flask) -> list[Any]:
    """What cannot be taken back."""
    return [rows(app, select(table)) for table in (HistoryEntry, LogEntry)]


@pytest.mark.parametrize("years", [YEARS, -YEARS], ids=["ahead", "behind"])
def test_the_worker_does_nothing_by_a_clock_that_jumped(app: Flask, certified: Certificate, years: timedelta) -> None:
    before = [len(one) for one in everything(app)]
    assert "the last turn" in at_work(app, now() + years)
    assert "--trust-clock" in at_work(app, now() + years)
    assert [len(one) for one in everything(app)] == before
    assert at_work(app, now()) == ""  # the clock is set: it goes on by itself
    everything_agrees(app)


def test_after_a_long_pause_somebody_says_that_the_clock_is_right(app: Flask, certified: Certificate) -> None:
    later = now() + timedelta(days=60)
    assert at_work(app, later) != ""
    with clock.at(later), app.app_context(), db.writing() as session:
        timekeeping.trust(session)
    assert at_work(app, later) == ""
    with clock.at(later):
        everything_agrees(app)


def test_what_was_put_off_by_a_clock_that_ran_ahead_is_not_put_off_for_years(
    app: Flask, world: World, browser: Browser, session: Session
) -> None:
    """A letter, a file for the scanner, an upload that was held, tries at a password."""
    session.add(Letter(event="x", recipient="chi@club.example", subject="Thư", body="Thư."))
    session.commit()
    browser.sign_in(world.an)
    assert desk.send(browser).status_code == 303
    url = sender.begun(browser)
    with clock.at(now() + YEARS), app.app_context(), db.writing() as own:
        letter = own.exec(select(Letter)).one()
        outbox.failed(letter, OSError("away"))
        own.exec(update(Letter).values(due_at=letter.due_at, given_up_at=None))
        scans.postpone(own, own.exec(select(StoredFile)).one().id, ScanTrouble.UNREACHABLE)
    with sender.held(session, holder="x", held_until=now() + YEARS):
        assert sender.patch(browser, url, sender.CONTENT).status_code == 204
    with app.app_context(), db.writing() as own:
        assert [one.event for one in outbox.due(own)] == ["x"]
        assert [one.scan for one in scanned.due(own, now(), 9)] == [ScanState.UNSCANNED]
    assert tried(app, YEARS, "x", "y", *"abcdefghi") == 429
    assert tried(app, timedelta(0), PASSWORD) == 302
    everything_agrees(app)


def tried(app: Flask, ahead: timedelta, *passwords: str) -> int:
    """Try to sign in as An; the last answer."""
    browser = app.test_client()
    code = 0
    for password in passwords:
        with clock.at(now() + ahead):
            form = {"email": "an@hatnang.example", "password": password}
            code = browser.press("/sign-in", "/sign-in", **form).status_code
    return code


def test_lists_signed_by_a_clock_that_ran_ahead_are_signed_anew(app: Flask, certified: Certificate) -> None:
    with Session(app.extensions["engine"]) as session:
        session.exec(update(StatusList).values(signed_at=now() + YEARS))
        session.commit()
    with app.app_context():
        issuing.turn()
    assert {abs(one.signed_at - now()) < timedelta(minutes=5) for one in rows(app, select(StatusList))} == {True}
    everything_agrees(app)


def test_a_certificate_ends_at_midnight_in_viet_nam_and_once(app: Flask, certified: Certificate) -> None:
    def told() -> int:
        return sum(one.kind == "expire" for one in rows(app, select(LogEntry)))

    last = end_of_day(certified.valid_until)
    work: Callable[[datetime], None] = lambda moment: turn_at(app, moment)  # noqa: E731  one line, used twice
    work(last)
    assert told() == 0
    work(start_of_day(certified.valid_until + timedelta(days=1)))
    work(last + timedelta(seconds=2))
    assert told() == 1
    with clock.at(last + timedelta(seconds=3)):
        everything_agrees(app)


def turn_at(app: Flask, moment: datetime) -> None:
    """A turn of the worker at that moment, whatever the clock said before."""
    with clock.at(moment), app.app_context():
        jobs.turn()


def test_a_page_opened_before_midnight_is_sent_after_it(app: Flask, world: World) -> None:
    ref = Files(world, State.IN_REVIEW, scored=True).write(1)[0]
    midnight = end_of_day(clock.today())
    with clock.at(midnight - timedelta(seconds=1)):
        hand = Hand(app, world.dung)
        fields = {"mark": "2", "rationale": "Xem lại.", "version": "1", "then": "stay"}
    with clock.at(midnight + timedelta(seconds=1)):
        assert hand.send(f"/reviews/{ref}/scores/TN-05", fields).status == 302
        everything_agrees(app)
