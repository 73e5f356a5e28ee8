"""The pages of calibration and agreement ask the database a fixed number of questions."""

import pytest
from sqlalchemy import event
from sqlmodel import delete

from assessments import calibrations
from assessments.calibrations import Marking
from assessments.models import CalibrationAttempt
from assessments.people import Role
from criteria import calibration
from registry import jobs
from registry.accounts.models import UserRole
from tests import evaluation
from tests.world import EDITION, _person

FIRST, SECOND = calibration.files(EDITION)
PLACE = f"/calibrations/{EDITION}/{FIRST.name}"
MOST = 12


@pytest.fixture
def world(world):
    """Nobody has tried yet."""
    world.session.exec(delete(CalibrationAttempt))
    world.session.commit()
    return world


@pytest.fixture
def count(app, browser):
    """How many statements a page takes."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    event.listen(app.extensions["engine"], "before_cursor_execute", note)

    def counted(page: str) -> int:
        browser.get(page)  # the first view of a session also writes down when it was seen
        seen.clear()
        assert browser.get(page).status_code == 200
        return len(seen)

    yield counted
    event.remove(app.extensions["engine"], "before_cursor_execute", note)


def half(world, person, file, end):
    attempt = calibrations.begin(world.session, person, EDITION, file.name)
    for code in file.codes[:end]:
        calibrations.save_score(world.session, person, attempt, code, Marking(file.key[code].mark, "Vì vậy."), 0)
    if end is None:
        calibrations.finish(world.session, person, attempt)
    world.session.commit()


@pytest.mark.parametrize("page", [PLACE, f"{PLACE}/finish"])
def test_scoring(world, browser, count, page):
    half(world, world.dung, FIRST, 1)
    browser.sign_in(world.dung)
    little = count(page)
    half(world, world.dung, FIRST, 0)
    for code in FIRST.codes[1:]:
        attempt = calibrations.begin(world.session, world.dung, EDITION, FIRST.name)
        calibrations.save_score(world.session, world.dung, attempt, code, Marking("2", "Vì vậy."), 0)
    world.session.commit()
    assert count(page) == little <= MOST


def test_results(world, browser, count):
    half(world, world.dung, FIRST, None)
    browser.sign_in(world.dung)
    assert count(f"{PLACE}/results/1") <= MOST


def test_the_list_of_the_office_with_many_reviewers(world, browser, count):
    world.session.add(UserRole(user_id=world.chi.id, role=Role.REVIEWER))
    half(world, world.dung, FIRST, None)
    browser.sign_in(world.chi)
    few = count("/calibrations")
    for number in range(5):
        person = _person(world.session, f"r{number}@club.example", f"Người {number}", Role.REVIEWER)
        world.session.commit()
        half(world, world.ha if number == 0 else world.khanh, (FIRST, SECOND)[number % 2], number or None)
        assert person.id
    assert count("/calibrations") == few <= MOST + 4


def test_agreement_with_many_applications(world, browser, count, app):
    evaluation.in_consensus(world, {"TN_05": "1"})
    browser.sign_in(world.chi)
    with app.app_context():
        jobs.measure_agreement()
    assert count("/reliability") <= MOST
