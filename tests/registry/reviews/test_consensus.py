"""The routes after everybody is final: finish, consensus, findings, recommendation."""

import pytest
from sqlmodel import select

from assessments import findings
from assessments.clock import now
from assessments.models import AgreedScore, Finding, Recommendation
from assessments.states import Severity, State
from tests import evaluation

REF = "/reviews/HS-2026-0001"
CRITERION = f"{REF}/consensus/TN-05"
FINDINGS = f"{REF}/findings"
TEXT = f"{REF}/recommendation"


def test_the_finish_names_what_is_missing(world, browser):
    evaluation.in_review(world)
    browser.sign_in(world.dung)
    page = browser.get(f"{REF}/finish")
    assert page.status_code == 200
    assert "Chưa chốt được: còn 36 chỗ" in page.text
    assert browser.press(f"{REF}/finish", page=f"{REF}?c=TN-05").status_code == 422


def test_the_last_finish_opens_the_consensus(world, browser):
    application = evaluation.in_review(world)
    evaluation.finish(world, world.dung, application)
    evaluation.score_all(world, world.ha, application)
    browser.sign_in(world.ha)
    assert browser.press(f"{REF}/finish", page=f"{REF}/finish").status_code == 302
    assert browser.get(REF).location == f"{REF}/consensus"
    assert world.again(application).state is State.CONSENSUS
    assert browser.get(f"{REF}/finish").status_code == 409


def test_finishing_needs_the_token(world, browser):
    evaluation.in_review(world)
    browser.sign_in(world.dung)
    assert browser.post(f"{REF}/finish").status_code == 400


@pytest.mark.parametrize("page", ["consensus", "consensus/TN-05", "findings", "recommendation"])
def test_before_everybody_is_final_there_is_no_consensus(world, browser, page):
    evaluation.in_review(world)
    browser.sign_in(world.dung)
    assert browser.get(f"{REF}/{page}").status_code == 409


@pytest.mark.parametrize("page", ["consensus", "consensus/TN-05", "findings", "recommendation", "all"])
def test_all_reviewers_read_it(world, browser, page):
    evaluation.in_consensus(world)
    for person in (world.dung, world.ha):
        browser.sign_in(person)
        assert browser.get(f"{REF}/{page}").status_code == 200


@pytest.mark.parametrize("page", ["consensus", "consensus/TN-05", "findings", "recommendation", "all", "finish"])
@pytest.mark.parametrize(("who", "code"), [("bao", 404), ("khanh", 404), ("giang", 404), ("an", 403), ("chi", 403)])
def test_others_do_not(world, browser, page, who, code):
    evaluation.in_consensus(world)
    browser.sign_in(getattr(world, who))
    assert browser.get(f"{REF}/{page}").status_code == code


@pytest.mark.parametrize(
    "form",
    ["consensus/equal", "consensus/TN-05", "findings", "findings/ask", "recommendation", "recommendation/recommend"],
)
def test_only_the_lead_writes(world, browser, form):
    evaluation.in_consensus(world)
    browser.sign_in(world.ha)
    assert browser.press(f"{REF}/{form}", page=f"{REF}/declare").status_code == 403
    browser.sign_in(world.dung)
    assert browser.post(f"{REF}/{form}").status_code == 400


def test_the_lead_records_the_agreed_score(world, browser):
    evaluation.in_consensus(world, {"TN_05": "4"}, {"TN_05": "2"})
    browser.sign_in(world.dung)
    page = browser.get(CRITERION)
    assert "Lệch 2 điểm" in page.text
    answer = browser.press(CRITERION, page=CRITERION, mark="3", reconciliation="đã bàn", version=0)
    assert answer.location == f"{REF}/consensus/TN-07"
    row = world.session.exec(select(AgreedScore)).one()
    assert (row.value, row.reconciliation, row.saved_by) == (3, "đã bàn", world.dung.id)


def test_two_tabs_of_the_lead_see_both_texts(world, browser):
    evaluation.in_consensus(world)
    browser.sign_in(world.dung)
    browser.press(CRITERION, page=CRITERION, mark="3", reconciliation="bản một", version=0)
    page = browser.press(CRITERION, page=CRITERION, mark="2", reconciliation="bản hai", version=0)
    assert page.status_code == 409
    assert "bản một" in page.text
    assert "bản hai" in page.text


def test_no_mark_is_asked_again(world, browser):
    evaluation.in_consensus(world)
    browser.sign_in(world.dung)
    page = browser.press(CRITERION, page=CRITERION, reconciliation="đừng mất", version=0)
    assert page.status_code == 422
    assert "đừng mất" in page.text


