"""Workload: whose it is and how long it takes, the same in page and files; the impartiality committee reads no name."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from openpyxl import load_workbook

from assessments import clock, history
from assessments.clock import VIETNAM, now
from assessments.people import Role
from assessments.queries import workload
from assessments.states import Action, State
from registry.accounts import sessions
from registry.accounts.models import UserRole
from tests import evaluation

PAGE = "/workload"


@pytest.fixture
def impartial(world):
    """Minh also sits in the impartiality committee."""
    world.session.add(UserRole(user_id=world.minh.id, role=Role.IMPARTIALITY))
    world.session.commit()
    sessions.load_standing(world.session, world.minh)
    world.session.commit()
    return world.minh


def by_name(world):
    found = {one.name: one for one in workload.loads(world.session)}
    world.session.commit()
    return found


def test_loads(world):
    application = evaluation.in_review(world)
    assert {name: one.open for name, one in by_name(world).items()} == {"Vũ Dũng": 1, "Đỗ Thu Hà": 1, "Bùi Khánh": 0}
    review = evaluation.review_by(world, application, world.ha)
    review.due_at, review.assigned_at = now() - timedelta(hours=1), now() - timedelta(days=4)
    world.session.add(review)
    world.session.commit()
    assert [one.name for one in workload.loads(world.session)] == ["Đỗ Thu Hà", "Vũ Dũng", "Bùi Khánh"]
    assert by_name(world)["Đỗ Thu Hà"].late == 1
    evaluation.finish(world, world.ha, application)
    ha = by_name(world)["Đỗ Thu Hà"]
    assert (ha.open, ha.late, ha.finished) == (0, 0, 1)
    assert ha.days == pytest.approx(4, abs=0.01)


def step(world, application, action, moment):
    with clock.at(moment):
        history.record(world.session, None, history.Step(action), application)
    world.session.commit()


def test_medians_by_the_quarter_a_step_ended_in(world):
    begun = datetime(2026, 8, 3, 9, tzinfo=VIETNAM)
    for number, days in enumerate((2, 4, 9), start=1):
        application = world.application(State.ACCEPTED, f"HS-2026-000{number}")
        step(world, application, Action.SUBMIT, begun)
        step(world, application, Action.RETURN, begun + timedelta(days=1))
        step(world, application, Action.SUBMIT, begun + timedelta(days=1, hours=1))
        step(world, application, Action.ACCEPT, begun + timedelta(days=days))
    late = world.application(State.ACCEPTED, "HS-2026-0007")
    step(world, late, Action.SUBMIT, datetime(2026, 9, 30, 9, tzinfo=VIETNAM))
    step(world, late, Action.ACCEPT, datetime(2026, 10, 1, 0, 30, tzinfo=VIETNAM))  # still September in UTC
    with clock.at(datetime(2026, 11, 20, tzinfo=VIETNAM)):
        third, fourth = workload.quarters(world.session)
    world.session.commit()
    assert (third.label, third.days["intake"], third.counts["intake"]) == ("2026-Q3", 4, 3)
    assert (third.days["review"], third.counts["review"]) == (None, 0)
    assert (fourth.label, fourth.counts["intake"]) == ("2026-Q4", 1)
    with clock.at(datetime(2029, 1, 1, tzinfo=VIETNAM)):
        assert workload.quarters(world.session) == []
    world.session.commit()


def test_the_queue_in_the_order_of_the_procedure(world):
    world.application(State.IN_DECISION, "HS-2026-0001")
    world.application(State.SUBMITTED, "HS-2026-0002")
    world.application(State.SUBMITTED, "HS-2026-0003")
    world.application(State.CERTIFIED, "HS-2026-0004")
    world.application(State.DRAFT, "HS-2026-0005")
    found = [(one.state, one.count) for one in workload.queue(world.session)]
    world.session.commit()
    assert found == [(State.SUBMITTED, 2), (State.IN_DECISION, 1)]


@pytest.mark.parametrize("person", ["chi", "lan"])
def test_page_and_files_say_the_same(world, browser, person):
    evaluation.in_consensus(world)
    world.dung.name = "=HYPERLINK(1)"
    world.session.add(world.dung)
    world.session.commit()
    browser.sign_in(getattr(world, person))
    page = browser.get(PAGE).text
    assert "Đỗ Thu Hà" in page
    assert "<svg" in page
    told = browser.get(f"{PAGE}/workload.csv")
    assert told.headers["Content-Disposition"].startswith("attachment")
    lines = list(csv.reader(io.StringIO(told.data.decode("utf-8-sig"))))
    assert next(line for line in lines if line[:1] == ["Đỗ Thu Hà"])[:5] == ["Đỗ Thu Hà", "0", "0", "1", "0"]
    assert any(line[:1] == ["'=HYPERLINK(1)"] for line in lines)
    book = load_workbook(io.BytesIO(browser.get(f"{PAGE}/workload.xlsx").data))
    assert book.sheetnames == ["Người đánh giá", "Đang chờ", "Số ngày từng bước"]
    names = [cell.value for cell in book.worksheets[0]["A"]]
    assert "=HYPERLINK(1)" in names
    assert {cell.data_type for cell in book.worksheets[0]["A"]} == {"s"}


def test_the_impartiality_committee_reads_no_name_anywhere(world, browser, impartial):
    evaluation.in_consensus(world)
    browser.sign_in(impartial)
    for path in (PAGE, f"{PAGE}/workload.csv", f"{PAGE}/workload.xlsx"):
        answer = browser.get(path)
        text = answer.data.decode("utf-8", "replace")
        if path.endswith("xlsx"):
            book = load_workbook(io.BytesIO(answer.data))
            text = str([[cell.value for cell in line] for sheet in book.worksheets for line in sheet.rows])
        assert "Người thứ 1" in text, path
        assert [name for name in ("Vũ Dũng", "Đỗ Thu Hà", "Bùi Khánh") if name in text] == [], path


@pytest.mark.parametrize("person", ["an", "bao", "dung", "giang", "minh"])
def test_nobody_else_has_it(world, browser, person):
    browser.sign_in(getattr(world, person))
    for path in (PAGE, f"{PAGE}/workload.csv", f"{PAGE}/workload.xlsx"):
        assert browser.get(path).status_code == 404


def test_an_empty_registry_says_so(world, browser):
    browser.sign_in(world.chi)
    page = browser.get(PAGE).text
    assert "Không có hồ sơ nào đang chờ." in page
    assert "Chưa có bước nào kết thúc" in page
