"""POST /evidence/upload: a file reaches the library whole, or leaves nothing behind."""

import errno
import hashlib
import io
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask, Request
from sqlmodel import Session, select
from werkzeug.test import EnvironBuilder

from assessments.models import Answer, AnswerEvidence, Evidence, Member, StoredFile, Upload
from assessments.states import State
from registry import storage
from registry.accounts.models import LoginSession
from registry.evidence import files, reception
from tests.conftest import Browser
from tests.registry.evidence import desk, samples
from tests.world import World

PDF_NAME = hashlib.sha256(samples.PDF).hexdigest()


def test_a_file_reaches_the_library(app: Flask, browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.anh)
    answer = desk.send(browser, issued_on="2026-05-01", valid_until="31/12/2027", name="../../Chính sách.pdf")
    assert (answer.status_code, answer.location) == (303, "/evidence")
    found = session.exec(select(Evidence)).one()
    file = session.exec(select(StoredFile)).one()
    assert (file.sha256, file.size, file.media_type) == (PDF_NAME, len(samples.PDF), "application/pdf")
    assert (file.name, file.uploaded_by, file.vendor_id) == ("Chính sách.pdf", world.anh.id, world.hat_nang.id)
    assert (found.kind, found.title, found.attested_by) == ("DOC", "Chính sách bảo vệ dữ liệu", world.anh.id)
    assert (str(found.issued_on), str(found.valid_until)) == ("2026-05-01", "2027-12-31")
    assert desk.stored(app) == [PDF_NAME]
    with app.extensions["storage"].open(PDF_NAME) as source:
        assert source.read() == samples.PDF


def test_without_a_title_the_name_of_the_file_is_one(browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    desk.send(browser, title="")
    assert session.exec(select(Evidence.title)).one() == "Chính sách"


def test_a_file_for_a_criterion_is_attached_at_once(browser: Browser, world: World, session: Session) -> None:
    world.application()
    browser.sign_in(world.an)
    answer = desk.send(browser, page="/evidence/new?ref=HS-2026-0001&criterion=TN-01")
    assert answer.status_code == 303
    given = session.exec(select(Answer)).one()
    used = session.exec(select(AnswerEvidence)).one()
    assert (given.criterion, used.answer_id) == ("TN-01", given.id)
    assert used.evidence_id == session.exec(select(Evidence.id)).one()


@pytest.mark.parametrize("who", ["bao", "chi", "dung", "minh"])
def test_nobody_else_adds_to_an_application(
    app: Flask, browser: Browser, world: World, session: Session, who: str
) -> None:
    world.application()
    browser.sign_in(getattr(world, who))
    page = "/evidence/new?ref=HS-2026-0001&criterion=TN-01"
    if who == "bao":
        assert desk.send(browser, page=page).status_code == 404
    else:
        assert browser.get(page).status_code == 404
        assert browser.post("/evidence/upload?token=x", data=desk.filled()).status_code == 404
    nothing_came(app, session)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.IN_REVIEW, State.CERTIFIED, State.WITHDRAWN])
def test_a_locked_application_takes_nothing(
    app: Flask, browser: Browser, world: World, session: Session, state: State
) -> None:
    world.application(state)
    browser.sign_in(world.an)
    assert desk.send(browser, page="/evidence/new?ref=HS-2026-0001&criterion=TN-01").status_code == 409
    nothing_came(app, session)


