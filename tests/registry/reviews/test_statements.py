"""The review pages ask the database a fixed number of questions, however many reviewers and criteria there are."""

import pytest
from sqlalchemy import event
from sqlmodel import delete

from assessments import questions
from assessments.clock import now
from assessments.models import Basis, Interest
from assessments.states import Kind
from tests import evaluation, renewing

REF = "HS-2026-0001"
MOST = 15
LEFT = 2  # of those, for what stands beside a file: pages, notes


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


@pytest.fixture
def three(world):
    """Khánh no longer has an interest, so that three can review."""
    world.session.exec(delete(Interest))
    world.session.commit()
    return (world.dung, world.ha, world.khanh)


@pytest.mark.parametrize("page", [f"/reviews/{REF}?c=TN-05", f"/reviews/{REF}/all", f"/reviews/{REF}/finish"])
def test_pages_before_the_end(world, browser, count, page):
    application = evaluation.in_review(world)
    browser.sign_in(world.dung)
    empty = count(page)
    evaluation.score_all(world, world.dung, application)
    assert count(page) == empty <= MOST


def test_the_bench_with_every_criterion_three_reviewers_and_sixty_files(world, browser, count, three, monkeypatch):
    application = evaluation.heavy(world, three, monkeypatch)
    page = f"/reviews/{REF}?c=TN-05"
    browser.sign_in(world.dung)
    assert browser.get(page).text.count('name="relied_on"') == 60
    empty = count(page)
    for person in three:
        evaluation.score_all(world, person, application, "4")
        for code in ("TN-05", "TL-01", "TN-01"):
            questions.ask(world.session, person, application, code, "Mục nào của tài liệu?")
    world.session.commit()
    assert count(page) == empty <= MOST - LEFT
    assert browser.get(page).text.count("Mục nào của tài liệu?") == 1  # one's own: the others' wait until all are final


def test_the_bench_of_a_renewal(world, browser, count):
    certificate = renewing.answered_certificate(world, "HS-2025-0009")
    application = evaluation.in_review(world)
    application.kind = Kind.RENEWAL
    world.session.add(Basis(application_id=application.id, certificate_id=certificate.id, changes=[], note=""))
    world.session.add(application)
    world.session.commit()
    browser.sign_in(world.dung)
    assert count(f"/reviews/{REF}?c=TN-05") <= MOST - 1
    assert "Lần trước: HS-2025-0009" in browser.get(f"/reviews/{REF}?c=TN-05").text


@pytest.mark.parametrize(
    ("page", "most"),
    [("all", MOST), ("consensus", MOST), ("consensus/TN-05", MOST), ("findings", MOST), ("recommendation", 20)],
)
def test_pages_of_all_criteria_and_all_reviewers(world, browser, count, three, page, most):
    application = evaluation.in_review(world, three)
    for person in three:
        evaluation.finish(world, person, application, TN_05="2")
    browser.sign_in(world.dung)
    with_three = count(f"/reviews/{REF}/{page}")
    for person in three[1:]:
        evaluation.review_by(world, application, person).voided_at = now()
        world.session.commit()
    assert count(f"/reviews/{REF}/{page}") == with_three <= most
