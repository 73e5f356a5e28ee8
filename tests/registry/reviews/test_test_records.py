"""/reviews/<ref>/test-records and their files under /evidence: written, read, stripped of who made them."""

import io
import re
from html import unescape

import pytest
from PIL import Image, PngImagePlugin
from sqlmodel import select

from assessments import audit
from assessments import test_records as verbs
from assessments.clock import today
from assessments.models import StoredFile, TestRecord, TestRecordFile
from assessments.reviews import Marking, save_score
from assessments.states import ScanState
from tests import evaluation
from tests.registry.evidence import desk, samples

REF = "HS-2026-0001"
PNG = samples.picture("PNG")
INDEX = f"/reviews/{REF}/test-records"
NEW = f"{INDEX}/new?c=TN-05"
TYPED = {
    "criteria": "TN-05",
    "device": "Điện thoại A54",
    "system": "Android 14",
    "product_version": "5.2",
    "tested_on": today().isoformat(),
    "steps": "Đổi ngày giờ.",
    "result": "Máy vẫn khóa.",
    "version": 0,
}


@pytest.fixture
def application(world):
    """Dũng and Hà review."""
    return evaluation.in_review(world)


@pytest.fixture
def record(world, application):
    """A test of Dũng's; its id."""
    found = verbs.add(world.session, world.dung, application, evaluation.tested("TN-05"))
    world.session.commit()
    return found.id


def count(world, table):
    found = len(world.session.exec(select(table)).all())
    world.session.commit()
    return found


def send(browser, record, content=PNG, name="Vũ Dũng.png", **fields):
    """Fill the form for a file in and post it."""
    page = browser.get(f"/evidence/{REF}/test-records/{record}/files/new")
    action = unescape(re.search(r'action="([^"]*/files\?token=[^"]*)"', page.text)[1])
    data = {"promise": "y", **fields, "file": (io.BytesIO(content), name)}
    return browser.post(action, data={key: value for key, value in data.items() if value})


# --- the record ---


def test_a_test_is_written_down_and_changed(world, browser, application):
    browser.sign_in(world.dung)
    assert "TN-05" in re.search(r"<input checked[^>]*>", browser.get(NEW).text)[0]
    answer = browser.press(NEW, page=NEW, **TYPED)
    record = world.session.exec(select(TestRecord)).one()
    where = f"{INDEX}/{record.id}"
    assert (answer.status_code, answer.location) == (302, where)
    assert (record.criteria, record.device, record.result) == (["TN-05"], "Điện thoại A54", "Máy vẫn khóa.")
    world.session.commit()
    assert browser.press(where, page=where, **{**TYPED, "result": "Máy mở khóa."}).status_code == 302
    met = browser.press(where, page=where, **{**TYPED, "result": "Máy treo."})
    assert met.status_code == 409
    assert "Máy mở khóa." in met.text
    assert "Máy treo." in met.text
    assert "Máy mở khóa." in browser.get(INDEX).text


def test_what_is_missing_is_said_and_what_was_typed_stays(world, browser, application):
    browser.sign_in(world.dung)
    page = browser.press(NEW, page=NEW, **{**TYPED, "steps": "", "criteria": ""})
    assert page.status_code == 422
    assert "Ghi các bước." in page.text
    assert "Máy vẫn khóa." in page.text
    assert count(world, TestRecord) == 0


@pytest.mark.parametrize(("who", "status"), [("bao", 404), ("an", 403), ("chi", 403), ("khanh", 404)])
def test_others_neither_write_nor_read(world, browser, record, who, status):
    browser.sign_in(getattr(world, who))
    for url in (INDEX, NEW, f"{INDEX}/{record}"):
        assert browser.get(url).status_code == status
    assert browser.press(NEW, page="/account", **TYPED).status_code == status
    assert count(world, TestRecord) == 1


def test_another_reviewer_reads_it_when_all_are_final(world, browser, application, record):
    browser.sign_in(world.ha)
    assert "Điện thoại A54" not in browser.get(INDEX).text
    assert browser.get(f"{INDEX}/{record}").status_code == 404
    for person in (world.dung, world.ha):
        evaluation.finish(world, person, application)
    audit.declare(world.session, world.lan, application, has_interest=False)
    world.session.commit()
    for person in (world.ha, world.lan):
        browser.sign_in(person)
        page = browser.get(INDEX).text
        assert "Điện thoại A54" in page
        assert "Vũ Dũng" not in page
    browser.sign_in(world.an)
    assert browser.get(INDEX).status_code == 403


def test_after_final_nothing_is_written(world, browser, application, record):
    browser.sign_in(world.dung)
    token = browser.token(f"{INDEX}/{record}")
    evaluation.finish(world, world.dung, application)
    assert browser.post(f"{INDEX}/{record}", data={**TYPED, "csrf_token": token}).status_code == 409
    assert browser.get(NEW).status_code == 409
    assert browser.post(NEW, data=TYPED).status_code == 400


