"""The pages of oversight ask a fixed number of questions, however much there is."""

import pytest
from sqlalchemy import event

from assessments import audit
from assessments.clock import now, today
from assessments.states import AuditKind, State
from tests import evaluation
from tests.auditing import opened
from tests.deciding import certified
from tests.world import World


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


def more(world: World) -> None:
    """Many more applications, each with its clock."""
    for number in range(20, 40):
        world.application(State.SUBMITTED, f"HS-2026-{number:04}", due_at=now())


@pytest.mark.parametrize(
    ("person", "page", "most"),
    [("lan", "/audit", 5), ("chi", "/deadlines", 5), ("chi", "/workload", 7), ("lan", "/workload", 7)],
)
def test_lists(world, browser, count, person, page, most):
    certified(world)
    browser.sign_in(getattr(world, person))
    few = count(page)
    more(world)
    assert count(page) == few <= most


def test_the_file_and_its_notes(world, browser, count):
    application = opened(world, evaluation.in_consensus(world))
    browser.sign_in(world.lan)
    page = f"/audit/{application.ref}"
    few = count(page)
    for _ in range(6):
        words = audit.Words(AuditKind.OBSERVATION, "Một điều.", world.chi.id, today())
        audit.write_note(world.session, world.lan, application, words)
    world.session.commit()
    assert count(page) == few <= 36


def test_follow_ups(world, browser, count):
    application = opened(world, evaluation.in_consensus(world))
    browser.sign_in(world.chi)
    none = count("/audit/follow-ups")
    for _ in range(6):
        words = audit.Words(AuditKind.OBSERVATION, "Một điều.", world.chi.id, today())
        audit.write_note(world.session, world.lan, application, words)
    world.session.commit()
    assert count("/audit/follow-ups") == none <= 4
