"""Questions and answers by criterion: what the company may read, when, and never a name of the club."""

from dataclasses import replace

import pytest
from sqlmodel import select

from assessments import (
    applications,
    consensus,
    corrections,
    decisions,
    declarations,
    findings,
    intake,
    reviews,
    test_records,
)
from assessments.clock import now
from assessments.corrections import FindingAnswer
from assessments.findings import Wording
from assessments.intake import Question
from assessments.models import FindingReply
from assessments.queries.findings import of_round
from assessments.queries.messages import Kind, messages_of, released_comments
from assessments.states import Outcome, Severity, State
from tests import evaluation
from tests.assessments.test_corrections import in_correction, with_notice
from tests.deciding import ISSUER
from tests.drafting import ready
from tests.rows import rows

REF = "HS-2026-0001"
PAGE = f"/applications/{REF}/messages"
CLUB = ("chi", "dung", "ha", "giang", "hung")
TRIED = {"A": "Bị khóa sau ba phút.", "B": "Không bị khóa."}
WORDS = {"A": "Nên nêu giới hạn bằng chữ to hơn.", "B": "Thiếu bản tiếng Việt."}


def kinds(world, application):
    return [(one.kind, one.code) for one in messages_of(world.session, application)]


def commented(world, words=WORDS, tested=""):
    """Both reviewers have written to the vendor about TL-01, and both reviews are final; `tested`: what they tried."""
    application, session = evaluation.in_review(world), world.session
    for person in (world.dung, world.ha):
        evaluation.score_all(world, person, application)
        review = evaluation.review_by(world, application, person)
        marking = reviews.Marking("3", None, f"{tested} A-1 B-1", words[review.letter], "Chỉ nội bộ. A-1 B-1")
        if tested:
            facts = replace(evaluation.tested(tested), result=TRIED[review.letter])
            test_records.add(session, person, application, facts)
        reviews.save_score(session, person, application, "TL-01", marking, 1)
    session.commit()
    for person in (world.dung, world.ha):
        reviews.finish(session, person, application)
    session.commit()
    return application


def ask(world, application, code="TN-05", text="Chưa thử trên iPhone."):
    findings.raise_finding(world.session, world.dung, application, code, Wording(Severity.MAJOR, text))
    findings.ask_correction(world.session, world.dung, application)
    world.session.commit()


def answer(world, application, text):
    asked = of_round(world.session, application.id, application.correction_round)
    given = {one.id: FindingAnswer(text, one.answer_version) for one in asked}
    corrections.save_answers(world.session, world.an, application, given)
    corrections.answer_correction(world.session, world.an, application)
    world.session.commit()


def test_nothing_was_said_yet(world, browser):
    world.application()
    browser.sign_in(world.anh)
    assert "Chưa có trao đổi nào." in browser.get(PAGE).text


@pytest.mark.parametrize("who", ["bao", "chi", "dung", "giang", "khanh", "minh"])
def test_it_is_the_companys_page(world, browser, who):
    commented(world)
    browser.sign_in(getattr(world, who))
    assert browser.get(PAGE).status_code in {403, 404}


def test_a_removed_member_and_a_visitor_read_nothing(world, browser):
    in_correction(world, "HN-01")
    assert browser.get(PAGE).location.startswith("/sign-in")
    browser.sign_in(world.anh)
    assert browser.get(PAGE).status_code == 200
    browser.sign_in(world.an)
    assert browser.press(f"/company/members/{world.anh.id}/remove", "/company").status_code == 302
    browser.sign_in(world.anh)
    assert browser.get(PAGE).status_code == 404


def test_every_return_is_kept_with_the_submission_that_answered_it(world):
    application, session = ready(world), world.session
    for text in ("Nêu rõ phiên bản.", "Thêm ảnh chụp."):
        applications.submit(session, world.an, application)
        intake.return_(session, world.chi, application, [Question("TL-01", text), Question("", "Ghi đủ địa chỉ.")])
    applications.submit(session, world.an, application)
    session.commit()
    thread = [(one.kind, one.text.vi, one.number) for one in messages_of(session, application) if one.code == "TL-01"]
    assert thread == [
        (Kind.QUESTION, "Nêu rõ phiên bản.", 0),
        (Kind.SUBMITTED_AGAIN, "", 2),
        (Kind.QUESTION, "Thêm ảnh chụp.", 0),
        (Kind.SUBMITTED_AGAIN, "", 3),
    ]


def test_comments_wait_for_the_correction(world, browser):
    application = commented(world)
    assert released_comments(world.session, application) == {}
    world.session.commit()
    browser.sign_in(world.an)
    assert [words for words in WORDS.values() if words in browser.get(PAGE).text] == []
    ask(world, application)
    text = browser.get(PAGE).text
    for letter, words in WORDS.items():
        assert words in text
        assert f"Người đánh giá {letter}" in text
    assert "Chỉ nội bộ." not in text
    assert "Chưa thử trên iPhone." in text


def test_comments_stand_beside_the_findings_of_their_criterion(world, browser):
    application = commented(world)
    ask(world, application, "TL-01", "Nêu giới hạn rõ hơn.")
    browser.sign_in(world.an)
    text = browser.get(f"/applications/{REF}/corrections").text
    assert all(words in text for words in WORDS.values())
    assert "Người đánh giá A viết cho đơn vị" in text


