"""Every page of the vendor: for the owner, the contributor, the stranger, nobody; in both languages; counted."""

import re

import pytest
from sqlalchemy import event

from assessments import answers, applications, clock, history
from assessments.models import Finding
from assessments.states import Action, Event, Severity, State
from criteria import store
from tests.assessments.test_corrections import with_notice, with_summary
from tests.drafting import codes, piece, ready

REF = "HS-2026-0001"
STEPS = ("names", "kinds", "version", "price", "data", "support")
DRAFT = (
    *(f"/{REF}/profile/{step}" for step in STEPS),
    f"/{REF}",
    f"/{REF}/scope",
    f"/{REF}/criteria/HN-01",
    f"/{REF}/agreement",
    f"/{REF}/check",
    f"/{REF}/withdraw",
    f"/{REF}/criteria/HN-01/history",
    f"/{REF}/profile/names/history",
    f"/{REF}/changes",
)


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("page", ["", "/new", *DRAFT])
def test_pages_of_a_draft(world, browser, page, prefix):
    ready(world)
    browser.sign_in(world.an)
    answer = browser.get(f"{prefix}/applications{page}")
    assert answer.status_code == 200
    assert re.search(r"%\(\w+\)[sd]", answer.text) is None


@pytest.mark.parametrize(
    ("language", "mark"),
    [("vi", "Hướng dẫn, không thuộc nội dung bộ tiêu chí."), ("en", "Guidance; not part of the criteria.")],
)
def test_the_guidance_of_a_criterion_stands_folded_beside_its_field(world, session, browser, language, mark):
    application = ready(world)
    world.an.language = language
    session.commit()
    browser.sign_in(world.an)
    page = browser.get(f"/applications/{REF}/criteria/HN-01").text
    help_ = re.search(r'<aside class="help".*?</aside>', page, re.DOTALL)[0]
    folded = re.search(r'<details class="fold">.*?</details>', help_, re.DOTALL)[0]
    assert mark in folded
    guidance = store.load(application.edition_id).criterion("HN-01").guidance
    for text in (guidance.look_for, guidance.example):
        assert f"<p>{text.get(language)}</p>" in folded
    assert page.index("<textarea") < page.index('<details class="fold">')


@pytest.mark.parametrize("page", DRAFT)
def test_strangers_learn_nothing_and_visitors_sign_in(world, browser, page):
    ready(world)
    assert browser.get(f"/applications{page}").status_code in {302, 401}
    browser.sign_in(world.bao)
    assert browser.get(f"/applications{page}").status_code == 404
    assert browser.get(f"/applications{page}".replace(REF, "HS-2026-9999")).status_code == 404


def test_a_contributor_sees_who_can_submit_but_does_not_withdraw(world, browser):
    ready(world)
    browser.sign_in(world.anh)
    assert "Chỉ người phụ trách (Nguyễn Thị An) nộp được" in browser.get(f"/applications/{REF}").text
    assert browser.get(f"/applications/{REF}/withdraw").status_code == 403


def test_a_club_person_without_a_company_has_no_list(world, browser):
    browser.sign_in(world.chi)
    assert browser.get("/applications").status_code == 404
    assert browser.get("/applications/new").status_code == 404


def test_the_empty_list_says_how_to_begin(world, browser):
    browser.sign_in(world.bao)
    assert "Chưa có hồ sơ nào" in browser.get("/applications").text


def test_the_list_says_whose_turn_it_is(world, browser):
    world.application(State.SUBMITTED)
    browser.sign_in(world.an)
    text = browser.get("/applications").text
    assert "Đã nộp, chờ kiểm tra" in text
    assert "Đến lượt Câu lạc bộ" in text


@pytest.mark.parametrize("state", sorted(State))
def test_the_page_of_every_state_in_both_languages(world, session, browser, state):
    application = ready(world)
    if state is not State.DRAFT:
        applications.submit(session, world.an, application)
        application.state = state
        application.correction_round = 1
        session.commit()
    browser.sign_in(world.an)
    for prefix in ("", "/en"):
        answer = browser.get(f"{prefix}/applications/{REF}")
        assert answer.status_code == 200
        assert re.search(r"%\(\w+\)[sd]", answer.text) is None


def test_after_submission_the_receipt_and_the_content_stand_there(world, session, browser):
    submission = applications.submit(session, world.an, ready(world))
    session.commit()
    browser.sign_in(world.anh)
    text = browser.get(f"/applications/{REF}").text
    assert submission.digest.removeprefix("sha256:") in text
    assert "Đã có cho HN-01." in text
    alone = browser.get(f"/applications/{REF}/submissions/1").text
    assert submission.digest.removeprefix("sha256:") in alone
    assert browser.get(f"/applications/{REF}/submissions/2").status_code == 404


