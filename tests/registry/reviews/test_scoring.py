"""Scores that save themselves, their versions, the sieve of the list, and what the bench says of the time before."""

import re
from html import unescape

import pytest
from sqlmodel import select

from assessments import findings, reviews
from assessments.clock import now
from assessments.findings import Wording
from assessments.models import AgreedScore, Basis, Recommendation, Score, ScoreVersion, Submission
from assessments.reviews import Marking
from assessments.states import Kind, Severity
from tests import evaluation, renewing

REF = "HS-2026-0001"
PAGE = f"/reviews/{REF}?c=TN-05"
SAVE = f"/reviews/{REF}/scores/TN-05"
HISTORY = f"/reviews/{REF}/history/TN-05"
PIECE = evaluation.answer()["evidence"][0]["id"]


def auto(browser, url=f"{SAVE}/draft", page=PAGE, **typed):
    """What the script of the bench sends."""
    form = {"csrf_token": browser.token(page), "page": "p1", "mark": "2", "version": 0, **typed}
    return browser.post(url, data=form, headers={"Accept": "application/json"})


def plain(page):
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", page.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def one(world, table=Score):
    found = world.session.exec(select(table).execution_options(populate_existing=True)).one()
    world.session.expunge(found)
    world.session.commit()
    return found


# --- saved while it is typed ---


def test_a_score_is_saved_as_it_is_typed(world, browser):
    evaluation.in_review(world)
    browser.sign_in(world.dung)
    answer = auto(browser, rationale="Đang viết", relied_on=PIECE, later="y")
    assert (answer.status_code, answer.json["state"], answer.json["fields"]) == (200, "saved", {"version": "1"})
    score = one(world)
    assert (score.value, score.rationale, score.relied_on, score.later, score.saved_from) == (
        *(2, "Đang viết", [PIECE], True),
        "p1",
    )


def test_two_tabs_never_overwrite_each_other(world, browser):
    evaluation.in_review(world)
    browser.sign_in(world.dung)
    auto(browser, rationale="một")
    answer = auto(browser, rationale="hai")
    assert answer.status_code == 200  # the same page goes on
    form = {"csrf_token": browser.token(PAGE), "page": "p2", "mark": "1", "version": 0, "rationale": "ba"}
    met = browser.post(f"{SAVE}/draft", data=form, headers={"Accept": "application/json"})
    assert (met.status_code, met.json["state"]) == (409, "conflict")
    page = browser.post(SAVE, data={**form, "then": "stay"})
    assert page.status_code == 409
    assert {"hai", "ba"} <= set(re.findall(r">([^<>]+)</(?:dd|textarea)>", page.text))
    assert one(world).rationale == "hai"
    kept = browser.post(SAVE, data={**form, "then": "theirs"})
    assert (kept.status_code, one(world).rationale) == (302, "hai")


@pytest.mark.parametrize(("who", "status"), [("bao", 404), ("an", 403), ("chi", 403), ("khanh", 404)])
def test_nobody_else_saves(world, browser, who, status):
    evaluation.in_review(world)
    browser.sign_in(getattr(world, who))
    assert auto(browser, page="/account").status_code == status
    assert world.session.exec(select(Score)).all() == []


def test_what_cannot_be_saved_is_told_to_the_script(world, browser):
    application = evaluation.in_review(world)
    browser.sign_in(world.dung)
    assert auto(browser, rationale="x" * 5001).json["state"] == "invalid"
    assert auto(browser, mark="9").json["state"] == "invalid"
    token = browser.token(PAGE)
    evaluation.finish(world, world.dung, application)
    locked = browser.post(f"{SAVE}/draft", data={"csrf_token": token, "mark": "1", "version": 1})
    assert (locked.status_code, locked.json["state"]) == (409, "locked")
    assert browser.post(f"{SAVE}/draft", data={"mark": "1"}).status_code == 400


# --- versions ---


def test_ones_own_versions_are_read_and_brought_back(world, browser):
    evaluation.in_review(world)
    browser.sign_in(world.dung)
    browser.press(SAVE, page=PAGE, mark="2", rationale="câu xưa", version=0)
    browser.press(SAVE, page=PAGE, mark="not_shown", rationale="bản mới", relied_on=PIECE, version=1)
    page = browser.get(HISTORY)
    assert "Trang công khai" in page.text
    assert "bằng chứng chưa cho thấy" in page.text
    first = world.session.exec(select(ScoreVersion.id).order_by(ScoreVersion.version)).first()
    world.session.commit()
    late = browser.press(HISTORY, page=HISTORY, text=first, seen=1)
    assert (late.status_code, one(world).rationale) == (409, "bản mới")
    assert browser.press(HISTORY, page=HISTORY, text=first, seen=2).status_code == 302
    assert (one(world).rationale, one(world).value) == ("câu xưa", 2)
    browser.sign_in(world.ha)
    assert "câu xưa" not in browser.get(HISTORY).text
    assert browser.press(HISTORY, page=HISTORY, text=first, seen=0).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("bao", 404), ("an", 403), ("chi", 403), ("lan", 403)])