def test_the_company_reads_a_test_that_a_released_comment_names(world, browser, application, record):
    letter = evaluation.review_by(world, application, world.dung).letter
    words = Marking("2", None, "Lý do", to_vendor=f"Xem {letter}-1.")
    evaluation.score_all(world, world.dung, application)
    save_score(world.session, world.dung, application, "TN-05", words, 1)
    verbs.add(world.session, world.dung, application, evaluation.tested("TN-01"))
    evaluation.finish_only(world, world.dung, application)
    evaluation.finish(world, world.ha, application)
    browser.sign_in(world.an)
    url = f"/applications/{REF}/messages"
    assert "Điện thoại A54" not in browser.get(url).text
    evaluation.correction(world, application, "TN-01")
    page = browser.get(url).text
    assert f"Lần tự thử {letter}-1" in page
    assert f"Lần tự thử {letter}-2" not in page
    assert "Điện thoại A54, Android 14" in page
    assert "Vũ Dũng" not in page


# --- its files ---


def test_a_file_is_kept_without_its_name_and_what_it_says(app, world, browser, record):
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", "Vũ Dũng")
    picture = io.BytesIO()
    Image.new("RGB", (3, 3), "red").save(picture, "PNG", pnginfo=told)
    assert b"Author" in picture.getvalue()
    browser.sign_in(world.dung)
    assert send(browser, record, picture.getvalue()).status_code == 303
    file = world.session.exec(select(StoredFile)).one()
    world.session.commit()
    assert re.fullmatch(rf"{REF}-[AB]-1-1\.png", file.name)
    assert (file.vendor_id, file.scan) == (None, ScanState.UNSCANNED)
    assert desk.stored(app) == [file.sha256]
    with browser.get(f"/evidence/{REF}/test-records/{record}/files/{file.id}") as shown:
        assert b"Author" not in shown.data
    assert Image.open(io.BytesIO(shown.data)).getpixel((1, 1)) == (255, 0, 0)
    assert "D%C5%A9ng" not in shown.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("content", "name", "fields", "status"),
    [
        (samples.PDF, "a.pdf", {}, 422),
        (samples.DOCX, "a.docx", {}, 422),
        (b"", "a.png", {}, 422),
        (PNG, "a.png", {"promise": ""}, 422),
        ("Người chạy: vu dung".encode(), "a.txt", {}, 422),
        (b"dung@club.example ran it", "a.log", {}, 422),
    ],
)
def test_what_may_not_be_kept_leaves_nothing(app, world, browser, record, content, name, fields, status):
    browser.sign_in(world.dung)
    assert send(browser, record, content, name, **fields).status_code == status
    assert (count(world, StoredFile), desk.stored(app)) == (0, [])


def test_files_go_alone_and_with_the_test(app, world, browser, record):
    browser.sign_in(world.dung)
    for content, name in ((PNG, "a.png"), (samples.TEXT, "a.txt")):
        assert send(browser, record, content, name).status_code == 303
    file = world.session.exec(select(TestRecordFile.file_id).where(TestRecordFile.number == 1)).one()
    world.session.commit()
    place = f"/evidence/{REF}/test-records/{record}"
    assert browser.press(f"{place}/files/{file}/remove", page=f"{INDEX}/{record}").status_code == 302
    assert (count(world, StoredFile), len(desk.stored(app))) == (1, 1)
    assert browser.press(f"{place}/remove", page=INDEX).location == INDEX
    assert (count(world, TestRecord), count(world, StoredFile), desk.stored(app)) == (0, 0, [])


@pytest.mark.parametrize(("who", "status"), [("bao", 404), ("ha", 404), ("an", 403), ("chi", 403), ("lan", 403)])
def test_nobody_else_opens_or_sends_files(app, world, browser, record, who, status):
    browser.sign_in(world.dung)
    send(browser, record)
    file = world.session.exec(select(StoredFile.id)).one()
    world.session.commit()
    place = f"/evidence/{REF}/test-records/{record}"
    browser.sign_in(getattr(world, who))
    assert browser.get(f"{place}/files/{file}").status_code == status
    assert browser.press(f"{place}/files/{file}/remove", page="/account").status_code == status
    assert browser.press(f"{place}/remove", page="/account").status_code == status
    data = {"promise": "y", "file": (io.BytesIO(PNG), "a.png")}
    assert browser.post(desk.signed(app, browser, f"{place}/files"), data=data).status_code == status
    assert (count(world, StoredFile), count(world, TestRecord)) == (1, 1)


def test_without_the_token_of_the_page_nothing_is_taken(world, browser, record):
    browser.sign_in(world.dung)
    data = {"promise": "y", "file": (io.BytesIO(PNG), "a.png")}
    assert browser.post(f"/evidence/{REF}/test-records/{record}/files", data=data).status_code == 400
    assert count(world, StoredFile) == 0


def test_a_harmful_file_is_told_to_its_reviewer_and_opened_by_nobody(world, browser, record):
    browser.sign_in(world.dung)
    send(browser, record)
    file = world.session.exec(select(StoredFile)).one()
    file.scan = ScanState.WAITING
    world.session.add(file)
    world.session.commit()
    assert browser.get(f"/evidence/{REF}/test-records/{record}/files/{file.id}").status_code == 409


def test_the_last_look_says_which_tests_go_to_the_company(world, browser, application, record):
    letter = evaluation.review_by(world, application, world.dung).letter
    browser.sign_in(world.dung)
    assert "Gửi kèm nhận xét" not in browser.get(f"/reviews/{REF}/finish").text
    marking = Marking("3", None, "", f"Xem {letter}-1 và {letter}-2.")
    save_score(world.session, world.dung, application, "TN-05", marking, 0)
    world.session.commit()
    text = browser.get(f"/reviews/{REF}/finish").text
    assert text.count(f"</a>: {letter}-1, ") == text.count("không kèm tệp") == 1
