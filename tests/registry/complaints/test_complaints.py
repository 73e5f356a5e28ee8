"""Complaints about the club by their pages: no cookie, past the coordinator, contact sealed, answered by a code."""

import re
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from assessments import clock, complaints, interests
from assessments.models import Appeal, Complaint, Figure, HistoryEntry, Participation
from assessments.people import InterestKind, Part, Role
from assessments.queries import complaints as queries
from assessments.recourse import ComplaintState, ComplaintSubject, Verdict
from assessments.states import State
from registry import fsck, jobs, sealed
from registry.accounts import sessions
from registry.accounts.models import UserRole
from registry.mail.models import Letter
from tests import appealing, counting

SAID = {
    "subject": "reviewers",
    "text": "Người đánh giá trả lời thiếu lịch sự.",
    "about": "HS-2026-0001",
    "contact": "nguoi.dan@example.net",
}


@pytest.fixture
def others(world):
    return appealing.others(world)


def rows(world, model):
    """What is in a table now, looked at without holding it."""
    with Session(world.session.get_bind().execution_options(reading=True)) as session:
        return list(session.exec(select(model)))


def hidden(text, name):
    return re.search(rf'name="{name}" value="([^"]*)"', text)[1]


def sent(browser, **changes):
    """A complaint by the public form; returns the page with the code."""
    checked = browser.post("/complaints/check", data={**SAID, **changes})
    return browser.post("/complaints", data={**SAID, **changes, "ticket": hidden(checked.text, "ticket")})


def code_in(text):
    return re.search(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){4}", text)[0]


def test_anybody_sends_one_without_a_cookie(browser, world, others):
    form = browser.get("/complaints/new")
    assert (form.status_code, "Set-Cookie" in form.headers) == (200, False)
    assert form.text.index('href="tel:111"') < form.text.index("<form")
    checked = browser.post("/complaints/check", data=SAID)
    assert (checked.status_code, "Set-Cookie" in checked.headers, SAID["text"] in checked.text) == (200, False, True)
    assert rows(world, Complaint) == []
    done = browser.post("/complaints", data={**SAID, "ticket": hidden(checked.text, "ticket")})
    assert (done.status_code, "Set-Cookie" in done.headers) == (200, False)
    assert done.headers["Cache-Control"] == "no-store"
    complaint = rows(world, Complaint)[0]
    assert (complaint.number, complaint.state, complaint.due_at) == (
        f"KN-{clock.today().year}-0001",
        ComplaintState.RECEIVED,
        clock.working_days(5),
    )
    assert SAID["contact"] not in (complaint.contact or "")
    again = browser.post("/complaints", data={**SAID, "ticket": hidden(checked.text, "ticket")})
    assert (code_in(again.text), len(rows(world, Complaint))) == (code_in(done.text), 1)


def test_it_goes_past_the_coordinator_and_the_administrator(browser, world, others):
    sent(browser)
    number = rows(world, Complaint)[0].number
    told = {one.recipient for one in rows(world, Letter)}
    assert told == {"mai@club.example", "lan@club.example"}
    assert [one for one in rows(world, Letter) if SAID["text"] in one.body or SAID["contact"] in one.body] == []
    for person in (world.chi, world.minh, world.an, world.bao, world.giang, world.dung, others.thao):
        browser.sign_in(person)
        for page in ("/complaints", f"/complaints/{number}"):
            assert browser.get(page).status_code == 404, (person.name, page)
    for person in (world.lan, others.mai):
        browser.sign_in(person)
        assert SAID["text"] in browser.get(f"/complaints/{number}").text


def test_an_auditor_who_is_a_coordinator_too_reads_none(browser, world):
    sent(browser)
    number = rows(world, Complaint)[0].number
    world.session.add(UserRole(user_id=world.lan.id, role=Role.COORDINATOR))
    world.session.commit()
    browser.sign_in(world.lan)
    token = browser.token("/account")
    for page in ("/complaints", f"/complaints/{number}"):
        assert browser.get(page).status_code == 404
    for step in ("acknowledge", "take", "contact", "decide", "close"):
        assert browser.post(f"/complaints/{number}/{step}", data={"csrf_token": token}).status_code == 404
    assert rows(world, Complaint)[0].state is ComplaintState.RECEIVED


