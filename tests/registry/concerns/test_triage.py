"""The office's side of concerns: who reads them, in what order, and what each step leaves and erases."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from assessments import clock, concerns, referrals
from assessments.concerns import Said
from assessments.errors import NotFound, WrongState
from assessments.lifecycle import Trigger
from assessments.models import Certificate, Concern, ConcernMessage, Figure, HistoryEntry, Interest, Surveillance
from assessments.people import InterestKind, Role
from assessments.queries import deadlines
from assessments.queries.deadline_columns import Kind
from assessments.recourse import ConcernKind, ConcernOutcome, ConcernState, Danger, Referral, Voice
from registry import jobs
from registry.accounts import sessions
from registry.accounts.models import UserRole
from registry.mail.models import Letter
from tests.counting import statements
from tests.deciding import certified
from tests.rows import row, rows

CONCERNS = select(Concern).order_by(Concern.number)
WORDS = "Máy của con hiện trang cờ bạc, riêng tư."
STEPS = (
    *("acknowledge", "reply", "investigate", "note", "product", "danger", "clear", "contact", "open", "sheet"),
    *("refer", "survey", "close"),
)


def reported(world, text=WORDS, **said):
    """A concern, as the public form hands it in; nobody leaves a contact."""
    told = Said(ConcernKind.LET_THROUGH, text, **said)
    concern = concerns.receive(world.session, uuid4(), uuid4().hex, told, lambda words, _place: words[::-1])
    world.session.commit()
    return concern


def desk(browser, world, concern):
    """Chi's page of a concern, and her way of pressing what is on it."""
    page = f"/triage/{concern.number}"
    browser.sign_in(world.chi)
    return SimpleNamespace(
        page=page,
        text=lambda: browser.get(page).text,
        press=lambda step, **data: browser.press(f"{page}/{step}", page, **data),
    )


def interested(world, person):
    world.session.add(
        Interest(
            person_id=person.id,
            vendor_id=world.hat_nang.id,
            organisation=world.hat_nang.name,
            kind=InterestKind.SHARES,
            since=clock.today() - timedelta(days=30),
        )
    )
    world.session.commit()


def another_coordinator(world):
    world.session.add(UserRole(user_id=world.ha.id, role=Role.COORDINATOR))
    world.session.commit()
    sessions.load_standing(world.session, world.ha)
    world.session.commit()
    return world.ha


def test_only_the_office_and_auditors_read_them_and_auditors_only_read(app, browser, world):
    concern = reported(world)
    page = f"/triage/{concern.number}"
    assert browser.get("/triage").status_code == 302
    for person in (world.an, world.anh, world.bao, world.dung, world.giang, world.minh):
        browser.sign_in(person)
        token = browser.token("/account")
        assert browser.get("/triage").status_code == 404, person.name
        assert browser.get(page).status_code == 404, person.name
        assert browser.get("/triage/openings").status_code == 404, person.name
        for step in STEPS:
            assert browser.post(f"{page}/{step}", data={"csrf_token": token}).status_code == 404
    browser.sign_in(world.lan)
    token = browser.token("/account")
    text = browser.get(page).text
    assert (WORDS in text, "<form" in text.partition("<main")[2]) == (True, False)
    for step in STEPS:
        assert browser.post(f"{page}/{step}", data={"csrf_token": token}).status_code == 404
    browser.sign_in(world.chi)
    assert browser.get("/triage/PA-2026-9999").status_code == 404
    for step in STEPS:
        assert browser.post(f"{page}/{step}").status_code == 400
    assert row(app, CONCERNS).state is ConcernState.RECEIVED


def test_whoever_has_an_interest_in_the_company_finds_nothing(app, browser, world):
    certified(world)
    about, other = reported(world, product="den-nha-0001"), reported(world, "Chuyện khác.")
    interested(world, world.chi)
    browser.sign_in(world.chi)
    board = browser.get("/triage").text
    assert (about.number in board, other.number in board) == (False, True)
    assert browser.get(f"/triage/{about.number}").status_code == 404
    token = browser.token("/account")
    for step in STEPS:
        assert browser.post(f"/triage/{about.number}/{step}", data={"csrf_token": token}).status_code == 404
    with pytest.raises(NotFound):
        concerns.acknowledge(world.session, world.chi, about)
    on_board = [one.place for one in deadlines.board(world.session, world.chi, deadlines.Wanted())[0]]
    assert (about.number in on_board, other.number in on_board) == (False, True)


