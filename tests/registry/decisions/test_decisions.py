"""The committee's pages: who reads what, the steps of two people, and what the page keeps to itself."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select

from assessments import assignments, decisions, declarations
from assessments.clock import now, today
from assessments.decisions import Proposing
from assessments.models import (
    Certificate,
    Condition,
    Decision,
    Declaration,
    Finding,
    HistoryEntry,
    Interest,
    Notice,
    Proposal,
)
from assessments.people import InterestKind, Role
from assessments.states import Outcome, Severity, State
from registry.accounts.models import UserRole
from tests import evaluation
from tests.deciding import ISSUER, in_decision
from tests.rows import letters
from tests.world import calibrated

DECLINE = {"choice": "decline", "reasons_vi": "Con tự gỡ được.", "reasons_en": "A child can remove it."}


def url(application, step=""):
    return f"/decisions/{application.ref}" + (f"/{step}" if step else "")


def proposed(world, application, outcome=Outcome.CERTIFY, level="L1"):
    reasons = ("Vì", "Because") if outcome is Outcome.DECLINE or level != "L1" else ("", "")
    made = decisions.propose(world.session, world.giang, application, Proposing(outcome, level, *reasons))
    world.session.commit()
    return made


@contextmanager
def counted(app):
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(app.extensions["engine"], "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(app.extensions["engine"], "before_cursor_execute", note)


# --- reading ---


def test_the_queue_names_what_each_file_waits_for(world, browser):
    in_decision(world, "HS-2026-0001")
    proposed(world, in_decision(world, "HS-2026-0002"))
    browser.sign_in(world.hung)
    page = browser.get("/decisions").text
    assert page.index("HS-2026-0001") < page.index("HS-2026-0002")
    assert "Chờ đề xuất" in page
    assert "Chờ người thứ hai" in page


def test_an_empty_queue(world, browser):
    browser.sign_in(world.giang)
    assert "Không có việc nào đang chờ bạn." in browser.get("/decisions").text


def test_the_queue_hides_what_a_decider_has_an_interest_in(world, browser):
    in_decision(world)
    browser.sign_in(world.khanh)
    assert "HS-2026-0001" not in browser.get("/decisions").text


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("giang", 200),
        ("bao", 404),
        ("khanh", 404),
        ("minh", 404),
        ("an", 403),
        ("dung", 403),
        ("chi", 403),
        ("lan", 403),
    ],
)
def test_who_opens_a_file(world, browser, who, code):
    application = in_decision(world)
    browser.sign_in(getattr(world, who))
    assert browser.get(url(application)).status_code == code


def test_nobody_unknown_opens_a_file(world, browser):
    assert browser.get(url(in_decision(world))).status_code in {302, 401}


def test_the_question_comes_before_the_file(world, browser):
    application = in_decision(world)
    world.session.delete(world.session.get(Declaration, (application.id, world.giang.id)))
    world.session.commit()
    browser.sign_in(world.giang)
    answer = browser.get(url(application))
    assert (answer.status_code, answer.location) == (302, url(application, "declare"))
    assert "Lý do A của" not in browser.get(answer.location).text
    assert browser.press(url(application, "propose"), page="/decisions", choice="certify:L1").status_code == 403


def declared_anew(world):
    application = in_decision(world)
    world.session.delete(world.session.get(Declaration, (application.id, world.giang.id)))
    world.session.commit()
    return application


def test_no_interest_opens_the_file(world, browser):
    application = declared_anew(world)
    browser.sign_in(world.giang)
    page = url(application, "declare")
    answer = browser.press(page, page=page, answer="none")
    assert answer.location == url(application)
    assert world.session.get(Declaration, (application.id, world.giang.id)).has_interest is False


def test_an_interest_closes_it(world, browser):
    application = declared_anew(world)
    browser.sign_in(world.giang)
    page = url(application, "declare")
    assert browser.press(page, page=page, answer="some").status_code == 422
    answer = browser.press(page, page=page, answer="some", kind="shares")
    assert answer.location == "/decisions"
    assert browser.get(url(application)).status_code == 404
    held = [one.person_id for one in world.session.exec(select(Interest)).all()]
    assert world.giang.id in held


def test_who_is_not_sure_asks(world, browser):
    application = declared_anew(world)
    browser.sign_in(world.giang)
    page = url(application, "declare")
    assert browser.press(page, page=page, answer="unsure").status_code == 422
    answer = browser.press(page, page=page, answer="unsure", note="Anh họ làm ở đó đến 2024.")
    assert answer.location == "/decisions"
    assert world.session.exec(select(HistoryEntry)).one().action == "ask_about_interest"
    assert browser.get(url(application)).location == page


def test_the_page_shows_reviewers_as_letters(world, browser):
    application = in_decision(world)
    browser.sign_in(world.giang)
    text = browser.get(url(application)).text
    assert "Người đánh giá A: 3." in text
    assert world.dung.name not in text
    assert world.ha.name not in text


def test_what_is_unusual_is_listed(world, browser):
    world.hat_nang.club_member = True
    world.session.add(world.hat_nang)
    application = in_decision(world, TN_05={"value": 2}, AT_05={"not_shown": True})
    browser.sign_in(world.giang)
    text = browser.get(url(application)).text
    for words in (
        "Dưới ngưỡng: 1 tiêu chí bắt buộc đạt",
        "1 tiêu chí mà bằng chứng chưa cho thấy",
        "1 người có lợi ích liên quan, không tham gia",
        "Nhà cung cấp là hội viên Câu lạc bộ",
        "chưa đạt mức nào",
    ):
        assert words in text


def test_the_page_reads_in_few_statements(app, world, browser):
    application = in_decision(world)
    proposed(world, application)
    browser.sign_in(world.hung)
    browser.get(url(application))
    with counted(app) as statements:
        assert browser.get(url(application)).status_code == 200
    asked = [one for one in statements if not one.startswith(("BEGIN", "PRAGMA"))]
    assert len(asked) <= 20, asked


# --- proposing ---


def test_propose_at_the_computed_level(world, browser):
    application = in_decision(world)
    browser.sign_in(world.giang)
    answer = browser.press(url(application, "propose"), page=url(application), choice="certify:L1")
    assert answer.location == url(application)
    made = world.session.exec(select(Proposal)).one()
    assert (made.proposer_id, made.level, made.departs) == (world.giang.id, "L1", False)


def test_a_departure_keeps_what_was_typed_until_it_has_reasons(world, browser):
    application = in_decision(world)
    browser.sign_in(world.giang)
    answer = browser.press(url(application, "propose"), page=url(application), choice="certify:L2", reasons_vi="Vì thế")
    assert answer.status_code == 422
    assert "Ghi lý do bằng tiếng Anh." in answer.text
    assert "Vì thế</textarea>" in answer.text.replace("\r\n", "")
    assert world.session.exec(select(Proposal)).all() == []


@pytest.mark.parametrize("choice", ["", "certify:L9", "nonsense"])
def test_a_choice_is_one_of_those_offered(world, browser, choice):
    application = in_decision(world)
    browser.sign_in(world.giang)
    assert browser.press(url(application, "propose"), page=url(application), choice=choice).status_code == 422


def test_a_form_cannot_hide_a_departure(world, browser):
    application = in_decision(world)
    browser.sign_in(world.giang)
    data = {"choice": "certify:L3", "reasons_vi": "Vì", "reasons_en": "Since", "departs": "false"}
    browser.press(url(application, "propose"), page=url(application), **data)
    assert world.session.exec(select(Proposal)).one().departs is True


@pytest.mark.parametrize(("who", "code"), [("bao", 404), ("an", 403), ("dung", 403), ("khanh", 404)])
def test_others_cannot_propose(world, browser, who, code):
    application = in_decision(world)
    browser.sign_in(getattr(world, who))
    assert browser.press(url(application, "propose"), page="/account", choice="certify:L1").status_code == code
    assert world.session.exec(select(Proposal)).all() == []


@pytest.mark.parametrize("step", ["propose", "notice", "confirm", "reject", "send-back", "stand-aside", "declare"])
def test_no_step_without_the_token(world, browser, step):
    application = in_decision(world)
    browser.sign_in(world.giang)
    assert browser.post(url(application, step), data={"choice": "certify:L1"}).status_code == 400


def test_nothing_is_proposed_after_the_decision(world, browser):
    application = in_decision(world)
    made = proposed(world, application)
    decisions.confirm(world.session, world.hung, application, made.number, ISSUER)
    world.session.commit()
    browser.sign_in(world.giang)
    assert browser.press(url(application, "propose"), page="/decisions", choice="certify:L1").status_code == 409


# --- the second person ---


def test_agreeing_decides_and_issues_in_the_issuers_name(world, browser):
    application = in_decision(world)
    made = proposed(world, application)
    browser.sign_in(world.hung)
    answer = browser.press(url(application, "confirm"), page=url(application), number=made.number)
    assert answer.location == url(application)
    assert world.session.exec(select(Decision)).one().confirmer_id == world.hung.id
    certificate = world.session.exec(select(Certificate)).one()
    assert certificate.content["issuer"]["en"] == "Vietnam Cyber Safety for Children Club (VCSC)"
    assert certificate.number in browser.get(url(application)).text


def test_the_proposer_is_offered_no_answer_and_gets_none(world, browser):
    application = in_decision(world)
    made = proposed(world, application)
    browser.sign_in(world.giang)
    assert url(application, "confirm") not in browser.get(url(application)).text
    assert browser.press(url(application, "confirm"), page=url(application), number=made.number).status_code == 403


def test_disagreeing_needs_a_reason(world, browser):
    application = in_decision(world)
    made = proposed(world, application)
    browser.sign_in(world.hung)
    page = url(application)
    assert browser.press(url(application, "reject"), page=page, number=made.number).status_code == 422
    answer = browser.press(url(application, "reject"), page=page, number=made.number, why="Xem lại RT-06.")
    assert answer.status_code == 302
    assert world.again(world.session.exec(select(Proposal)).one()).rejection == "Xem lại RT-06."
    world.session.commit()
    assert "Xem lại RT-06." in browser.get(page).text


def test_who_comes_second_is_told_what_happened(world, browser):
    application = in_decision(world)
    made = proposed(world, application)
    decisions.reject(world.session, world.hung, application, made.number, "Chưa rõ.")
    world.session.commit()
    browser.sign_in(world.hung)
    answer = browser.press(url(application, "confirm"), page=url(application), number=made.number)
    assert (answer.status_code, "không còn chờ" in answer.text) == (409, True)


def test_after_the_decision_the_page_only_reads(world, browser):
    application = in_decision(world)
    made = proposed(world, application)
    decisions.confirm(world.session, world.hung, application, made.number, ISSUER)
    world.session.commit()
    browser.sign_in(world.giang)
    text = browser.get(url(application)).text
    assert "<textarea" not in text
    assert f'action="{url(application)}/' not in text


# --- declining ---


def test_a_decline_goes_through_the_notice(world, browser):
    application = in_decision(world, TN_05={"value": 2})
    browser.sign_in(world.giang)
    page = url(application)
    browser.press(url(application, "propose"), page=page, **DECLINE)
    assert "Con tự gỡ được." in browser.get(page).text
    assert (
        browser.press(url(application, "notice"), page=page, number=1, notice_vi="", notice_en="x").status_code == 422
    )
    browser.press(url(application, "notice"), page=page, number=1, notice_vi="Con tự gỡ.", notice_en="Removable.")
    notice = world.session.exec(select(Notice)).one()
    assert (notice.reasons_vi, notice.given_by) == ("Con tự gỡ.", world.giang.id)
    assert world.again(application).state is State.MINDED_TO
    assert "Chờ ý kiến của nhà cung cấp" in browser.get(page).text


def test_send_back_with_a_note(world, browser):
    application = in_decision(world)
    browser.sign_in(world.giang)
    assert browser.press(url(application, "send-back"), page=url(application)).status_code == 422
    answer = browser.press(url(application, "send-back"), page=url(application), unclear="Làm rõ HN-02.")
    assert answer.location == "/decisions"
    assert world.again(application).state is State.CONSENSUS


def test_stand_aside(world, browser):
    application = in_decision(world)
    browser.sign_in(world.giang)
    assert browser.press(url(application, "stand-aside"), page=url(application)).status_code == 422
    answer = browser.press(url(application, "stand-aside"), page=url(application), kind="family")
    assert answer.location == "/decisions"
    assert browser.get(url(application)).status_code == 404


# --- findings that go along as conditions ---


@pytest.fixture
def along(world):
    """A file with a minor finding that the lead let go along."""
    application = in_decision(world)
    finding = Finding(
        application_id=application.id,
        criterion="HN-02",
        severity=Severity.MINOR,
        text="Chưa có trang hướng dẫn.",
        raised_by=world.dung.id,
        condition_until=today() + timedelta(days=40),
    )
    world.session.add(finding)
    world.session.commit()
    return application


def test_the_form_starts_with_what_goes_along(world, browser, along):
    browser.sign_in(world.giang)
    page = browser.get(url(along)).text
    assert '<option selected value="HN-02">' in page
    assert "Chưa có trang hướng dẫn.</textarea>" in page
    assert f'value="{(today() + timedelta(days=40)).isoformat()}"' in page
    answer = browser.press(url(along, "propose"), page=url(along), choice="certify:L1")  # as the page offers it
    assert answer.status_code == 302
    assert "1 phát hiện còn mở không có trong điều kiện nào" in browser.get(url(along)).text


def test_a_condition_about_it_is_nothing_unusual(world, browser, along):
    browser.sign_in(world.giang)
    words = {"text_vi": "Thêm trang hướng dẫn.", "text_en": "Add a guide.", "criterion": "HN-02"}
    row = {**words, "due_on": (today() + timedelta(days=40)).isoformat()}
    asked = {f"conditions-0-{name}": value for name, value in row.items()}
    assert browser.press(url(along, "propose"), page=url(along), choice="certify:L1", **asked).status_code == 302
    page = browser.get(url(along)).text
    assert "không có trong điều kiện nào" not in page
    assert "Đề xuất có 1 điều kiện" in page


def test_a_decline_does_not_stumble_over_what_was_offered(world, browser, along):
    browser.sign_in(world.giang)
    offered = {"conditions-0-criterion": "HN-02", "conditions-0-text_vi": "Chưa có trang hướng dẫn."}
    said = {"choice": "decline", "reasons_vi": "Chưa đạt.", "reasons_en": "Not met."}
    assert browser.press(url(along, "propose"), page=url(along), **said, **offered).status_code == 302
    assert world.session.exec(select(Condition)).all() == []


# --- what stays with the office ---


def test_reviewers_stay_letters_and_what_people_told_the_office_stays_there(world, browser):
    application = evaluation.in_review(world)
    seat = evaluation.review_by(world, application, world.ha).id
    newcomer = reviewer(world, "Người Mới Toanh")
    change = assignments.Newcomer(newcomer.id, "Thay chị Hà vì chồng ốm", "Thay gấp.")
    assignments.replace(world.session, world.chi, application, seat, change)
    declarations.declare(world.session, newcomer, application, has_interest=False)
    world.session.commit()
    evaluation.finish(world, world.dung, application)
    evaluation.finish(world, newcomer, application)
    evaluation.agree_all(world, application)
    declarations.declare(
        world.session, newcomer, application, has_interest=True, kind=InterestKind.SHARES, note="Giữ 5% cổ phần"
    )
    application.state = State.IN_DECISION
    world.session.add(application)
    declarations.declare(world.session, world.giang, application, has_interest=False)
    declarations.declare(
        world.session, world.hung, application, has_interest=True, kind=InterestKind.FAMILY, note="Vợ làm ở đó"
    )
    world.session.commit()
    browser.sign_in(world.giang)
    page = browser.get(url(application)).text
    for secret in (world.ha.name, world.dung.name, newcomer.name, "chồng ốm", "5% cổ phần", "Vợ làm ở đó"):
        assert secret not in page
    assert world.hung.name in page  # of the committee, by name: he took no part

    browser.sign_in(world.chi)
    office = browser.get(f"/assignments/{application.ref}").text
    assert "chồng ốm" in office
    assert "Vợ làm ở đó" in office


def aside(world, person, application, kind, note):
    """The person declares an interest."""
    declarations.declare(world.session, person, application, has_interest=True, kind=kind, note=note)


def reviewer(world, name):
    """One more person with the reviewer's role."""
    person = type(world.ha)(email="moi@club.example", name=name, password_hash="x", email_verified_at=now())
    world.session.add(person)
    world.session.flush()
    world.session.add(UserRole(user_id=person.id, role=Role.REVIEWER))
    world.session.add_all(calibrated(person))
    world.session.commit()
    person.stand(frozenset({Role.REVIEWER}), {})
    return person


def test_a_new_reviewer_is_written_to(app, world, browser):
    application = evaluation.in_review(world)
    seat = evaluation.review_by(world, application, world.ha).id
    newcomer = reviewer(world, "Người Mới")
    browser.sign_in(world.chi)
    page = f"/assignments/{application.ref}"
    answer = browser.press(f"{page}/reviewers/{seat}/replace", page, person=str(newcomer.id), reason="Bận")
    assert answer.status_code == 302
    assert len(letters(app, newcomer.email)) == 1
    assert [one for one in letters(app, world.dung.email) if "reviewer_assigned" in one.event] == []


def test_a_late_interest_leaves_sending_back(world, browser):
    application = in_decision(world)
    declarations.declare(world.session, world.ha, application, has_interest=True, kind=InterestKind.SHARES)
    world.session.commit()
    browser.sign_in(world.giang)
    page = browser.get(url(application)).text
    assert "Người đánh giá B có lợi ích liên quan" in page
    assert "Gửi đề xuất" not in page
    assert browser.press(url(application, "propose"), "/account", choice="certify:L1").status_code == 422
    answer = browser.press(url(application, "send-back"), url(application), unclear="Đánh giá lại.")
    assert answer.status_code == 302