def test_one_button_for_what_all_say_alike(world, browser):
    evaluation.in_consensus(world, {"TN_05": "4"})
    browser.sign_in(world.dung)
    browser.press(f"{REF}/consensus/equal", page=f"{REF}/consensus")
    assert len(world.session.exec(select(AgreedScore)).all()) == 35


def test_a_finding_is_written_changed_closed_and_opened_again(world, browser):
    evaluation.in_consensus(world)
    browser.sign_in(world.dung)
    assert browser.press(FINDINGS, page=FINDINGS, criterion="TN-05", severity="major", text="Thiếu").status_code == 302
    found = world.session.exec(select(Finding)).one()
    one = f"{FINDINGS}/{found.id}"
    world.session.commit()
    assert browser.press(one, page=one, severity="minor", text="Thiếu báo cáo").status_code == 302
    assert browser.press(f"{one}/close", page=FINDINGS, note="đã xem").status_code == 302
    found = world.again(found)
    assert (found.severity, found.text, found.closed_by, found.closing_note) == (
        *(Severity.MINOR, "Thiếu báo cáo"),
        *(world.dung.id, "đã xem"),
    )
    world.session.commit()
    assert browser.press(f"{one}/close", page=FINDINGS).status_code == 409
    assert browser.press(f"{one}/reopen", page=FINDINGS).status_code == 302
    assert world.again(found).closed_at is None


@pytest.mark.parametrize(
    "typed", [{}, {"criterion": "TN-05", "severity": "major"}, {"criterion": "XX", "severity": "minor", "text": "x"}]
)
def test_half_a_finding_is_asked_again(world, browser, typed):
    evaluation.in_consensus(world)
    browser.sign_in(world.dung)
    assert browser.press(FINDINGS, page=FINDINGS, **typed).status_code == 422
    assert world.session.exec(select(Finding)).all() == []


def test_open_findings_are_put_to_the_vendor_in_a_numbered_round(world, browser):
    application = evaluation.in_consensus(world, {"TN_05": "not_shown"})
    closed = findings.raise_finding(
        world.session, world.dung, application, "TN-01", findings.Wording(Severity.MINOR, "cũ")
    )
    findings.close(world.session, world.dung, application, closed.id)
    world.session.commit()
    browser.sign_in(world.dung)
    assert browser.press(f"{FINDINGS}/ask", page=FINDINGS).status_code == 302
    application = world.again(application)
    rounds = {one.criterion: one.correction_round for one in world.session.exec(select(Finding)).all()}
    assert (application.state, application.correction_round) == (State.CORRECTION, 1)
    assert rounds == {"TN-05": 1, "TN-01": 0}


def test_without_a_finding_nothing_is_asked(world, browser):
    evaluation.in_consensus(world)
    browser.sign_in(world.dung)
    assert browser.press(f"{FINDINGS}/ask", page=FINDINGS).status_code == 422


def test_a_finding_of_another_application_is_not_there(world, browser):
    evaluation.in_consensus(world)
    browser.sign_in(world.dung)
    unknown = f"{FINDINGS}/0b1f7a0e-58b4-4d2e-9a8e-3a5b6d8f1c11"
    assert browser.get(unknown).status_code == 404
    assert browser.press(f"{unknown}/close", page=FINDINGS).status_code == 404


def test_from_the_summary_to_the_committee(world, browser):
    application = evaluation.in_consensus(world)
    evaluation.agree_all(world, application)
    browser.sign_in(world.dung)
    typed = {"summary_vi": "Tóm tắt.", "summary_en": "Summary.", "limit_1_vi": "Chưa thử.", "limit_1_en": "Not tried."}
    assert browser.press(TEXT, page=TEXT, version=0, **typed).status_code == 302
    assert browser.press(f"{TEXT}/facts-check", page=TEXT).status_code == 302
    assert browser.press(f"{TEXT}/recommend", page=TEXT).status_code == 422
    row = world.session.exec(select(Recommendation)).one()
    assert row.limits == [{"vi": "Chưa thử.", "en": "Not tried."}]
    row.vendor_checked_at = now()
    world.session.add(row)
    world.session.commit()
    assert "Trình hội đồng? Sau đó" in browser.get(TEXT).text
    assert browser.press(f"{TEXT}/recommend", page=TEXT).status_code == 302
    assert world.again(application).state is State.IN_DECISION
    world.session.commit()
    assert browser.get(TEXT).status_code == 200


def test_a_limit_in_one_language_is_sent_back_and_kept(world, browser):
    evaluation.in_consensus(world)
    browser.sign_in(world.dung)
    page = browser.press(TEXT, page=TEXT, version=0, summary_vi="đừng mất", limit_1_vi="một")
    assert page.status_code == 422
    assert "đừng mất" in page.text