def test_naming_a_product_takes_it_from_those_with_an_interest(app, browser, world):
    certified(world)
    concern = reported(world, about="cái bộ lọc")
    interested(world, world.chi)
    at = desk(browser, world, concern)
    assert at.press("product", product="Không Có").status_code == 422
    assert at.press("product", product="Đèn Nhà").status_code == 403
    other = another_coordinator(world)
    browser.sign_in(other)
    assert browser.press(f"{at.page}/product", at.page, product="đèn nhà").location == at.page
    browser.sign_in(world.chi)
    assert browser.get(at.page).status_code == 404


def test_when_everybody_has_an_interest_administrators_hear_of_a_number(app, browser, world):
    certified(world)
    interested(world, world.chi)
    form = browser.get("/concerns/write?product=den-nha-0001").text
    ticket = form.partition('name="ticket" value="')[2].partition('"')[0]
    said = {"kind": "data", "text": WORDS, "product": "den-nha-0001", "ticket": ticket}
    assert browser.post("/concerns", data=said).status_code == 200
    letters = rows(app, select(Letter).where(Letter.event.like("PA-%")))
    assert [(one.recipient, WORDS in one.body) for one in letters] == [("minh@club.example", False)]


def test_danger_stands_first_then_what_is_new(app, browser, world):
    first, second, third = (reported(world, f"Chuyện {n}.") for n in range(3))
    concerns.acknowledge(world.session, world.chi, first)
    concerns.find_danger(world.session, world.chi, third)
    world.session.commit()
    browser.sign_in(world.chi)
    board = browser.get("/triage").text
    places = [board.index(one.number) for one in (third, second, first)]
    assert places == sorted(places)
    assert "1 phản ánh có thể nói đến trẻ đang gặp nguy hiểm" in board
    found = {one.place: one.kind for one in deadlines.board(world.session, world.chi, deadlines.Wanted())[0]}
    assert found == {
        third.number: Kind.CONCERN_DANGER,
        second.number: Kind.CONCERN_RECEIPT,
        first.number: Kind.CONCERN_ANSWER,
    }
    assert 'href="/triage/' in browser.get("/deadlines").text


def test_from_the_first_reading_to_the_closing(app, browser, world):
    at = desk(browser, world, reported(world))
    assert WORDS in at.text()
    assert at.press("reply", reply="Sớm quá.").status_code == 409
    assert at.press("acknowledge").location == at.page
    assert at.press("acknowledge").status_code == 409
    assert at.press("reply", reply=" ").status_code == 422
    assert at.press("reply", reply="Cho biết kiểu máy.").location == at.page
    assert at.press("investigate", plan="Thử trên máy thử.").location == at.page
    assert at.press("note", note="Đã thử, thấy lỗi.").location == at.page
    empty = at.press("close", outcome="put_right", closing="")
    assert (empty.status_code, '<details class="more" open>' in empty.text) == (422, True)
    assert at.press("close", outcome="put_right", closing="Đã vá ở bản 5.3.").location == at.page
    concern = row(app, CONCERNS)
    assert (concern.state, concern.outcome, concern.handler_id, concern.due_at) == (
        ConcernState.CLOSED,
        ConcernOutcome.PUT_RIGHT,
        world.chi.id,
        None,
    )
    messages = rows(app, select(ConcernMessage).order_by(ConcernMessage.at))
    assert [one.voice for one in messages] == [Voice.OFFICE, Voice.NOTE, Voice.NOTE]
    steps = [one for one in rows(app, select(HistoryEntry).order_by(HistoryEntry.seq)) if "concern" in one.action]
    assert [(one.action, one.actor_id) for one in steps] == [
        ("receive_concern", None),
        ("acknowledge_concern", world.chi.id),
        ("reply_to_concern", world.chi.id),
        ("investigate_concern", world.chi.id),
        ("note_concern", world.chi.id),
        ("close_concern", world.chi.id),
    ]
    for step in ("reply", "note", "investigate", "close", "danger", "sheet", "refer"):
        data = {"reply": "x", "note": "x", "plan": "x", "outcome": "unclear", "closing": "x", "to": "helpline"}
        token = browser.token("/account")
        answer = browser.post(f"{at.page}/{step}", data={**data, "passed_on": "y", "csrf_token": token})
        assert answer.status_code == 409, step
    assert concern.number in browser.get("/triage?show=over").text