def test_no_page_names_anybody_of_the_club(world, browser):
    application = commented(world)
    ask(world, application)
    answer(world, application, "Đã thử trên iPhone 15.")
    ask(world, application, text="Thêm một phát hiện.")
    browser.sign_in(world.an)
    for page in (PAGE, f"/applications/{REF}/corrections", f"/applications/{REF}"):
        text = browser.get(page).text
        assert [name for who in CLUB if (name := getattr(world, who).name) in text] == []


def test_a_finding_asked_again_keeps_the_answer_of_each_round(app, world):
    application = commented(world)
    ask(world, application)
    answer(world, application, "Đã thử một máy.")
    findings.ask_correction(world.session, world.dung, application)
    world.session.commit()
    answer(world, application, "Đã thử ba máy.")
    replies = rows(app, select(FindingReply.correction_round, FindingReply.text).order_by(FindingReply.sent_at))
    assert replies == [(1, "Đã thử một máy."), (2, "Đã thử ba máy.")]
    found = [(one.kind, one.number, one.text.vi) for one in messages_of(world.session, application)]
    thread = [one for one in found if one[0] in {Kind.FINDING, Kind.REPLY, Kind.UNSENT}]
    assert thread == [
        (Kind.FINDING, 1, "Chưa thử trên iPhone."),
        (Kind.REPLY, 1, "Đã thử một máy."),
        (Kind.FINDING, 2, "Chưa thử trên iPhone."),
        (Kind.REPLY, 2, "Đã thử ba máy."),
    ]


def test_an_answer_that_was_not_sent_says_so(world, browser):
    application, (finding,) = in_correction(world, "HN-01")
    corrections.save_answers(world.session, world.anh, application, {finding.id: FindingAnswer("Đang sửa", 0)})
    world.session.commit()
    browser.sign_in(world.an)
    text = browser.get(PAGE).text
    assert "Trả lời đã lưu, chưa gửi" in text
    assert world.anh.name in text
    assert f'href="/applications/{REF}/corrections"' in text


def test_a_finding_that_was_not_asked_is_not_there(world):
    application = commented(world)
    findings.raise_finding(world.session, world.dung, application, "TN-05", Wording(Severity.MINOR, "Nội bộ"))
    assert kinds(world, application) == []


def test_the_notice_and_its_comment(world, browser):
    application, _notice = with_notice(world)
    corrections.comment_on_notice(world.session, world.an, application, "Bản 5.3 đã sửa.")
    world.session.commit()
    assert kinds(world, application) == [(Kind.NOTICE, ""), (Kind.NOTICE_COMMENT, "")]
    browser.sign_in(world.an)
    text = browser.get(PAGE).text
    assert "Bỏ lọt quá nhiều trang xấu." in text
    assert "Bản 5.3 đã sửa." in text
    assert world.giang.name not in text


def test_facts_and_decision(world):
    application, session = commented(world), world.session
    evaluation.agree_all(world, application)
    texts = consensus.Texts("Tóm tắt.", "Summary.", ())
    consensus.write_recommendation(session, world.dung, application, texts, 0)
    consensus.ask_facts_check(session, world.dung, application)
    corrections.check_facts(session, world.an, application, "Phiên bản là 5.2.")
    consensus.recommend(session, world.dung, application)
    for decider in (world.giang, world.hung):
        declarations.declare(session, decider, application, has_interest=False)
    proposal = decisions.propose(session, world.giang, application, decisions.Proposing(Outcome.CERTIFY, "L1"))
    assert Kind.COMMENT not in {kind for kind, _code in kinds(world, application)}
    decisions.confirm(session, world.hung, application, proposal.number, ISSUER)
    session.commit()
    assert application.state is State.CERTIFIED
    found = kinds(world, application)
    assert found[:2] == [(Kind.FACTS_ASKED, ""), (Kind.FACTS_CHECKED, "")]
    assert sorted(found[2:]) == [(Kind.COMMENT, "TL-01"), (Kind.COMMENT, "TL-01"), (Kind.DECISION, "")]


def test_a_review_made_after_the_correction_waits_for_the_next_release(world):
    application = commented(world)
    ask(world, application)
    late = evaluation.review_by(world, application, world.ha)
    late.final_at = now()
    world.session.add(late)
    world.session.commit()
    letters = {letter for given in released_comments(world.session, application).values() for letter, _words in given}
    assert letters == {evaluation.review_by(world, application, world.dung).letter}


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ({"A": "Xem A-1.", "B": "Thiếu."}, "A"),
        ({"A": "Xem B-1.", "B": "Thiếu."}, ""),  # a colleague's
        ({"A": "Xem B-1.", "B": "Xem A-1."}, ""),
        ({"A": "Thiếu.", "B": "Xem B-1 và A-1."}, "B"),
        (WORDS, ""),  # named only in the rationale and to the panel
    ],
)
def test_the_company_reads_of_tests_what_their_own_reviewer_gave_it(world, browser, words, read):
    application = commented(world, words, "TL-01")
    browser.sign_in(world.an)
    assert [letter for letter, told in TRIED.items() if told in browser.get(PAGE).text] == []
    ask(world, application)
    assert [letter for letter, told in TRIED.items() if told in browser.get(PAGE).text] == list(read)


def test_a_test_of_another_criterion_is_not_given(world, browser):
    application = commented(world, {"A": "Xem A-1.", "B": "Xem B-1."}, "TN-05")
    ask(world, application)
    browser.sign_in(world.an)
    assert [letter for letter, told in TRIED.items() if told in browser.get(PAGE).text] == []
