"""The offline pack: what is in it and what is not, and the way back, where nothing is saved before it was shown."""

import hashlib
import html
import io
import json
import re
import zipfile

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from assessments import reviews
from assessments.models import Evidence, EvidenceAccess, Score, StoredFile
from assessments.people import Audience
from assessments.queries import reading
from assessments.reviews import Marking
from assessments.states import ScanState
from registry import storage
from tests import evaluation
from tests.rows import row, rows

PACK = "/reviews/HS-2026-0001/pack"
UPLOAD = f"{PACK}/upload"
BYTES = b"%PDF-1.7 bao cao" * 1000


@pytest.fixture
def kept(app, world):
    """Files in the library of Hạt Nắng: read by the club, by reviewers only, and one not scanned yet."""
    found = []
    with app.app_context():
        for number, (audience, scan) in enumerate(
            (
                (Audience.CLUB, ScanState.CLEAN),
                (Audience.REVIEWERS, ScanState.CLEAN),
                (Audience.CLUB, ScanState.WAITING),
            )
        ):
            content = BYTES + str(number).encode()
            with storage.current().begin() as incoming:
                incoming.write(content)
                sha256, size = incoming.keep()
            about = {"sha256": sha256, "size": size, "name": f"báo cáo {number}.pdf", "media_type": "application/pdf"}
            file = StoredFile(vendor_id=world.hat_nang.id, uploaded_by=world.an.id, scan=scan, **about)
            world.session.add(file)
            world.session.flush()
            words = {"kind": "DOC", "title": f"Báo cáo {number}", "language": "vi", "audience": audience}
            piece = Evidence(vendor_id=world.hat_nang.id, file_id=file.id, attested_by=world.an.id, **words)
            world.session.add(piece)
            world.session.flush()
            found.append((piece, about))
    world.session.commit()
    return found


@pytest.fixture
def file(world, kept):
    """An application in review, whose TN-05 rests on these files; Dũng has marked two criteria, Hà one."""
    pieces = [
        {
            "id": str(piece.id),
            "kind": "DOC",
            "title": piece.title,
            "issued_on": None,
            "valid_until": None,
            "file": about,
        }
        for piece, about in kept
    ]
    application = evaluation.in_review(world, TN_05={"evidence": pieces}, HN_02={"not_applicable": True})
    save(world, world.dung, application, "TN-05", Marking("2", None, "Trang 4 chưa rõ.", "", "Hỏi thêm."))
    save(world, world.dung, application, "TN-01", Marking("3"))
    save(world, world.ha, application, "TN-05", Marking("0", None, "Bí mật của Hà."))
    return application


def save(world, person, application, code, marking, version=0):
    reviews.save_score(world.session, person, application, code, marking, version)
    world.session.commit()


def opened(browser):
    answer = browser.get(PACK)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    return zipfile.ZipFile(io.BytesIO(answer.data)), answer


def sheet_of(archive):
    book = load_workbook(io.BytesIO(archive.read("marks.xlsx")))
    sheet = book.worksheets[0]
    keys = [cell.value for cell in sheet[2]]
    places = {sheet.cell(line, 1).value: line for line in range(4, sheet.max_row + 1)}
    return book, sheet, keys, places


def filled(browser, **changes):
    """The spreadsheet of a fresh pack with cells changed: TN_05={"mark": 3}."""
    book, sheet, keys, places = sheet_of(opened(browser)[0])
    for code, cells in changes.items():
        for key, value in cells.items():
            sheet.cell(places[code.replace("_", "-")], keys.index(key) + 1).value = value
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def sent(browser, content, name="marks.xlsx"):
    data = {"csrf_token": browser.token(UPLOAD), "file": (io.BytesIO(content), name)}
    return browser.post(f"{PACK}/preview", data=data, content_type="multipart/form-data")


def fields_of(text):
    """What the form of a preview would send with nothing changed."""
    found = {
        name: html.unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', text)
    }
    found |= dict(re.findall(r'name="(take-[\w-]+)" value="(\w+)" checked', text))
    return found


def confirmed(browser, text, **chosen):
    return browser.post(f"{PACK}/confirm", data={**fields_of(text), **chosen})


def score(app, world, application, code):
    review = evaluation.review_by(world, application, world.dung)
    return row(app, select(Score).where(Score.review_id == review.id, Score.criterion == code))


# --- what is in it ---