def test_asks_strangers_to_sign_in(app: Flask, browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    url = desk.action(browser)
    answer = app.test_client().post(url, data=desk.filled())
    assert answer.status_code in {302, 303, 401}
    nothing_came(app, session)


def test_the_token_is_for_one_session_and_one_address(
    app: Flask, browser: Browser, world: World, session: Session
) -> None:
    world.application()
    browser.sign_in(world.an)
    url = desk.action(browser)
    assert browser.post("/evidence/upload", data=desk.filled()).status_code == 400
    assert browser.post(url[:-2], data=desk.filled()).status_code == 400
    assert browser.post(f"{url}&ref=HS-2026-0001&criterion=TN-01", data=desk.filled()).status_code == 400
    other = app.test_client()
    assert isinstance(other, Browser)
    other.sign_in(world.an)
    assert other.post(url, data=desk.filled()).status_code == 400
    nothing_came(app, session)


def test_the_token_ends_after_twelve_hours(
    app: Flask, browser: Browser, world: World, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.sign_in(world.an)
    url = desk.action(browser)
    monkeypatch.setattr("registry.access.UPLOAD_SECONDS", -1)
    assert browser.post(url, data=desk.filled()).status_code == 400
    nothing_came(app, session)


def test_who_signed_out_sends_nothing(app: Flask, browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    url = desk.action(browser)
    for row in session.exec(select(LoginSession)).all():
        row.ended_at = row.created_at
        session.add(row)
    session.commit()
    assert browser.post(url, data=desk.filled()).status_code in {302, 303, 401}
    nothing_came(app, session)


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_other_sites_send_nothing_and_their_bytes_are_not_read(
    browser: Browser, world: World, headers: dict[str, str]
) -> None:
    browser.sign_in(world.an)
    answer = browser.open(unread(desk.action(browser), headers=headers))
    assert answer.status_code == 400


def test_nothing_is_read_before_the_sender_is_known(app: Flask, browser: Browser, world: World) -> None:
    assert browser.open(unread("/evidence/upload?token=x")).status_code in {302, 303, 401}
    browser.sign_in(world.an)
    assert browser.open(unread("/evidence/upload?token=x")).status_code == 400
    browser.sign_in(world.chi)
    assert browser.open(unread("/evidence/upload?token=x")).status_code == 404


def test_too_large_is_said_before_anything_is_read(browser: Browser, world: World) -> None:
    browser.sign_in(world.an)
    answer = browser.open(unread(desk.action(browser), length=612 * 1024 * 1024))
    assert answer.status_code == 413
    assert "Tệp nặng 612 MB, tối đa 200 MB." in answer.text


def test_a_length_is_needed(browser: Browser, world: World) -> None:
    browser.sign_in(world.an)
    asked = unread(desk.action(browser))
    del asked.environ["CONTENT_LENGTH"]
    assert browser.open(asked).status_code == 400


def test_too_large_by_a_little_keeps_what_was_typed(
    app: Flask, browser: Browser, world: World, session: Session
) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], max_upload_mb=1)
    browser.sign_in(world.an)
    body = desk.body(samples.PDF + bytes(1024 * 1024), title="Báo cáo lọc")
    answer = browser.post(desk.action(browser), **body)
    assert answer.status_code == 413
    assert "tối đa 1 MB" in answer.text
    assert 'value="Báo cáo lọc"' in answer.text
    nothing_came(app, session)


@pytest.mark.parametrize(
    ("content", "name", "fields", "sentence"),
    [
        (b"", "a.pdf", {}, "Tệp này trống."),
        (samples.PDF, "", {}, "Chọn tệp."),
        (samples.PDF, "a.html", {}, "Không nhận tệp .html."),
        (samples.EXE, "a.exe", {}, "chỉ nhận khi loại bằng chứng là bản cài đặt thử"),
        (samples.PNG, "a.pdf", {}, "Tệp ghi là .pdf nhưng bên trong là PNG."),
    ],
)
def test_the_form_comes_back_with_its_faults(
    app: Flask,
    browser: Browser,
    world: World,
    session: Session,
    content: bytes,
    name: str,
    fields: dict[str, str],
    sentence: str,
) -> None:
    browser.sign_in(world.an)
    answer = desk.send(browser, content, name, **{"title": "Giữ lại", **fields})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "hãy chọn lại tệp" in answer.text
    assert f'value="{fields.get("title", "Giữ lại")}"' in answer.text
    nothing_came(app, session)


@pytest.mark.parametrize(
    ("content", "name", "fields", "sentence"),
    [
        (samples.PDF, "a.pdf", {"promise": ""}, "Đánh dấu lời cam đoan về tệp này."),
        (samples.PDF, "a.pdf", {"kind": ""}, "Chọn loại bằng chứng."),
        (samples.PDF, "a.pdf", {"kind": "LINK"}, "Lựa chọn này không còn trong danh sách."),
        (samples.PDF, "a.pdf", {"title": "x" * 201}, "Tên dài quá 200 ký tự."),
        (samples.PDF, "a.pdf", {"issued_on": "2026-05-02", "valid_until": "2026-05-01"}, "Ngày hết hạn phải"),
        (samples.PDF, "a.pdf", {"issued_on": "hôm qua"}, "Ngày chưa đúng."),
    ],
)
def test_a_good_file_waits_for_the_faults_of_its_form_to_be_mended(
    app: Flask,
    browser: Browser,
    world: World,
    session: Session,
    content: bytes,
    name: str,
    fields: dict[str, str],
    sentence: str,
) -> None:
    browser.sign_in(world.an)
    answer = desk.send(browser, content, name, **{"title": "Giữ lại", **fields})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "không cần chọn lại tệp" in answer.text
    assert f'value="{fields.get("title", "Giữ lại")}"' in answer.text
    upload = session.exec(select(Upload)).one()
    assert (upload.received, upload.sha256, upload.name) == (len(content), PDF_NAME, name)
    assert f'name="upload" value="{upload.id}" form="upload-form" checked' in answer.text
    session.commit()
    again = browser.post(desk.action(browser), data={**desk.filled(b"", ""), "upload": str(upload.id)})
    assert again.status_code == 303
    assert session.exec(select(StoredFile.sha256)).all() == [PDF_NAME]
    assert session.exec(select(Upload)).all() == []
    assert desk.stored(app) == [PDF_NAME]


def test_faults_of_form_and_file_are_told_at_once(browser: Browser, world: World) -> None:
    browser.sign_in(world.an)
    answer = desk.send(browser, samples.PNG, "a.pdf", promise="")
    assert answer.status_code == 422
    assert "Có 2 chỗ cần sửa" in answer.text


def test_the_form_that_came_back_can_be_sent(browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    again = desk.send(browser, samples.PNG, promise="")
    assert again.status_code == 422
    assert browser.post(desk.action(browser), data=desk.filled()).status_code == 303
    assert len(session.exec(select(Evidence)).all()) == 1


def test_one_file_a_request(app: Flask, browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    data: dict[str, Any] = desk.filled()
    data["file"] = [(io.BytesIO(samples.PDF), "a.pdf"), (io.BytesIO(samples.PNG), "b.png")]
    assert browser.post(desk.action(browser), data=data).status_code == 303
    assert desk.stored(app) == [PDF_NAME]
    assert session.exec(select(StoredFile.name)).all() == ["a.pdf"]


def test_line_breaks_at_the_edge_of_a_piece_do_no_harm(
    app: Flask, browser: Browser, world: World, session: Session
) -> None:
    content = samples.PDF + b"\r\n-" * 100_000
    browser.sign_in(world.an)
    assert desk.send(browser, content).status_code == 303
    assert desk.stored(app) == [hashlib.sha256(content).hexdigest()]


def test_a_cut_connection_leaves_nothing(app: Flask, browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    body = desk.body(samples.PDF * 200)
    whole = body["data"]
    builder = EnvironBuilder(
        path=desk.action(browser),
        base_url="http://localhost",
        method="POST",
        content_type=body["content_type"],
    )
    environ = {
        **builder.get_environ(),
        "wsgi.input": io.BytesIO(whole[: len(whole) // 2]),
        "CONTENT_LENGTH": str(len(whole)),
        "wsgi.input_terminated": True,  # as servers say that end a cut stream like a complete one
    }
    assert browser.open(Request(environ)).status_code == 400
    nothing_came(app, session)


def test_a_file_of_many_lines_and_pieces_arrives(browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    lines = "Nhật ký cập nhật\n".encode() * 15_000
    assert desk.send(browser, lines, "nhat-ky.txt").status_code == 303
    assert session.exec(select(StoredFile.size)).one() == len(lines)


@pytest.mark.parametrize("body", [b"", b"--x", b"--x\r\nContent-Disposition: form-data\r\n\r\n", bytes(100)])
def test_a_broken_form_leaves_nothing(
    app: Flask, browser: Browser, world: World, session: Session, body: bytes
) -> None:
    browser.sign_in(world.an)
    url = desk.action(browser)
    for kind in ("multipart/form-data; boundary=x", "multipart/form-data", "application/x-www-form-urlencoded"):
        assert browser.post(url, data=body, content_type=kind).status_code in {400, 422}
    nothing_came(app, session)


def test_a_full_disk_is_said_and_leaves_nothing(
    app: Flask, browser: Browser, world: World, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_incoming: storage.Incoming, _chunk: bytes) -> int:
        raise storage.StorageFull(errno.ENOSPC, "no room")

    browser.sign_in(world.an)
    monkeypatch.setattr(storage.Incoming, "write", full)
    answer = desk.send(browser, title="Giữ lại")
    assert answer.status_code == 507
    assert "Máy chủ hết chỗ chứa" in answer.text
    assert 'value="Giữ lại"' in answer.text
    nothing_came(app, session)


def test_a_row_that_fails_takes_its_bytes_along(
    app: Flask, browser: Browser, world: World, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise ArithmeticError

    browser.sign_in(world.an)
    monkeypatch.setattr("assessments.evidence.add_file", fail)
    with pytest.raises(ArithmeticError):
        desk.send(browser)
    nothing_came(app, session)


def test_bytes_swept_under_the_row_are_not_acknowledged(
    app: Flask, browser: Browser, world: World, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.sign_in(world.an)
    monkeypatch.setattr(app.extensions["storage"], "exists", lambda _name: False)
    assert desk.send(browser).status_code == 409
    nothing_came(app, session)


def test_who_left_the_company_meanwhile_adds_nothing(
    app: Flask, browser: Browser, world: World, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.sign_in(world.anh)
    read = reception.Reception.read

    def slowly(received: reception.Reception) -> None:
        read(received)
        gone = session.get_one(Member, (world.hat_nang.id, world.anh.id))
        gone.left_at = gone.joined_at
        session.add(gone)
        session.commit()

    monkeypatch.setattr(reception.Reception, "read", slowly)
    assert desk.send(browser).status_code == 404
    nothing_came(app, session)


def test_the_same_bytes_twice_are_two_pieces_and_one_file(
    app: Flask, browser: Browser, world: World, session: Session
) -> None:
    for person in (world.an, world.bao):
        browser.sign_in(person)
        assert desk.send(browser).status_code == 303
    assert len(session.exec(select(StoredFile)).all()) == 2
    assert desk.stored(app) == [PDF_NAME]


def test_bytes_the_library_has_are_offered_instead(
    app: Flask, browser: Browser, world: World, session: Session
) -> None:
    known = desk.keep(app, session, world.anh, title="Chính sách cũ")
    browser.sign_in(world.an)
    answer = desk.send(browser)
    assert answer.status_code == 422
    assert "Kho đã có đúng tệp này: “Chính sách cũ”." in answer.text
    assert f'href="/evidence/{known.id}"' in answer.text
    upload = session.exec(select(Upload)).one()
    session.commit()
    told = {**desk.filled(b"", ""), "upload": str(upload.id)}
    assert browser.post(desk.action(browser), data=told).status_code == 422
    told = {**desk.filled(b"", ""), "upload": str(upload.id), "again": "y"}
    assert browser.post(desk.action(browser), data=told).status_code == 303
    assert len(session.exec(select(Evidence)).all()) == 2
    assert desk.stored(app) == [PDF_NAME]


def test_the_piece_that_is_there_is_used_for_the_criterion(
    app: Flask, browser: Browser, world: World, session: Session
) -> None:
    world.application()
    known = desk.keep(app, session, world.anh)
    foreign = desk.keep(app, session, world.bao)
    browser.sign_in(world.an)
    page = "/evidence/new?ref=HS-2026-0001&criterion=TN-01"
    answer = desk.send(browser, page=page)
    assert f'name="use" value="{known.id}"' in answer.text
    upload = session.exec(select(Upload)).one()
    session.commit()
    url = desk.action(browser, page)
    assert browser.post(url, data={"use": str(foreign.id), "file": (io.BytesIO(b""), "")}).status_code == 404
    told = {"use": str(known.id), "upload": str(upload.id), "file": (io.BytesIO(b""), "")}
    assert browser.post(url, data=told).status_code == 303
    assert session.exec(select(AnswerEvidence.evidence_id)).all() == [known.id]
    assert session.exec(select(Upload)).all() == []
    assert desk.stored(app) == [PDF_NAME]


def test_too_many_at_once_are_asked_to_wait(browser: Browser, world: World) -> None:
    browser.sign_in(world.an)
    url = desk.action(browser)
    taken = [reception._turnstile.acquire(blocking=False) for _ in range(reception.AT_ONCE)]
    try:
        assert browser.post(url, data=desk.filled()).status_code == 503
    finally:
        reception._turnstile.release(len(taken))


def test_one_person_sends_no_more_than_four_at_once(browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    url = desk.action(browser)
    with ExitStack() as others:
        for _ in range(reception.AT_ONCE_EACH):
            others.enter_context(reception._place_for(world.an.id, reception._under_way, reception.AT_ONCE_EACH))
        answer = browser.post(url, data=desk.filled(title="Báo cáo"))
        assert answer.status_code == 429
        assert "Bạn đang tải lên 4 tệp cùng lúc." in answer.text
        browser.sign_in(world.anh)
        assert desk.send(browser).status_code == 303
    assert not reception._under_way
    browser.sign_in(world.an)
    assert desk.send(browser, samples.TEXT, "a.txt").status_code == 303
    assert len(session.exec(select(StoredFile)).all()) == 2


FULL = "Kho của đơn vị đã đầy (1/1 MB). Xóa tệp không dùng ở Kho bằng chứng rồi tải lên lại."


def test_a_full_library_is_said_before_anything_is_read(
    app: Flask, browser: Browser, world: World, session: Session
) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], company_quota_mb=1)
    desk.keep(app, session, world.an, bytes(1024 * 1024 - 1000))
    browser.sign_in(world.an)
    answer = browser.open(unread(desk.action(browser), length=2000))
    assert answer.status_code == 413
    assert FULL in answer.text
    browser.sign_in(world.bao)
    assert desk.send(browser).status_code == 303


def test_the_last_room_is_taken_once(
    app: Flask, browser: Browser, world: World, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], company_quota_mb=1)
    browser.sign_in(world.an)
    url = desk.action(browser)
    keep = files.keep

    def somebody_was_faster(*arrived: Any) -> None:
        monkeypatch.setattr(files, "keep", keep)
        desk.keep(app, session, world.anh, bytes(1024 * 1024))
        keep(*arrived)

    monkeypatch.setattr(files, "keep", somebody_was_faster)
    answer = browser.post(url, data=desk.filled())
    assert answer.status_code == 413
    assert FULL in answer.text
    assert len(session.exec(select(StoredFile)).all()) == 1
    assert PDF_NAME not in desk.stored(app)


def test_in_english_one_comes_back_in_english(browser: Browser, world: World) -> None:
    browser.sign_in(world.an)
    url = desk.action(browser, "/en/evidence/new")
    assert urlsplit(url).path == "/en/evidence/upload"
    assert browser.post(url, data=desk.filled()).location == "/en/evidence"


class Unread(io.RawIOBase):
    """A body that nobody may read."""

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: Any) -> int:
        raise AssertionError("the body was read")


def unread(url: str, length: int = 5000, headers: dict[str, str] | None = None) -> Request:
    """A request whose body must not be read."""
    builder = EnvironBuilder(
        path=url,
        base_url="http://localhost",
        method="POST",
        content_type="multipart/form-data; boundary=x",
        headers=headers or {},
    )
    return Request({**builder.get_environ(), "wsgi.input": Unread(), "CONTENT_LENGTH": str(length)})


def nothing_came(app: Flask, session: Session) -> None:
    """Neither rows nor bytes."""
    session.rollback()
    assert session.exec(select(Evidence)).all() == []
    assert session.exec(select(StoredFile)).all() == []
    assert desk.stored(app) == []


def test_what_is_refused_again_and_again_leaves_no_file_open_and_no_connection_taken(
    app: Flask, browser: Browser, world: World
) -> None:
    browser.sign_in(world.an)
    descriptors = Path("/proc/self/fd")
    if not descriptors.is_dir():
        pytest.skip("counts what Linux says is open")

    def state() -> list[Any]:
        pool = app.extensions["engine"].pool
        kept = app.extensions["storage"]
        return [len(list(descriptors.iterdir())), pool.checkedout(), [*kept.names()], kept.leftovers(timedelta(0))]

    contents = (b"<html>no", b"PK\x03\x04 broken", b"%PDF-1.7 broken", b"")
    assert desk.send(browser, contents[0], name="tep.pdf").status_code == 422  # whatever is opened once is open now
    before = state()
    for number in range(40):
        assert desk.send(browser, contents[number % 4], name="tep.pdf").status_code == 422
    assert state() == before