def test_the_vendor_never_reads_a_name_of_the_club(world, session, browser):
    application = ready(world)
    applications.submit(session, world.an, application)
    session.commit()
    history.record(session, world.chi, history.Step(Action.RETURN, note="Thiếu ngày đo"), application)
    history.record(session, world.dung, history.Step(Event.DECLARE_NO_INTEREST), application)
    history.record(session, world.giang, history.Step(Action.SEND_BACK, note="Nội bộ"), application)
    application.state = State.IN_REVIEW
    session.commit()
    browser.sign_in(world.an)
    text = browser.get(f"/applications/{REF}").text
    assert "Thiếu ngày đo" in text
    for secret in (world.chi.name, world.dung.name, world.giang.name, "Nội bộ", "Khai không có lợi ích"):
        assert secret not in text


def test_questions_of_the_club_stand_on_top_and_mark_what_to_correct(world, session, browser):
    application = ready(world)
    applications.submit(session, world.an, application)
    application.state, application.intake_notes = State.RETURNED, {"questions": "HN-01: ghi ngày đo."}
    application.moved_at = clock.now()
    session.commit()
    browser.sign_in(world.an)
    text = browser.get(f"/applications/{REF}").text
    assert "HN-01: ghi ngày đo." in text
    assert "Cần sửa" in text


@pytest.fixture
def counted(app):
    """How many statements were sent since the last call."""
    sent = []
    event.listen(app.extensions["engine"], "before_cursor_execute", lambda *args: sent.append(args[2]))

    def count():
        number = len([one for one in sent if not one.startswith(("BEGIN", "PRAGMA", "SAVEPOINT"))])
        sent.clear()
        return number

    return count


@pytest.mark.parametrize("state", sorted(State))
def test_the_page_takes_at_most_twelve_statements_whatever_the_data(world, session, browser, counted, state):
    application = ready(world)
    if state is not State.DRAFT:
        applications.submit(session, world.an, application)
        application.state = state
        application.correction_round = 1
        session.commit()
    browser.sign_in(world.an)
    browser.get(f"/applications/{REF}")
    counted()
    browser.get(f"/applications/{REF}")
    few = counted()
    for n in range(20):
        session.add(
            Finding(
                application_id=application.id,
                criterion=codes(application)[n],
                severity=Severity.MINOR,
                text="x",
                correction_round=1,
                raised_by=world.dung.id,
            )
        )
        piece(session, world, f"Bằng chứng {n}")
        if state is State.DRAFT:
            answers.attach(session, world.an, application, codes(application)[n], piece(session, world, f"Tệp {n}"))
    session.commit()
    counted()
    browser.get(f"/applications/{REF}")
    assert (counted(), few <= 12) == (few, True)


def test_the_list_is_one_statement_whatever_its_length(world, browser, counted):
    world.application()
    browser.sign_in(world.an)
    browser.get("/applications")
    counted()
    browser.get("/applications")
    few = counted()
    for n in range(2, 12):
        world.application(ref=f"HS-2026-{n:04d}")
    counted()
    browser.get("/applications")
    assert counted() == few


@pytest.mark.parametrize("path", ["/criteria/HN-01/history", "/profile/names/history", "/changes"])
def test_pages_of_what_was_saved_take_as_many_statements_for_many_versions(world, session, browser, counted, path):
    application = world.application()
    people, few = (world.an, world.anh), 0
    for n in range(12):
        answers.save(session, people[n % 2], application, "HN-01", answers.Draft(f"Lần {n}", version=n))
        changes = {"short_vi": f"Lần {n}"}
        seen = applications.seen(application, changes)
        applications.save_profile(session, people[n % 2], application, changes, seen)
        session.commit()
        if n in {1, 11}:
            browser.sign_in(world.an)
            browser.get(f"/applications/{REF}{path}")
            counted()
            browser.get(f"/applications/{REF}{path}")
            found = counted()
            assert (found, found <= 10) == (few or found, True)
            few = found


def test_notice_and_summary_pages(world, browser):
    with_notice(world)
    browser.sign_in(world.anh)
    assert "Bỏ lọt quá nhiều trang xấu." in browser.get(f"/applications/{REF}/notice").text
    assert browser.get(f"/applications/{REF}/summary").status_code == 404


def test_the_summary_waits_for_the_owner(world, browser):
    with_summary(world)
    browser.sign_in(world.an)
    assert "Xem dữ kiện trong bản tóm tắt" in browser.get(f"/applications/{REF}").text
    text = browser.get(f"/applications/{REF}/summary").text
    assert "Lọc tốt trên Android." in text
    assert "Chưa thử trên iPhone." in text
