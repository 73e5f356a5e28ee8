"""GET /intake, /intake/<ref>; POST accept, return, refuse: the completeness check."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from assessments.clock import now, today
from assessments.models import Interest, Participation
from assessments.people import InterestKind, Part
from assessments.readiness import CHECKLIST
from assessments.states import State
from tests import evaluation

PAGE = "/intake/HS-2026-0001"


def test_the_queue_is_in_the_order_of_the_day_it_was_handed_in(world, browser):
    evaluation.handed_in(world, ref="HS-2026-0002")
    late = evaluation.handed_in(world, ref="HS-2026-0001")
    late.due_at = now() - timedelta(days=1)
    world.session.add(late)
    world.session.commit()
    evaluation.handed_in(world, State.ACCEPTED, ref="HS-2026-0003")
    browser.sign_in(world.chi)
    page = browser.get("/intake").text
    assert page.index("HS-2026-0002") < page.index("HS-2026-0001")
    assert "HS-2026-0003" not in page
    assert page.count("quá hạn") == 1


@pytest.mark.parametrize("who", ["an", "bao", "dung", "giang", "minh", "lan"])
def test_the_queue_is_for_the_office(world, browser, who):
    browser.sign_in(getattr(world, who))
    assert browser.get("/intake").status_code == 404


def test_the_page_shows_the_facts_and_whether_a_team_is_possible(world, browser):
    evaluation.handed_in(world)
    browser.sign_in(world.chi)
    page = browser.get(PAGE)
    assert page.status_code == 200
    for text in (
        "Đèn Nhà",
        world.hat_nang.name,
        "Có. 2 người đánh giá",
        "Vũ Dũng",
        "Bùi Khánh",
        "làm việc",
        evaluation.CLAIM,
    ):
        assert text in page.text


@pytest.mark.parametrize(("who", "code"), [("bao", 404), ("dung", 404), ("giang", 404), ("an", 403), ("lan", 403)])
def test_others_cannot_open_it(world, browser, who, code):
    evaluation.handed_in(world)
    browser.sign_in(getattr(world, who))
    assert browser.get(PAGE).status_code == code
    assert browser.press(f"{PAGE}/accept", page="/account").status_code == code


def test_a_coordinator_with_an_interest_learns_nothing(world, browser):
    evaluation.handed_in(world)
    own = {"person_id": world.chi.id, "vendor_id": world.hat_nang.id, "organisation": "Hạt Nắng"}
    world.session.add(Interest(**own, kind=InterestKind.SHARES, since=today()))
    world.session.commit()
    browser.sign_in(world.chi)
    assert "HS-2026-0001" not in browser.get("/intake").text
    assert browser.get(PAGE).status_code == 404
    assert "HS-2026-0001" not in browser.get("/assignments").text


def test_accepting_takes_the_whole_list_and_a_part(world, browser):
    application = evaluation.handed_in(world)
    browser.sign_in(world.chi)
    short = browser.press(f"{PAGE}/accept", page=PAGE, checklist=["complete"])
    assert short.status_code == 422
    assert "Đánh dấu đủ các mục kiểm tra." in short.text
    assert world.session.exec(select(Participation)).all() == []
    world.session.commit()
    assert browser.press(f"{PAGE}/accept", page=PAGE, checklist=list(CHECKLIST)).status_code == 302
    assert world.again(application).state is State.ACCEPTED
    assert world.session.exec(select(Participation)).one().part is Part.COORDINATOR


def test_without_a_possible_team_nothing_is_accepted(world, browser):
    evaluation.handed_in(world)
    world.dung.disabled_at = datetime.now(UTC)
    world.session.add(world.dung)
    world.session.commit()
    browser.sign_in(world.chi)
    page = browser.press(f"{PAGE}/accept", page=PAGE, checklist=list(CHECKLIST))
    assert page.status_code == 422
    assert "Chưa đủ người đánh giá không có lợi ích liên quan." in page.text


def test_returning_asks_item_by_item(world, browser):
    application = evaluation.handed_in(world)
    browser.sign_in(world.chi)
    typed = {f"items-{row}-{name}": "" for row in range(6) for name in ("code", "text")}
    typed |= {"items-0-code": "TN-05", "items-0-text": "Thêm báo cáo", "items-2-text": "Ký lại"}
    assert browser.press(f"{PAGE}/return", page=PAGE, **typed).status_code == 302
    application = world.again(application)
    assert application.state is State.RETURNED
    assert application.due_at > now()
    assert application.intake_notes["questions"] == "– TN-05: Thêm báo cáo\n– Ký lại"
    assert application.intake_notes["items"] == [
        {"code": "TN-05", "text": "Thêm báo cáo"},
        {"code": "", "text": "Ký lại"},
    ]


@pytest.mark.parametrize("typed", [{}, {"items-0-code": "XX-1", "items-0-text": "gì đó"}])
def test_returning_needs_questions_about_what_applies(world, browser, typed):
    application = evaluation.handed_in(world)
    browser.sign_in(world.chi)
    assert browser.press(f"{PAGE}/return", page=PAGE, **typed).status_code == 422
    assert world.again(application).state is State.SUBMITTED


def test_refusing_has_a_coded_reason(world, browser):
    application = evaluation.handed_in(world)
    browser.sign_in(world.chi)
    assert browser.press(f"{PAGE}/refuse", page=PAGE, reason="too_small").status_code == 422
    assert browser.press(f"{PAGE}/refuse", page=PAGE, reason="duplicate", note="Xem HS khác").status_code == 302
    application = world.again(application)
    assert (application.state, application.intake_notes["reason"]) == (State.REFUSED, "duplicate")


@pytest.mark.parametrize("form", ["accept", "return", "refuse"])
def test_once_only_and_never_without_the_token(world, browser, form):
    evaluation.accepted(world)
    browser.sign_in(world.chi)
    typed = {"checklist": list(CHECKLIST), "items-0-text": "x", "items-0-code": "", "reason": "duplicate"}
    assert browser.press(f"{PAGE}/{form}", page="/rounds/new", **typed).status_code == 409
    assert browser.post(f"{PAGE}/{form}", data=typed).status_code == 400