def test_from_the_form_to_the_closing(browser, world, others):
    code = code_in(sent(browser).text)
    number = rows(world, Complaint)[0].number
    page = f"/complaints/{number}"
    browser.sign_in(others.mai)
    assert browser.press(f"{page}/acknowledge", page, subject="treatment").location == page
    assert browser.press(f"{page}/take", page).status_code == 422
    assert browser.press(f"{page}/take", page, uninvolved="y").location == page
    assert SAID["contact"] not in browser.get(page).text
    opened = browser.press(f"{page}/contact", page)
    assert SAID["contact"] in opened.text
    assert browser.press(f"{page}/decide", page, verdict="upheld").status_code == 422
    words = {"verdict": "upheld", "reasons": "Đã đọc thư.", "answer": "Xin lỗi bạn."}
    assert browser.press(f"{page}/decide", page, **words).location == page
    assert browser.press(f"{page}/close", page, closing="Đã nhắc mọi người.").location == page
    complaint = rows(world, Complaint)[0]
    assert (complaint.state, complaint.classified, complaint.due_at) == (ComplaintState.CLOSED, "treatment", None)
    steps = [one.action for one in rows(world, HistoryEntry)]
    assert steps == [
        "receive_complaint",
        "acknowledge_complaint",
        "take_complaint",
        "open_complaint_contact",
        "decide_complaint",
        "close_complaint",
    ]
    seen = browser.post("/complaints/follow", data={"code": code.lower().replace("-", " ")})
    assert ("Xin lỗi bạn." in seen.text, "Đã nhắc mọi người." in seen.text) == (True, True)
    assert ("Đã đọc thư." in seen.text, "Trịnh Mai" in seen.text, "Mở cách liên hệ" in seen.text) == (
        False,
        False,
        False,
    )
    figures = {one.name: one.value for one in rows(world, Figure) if one.subject == "complaints"}
    assert (figures["lodged"], figures["upheld"], figures["decided"]) == (1, 1, 1)


def test_only_whoever_has_it_in_hand_goes_on(browser, world, others):
    sent(browser)
    number = rows(world, Complaint)[0].number
    page = f"/complaints/{number}"
    browser.sign_in(others.mai)
    browser.press(f"{page}/acknowledge", page, subject="delay")
    browser.press(f"{page}/take", page, uninvolved="y")
    browser.sign_in(world.lan)
    assert browser.press(f"{page}/contact", page).status_code == 403
    words = {"verdict": "upheld", "reasons": "x", "answer": "y"}
    assert browser.press(f"{page}/decide", page, **words).status_code == 403
    assert browser.press(f"{page}/acknowledge", page, subject="delay").status_code == 409
    assert rows(world, Complaint)[0].handler_id == others.mai.id


STEPS = ("acknowledge", "take", "contact", "decide", "close", "pass-by")


def passed(world, browser, person, number):
    """Whether there is no such complaint for somebody: no page, no line, no step, no letter."""
    browser.sign_in(person)
    token = browser.token("/account")
    answers = {browser.get(f"/complaints/{number}").status_code}
    answers |= {browser.post(f"/complaints/{number}/{step}", data={"csrf_token": token}).status_code for step in STEPS}
    shown = number in browser.get("/complaints").text
    told = [one.recipient for one in rows(world, Letter) if number in one.subject and one.recipient == person.email]
    assert (answers == {404}) is not shown, answers
    return (shown, told) == (False, [])


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "Chị Trịnh Mai cắt lời tôi."},
        {"text": "Ba Trinh  MAI cat loi toi."},
        {"text": "Chị Mai cắt lời tôi."},
        {"text": "Thu gui mai@club.example khong ai tra loi."},
        {"subject": "impartiality"},
    ],
)
def test_it_passes_by_whom_it_is_about(browser, world, others, changes):
    sent(browser, **changes)
    number = rows(world, Complaint)[0].number
    assert passed(world, browser, others.mai, number)
    assert not passed(world, browser, world.lan, number)


