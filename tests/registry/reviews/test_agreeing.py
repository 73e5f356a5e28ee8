"""The consensus by its pages: sieves, the talk of the team, the next open criterion, conditions."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import consensus, findings
from assessments.clock import today
from assessments.findings import Wording
from assessments.models import ConsensusRemark, Finding
from assessments.states import Severity
from registry import jobs
from tests import evaluation

REF = "HS-2026-0001"
PAGE = f"/reviews/{REF}/consensus"
SAID = "Máy bạn thử là máy nào vậy?"


@pytest.mark.parametrize(
    ("show", "shown"),
    [
        ("open", {"TN-05", "TN-01", "TL-02"}),
        ("apart", {"TN-05", "TN-01"}),
        ("disputed", {"TN-05"}),
        ("critical", {"TN-05", "TN-01"}),
    ],
)
def test_sieves(world, browser, show, shown):
    evaluation.in_consensus(world, {"TN_05": "1", "TN_01": "4"})
    browser.sign_in(world.dung)
    page = browser.get(f"{PAGE}?show={show}").text
    assert {code for code in ("TN-05", "TN-01", "TL-02") if f"{PAGE}/{code}" in page.split("<table", 1)[1]} == shown


def test_the_figure_stands_on_the_overview_once_it_is_measured(world, browser, app):
    evaluation.in_consensus(world, {"TN_05": "1"})
    browser.sign_in(world.ha)
    assert "chưa tính" in browser.get(PAGE).text
    with app.app_context():
        jobs.measure_agreement()
    assert "chưa tính" not in browser.get(PAGE).text


def test_settling_goes_on_to_the_next_open_one(world, browser):
    application = evaluation.in_consensus(world, {"TN_05": "1", "TN_01": "4"})
    consensus.agree_where_equal(world.session, world.dung, application)
    world.session.commit()
    browser.sign_in(world.dung)
    page = f"{PAGE}/TN-01"
    assert "đến chỗ chưa thống nhất: TN-05" in browser.get(page).text
    done = browser.press(page, page, mark="3", then="open", version="0")
    assert done.headers["Location"] == f"{PAGE}/TN-05"
    last = browser.press(f"{PAGE}/TN-05", f"{PAGE}/TN-05", mark="2", reconciliation="Đã bàn.", then="open", version="0")
    assert last.headers["Location"] != f"{PAGE}/TN-05"
    letter = evaluation.review_by(world, application, world.dung).letter
    assert f"bởi người đánh giá {letter}" in browser.get(page).text


def test_the_team_talks(world, browser):
    application = evaluation.in_consensus(world, {"TN_05": "1"})
    browser.sign_in(world.ha)
    said = browser.press(f"{PAGE}/TN-05/remarks", f"{PAGE}/TN-05", text=SAID)
    assert said.headers["Location"] == f"{PAGE}/TN-05#talk"
    browser.sign_in(world.dung)
    page = browser.get(f"{PAGE}/TN-05").text
    assert SAID in page
    assert f"Người đánh giá {evaluation.review_by(world, application, world.ha).letter}" in page
    assert world.ha.name not in page
    assert browser.press(f"{PAGE}/TN-05/remarks", f"{PAGE}/TN-05", text=" ").status_code == 422
    assert len(world.session.exec(select(ConsensusRemark)).all()) == 1


def test_the_talk_is_for_the_team_alone(world, browser):
    application = evaluation.in_consensus(world, {"TN_05": "1"})
    consensus.remark(world.session, world.ha, application, "TN-05", SAID)
    world.session.commit()
    for person in (world.an, world.anh, world.bao, world.chi, world.khanh, world.minh):
        browser.sign_in(person)
        assert browser.get(f"{PAGE}/TN-05").status_code in {403, 404}
        assert browser.press(f"{PAGE}/TN-05/remarks", "/account", text="x").status_code in {403, 404}
    browser.sign_in(world.an)
    for page in ("", "/messages", "/changes", "/export.json"):
        assert SAID not in browser.get(f"/applications/{REF}{page}").text
    assert len(world.session.exec(select(ConsensusRemark)).all()) == 1


def test_nothing_of_it_before_all_are_final(world, browser):
    application = evaluation.in_review(world)
    evaluation.finish(world, world.dung, application)
    browser.sign_in(world.dung)
    assert browser.get(PAGE).status_code == 409
    assert browser.press(f"{PAGE}/TN-05/remarks", "/account", text="x").status_code == 409


def finding(world, severity=Severity.MINOR):
    application = evaluation.in_consensus(world)
    found = findings.raise_finding(
        world.session, world.dung, application, "TL-01", Wording(severity, "Thiếu giới hạn.")
    )
    world.session.commit()
    return found


def test_a_minor_finding_becomes_a_condition_and_back(world, browser):
    found = finding(world)
    browser.sign_in(world.dung)
    page, url = f"/reviews/{REF}/findings", f"/reviews/{REF}/findings/{found.id}/condition"
    until = today() + timedelta(days=30)
    assert browser.press(url, page, until=until.isoformat()).status_code == 302
    assert world.again(found).condition_until == until
    world.session.commit()
    assert "Thiếu giới hạn." in browser.get(f"{page}?show=conditions").text
    assert "Thiếu giới hạn." not in browser.get(f"{page}?show=closed").text
    assert "Thiếu giới hạn." in browser.get(f"/reviews/{REF}/recommendation").text
    refused = browser.press(url, page, until="2020-01-01")
    assert refused.status_code == 422
    assert "2020-01-01" in refused.text
    assert browser.press(url, page, then="drop").status_code == 302
    assert world.again(found).condition_until is None


def test_a_major_finding_is_not_closed_without_a_word(world, browser):
    found = finding(world, Severity.MAJOR)
    browser.sign_in(world.dung)
    page = f"/reviews/{REF}/findings"
    refused = browser.press(f"{page}/{found.id}/close", page, note="")
    assert refused.status_code == 422
    assert "Ghi vì sao đóng" in refused.text
    world.session.commit()
    assert browser.press(f"{page}/{found.id}/close", page, note="Đã thử lại.").status_code == 302
    assert world.again(found).closed_at is not None


def test_others_make_no_conditions(world, browser):
    found = finding(world)
    url = f"/reviews/{REF}/findings/{found.id}/condition"
    for person, status in ((world.ha, 403), (world.bao, 404), (world.an, 403), (world.chi, 403)):
        browser.sign_in(person)
        assert browser.press(url, "/account", until="2030-01-01").status_code == status
    assert world.session.exec(select(Finding.condition_until)).one() is None