def test_the_reporter_reads_answers_and_reasons_but_no_name_or_note(app, browser, world):
    code = "AAAA-BBBB-CCCC-DDDD-EEEE"
    said = Said(ConcernKind.OTHER, WORDS)
    session, chi = world.session, world.chi
    concern = concerns.receive(session, uuid4(), code, said, lambda words, _place: words)
    concerns.acknowledge(session, chi, concern)
    concerns.reply(session, chi, concern, "Cho biết kiểu máy.")
    concerns.investigate(session, chi, concern, "Ghi chú kín.")
    concerns.close(session, chi, concern, ConcernOutcome.NO_FAULT, "Đã thử lại, trang bị chặn.")
    session.commit()
    text = browser.post("/concerns/follow", data={"code": code}).text
    for told in ("Cho biết kiểu máy.", "Đã thử lại, trang bị chặn.", "Sản phẩm làm đúng như đã ghi"):
        assert told in text
    assert [one for one in ("Ghi chú kín.", chi.name) if one in text] == []


def test_danger_is_passed_on_and_only_the_fact_is_kept(app, browser, world):
    certified(world)
    concern = reported(world, product="den-nha-0001", about="Đèn", child=True)
    concerns.hear(world.session, concern, uuid4(), "Lời viết thêm.")
    world.session.commit()
    at = desk(browser, world, concern)
    assert at.press("danger").location == at.page
    assert 'role="alert"' in at.text()
    assert at.press("close", outcome="unclear", closing="x").status_code == 409  # danger is not closed away
    assert at.press("sheet", to="").status_code == 422
    sheet = at.press("sheet", to="helpline")
    assert (sheet.status_code, sheet.headers["Cache-Control"]) == (200, "no-store")
    for told in (WORDS, "Lời viết thêm.", "Tổng đài điện thoại quốc gia bảo vệ trẻ em 111", "VCSC-26-0001-"):
        assert told in sheet.text
    undecided = at.press("refer", to="helpline")
    assert (undecided.status_code, "Chỉ ghi khi đã chuyển xong" in undecided.text) == (422, True)
    assert row(app, CONCERNS).text == WORDS
    assert at.press("refer", to="helpline", passed_on="y").location == at.page
    left = row(app, CONCERNS)
    assert (left.state, left.referred_to, left.text, left.about, left.kind, left.product_id, left.child) == (
        ConcernState.REFERRED,
        Referral.HELPLINE,
        "",
        "",
        None,
        None,
        False,
    )
    assert rows(app, select(ConcernMessage)) == []
    page = at.text()
    assert [one for one in (WORDS, "Lời viết thêm.", "Đèn Nhà") if one in page] == []
    assert "Tổng đài điện thoại quốc gia bảo vệ trẻ em 111" in page
    assert at.press("refer", to="police", passed_on="y").status_code == 409


def test_a_suspicion_is_cleared_with_a_reason(app, browser, world):
    concern = reported(world, "Trò chơi có cảnh bị đánh.")
    assert concern.danger is Danger.SUSPECTED
    at = desk(browser, world, concern)
    assert at.press("clear", why="").status_code == 422
    assert at.press("clear", why="Nói về cảnh trong trò chơi.").location == at.page
    found = row(app, CONCERNS)
    assert (found.danger, found.due_at) == (Danger.CLEARED, found.acknowledge_by)
    assert at.press("clear", why="Lần nữa.").status_code == 409


def test_it_triggers_a_surveillance_and_changes_nothing_by_itself(app, browser, world):
    certificate = certified(world)
    at = desk(browser, world, reported(world, product="den-nha-0001"))
    assert at.press("acknowledge").location == at.page
    before = certificate.state
    day = (clock.today() + timedelta(days=9)).isoformat()
    past = at.press("survey", what="Đo lại bộ lọc.", due_on="2020-01-01")
    assert (past.status_code, "Đo lại bộ lọc." in past.text) == (422, True)
    assert at.press("survey", what="Đo lại bộ lọc.", due_on=day).location == at.page
    one = row(app, select(Surveillance).where(Surveillance.trigger == Trigger.CONCERN))
    concern = row(app, CONCERNS)
    assert (one.note, one.certificate_id, concern.surveillance_id) == (
        f"{concern.number}. Đo lại bộ lọc.",
        certificate.id,
        one.id,
    )
    assert row(app, select(Certificate)).state is before
    assert at.press("survey", what="Lần nữa.", due_on=day).status_code == 409
    assert f'href="/surveillance/{certificate.number}/{one.number}"' in at.text()