@pytest.mark.parametrize("text", ["Mai là hết hạn, chị ấy bảo vậy.", "Ngày mai tôi gọi."])
def test_words_that_only_look_like_a_name_pass_nobody_by(browser, world, others, text):
    sent(browser, text=text, about="")
    number = rows(world, Complaint)[0].number
    assert not passed(world, browser, world.lan, number)
    assert not passed(world, browser, others.mai, number)


def test_a_body_complained_about_reads_it_neither_in_their_eyes_nor_in_ours(browser, world, others):
    sent(browser, subject="auditors", about="")
    sent(browser, subject="delay", about="")
    first, second = sorted(one.number for one in rows(world, Complaint))
    assert passed(world, browser, world.lan, first)
    browser.sign_in(world.lan)
    page = f"/complaints/{second}"
    assert browser.press(f"{page}/acknowledge", page, subject="auditors").location == "/complaints"
    assert browser.get(page).status_code == 404
    assert not passed(world, browser, others.mai, second)


@pytest.mark.parametrize("typed", ["HS-2026-0001", "", "hs 2026 0001"])
def test_it_passes_by_who_had_a_part(browser, world, others, typed):
    application = world.application(State.IN_DECISION)
    world.session.add(Participation(application_id=application.id, person_id=others.mai.id, part=Part.HEARER))
    world.session.commit()
    sent(browser, about=typed, text=SAID["text"] if typed else f"Về hồ sơ {application.ref}.")
    number = rows(world, Complaint)[0].number
    assert passed(world, browser, others.mai, number)
    assert not passed(world, browser, world.lan, number)


def test_it_passes_by_who_decided_about_the_certificate_or_heard_the_appeal(browser, world, others):
    application, certificate = appealing.certified(world)
    appealing.under_hearing(world, application, (others.mai, world.lan), world.chi)
    appeal = rows(world, Appeal)[0]
    for about in (certificate.number, certificate.number.replace("-", "").lower(), appeal.number):
        sent(browser, about=about)
    for number in [one.number for one in rows(world, Complaint)]:
        assert passed(world, browser, others.mai, number)
        assert passed(world, browser, world.lan, number)


def test_it_passes_by_who_has_an_interest_in_the_company_also_later(browser, world, others):
    browser.sign_in(world.an)
    browser.press("/complaints/mine", "/complaints/mine", **{**SAID, "about": ""})
    application = world.application(State.IN_DECISION)
    sent(browser, about=application.ref)
    numbers = [one.number for one in rows(world, Complaint)]
    for number in numbers:
        assert not passed(world, browser, world.lan, number)
    entry = interests.Entry(InterestKind.SHARES, clock.today(), vendor_id=world.hat_nang.id)
    interests.report(world.session, world.chi, world.lan.id, entry, "Thư gửi văn phòng.")
    world.session.commit()
    browser.sign_in(world.lan)
    assert [browser.get(f"/complaints/{number}").status_code for number in numbers] == [404, 404]
    assert [number for number in numbers if number in browser.get("/complaints").text] == []


def test_whoever_finds_that_it_concerns_them_leaves_it_to_the_others(browser, world, others):
    sent(browser, about="")
    number = rows(world, Complaint)[0].number
    page = f"/complaints/{number}"
    browser.sign_in(others.mai)
    browser.press(f"{page}/acknowledge", page, subject="delay")
    browser.press(f"{page}/take", page, uninvolved="y")
    assert browser.press(f"{page}/pass-by", page).status_code == 422
    assert browser.press(f"{page}/pass-by", page, person=str(world.chi.id)).status_code == 422
    assert browser.press(f"{page}/pass-by", page, person=str(others.mai.id)).location == "/complaints"
    assert browser.get(page).status_code == 404
    left = [one.recipient for one in rows(world, Letter) if "cần người nhận xử lý" in one.subject]
    assert left == ["lan@club.example"]
    browser.sign_in(world.lan)
    assert browser.press(f"{page}/take", page, uninvolved="y").location == page
    assert [one.action for one in rows(world, HistoryEntry)][-2:] == ["exclude_from_complaint", "take_complaint"]


