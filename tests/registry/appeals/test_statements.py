"""The pages of appeals ask the database a fixed number of questions, however many appeals and people there are."""

import pytest
from sqlalchemy import event

from assessments.recourse import Ruling
from tests import appealing

MOST = 30


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
        assert browser.get(page).status_code == 200, page
        return len(seen)

    yield counted
    event.remove(app.extensions["engine"], "before_cursor_execute", note)


def test_the_pages_of_an_appeal(world, browser, count):
    others = appealing.others(world)
    application = appealing.declined(world)
    appeal = appealing.under_hearing(world, application, (others.phuc, others.mai, others.quan), others.thao)
    found = {}
    for person, page in (
        (world.an, "/appeals"),
        (world.an, f"/appeals/{appeal.number}"),
        (world.an, f"/applications/{application.ref}"),
        (others.thao, "/appeals/office"),
        (others.thao, f"/appeals/{appeal.number}/office"),
        (others.phuc, "/appeals/hearings"),
        (others.phuc, f"/appeals/{appeal.number}/hearing"),
    ):
        browser.sign_in(person)
        found[page] = count(page)
    assert {page: number for page, number in found.items() if number > MOST} == {}
    appealing.rule(world, appeal, Ruling.CONFIRMED, others.phuc, others.mai)
    browser.sign_in(others.phuc)
    assert count(f"/appeals/{appeal.number}/hearing") <= found[f"/appeals/{appeal.number}/hearing"]


def test_lists_do_not_ask_for_each_line(world, browser, count):
    others = appealing.others(world)
    first = appealing.lodged(world, appealing.declined(world))
    browser.sign_in(others.thao)
    one = count("/appeals/office")
    for number in range(2, 5):
        copy = type(first)(
            **{
                **first.model_dump(exclude={"id"}),
                "number": f"YC-2026-100{number}",
                "serial": 1000 + number,
                "state": "withdrawn",
            }
        )
        world.session.add(copy)
    world.session.commit()
    assert count("/appeals/office") == one
    browser.sign_in(world.an)
    assert count("/appeals") <= 12
