"""/impartiality: figures, the register of conflicts, risks, meetings and the yearly report; no files and no scores."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from sqlalchemy import event
from sqlmodel import select

from assessments import impartiality, interests, vendors
from assessments.clock import today
from assessments.models import Application, Conflict, Meeting, Member, Risk
from assessments.people import InterestKind, MemberRole, Role
from registry.accounts.models import UserRole
from tests import deciding, evaluation
from tests.rows import letters, row, rows

YEAR = today().year
PAGES = ["", "/conflicts", "/risks", "/meetings", f"/reports/{YEAR}", f"/reports/{YEAR}.csv", f"/reports/{YEAR}.xlsx"]
WORDS = "Đã xem lại điểm: không ảnh hưởng."


@pytest.fixture
def watcher(session, world):
    """Minh is on the impartiality committee too, and has judged nothing here."""
    session.add(UserRole(user_id=world.minh.id, role=Role.IMPARTIALITY))
    session.commit()
    return world.minh


@pytest.fixture
def matter(app, session, world):
    """Hà turns out to have an interest after the certificate."""
    certificate = deciding.certified(world)
    application = session.get_one(Application, certificate.application_id)
    entry = interests.Entry(InterestKind.FAMILY, date(2024, 1, 1), vendor_id=application.vendor_id, note="anh rể")
    interests.add(session, world.ha, entry)
    session.commit()
    return row(app, select(Conflict))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("who", "code"),
    [("chi", 200), ("lan", 200), ("dung", 404), ("giang", 404), ("minh", 404), ("an", 404), ("bao", 404)],
)
def test_who_reads_what(world, browser, page, who, code):
    browser.sign_in(getattr(world, who))
    assert browser.get(f"/impartiality{page}").status_code == code


def test_nobody_signed_in_is_asked_to(browser, world):
    assert browser.get("/impartiality").status_code == 302


@pytest.mark.parametrize("page", PAGES)
def test_pages_with_something_in_them_tell_no_score_and_no_content(session, world, browser, watcher, matter, page):
    session.commit()
    browser.sign_in(watcher)
    answer = browser.get(f"/impartiality{page}")
    assert answer.status_code == 200
    named = page == "/conflicts"
    for secret in ("Lý do A", "Phần trình bày", "Chặn tốt nội dung xấu", "anh rể", world.an.name):
        assert secret.encode() not in answer.data
    assert world.ha.name in answer.text if named else world.ha.name.encode() not in answer.data
    assert world.dung.name.encode() not in answer.data


def test_the_register_says_who_where_what_and_what_it_stopped(world, browser, watcher, matter):
    browser.sign_in(watcher)
    page = browser.get("/impartiality/conflicts").text
    for text in (
        world.ha.name,
        world.hat_nang.name,
        "HS-2026-0001",
        "Phát hiện sau khi đã quyết định",
        "người đánh giá",
    ):
        assert text in page


def test_a_matter_is_handled_once(app, world, browser, watcher, matter):
    url, page = f"/impartiality/conflicts/{matter.id}/handle", "/impartiality/conflicts"
    browser.sign_in(watcher)
    assert browser.press(url, page, handling="").status_code == 422
    assert browser.press(url, page, handling=WORDS).location == page
    kept = row(app, select(Conflict))
    assert (kept.handling, kept.handled_by) == (WORDS, watcher.id)
    assert WORDS in browser.get(page).text
    assert browser.press(url, "/account", handling=WORDS).status_code == 409


@pytest.mark.parametrize(("who", "code"), [("lan", 404), ("dung", 404), ("giang", 404), ("an", 404), ("bao", 404)])
def test_others_handle_nothing(app, world, browser, matter, who, code):
    browser.sign_in(getattr(world, who))
    url = f"/impartiality/conflicts/{matter.id}/handle"
    assert browser.press(url, "/account", handling=WORDS).status_code == code
    assert row(app, select(Conflict)).handled_at is None


def test_no_token_nothing_handled(world, browser, matter):
    browser.sign_in(world.chi)
    assert browser.post(f"/impartiality/conflicts/{matter.id}/handle", data={"handling": WORDS}).status_code == 400


def test_a_member_of_the_committee_who_works_for_the_vendor_learns_nothing_of_it(
    session, world, browser, watcher, matter
):
    session.add(Member(vendor_id=world.hat_nang.id, user_id=watcher.id, role=MemberRole.CONTRIBUTOR))
    session.commit()
    browser.sign_in(watcher)
    page = browser.get("/impartiality/conflicts").text
    assert (world.ha.name in page, "HS-2026-0001" in page) == (False, False)
    assert world.hat_nang.name not in browser.get("/impartiality").text
    assert browser.press(f"/impartiality/conflicts/{matter.id}/handle", "/account", handling=WORDS).status_code == 403


def test_office_and_committee_are_written_to_and_nobody_at_the_vendor(app, session, world, browser, watcher):
    """By the pages, so that the letters go out with the commit."""
    deciding.certified(world)
    browser.sign_in(world.ha)
    url = "/account/interests/new"
    data = {"kind": "family", "vendor": str(world.hat_nang.id), "organisation": "", "since": "2024-01-05"}
    assert browser.press(url, url, **data).status_code == 302
    for person in (world.chi, watcher):
        told = letters(app, person.email)[-1]
        assert "lợi ích liên quan phát hiện muộn" in told.subject
        assert world.ha.name not in told.subject + told.body
    assert [one for one in letters(app, world.an.email) if "lợi ích" in one.subject] == []


# --- risks and meetings ---

RISK = {
    "title": "Hội viên tài trợ",
    "measure": "Không nhận tài trợ theo hồ sơ.",
    "owner": "Chi",
    "due_on": "2027-01-31",
}


def test_the_log_of_risks(app, world, browser, watcher):
    browser.sign_in(watcher)
    new = "/impartiality/risks/new"
    assert browser.press(new, new).status_code == 422
    assert browser.press(new, new, **RISK).location == "/impartiality/risks"
    kept = row(app, select(Risk))
    page = f"/impartiality/risks/{kept.id}"
    changed = {**RISK, "measure": "Công khai mọi khoản tài trợ.", "version": 1}
    assert browser.press(page, page, **changed).status_code == 302
    assert row(app, select(Risk)).measure == "Công khai mọi khoản tài trợ."
    stale = browser.press(page, page, **{**RISK, "measure": "Cách khác.", "version": 1})
    assert (stale.status_code, "Cách khác." in stale.text, "Công khai mọi khoản" in stale.text) == (409, True, True)
    assert browser.press(f"{page}/close", page, closing="", seen=2).status_code == 422
    assert browser.press(f"{page}/close", page, closing="Hết tài trợ.", seen=2).status_code == 302
    assert row(app, select(Risk)).closing == "Hết tài trợ."
    assert browser.press(page, "/account", **{**RISK, "version": 3}).status_code == 409
    assert "Hết tài trợ." in browser.get("/impartiality/risks").text


@pytest.mark.parametrize(("who", "code"), [("lan", 404), ("giang", 404), ("an", 404), ("bao", 404)])
def test_auditors_and_others_write_no_risks(app, world, browser, who, code):
    browser.sign_in(getattr(world, who))
    assert browser.press("/impartiality/risks/new", "/account", **RISK).status_code == code
    assert rows(app, select(Risk)) == []


def test_notes_of_a_meeting_are_written_by_the_committee_only(app, world, browser, watcher):
    new = "/impartiality/meetings/new"
    said = {"held_on": today().isoformat(), "present": "Hùng, Lan", "notes": "Đã xem rủi ro.\nKhông có gì mới."}
    browser.sign_in(world.chi)
    assert browser.press(new, "/account", **said).status_code == 404
    browser.sign_in(watcher)
    assert browser.press(new, new, **{**said, "notes": ""}).status_code == 422
    late = browser.press(new, new, **{**said, "held_on": "2999-01-01"})
    assert (late.status_code, "Ngày họp không được ở tương lai." in late.text) == (422, True)
    assert browser.press(new, new, **said).location == "/impartiality/meetings"
    assert row(app, select(Meeting)).written_by == watcher.id
    assert "Không có gì mới." in browser.get("/impartiality/meetings").text


# --- the yearly report ---


def test_the_report_says_the_same_in_three_forms(session, world, browser, watcher, matter):
    impartiality.write_risk(
        session, world.chi, impartiality.RiskText("=HYPERLINK(1)", "Không nhận.", "Chi", date(YEAR, 12, 31))
    )
    session.commit()
    browser.sign_in(watcher)
    page = browser.get(f"/impartiality/reports/{YEAR}").text
    assert f"Báo cáo bảo đảm khách quan năm {YEAR}" in page
    plain = browser.get(f"/impartiality/reports/{YEAR}.csv")
    assert plain.headers["Content-Disposition"] == f"attachment; filename=impartiality-{YEAR}.csv"
    lines = list(csv.reader(io.StringIO(plain.get_data(as_text=True).lstrip("\ufeff"))))
    assert ["Hồ sơ lần đầu nộp trong năm", "Tổng số", "1"] in lines
    assert [line[1] for line in lines if "HYPERLINK" in line[1]] == ["'=HYPERLINK(1)"]
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"/impartiality/reports/{YEAR}.xlsx").data))
    cells = [cell.value for sheet in book for line in sheet.iter_rows() for cell in line]
    assert ("Tổng số" in cells, "=HYPERLINK(1)" in cells) == (True, True)
    assert {cell.data_type for sheet in book for line in sheet.iter_rows() for cell in line} <= {"s", "n"}


def test_small_numbers_of_people_are_not_told(world, browser, watcher, matter):
    browser.sign_in(watcher)
    lines = list(csv.reader(io.StringIO(browser.get(f"/impartiality/reports/{YEAR}.csv").get_data(as_text=True))))
    told = {line[1]: line[2] for line in lines if line[0] == "Lợi ích liên quan đã chặn được gì"}
    assert told == {
        "Việc": "Số lần",
        "Tổng số": "dưới 3",
        "Phần đánh giá không được tính, vì mọi lý do": "0",
    }
    assert [line for line in lines if line[0] == "Loại lợi ích"] == [["Loại lợi ích", "Loại", "Số lần"]]


def test_a_year_without_anything_has_no_report(world, browser):
    browser.sign_in(world.chi)
    for ending in ("", ".csv", ".xlsx"):
        assert browser.get(f"/impartiality/reports/1999{ending}").status_code == 404


@pytest.mark.parametrize(("page", "most"), [("", 16), ("/conflicts", 8), ("/risks", 6), (f"/reports/{YEAR}", 15)])
def test_pages_take_few_statements(app, session, world, browser, matter, page, most):
    browser.sign_in(world.chi)
    browser.get(f"/impartiality{page}")
    seen = []
    engine = app.extensions["engine"]
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    assert browser.get(f"/impartiality{page}").status_code == 200
    assert len([one for one in seen if not one.startswith(("BEGIN", "PRAGMA"))]) <= most


# --- what the vendor sees of a late conflict ---


def test_the_vendor_reads_a_reason_and_no_name(session, world, browser):
    application = evaluation.in_review(world)
    browser.sign_in(world.ha)
    url = f"/reviews/{application.ref}/declare"
    browser.press(url, url, answer="interest", kind="family", note="anh rể làm ở đó")
    browser.sign_in(world.an)
    page = browser.get(f"/applications/{application.ref}").text
    assert "Người đánh giá có lợi ích liên quan. Điểm của người này không được tính." in page
    for secret in (world.ha.name, "anh rể", "family", "late_interest"):
        assert secret not in page


def test_a_reviewer_who_joins_the_vendor_is_not_given_away(session, world, browser):
    """Colleagues see Hà come; a line about a review in the same minute would tell them what Hà did before."""
    application = evaluation.in_review(world)
    vendors.join(session, world.ha, world.hat_nang, MemberRole.CONTRIBUTOR)
    session.commit()
    browser.sign_in(world.an)
    page = browser.get(f"/applications/{application.ref}").text
    assert "không được tính" not in page
    assert "void" not in page