def test_a_reader_says_of_another_that_it_concerns_them(browser, world, others):
    sent(browser, about="")
    number = rows(world, Complaint)[0].number
    page = f"/complaints/{number}"
    browser.sign_in(others.mai)
    assert browser.press(f"{page}/pass-by", page, person=str(world.lan.id)).location == page
    browser.sign_in(world.lan)
    assert browser.get(page).status_code == 404


def test_when_nobody_is_left_the_administrators_are_told_a_number_and_no_word(browser, world, others):
    sent(browser, text="Chị Trịnh Mai và chị Đặng Lan cắt lời tôi.", about="")
    (letter,) = rows(world, Letter)
    assert letter.recipient == world.minh.email
    assert rows(world, Complaint)[0].number in letter.subject
    assert ("Lan" in letter.body, "cắt lời" in letter.body) == (False, False)


def test_what_was_answered_by_somebody_who_left_is_closed_by_another(browser, world, others):
    sent(browser, about="")
    number = rows(world, Complaint)[0].number
    page = f"/complaints/{number}"
    browser.sign_in(others.mai)
    browser.press(f"{page}/acknowledge", page, subject="delay")
    browser.press(f"{page}/take", page, uninvolved="y")
    browser.press(f"{page}/decide", page, verdict="upheld", reasons="x", answer="y")
    browser.sign_in(world.lan)
    assert browser.press(f"{page}/close", page, closing="Xong.").status_code == 403
    world.session.add(UserRole(user_id=others.mai.id, role=Role.COORDINATOR))
    world.session.commit()
    assert browser.press(f"{page}/close", page, closing="Xong.").location == page


def test_the_list_asks_the_same_number_of_questions_however_many_there_are(app, browser, world, others):
    counts = []
    for _ in range(2):
        browser.environ_base["REMOTE_ADDR"] = f"2001:db8:1:{len(counts)}::1"
        for about in ("HS-2026-0001", "HS-2026-0002", "", "YC-2026-0001"):
            sent(browser, about=about)
        browser.sign_in(others.mai)
        browser.get("/complaints")  # the first view of a session also writes down when it was seen
        with counting.statements(app) as seen:
            browser.get("/complaints")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize("changes", [{"text": ""}, {"subject": ""}, {"website": "http://spam.example"}])
def test_what_cannot_be_used_comes_back_as_typed(browser, world, changes):
    answer = browser.post("/complaints/check", data={**SAID, **changes})
    assert (answer.status_code, SAID["contact"] in answer.text) == (422, True)
    assert browser.post("/complaints", data={**SAID, **changes, "ticket": "x"}).status_code == 422
    assert rows(world, Complaint) == []


def test_without_a_ticket_of_ours_nothing_is_stored(browser, world):
    answer = browser.post("/complaints", data={**SAID, "ticket": "forged"})
    assert (answer.status_code, SAID["text"] in answer.text, rows(world, Complaint)) == (422, True, [])
    foreign = browser.post("/complaints", data=SAID, headers={"Origin": "https://elsewhere.example"})
    assert foreign.status_code == 400


def test_a_flood_from_one_address_is_stopped(browser, world):
    codes = [sent(browser).status_code for _ in range(6)]
    assert (codes, len(rows(world, Complaint))) == ([200] * 5 + [429], 5)


def test_a_flood_from_one_network_is_stopped(browser, world):
    codes = []
    for number in range(6):
        browser.environ_base["REMOTE_ADDR"] = f"2001:db8:1:2::{number + 1:x}"
        codes.append(sent(browser).status_code)
    assert codes == [200] * 5 + [429]
    browser.environ_base["REMOTE_ADDR"] = "2001:db8:1:3::1"
    assert sent(browser).status_code == 200


def test_a_wrong_code_finds_nothing(browser, world):
    sent(browser)
    answer = browser.post("/complaints/follow", data={"code": "AAAA-BBBB-CCCC-DDDD-EEEE"})
    assert (answer.status_code, SAID["text"] in answer.text) == (404, False)
    assert browser.post("/complaints/follow", data={"code": ""}).status_code == 422
    assert browser.get("/complaints/follow").status_code == 200
    assert browser.get("/complaints/check").location == "/complaints/new"