def test_nobody_else_reads_versions(world, browser, who, status):
    evaluation.in_review(world)
    browser.sign_in(getattr(world, who))
    assert browser.get(HISTORY).status_code == status
    assert browser.press(HISTORY, page="/account", text="x").status_code == status


# --- what the list shows ---


def test_the_list_is_sieved_and_counts_by_group(world, browser):
    application = evaluation.in_review(world)
    reviews.save_score(world.session, world.dung, application, "TN-05", Marking("3"), 0)
    reviews.save_score(world.session, world.dung, application, "TN-01", Marking(later=True), 0)
    world.session.commit()
    browser.sign_in(world.dung)

    def listed(show):
        page = browser.get(f"{PAGE}&show={show}")
        return set(re.findall(r'<span class="code">([A-Z]{2}-\d\d)</span>\s*<span>', page.text))

    assert listed("marked") == {"TN-05"}
    assert listed("later") == {"TN-01"}
    assert "TN-05" not in listed("open")
    assert len(listed("open")) == 35
    assert len(listed("nonsense")) == 36
    assert "Tính năng bảo vệ 1/6" in plain(browser.get(PAGE))
    answer = browser.press(f"{SAVE}?show=later", page=PAGE, mark="3", version=1)
    assert answer.location == f"/reviews/{REF}/finish"
    answer = browser.press(f"{SAVE}?show=open", page=PAGE, mark="2", rationale="a", version=1)
    assert answer.location == f"{PAGE.replace('TN-05', 'TN-07')}&show=open"


def test_the_two_boxes_say_who_reads_them_and_the_panel_comes_first(world, browser):
    evaluation.in_review(world)
    browser.sign_in(world.dung)
    page = browser.get(PAGE).text
    assert 0 < page.index('id="panel_only"') < page.index('id="to_vendor"')
    assert "Nhà cung cấp không bao giờ thấy." in page
    assert "Nhà cung cấp sẽ đọc" in page


# --- the time before ---


def test_a_renewal_shows_what_was_said_agreed_and_published_and_no_single_score(world, browser):
    certificate = renewing.answered_certificate(world, "HS-2025-0009")
    application = evaluation.in_review(world)
    application.kind = Kind.RENEWAL
    session, before = world.session, certificate.application_id
    content = {"answers": {"TN-05": {**evaluation.answer(), "claim": "Đã thử trên 7 máy."}}}
    number = session.exec(select(Submission).where(Submission.application_id == before)).all()
    session.add(
        Submission(
            application_id=before,
            number=len(number) + 1,
            content=content,
            digest="sha256:y",
            submitted_by=world.an.id,
        )
    )
    session.add(Basis(application_id=application.id, certificate_id=certificate.id, changes=[], note=""))
    session.merge(
        Recommendation(
            application_id=before, limits=[{"vi": "Chưa thử trên iPhone.", "en": "x"}], saved_at=now(), version=1
        )
    )
    agreed = session.exec(
        select(AgreedScore).where(AgreedScore.application_id == before, AgreedScore.criterion == "TN-05")
    ).one_or_none() or AgreedScore(application_id=before, criterion="TN-05")
    agreed.value, agreed.reconciliation = 3, "A chấm 1, B chấm 4"
    session.add_all([agreed, application])
    session.commit()
    browser.sign_in(world.dung)
    said = plain(browser.get(PAGE))
    assert "Điểm thống nhất lần trước: 3 Đạt" in said
    assert "Chưa thử trên iPhone." in said
    assert "Phần trình bày: lần đó" in said
    assert {"9", "7"} <= set(said.split())
    assert "A chấm 1" not in said


def test_after_a_correction_what_changed_stands_beside_what_was_scored(world, browser):
    application = evaluation.in_consensus(world)
    session = world.session
    findings.raise_finding(session, world.dung, application, "TN-05", Wording(Severity.MINOR, "Thiếu ngày đo."))
    findings.ask_correction(session, world.dung, application)
    before = session.exec(select(Submission)).one()
    answers = {**before.content["answers"], "TN-05": {**evaluation.answer(), "claim": "Đo ngày 5 tháng 11."}}
    session.add(
        Submission(
            application_id=application.id,
            number=2,
            content={**before.content, "number": 2, "answers": answers},
            digest="sha256:z",
            submitted_by=world.an.id,
        )
    )
    session.commit()
    browser.sign_in(world.dung)
    said = plain(browser.get(PAGE))
    assert "So với bản đã chấm (lần nộp thứ 1)" in said
    assert "Tiêu chí này được mở lại để khắc phục." in said
    assert "Đo ngày 5 tháng 11." in said
    other = plain(browser.get(f"/reviews/{REF}?c=TN-01"))
    assert "Phần trình bày và bằng chứng giống hệt lần đó." in other
    assert other.count("mở lại để khắc phục") == 1