def test_without_a_product_there_is_no_surveillance(world):
    concern = reported(world)
    concerns.acknowledge(world.session, world.chi, concern)
    with pytest.raises(WrongState):
        referrals.survey(world.session, world.chi, concern, clock.today(), "Đo lại.")


def test_the_year_is_counted(app, browser, world):
    certified(world)
    session, chi = world.session, world.chi
    kept, late, passed_on, surveyed = (reported(world, f"Chuyện {n}.", product="den-nha-0001") for n in range(4))
    concerns.acknowledge(session, chi, kept)
    concerns.close(session, chi, kept, ConcernOutcome.NO_FAULT, "Không có lỗi.")
    referrals.refer(session, chi, passed_on, Referral.POLICE, passed_on=True)
    concerns.acknowledge(session, chi, surveyed)
    referrals.survey(session, chi, surveyed, clock.today(), "Đo lại.")
    session.commit()
    with clock.at(clock.now() + timedelta(days=20)):
        concerns.acknowledge(session, chi, late)
        session.commit()
    question = select(Figure).where(Figure.subject == "concerns", Figure.value > 0)
    assert {one.name: one.value for one in rows(app, question)} == {
        "lodged": 4,
        "in_time": 3,
        "referred": 1,
        "surveyed": 1,
        "no_fault": 1,
        "decided": 1,
    }
    text = browser.get("/transparency").text
    assert "Phản ánh về sản phẩm: từng năm" in text


def test_late_ones_are_told_of_once(app, world):
    concern = reported(world)
    with clock.at(clock.now() + timedelta(days=12)), app.app_context():
        assert [jobs.concerns_upkeep.tell_of_late() for _ in range(2)] == [1, 0]
    letter = row(app, select(Letter).where(Letter.event.like(f"{concern.number}:concern_late:%")))
    assert (letter.recipient, WORDS in letter.body) == ("chi@club.example", False)


def test_two_at_once_get_two_numbers_and_two_steps_do_not_meet(world):
    first, second = reported(world), reported(world)
    assert (first.serial, second.serial) == (1, 2)
    concerns.acknowledge(world.session, world.chi, first)
    with pytest.raises(WrongState):
        concerns.acknowledge(world.session, world.chi, first)


@pytest.mark.parametrize(
    "broken",
    [
        {"state": ConcernState.CLOSED, "acknowledged_at": clock.now()},
        {"state": ConcernState.REFERRED, "acknowledged_at": clock.now(), "referred_to": Referral.HELPLINE},
        {"state": ConcernState.INVESTIGATING, "acknowledged_at": clock.now()},
        {"state": ConcernState.ACKNOWLEDGED},
        {"erased_at": clock.now()},
        {"contact": "sealed", "contact_erased_at": clock.now()},
        {"serial": 0},
    ],
)
def test_the_database_refuses_what_makes_no_sense(world, broken):
    fields = {
        "number": "PA-2026-0001",
        "year": 2026,
        "serial": 1,
        "code_hash": "x",
        "kind": ConcernKind.OTHER,
        "text": WORDS,
        "edition_id": "vcsc-2026",
        "acknowledge_by": clock.now(),
        "answer_by": clock.now(),
    }
    world.session.add(Concern(**{**fields, **broken}))
    with pytest.raises(IntegrityError):
        world.session.flush()


def test_the_board_costs_the_same_however_long_it_is_and_goes_page_by_page(app, browser, world):
    browser.sign_in(world.chi)
    counted = []
    for many in (2, 50):
        for _n in range(many):
            concerns.receive(
                world.session, uuid4(), uuid4().hex, Said(ConcernKind.OTHER, "Chuyện."), lambda words, _place: words
            )
        world.session.commit()
        with statements(app) as seen:
            text = browser.get("/triage").text
        counted.append(len(seen))
    assert (counted[0] == counted[1], text.count('scope="row"')) == (True, 50)
    assert browser.get("/triage?after=50").text.count('scope="row"') == 2
    assert browser.get("/triage?after=-5").status_code == 200