def test_a_company_complains_in_its_own_name(browser, world, others):
    browser.sign_in(world.an)
    assert browser.press("/complaints/mine", "/complaints/mine", **{**SAID, "text": ""}).status_code == 422
    assert browser.press("/complaints/mine", "/complaints/mine", **SAID).location == "/complaints/mine"
    complaint = rows(world, Complaint)[0]
    assert (complaint.complainant_id, complaint.vendor_id) == (world.an.id, world.hat_nang.id)
    assert complaint.number in browser.get("/complaints/mine").text
    assert {one.recipient for one in rows(world, Letter)} == {
        "an@hatnang.example",
        "mai@club.example",
        "lan@club.example",
    }
    browser.sign_in(world.bao)
    assert complaint.number not in browser.get("/complaints/mine").text


def test_somebody_late_is_told_once_and_contacts_are_erased_in_time(app, world, others):
    with app.app_context():
        session = world.session
        said = complaints.Said(ComplaintSubject.DELAY, "Chờ mãi.", contact="a@example.net")
        seal = sealed.ring(sealed.COMPLAINT).seal
        complaint = complaints.receive(session, others.mai.id, "AAAA", said, seal)
        session.commit()
        assert complaint.due_at is not None
        with clock.at(complaint.due_at + timedelta(seconds=1)):
            assert (jobs.upkept.tell_of_late(), jobs.upkept.tell_of_late()) == (1, 0)
        for step in (
            lambda: complaints.acknowledge(session, others.mai, complaint, ComplaintSubject.DELAY),
            lambda: complaints.take(session, others.mai, complaint, uninvolved=True),
            lambda: complaints.decide(
                session, others.mai, complaint, complaints.Answer(complaints.Verdict.UPHELD, "x", "y")
            ),
            lambda: complaints.close(session, others.mai, complaint, "z"),
        ):
            session.refresh(complaint)
            step()
            session.commit()
        assert jobs.upkept.erase_contacts() == 0
        with clock.at(clock.now() + timedelta(days=91)):
            assert jobs.upkept.erase_contacts() == 1
        found = rows(world, Complaint)[0]
        assert (found.contact, found.contact_given, found.contact_erased_at is not None) == (None, True, True)


def test_readers_are_neither_coordinators_nor_administrators(world, others):
    session = world.session
    session.add(UserRole(user_id=others.mai.id, role=Role.ADMIN))
    session.commit()
    sessions.load_standing(session, others.mai)
    assert [one.name for one in queries.readers(session)] == ["Đặng Lan"]
    assert (queries.reads(others.mai), queries.reads(world.lan)) == (False, True)


def test_nobody_acknowledges_their_own_complaint(browser, world, others):
    browser.sign_in(others.mai)
    browser.press("/complaints/mine", "/complaints/mine", **SAID)
    number = rows(world, Complaint)[0].number
    page = f"/complaints/{number}"
    assert browser.press(f"{page}/acknowledge", "/account", subject="delay").status_code == 404
    assert rows(world, Complaint)[0].state is ComplaintState.RECEIVED
    browser.sign_in(world.lan)
    assert browser.press(f"{page}/acknowledge", page, subject="delay").location == page


def test_fsck_knows_how_a_complaint_goes_and_what_it_forgets(browser, world, others):
    sent(browser)
    complaint = world.session.exec(select(Complaint)).one()
    complaints.acknowledge(world.session, others.mai, complaint, ComplaintSubject.DELAY)
    complaints.take(world.session, others.mai, complaint, uninvolved=True)
    words = complaints.Answer(Verdict.UPHELD, "Đã đọc.", "Xin lỗi.")
    complaints.decide(world.session, others.mai, complaint, words)
    complaints.close(world.session, others.mai, complaint, "Xong.")
    asked = fsck.Asked(quick=True)
    assert list(fsck.complaints(world.session, asked)) == []
    with clock.at(complaints.contact_until(complaint) + timedelta(days=2)):
        assert list(fsck.complaints(world.session, asked)) == [
            f"{complaint.number} is closed and still says how to reach the complainant."
        ]
    complaint.state = ComplaintState.IN_HAND
    world.session.add(complaint)
    assert list(fsck.complaints(world.session, asked)) == [
        f"{complaint.number} is in in_hand, its steps end in closed."
    ]