def test_it_holds_page_marks_and_the_files_one_may_open(app, world, browser, file, kept):
    browser.sign_in(world.dung)
    archive, answer = opened(browser)
    names = archive.namelist()
    assert names[:2] == ["index.html", "marks.xlsx"]
    assert sorted(names[2:]) == ["files/001-báo cáo 0.pdf", "files/002-báo cáo 1.pdf"]
    assert archive.testzip() is None
    held = [hashlib.sha256(archive.read(name)).hexdigest() for name in sorted(names[2:])]
    assert held == [about["sha256"] for _piece, about in kept[:2]]
    page = archive.read("index.html").decode()
    assert "Bộ của người đánh giá" in page
    assert "<script" not in page
    assert 'href="files/001-b%C3%A1o%20c%C3%A1o%200.pdf"' in page
    assert "chưa quét mã độc xong" in page
    assert answer.headers["Cache-Control"] == "private, no-store"
    read = rows(app, select(EvidenceAccess).where(EvidenceAccess.person_id == world.dung.id))
    assert {one.evidence_id for one in read} == {piece.id for piece, _about in kept[:2]}


def test_files_of_a_product_that_finds_abuse_material_stay_in_the_house(app, world, browser, file, monkeypatch):
    monkeypatch.setattr(reading, "WITHOUT_PICTURES", frozenset({"PC"}))  # what is handed in stays as it was
    browser.sign_in(world.dung)
    archive, _answer = opened(browser)
    assert archive.namelist() == ["index.html", "marks.xlsx"]
    assert "không có trong bộ" in archive.read("index.html").decode()
    assert rows(app, select(EvidenceAccess)) == []


def test_it_names_nobody_and_holds_no_mark_of_others(world, browser, file):
    browser.sign_in(world.dung)
    archive, answer = opened(browser)
    held = b"".join(archive.read(name) for name in ("index.html", "marks.xlsx"))
    with zipfile.ZipFile(io.BytesIO(archive.read("marks.xlsx"))) as book:
        held += b"".join(book.read(name) for name in book.namelist())
    text = held.decode(errors="ignore") + str(answer.headers)
    for canary in (world.dung.name, world.ha.name, world.dung.email, world.ha.email, "Bí mật của Hà"):
        assert canary not in text
    assert "Trang 4 chưa rõ." in text


def test_the_sheet_has_one_row_for_each_criterion_with_ones_own_marks(world, browser, file):
    browser.sign_in(world.dung)
    _book, sheet, keys, places = sheet_of(opened(browser)[0])
    assert keys == ["code", "title", "mark", "basis", "rationale", "panel_only", "to_vendor", "stamp"]
    assert len(places) == 36
    line = places["TN-05"]
    assert [sheet.cell(line, place).value for place in (3, 5, 6)] == ["2", "Trang 4 chưa rõ.", "Hỏi thêm."]
    assert len(sheet.data_validations.dataValidation) == 2


@pytest.mark.parametrize(
    ("who", "code"), [("an", 403), ("chi", 403), ("giang", 404), ("bao", 404), ("khanh", 404), ("lan", 403)]
)
def test_nobody_else_gets_one(world, browser, file, who, code):
    browser.sign_in(getattr(world, who))
    assert browser.get(PACK).status_code == code
    assert browser.get(UPLOAD).status_code == code


# --- and back ---


def test_nothing_is_saved_before_it_was_shown_and_confirmed(app, world, browser, file):
    browser.sign_in(world.dung)
    content = filled(browser, TN_05={"mark": 4, "basis": "tự thử", "rationale": "Đã thử."}, TN_02={"mark": "?"})
    shown = sent(browser, content)
    assert shown.status_code == 200
    assert "Trang 4 chưa rõ." in shown.text
    assert "Đã thử." in shown.text
    assert score(app, world, file, "TN-05").value == 2

    answer = confirmed(browser, shown.text)
    assert (answer.status_code, answer.location) == (302, "/reviews/HS-2026-0001")
    saved = score(app, world, file, "TN-05")
    assert (saved.value, saved.basis, saved.rationale, saved.panel_only) == (4, "own_test", "Đã thử.", "Hỏi thêm.")
    assert saved.version == 2
    assert score(app, world, file, "TN-02").not_shown is True
    assert score(app, world, file, "TN-01").version == 1


def test_one_keeps_what_is_saved_where_one_says_so(app, world, browser, file):
    browser.sign_in(world.dung)
    shown = sent(browser, filled(browser, TN_05={"mark": 1}, TN_02={"mark": 3}))
    confirmed(browser, shown.text, **{"take-TN-05": "saved"})
    assert score(app, world, file, "TN-05").value == 2
    assert score(app, world, file, "TN-02").value == 3


def test_a_score_changed_on_the_page_since_is_shown_with_both_and_has_to_be_chosen(app, world, browser, file):
    browser.sign_in(world.dung)
    content = filled(browser, TN_05={"mark": 1, "rationale": "Từ tệp."})
    save(world, world.dung, file, "TN-05", Marking("0", None, "Trên trang."), 1)
    shown = sent(browser, content)
    assert "đã được lưu trên trang sau khi tải bộ làm việc" in shown.text
    assert "Từ tệp." in shown.text
    assert "Trên trang." in shown.text
    assert "take-TN-05" not in fields_of(shown.text)
    undecided = confirmed(browser, shown.text)
    assert undecided.status_code == 422
    assert score(app, world, file, "TN-05").rationale == "Trên trang."
    assert confirmed(browser, shown.text, **{"take-TN-05": "file"}).status_code == 302
    assert score(app, world, file, "TN-05").rationale == "Từ tệp."


