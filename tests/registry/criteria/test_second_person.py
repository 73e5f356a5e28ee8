"""A proposal to publish an edition is told to the second person, who is reminded; the board shows it."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import clock, editions
from assessments.queries import deadlines
from assessments.queries.deadline_columns import Kind
from assessments.queries.deadlines import Wanted
from registry import jobs
from registry.criteria import upkeep
from registry.mail.models import Letter
from tests import second_edition
from tests.rows import rows
from tests.second_edition import ID

DRAFT = f"/criteria/{ID}/draft"
LETTERS = select(Letter).where(Letter.event.like("edition_proposal:%")).order_by(Letter.written_at)


@pytest.fixture
def proposed(world, browser, tmp_path, monkeypatch):
    """Giang has proposed it on the page."""
    second_edition.draft(tmp_path, monkeypatch)
    day = clock.today()
    terms = {
        "valid_from": day.isoformat(),
        "transition_until": (day + timedelta(days=180)).isoformat(),
        "reason_vi": "Thêm một tiêu chí.",
        "reason_en": "Adds a criterion.",
    }
    browser.sign_in(world.giang)
    assert browser.press(DRAFT, DRAFT, **terms).status_code == 302
    found = editions.queries.open_proposal(world.session, ID)
    world.session.commit()  # the worker writes as well
    return found


def turn(app):
    with app.app_context():
        return upkeep.remind_of_proposal()


def test_every_other_decider_is_written_to_at_once(app, world, proposed):
    found = rows(app, LETTERS)
    assert {one.recipient for one in found} == {world.hung.email, world.khanh.email}
    assert "chờ người thứ hai" in found[0].subject
    assert DRAFT in found[0].body
    assert world.giang.name in found[0].body
    assert turn(app) == 0


def test_the_reminders_come_once_each_until_somebody_has_answered(app, world, session, proposed):
    for days, expected in ((2, 0), (3, 2), (4, 0), (7, 2), (14, 2), (30, 0)):
        with clock.at(clock.now() + timedelta(days=days)):
            assert turn(app) == expected, days
    assert rows(app, LETTERS)[-1].subject.startswith("Nhắc:")


def test_nobody_is_reminded_of_what_was_answered(app, world, session, proposed):
    editions.confirm(session, world.hung, ID, proposed.id)
    session.commit()
    with clock.at(clock.now() + timedelta(days=7)):
        assert turn(app) == 0
    assert upkeep.remind_of_proposal in _jobs()


def _jobs():
    """The jobs of a turn, by what its code names."""
    return [getattr(upkeep, name) for name in jobs.turn.__code__.co_names if hasattr(upkeep, name)]


def test_the_board_shows_it_to_the_office(world, session, browser, proposed):
    browser.sign_in(world.chi)
    (due,) = deadlines.board(session, world.chi, Wanted(kind=Kind.EDITION))[0]
    assert (due.place, due.late) == (ID, False)
    session.rollback()
    page = browser.get("/deadlines").text
    assert "Xác nhận công bố bản tiêu chí" in page
    assert f'href="{DRAFT}"' in page