def test_a_row_nobody_touched_in_the_file_is_no_conflict(world, browser, file):
    browser.sign_in(world.dung)
    content = filled(browser, TN_02={"mark": 3})
    save(world, world.dung, file, "TN-05", Marking("0", None, "Trên trang."), 1)
    shown = sent(browser, content)
    assert "Tệp khác với phần đã lưu ở 1 tiêu chí." in shown.text
    assert "seen-TN-05" not in shown.text


def test_a_score_saved_between_preview_and_button_is_a_conflict_and_nothing_is_saved(app, world, browser, file):
    browser.sign_in(world.dung)
    shown = sent(browser, filled(browser, TN_01={"mark": 0, "rationale": "Từ tệp."}, TN_05={"mark": 1}))
    save(world, world.dung, file, "TN-05", Marking("0", None, "Trên trang."), 1)
    answer = confirmed(browser, shown.text)
    assert answer.status_code == 409
    assert "Có mục vừa được lưu ở nơi khác" in answer.text
    assert score(app, world, file, "TN-05").rationale == "Trên trang."
    assert score(app, world, file, "TN-01").value == 3


@pytest.mark.parametrize(("code", "mark"), [("TN_05", "5"), ("TN_05", "×"), ("TN_05", "tốt")])
def test_a_mark_that_cannot_be_given_is_shown_and_not_taken(app, world, browser, file, code, mark):
    browser.sign_in(world.dung)
    shown = sent(browser, filled(browser, **{code: {"mark": mark}}, TN_02={"mark": 3}))
    assert "Không chấm được như vậy cho TN-05." in shown.text
    assert confirmed(browser, shown.text, **{"take-TN-05": "file"}).status_code == 302
    assert score(app, world, file, "TN-05").value == 2
    assert score(app, world, file, "TN-02").value == 3


def test_an_empty_cell_takes_nothing_away_and_a_formula_is_left_out(app, world, browser, file):
    browser.sign_in(world.dung)
    shown = sent(browser, filled(browser, TN_05={"mark": None, "rationale": '=HYPERLINK("x")'}))
    assert "Tệp không có gì khác với phần đã lưu." in shown.text
    assert "Ô có công thức bị bỏ qua" in shown.text
    assert score(app, world, file, "TN-05").value == 2


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 old", b"text"])
def test_what_is_no_such_sheet_is_refused_in_words(world, browser, file, content):
    browser.sign_in(world.dung)
    answer = sent(browser, content)
    assert answer.status_code == 422
    assert "errsum" in answer.text


def test_not_after_the_review_is_final(app, world, browser, file):
    browser.sign_in(world.dung)
    content = filled(browser, TN_05={"mark": 1})
    shown = sent(browser, content)
    for criterion in evaluation.applicable_criteria(world.session, file):
        if criterion.code not in ("TN-05", "TN-01"):
            save(world, world.dung, file, criterion.code, Marking("3"))
    reviews.finish(world.session, world.dung, file)
    world.session.commit()
    assert confirmed(browser, shown.text).status_code == 409
    assert browser.get(UPLOAD).status_code == 409
    assert browser.get(PACK).status_code == 200
    assert score(app, world, file, "TN-05").value == 2


def test_a_forged_preview_and_one_without_a_token_are_refused(world, browser, file):
    browser.sign_in(world.dung)
    token = browser.token(UPLOAD)
    for document in ("", "[1]", '[{"code": "TN-05"}]', "null"):
        answer = browser.post(f"{PACK}/confirm", data={"csrf_token": token, "document": document})
        assert answer.status_code == 409
    assert browser.post(f"{PACK}/confirm", data={"document": "[]"}).status_code == 400


def test_what_a_forged_preview_carries_is_cleaned_like_everything_typed(app, world, browser, file):
    browser.sign_in(world.dung)
    token = browser.token(UPLOAD)
    for number, hidden in enumerate(("\0", "\ud800", "\u202e")):
        line = {"code": "TN-02", "mark": "0", "basis": "", "to_vendor": "", "panel_only": "", "stamp": "0-x"}
        document = json.dumps([{**line, "rationale": f"Chữ{hidden} thứ {number}."}])
        data = {"csrf_token": token, "document": document, "take-TN-02": "file"}
        assert browser.post(f"{PACK}/confirm", data=data).status_code == 302
        assert score(app, world, file, "TN-02").rationale == f"Chữ thứ {number}."
