"""/evidence/uploads: files over several requests, every status of the tus protocol, on a folder and on a bucket."""

import errno
import hashlib
import io
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import boto3
import pytest
from flask import Flask
from moto import mock_aws
from sqlmodel import Session, select

from assessments import uploads
from assessments.clock import now
from assessments.models import AnswerEvidence, Evidence, Member, StoredFile, Upload
from assessments.states import State
from registry import jobs, storage
from registry.evidence import reception, stretch
from registry.storage import parts, unfinished
from tests.conftest import Browser
from tests.registry.evidence import desk, samples, sender
from tests.registry.evidence.sender import CONTENT
from tests.registry.evidence.test_upload import Unread
from tests.rows import rows
from tests.world import World

SHA256 = hashlib.sha256(CONTENT).hexdigest()
HALF = len(CONTENT) // 2


@pytest.fixture(params=["folder", "bucket"], autouse=True)
def place(request: pytest.FixtureRequest, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Each storage in turn; in the bucket parts are small, so that these files have several."""
    if request.param == "folder":
        yield request.param
        return
    monkeypatch.setattr(parts, "PART_BYTES", 60_000)
    monkeypatch.setattr("moto.s3.models.S3_UPLOAD_PART_MIN_SIZE", 0)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="evidence")
        app.extensions["storage"] = storage.open_storage("s3://evidence/x?region=us-east-1", tmp_path / "spool")
        yield request.param


def test_a_file_over_three_requests_becomes_evidence(
    app: Flask, browser: Browser, world: World, session: Session
) -> None:
    world.application()
    browser.sign_in(world.anh)
    page = "?ref=HS-2026-0001&criterion=TN-01"
    url = sender.begun(browser, url=sender.endpoint(browser, page))
    for start, end in ((0, 10_000), (10_000, HALF), (HALF, len(CONTENT))):
        answer = sender.patch(browser, url, CONTENT[start:end], start)
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(end))
        assert sender.offset(browser, url) == end
    upload = session.exec(select(Upload)).one()
    assert (upload.sha256, upload.ref, upload.criterion, upload.person_id) == (
        SHA256,
        "HS-2026-0001",
        "TN-01",
        world.anh.id,
    )
    session.commit()
    answer = browser.post(desk.action(browser, f"/evidence/new{page}"), data=sender.form(upload.id))
    assert (answer.status_code, answer.location) == (303, "/applications/HS-2026-0001/criteria/TN-01")
    file = session.exec(select(StoredFile)).one()
    assert (file.sha256, file.size, file.media_type, file.name) == (
        SHA256,
        len(CONTENT),
        "application/pdf",
        "Báo cáo.pdf",
    )
    assert session.exec(select(AnswerEvidence.evidence_id)).one() == session.exec(select(Evidence.id)).one()
    assert session.exec(select(Upload)).all() == []
    with app.extensions["storage"].open(SHA256) as source:
        assert source.read() == CONTENT
    assert list(app.extensions["storage"].unfinished.begun()) == []
    assert list(app.extensions["storage"].names()) == [SHA256]


def test_says_what_it_can_do(browser: Browser, world: World) -> None:
    browser.sign_in(world.an)
    url = sender.begun(browser)
    for path in ("/evidence/uploads", url.partition("?")[0]):
        answer = browser.options(path)
        assert answer.status_code == 204
        assert answer.headers["Tus-Version"] == answer.headers["Tus-Resumable"] == "1.0.0"
        assert answer.headers["Tus-Extension"] == "creation,creation-with-upload,termination,expiration,checksum"
        assert answer.headers["Tus-Max-Size"] == str(200 * 1024 * 1024)
        assert answer.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"


def test_the_state_of_an_upload(browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    url = sender.begun(browser, name="Kết quả.pdf")
    answer = sender.head(browser, url)
    assert answer.status_code == 200
    assert answer.headers["Upload-Offset"] == "0"
    assert answer.headers["Upload-Length"] == str(len(CONTENT))
    assert answer.headers["Upload-Metadata"] == sender.metadata("Kết quả.pdf")
    assert answer.headers["Upload-Expires"].endswith("GMT")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    upload = session.exec(select(Upload)).one()
    assert timedelta(days=6) < upload.expires_at - now() <= uploads.KEPT


def test_the_first_bytes_may_come_along(browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    headers = {
        **sender.VERSION,
        "Upload-Length": str(len(CONTENT)),
        "Upload-Metadata": sender.metadata(),
        "Content-Type": sender.BODY,
    }
    answer = browser.post(sender.endpoint(browser), data=CONTENT, headers=headers)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, str(len(CONTENT)))
    assert session.exec(select(Upload.sha256)).one() == SHA256


@pytest.mark.parametrize("version", ["", "0.2.2", "1.0.1"])
def test_other_versions_are_told_ours(browser: Browser, world: World, session: Session, version: str) -> None:
    browser.sign_in(world.an)
    url = sender.begun(browser)
    told = {"Tus-Resumable": version} if version else {}
    asked = [
        browser.post(sender.endpoint(browser), headers={**told, "Upload-Length": "5"}),
        browser.head(url, headers=told),
        browser.patch(url, data=CONTENT, headers={**told, "Upload-Offset": "0", "Content-Type": sender.BODY}),
        browser.delete(url, headers=told),
    ]
    assert [one.status_code for one in asked] == [412] * 4
    assert {one.headers["Tus-Version"] for one in asked} == {"1.0.0"}
    assert session.exec(select(Upload.received)).all() == [0]


@pytest.mark.parametrize(
    ("headers", "status", "sentence"),
    [
        ({"Upload_Length": ""}, 400, "Upload-Length"),
        ({"Upload_Length": "-1"}, 400, "Upload-Length"),
        ({"Upload_Length": "", "Upload_Defer_Length": "1"}, 400, "Upload-Length"),
        ({"Upload_Length": "0"}, 422, "Tệp này trống."),
        ({"Upload_Length": str(612 * 1024 * 1024)}, 413, "Tệp nặng 612 MB, tối đa 200 MB."),
        ({"Upload_Metadata": "filename !"}, 400, "Upload-Metadata"),
        ({"Upload_Metadata": "filename YQ==,filename YQ=="}, 400, "Upload-Metadata"),
        ({"Upload_Metadata": "filename /w=="}, 400, "Upload-Metadata"),
        ({"Upload_Metadata": "x " + "YQ==" * 2000}, 400, "Upload-Metadata"),
        ({"Upload_Metadata": f"filename {sender.encoded('a.html')}"}, 422, "Không nhận tệp .html."),
        ({"Upload_Metadata": ""}, 422, "Không nhận tệp"),
    ],
)
def test_what_cannot_be_taken_is_not_begun(
    browser: Browser, world: World, session: Session, headers: dict[str, str], status: int, sentence: str
) -> None:
    browser.sign_in(world.an)
    answer = sender.begin(browser, **headers)
    assert answer.status_code == status
    assert sentence in answer.text
    assert answer.mimetype == "text/plain"
    assert session.exec(select(Upload)).all() == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content_Type": "application/octet-stream"}, 415),
        ({"Content_Type": ""}, 415),
        ({"Upload_Offset": ""}, 400),
        ({"Upload_Offset": "x"}, 400),
        ({"Upload_Offset": "1"}, 409),
        ({"Upload_Checksum": "md5 1B2M2Y8AsgTpgAmY7PhCfg=="}, 400),
        ({"Upload_Checksum": "sha1 !"}, 400),
        ({"Upload_Checksum": "sha1 YQ=="}, 400),
        ({"Upload_Checksum": "sha1"}, 400),
    ],
)
def test_a_stretch_that_is_not_as_agreed_changes_nothing(
    browser: Browser, world: World, session: Session, headers: dict[str, str], status: int
) -> None:
    browser.sign_in(world.an)
    url = sender.begun(browser)
    assert sender.patch(browser, url, CONTENT, **headers).status_code == status
    assert sender.offset(browser, url) == 0
    assert sender.patch(browser, url, CONTENT).status_code == 204


def test_more_bytes_than_announced_are_not_read(browser: Browser, world: World) -> None:
    browser.sign_in(world.an)
    url = sender.begun(browser, 1000)
    assert sender.raw(browser, url, Unread(), 1001).status_code == 413
    assert sender.offset(browser, url) == 0


def test_a_length_of_the_body_is_needed(browser: Browser, world: World) -> None:
    browser.sign_in(world.an)
    url = sender.begun(browser)
    answer = sender.raw(browser, url, Unread(), 1000, Transfer_Encoding="chunked")
    assert answer.status_code == 411


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_bytes_with_a_checksum_count_when_it_is_right(
    browser: Browser, world: World, session: Session, algorithm: str
) -> None:
    browser.sign_in(world.an)
    url = sender.begun(browser)
    first, second = CONTENT[:HALF], CONTENT[HALF:]
    assert sender.patch(browser, url, first, Upload_Checksum=sender.checksum(first, algorithm)).status_code == 204
    wrong = sender.checksum(first, algorithm)
    for broken in (second, b"x" * len(second)):
        answer = sender.patch(browser, url, broken, HALF, Upload_Checksum=wrong)
        assert (answer.status_code, answer.status) == (460, "460 Checksum Mismatch")
        assert sender.offset(browser, url) == HALF
    right = sender.checksum(second, algorithm)
    assert sender.patch(browser, url, second, HALF, Upload_Checksum=right).status_code == 204
    assert session.exec(select(Upload.sha256)).one() == SHA256


def test_a_cut_stretch_with_a_checksum_counts_for_nothing(browser: Browser, world: World) -> None:
    browser.sign_in(world.an)
    url = sender.begun(browser)
    cut = io.BytesIO(CONTENT[:HALF])
    told = sender.checksum(CONTENT)
    assert sender.raw(browser, url, cut, len(CONTENT), Upload_Checksum=told).status_code == 400
    assert sender.offset(browser, url) == 0


@pytest.mark.parametrize("breaks", [False, True], ids=["ends", "raises"])
def test_what_arrived_before_a_cut_is_kept(
    browser: Browser,
    world: World,
    session: Session,
    breaks: bool,  # noqa: FBT001
) -> None:
    browser.sign_in(world.an)
    url = sender.begun(browser)
    cut = sender.Watched(CONTENT[:HALF], 7000, lambda: None, breaks)
    assert sender.raw(browser, url, cut, len(CONTENT)).status_code == 400
    assert sender.offset(browser, url) == HALF
    assert sender.patch(browser, url, CONTENT[HALF:], HALF).status_code == 204
    assert session.exec(select(Upload.sha256)).one() == SHA256


def test_what_was_safe_in_the_middle_outlives_the_process(
    browser: Browser, world: World, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretch, "SAFE_EVERY", 50_000)
    browser.sign_in(world.an)
    url = sender.begun(browser)
    seen: list[int] = []

    def look() -> None:
        seen.append(session.exec(select(Upload.received)).one())
        session.rollback()
        if len(seen) == 20:
            raise KeyboardInterrupt  # the process ends

    with monkeypatch.context() as patched:
        patched.setattr(stretch.Stretch, "_let_go", lambda _stretch: None)  # and writes nothing down
        with pytest.raises(KeyboardInterrupt):
            sender.raw(browser, url, sender.Watched(CONTENT, 7000, look), len(CONTENT))
    safe = sender.offset(browser, url)
    assert 50_000 <= safe <= 20 * 7000
    assert sorted(seen) == seen
    assert sender.patch(browser, url, CONTENT[safe:], safe).status_code == 423
    with sender.held(session, held_until=now() - timedelta(seconds=1)):
        assert sender.patch(browser, url, CONTENT[safe:], safe).status_code == 204
    assert session.exec(select(Upload.sha256)).one() == SHA256


def test_two_at_once_never_interleave(app: Flask, browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    url = sender.begun(browser)
    other = app.test_client()
    assert isinstance(other, Browser)
    answers: list[int] = []

    def meanwhile() -> None:
        browser_of = desk.same_session(browser, other)
        answers.append(sender.patch(browser_of, url, b"x" * len(CONTENT)).status_code)

    assert sender.raw(browser, url, sender.Watched(CONTENT, 60_000, meanwhile), len(CONTENT)).status_code == 204
    assert set(answers) == {423}
    assert session.exec(select(Upload.sha256)).one() == SHA256


def test_a_request_that_fell_silent_writes_no_more(
    app: Flask, browser: Browser, world: World, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretch, "RENEW_EVERY", -1.0)
    browser.sign_in(world.an)
    url = sender.begun(browser)
    assert sender.patch(browser, url, CONTENT[:HALF]).status_code == 204
    other = app.test_client()
    assert isinstance(other, Browser)
    desk.same_session(browser, other)
    answers: list[int] = []

    def meanwhile() -> None:
        if not answers:
            answers.append(0)
            with sender.held(session, held_until=now() - timedelta(seconds=1)):
                answers.append(sender.patch(other, url, CONTENT[HALF:], HALF).status_code)

    silent = sender.Watched(b"x" * HALF, 60_000, meanwhile)
    answer = sender.raw(browser, url, silent, HALF, Upload_Offset=str(HALF))
    assert answers == [0, 204]
    assert answer.status_code == 409
    assert session.exec(select(Upload.sha256)).one() == SHA256


def test_given_up_while_it_arrives_it_leaves_nothing(
    app: Flask, browser: Browser, world: World, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretch, "RENEW_EVERY", -1.0)
    browser.sign_in(world.an)
    url = sender.begun(browser)
    other = app.test_client()
    assert isinstance(other, Browser)
    desk.same_session(browser, other)
    answers: list[int] = []

    def meanwhile() -> None:
        if not answers:
            answers.append(sender.delete(other, url).status_code)

    answer = sender.raw(browser, url, sender.Watched(CONTENT, 60_000, meanwhile), len(CONTENT))
    assert (answers, answer.status_code) == ([204], 409)
    nothing_waits(app, session)


def test_cancelled_it_is_gone(app: Flask, browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    url = sender.begun(browser)
    sender.patch(browser, url, CONTENT[:HALF])
    assert sender.delete(browser, url).status_code == 204
    nothing_waits(app, session)
    assert sender.head(browser, url).status_code == 404
    assert sender.patch(browser, url, CONTENT[HALF:], HALF).status_code == 404
    assert sender.delete(browser, url).status_code == 404


def test_given_up_from_a_form(app: Flask, browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    url = sender.begun(browser)
    sender.patch(browser, url, CONTENT[:HALF])
    path = f"/evidence/uploads/{sender.id_of(url)}/discard"
    assert browser.post(path).status_code == 400
    browser.sign_in(world.bao)
    assert browser.press(path, page="/account").status_code == 404
    browser.sign_in(world.anh)
    assert browser.press(path, page="/account").status_code == 403
    browser.sign_in(world.an)
    assert "Báo cáo.pdf" in browser.get("/evidence").text
    assert browser.press(path, page="/evidence").status_code == 303
    nothing_waits(app, session)


def test_its_time_ends_and_the_worker_sweeps(app: Flask, browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    kept = sender.begun(browser)
    url = sender.begun(browser)
    sender.patch(browser, kept, CONTENT[:100])
    sender.patch(browser, url, CONTENT[:HALF])
    upload = session.get_one(Upload, sender.uuid_of(url))
    upload.expires_at = now() - timedelta(seconds=1)
    session.add(upload)
    session.commit()
    for answer in (sender.head(browser, url), sender.patch(browser, url, CONTENT[HALF:], HALF)):
        assert answer.status_code == 410
    with app.app_context():
        jobs.turn()
    assert sender.head(browser, url).status_code == 404
    assert [one.name for one, _age in app.extensions["storage"].unfinished.begun()] in (
        [sender.uuid_of(kept).hex],
        [sender.uuid_of(kept).hex] * 2,  # in a bucket: the parts, and what is less than one
    )
    assert sender.offset(browser, kept) == 100


def test_bytes_that_are_gone_are_said(app: Flask, browser: Browser, world: World, place: str) -> None:
    browser.sign_in(world.an)
    url = sender.begun(browser)
    sender.patch(browser, url, CONTENT[:HALF])
    if place == "bucket":
        pytest.skip("a bucket is asked when a part is full")
    for arrived, _age in app.extensions["storage"].unfinished.begun():
        app.extensions["storage"].unfinished.drop(arrived)
    assert sender.patch(browser, url, CONTENT[HALF:], HALF).status_code == 410


# --- who ---


def test_only_who_began_it_goes_on(app: Flask, browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    path = sender.begun(browser).partition("?")[0]
    for who, status in (("anh", 403), ("bao", 404)):
        browser.sign_in(getattr(world, who))
        url = desk.signed(app, browser, path)
        asked = [sender.head(browser, url), sender.patch(browser, url, CONTENT), sender.delete(browser, url)]
        assert [one.status_code for one in asked] == [status] * 3
    for who in ("chi", "dung", "minh"):
        browser.sign_in(getattr(world, who))
        url = desk.signed(app, browser, path)
        assert sender.raw(browser, url, Unread(), 1000).status_code == 404
    assert session.exec(select(Upload.received)).all() == [0]


def test_nothing_is_read_of_strangers_other_sites_and_wrong_tokens(
    app: Flask, browser: Browser, world: World, session: Session
) -> None:
    stranger = app.test_client()
    assert isinstance(stranger, Browser)
    browser.sign_in(world.an)
    url, beginning = sender.begun(browser), sender.endpoint(browser)
    assert sender.raw(stranger, url, Unread(), 1000).status_code == 401
    assert stranger.head(url, headers=sender.VERSION).status_code == 401
    assert sender.raw(stranger, beginning, Unread(), 1000, method="POST", Upload_Length="9").status_code == 401
    for headers in ({"Origin": "https://evil.example"}, {"Sec_Fetch_Site": "cross-site"}):
        assert sender.raw(browser, url, Unread(), 1000, **headers).status_code == 400
        assert browser.delete(url, headers={**sender.VERSION, **dashed(headers)}).status_code == 400
        assert sender.raw(browser, beginning, Unread(), 1000, method="POST", **headers).status_code == 400
    path, _, token = url.partition("?")
    second = sender.begun(browser).partition("?")[0]
    for other in (path, f"{path}?token=x", f"{second}?{token}", beginning.replace("/uploads", f"/uploads/{uuid(url)}")):
        assert sender.raw(browser, other, Unread(), 1000).status_code == 400
        assert sender.head(browser, other).status_code == 400
    again = app.test_client()
    assert isinstance(again, Browser)
    again.sign_in(world.an)
    assert sender.raw(again, url, Unread(), 1000).status_code == 400
    assert set(session.exec(select(Upload.received)).all()) == {0}


def test_after_signing_in_again_it_goes_on(app: Flask, browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    url = sender.begun(browser)
    sender.patch(browser, url, CONTENT[:HALF])
    again = app.test_client()
    assert isinstance(again, Browser)
    again.sign_in(world.an)
    listed = again.get("/evidence/uploads").json
    assert listed is not None
    assert [(one["name"], one["length"], one["received"]) for one in listed["uploads"]] == [
        ("Báo cáo.pdf", len(CONTENT), HALF)
    ]
    assert sender.patch(again, listed["uploads"][0]["url"], CONTENT[HALF:], HALF).status_code == 204
    again.sign_in(world.anh)
    assert again.get("/evidence/uploads").json["uploads"] == []  # type: ignore[index]


def test_who_left_the_company_goes_on_with_nothing(browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.anh)
    url = sender.begun(browser)
    gone = session.get_one(Member, (world.hat_nang.id, world.anh.id))
    gone.left_at = now()
    session.add(gone)
    session.commit()
    assert sender.raw(browser, url, Unread(), 1000).status_code == 404


@pytest.mark.parametrize(("state", "who", "status"), [(State.IN_REVIEW, "an", 409), (State.DRAFT, "bao", 404)])
def test_a_criterion_that_may_not_be_written_begins_nothing(
    browser: Browser, world: World, session: Session, state: State, who: str, status: int
) -> None:
    world.application(state)
    browser.sign_in(getattr(world, who))
    url = sender.endpoint(browser, "?ref=HS-2026-0001&criterion=TN-01")
    assert sender.begin(browser, url=url).status_code == status
    assert session.exec(select(Upload)).all() == []


# --- how much ---


def test_what_is_under_way_counts_for_the_quota(app: Flask, browser: Browser, world: World, session: Session) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], company_quota_mb=1)
    browser.sign_in(world.an)
    url = sender.begun(browser, 900 * 1024)
    browser.sign_in(world.anh)
    answer = sender.begin(browser)
    assert answer.status_code == 413
    assert answer.text == "Kho của đơn vị đã đầy (1/1 MB). Xóa tệp không dùng ở Kho bằng chứng rồi tải lên lại."
    assert desk.send(browser, samples.PDF + bytes(200 * 1024)).status_code == 413
    browser.sign_in(world.bao)
    assert sender.begin(browser).status_code == 201
    browser.sign_in(world.an)
    assert "Đã dùng" in browser.get("/evidence").text or "sắp đầy" in browser.get("/evidence").text
    path = f"/evidence/uploads/{sender.id_of(url)}/discard"
    browser.press(path, page="/evidence")
    assert sender.begin(browser).status_code == 201


def test_a_quota_that_shrank_is_asked_again_at_the_end(
    app: Flask, browser: Browser, world: World, session: Session
) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], company_quota_mb=1)
    browser.sign_in(world.an)
    url = sender.begun(browser)
    sender.patch(browser, url, CONTENT)
    desk.keep(app, session, world.anh, bytes(1024 * 1024 - 1000))
    answer = browser.post(desk.action(browser), data=sender.form(sender.id_of(url)))
    assert answer.status_code == 422
    assert "Kho của đơn vị đã đầy" in answer.text
    assert session.exec(select(Evidence.title)).all() == ["Chính sách"]
    assert sender.offset(browser, url) == len(CONTENT)


def test_one_person_writes_to_four_at_once(app: Flask, browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    url = sender.begun(browser)
    for _ in range(uploads.AT_ONCE_EACH):
        sender.begun(browser)
    for upload in session.exec(select(Upload).where(Upload.id != sender.uuid_of(url))).all():
        upload.holder, upload.held_until = "x", now() + timedelta(seconds=9)
        session.add(upload)
    session.commit()
    answer = sender.patch(browser, url, CONTENT)
    assert answer.status_code == 429
    assert answer.text.startswith("Bạn đang tải lên 4 tệp cùng lúc.")
    assert int(answer.headers["Retry-After"]) > 0
    browser.sign_in(world.anh)
    assert sender.patch(browser, sender.begun(browser), CONTENT).status_code == 204


def test_connections_that_fell_silent_are_counted_until_they_end(browser: Browser, world: World) -> None:
    browser.sign_in(world.an)
    url = sender.begun(browser)
    with ExitStack() as silent:
        for _ in range(reception.CONNECTIONS_EACH):
            silent.enter_context(reception.place_for_stretch(world.an.id))
        assert sender.patch(browser, url, CONTENT).status_code == 429
        assert sender.head(browser, url).status_code == 200
        browser.sign_in(world.anh)
        assert sender.patch(browser, sender.begun(browser), CONTENT).status_code == 204
    assert not reception._stretches
    browser.sign_in(world.an)
    assert sender.patch(browser, sender.begun(browser), CONTENT).status_code == 204


def test_one_person_lets_so_many_wait(
    browser: Browser, world: World, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_EACH", 2)
    browser.sign_in(world.an)
    assert [sender.begin(browser).status_code for _ in range(3)] == [201, 201, 429]
    assert len(session.exec(select(Upload)).all()) == 2


def test_all_together_are_asked_to_wait(browser: Browser, world: World) -> None:
    browser.sign_in(world.an)
    url = sender.begun(browser)
    taken = [reception._turnstile.acquire(blocking=False) for _ in range(reception.AT_ONCE)]
    try:
        assert sender.patch(browser, url, CONTENT).status_code == 503
    finally:
        reception._turnstile.release(len(taken))
    assert sender.patch(browser, url, CONTENT).status_code == 204


def test_a_full_disk_keeps_what_is_safe_and_says_so(
    browser: Browser, world: World, session: Session, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    kinds = {"folder": unfinished.LocalArriving, "bucket": parts.S3Arriving}
    write = kinds[place].write
    written: list[int] = []

    def full(arriving: object, chunk: bytes) -> None:
        if sum(written) >= 120_000:
            raise storage.StorageFull(errno.ENOSPC, "no room")
        written.append(len(chunk))
        write(arriving, chunk)  # type: ignore[arg-type]

    browser.sign_in(world.an)
    url = sender.begun(browser)
    with monkeypatch.context() as patched:
        patched.setattr(stretch, "CHUNK_BYTES", 10_000)
        patched.setattr(kinds[place], "write", full)
        answer = sender.patch(browser, url, CONTENT)
    assert answer.status_code == 507
    assert answer.text.startswith("Máy chủ hết chỗ chứa")
    assert sender.offset(browser, url) == 120_000
    assert sender.patch(browser, url, CONTENT[120_000:], 120_000).status_code == 204
    assert session.exec(select(Upload.sha256)).one() == SHA256


# --- the form ---


def test_several_files_with_one_form(app: Flask, browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    names = ["Một.pdf", "Hai.txt", "Ba.pdf"]
    contents = [CONTENT, samples.TEXT, samples.PNG]
    urls = [sender.begun(browser, len(c), name=n) for n, c in zip(names, contents, strict=True)]
    for url, content in zip(urls, contents, strict=True):
        assert sender.patch(browser, url, content).status_code == 204
    ids = [sender.id_of(url) for url in urls]
    answer = browser.post(desk.action(browser), data={**sender.form(""), "upload": ids})
    assert answer.status_code == 422
    assert "Tệp ghi là .pdf nhưng bên trong là PNG." in answer.text
    assert set(session.exec(select(Evidence.title)).all()) == {"Một", "Hai"}
    assert session.exec(select(Upload.name)).all() == ["Ba.pdf"]
    session.commit()
    assert sender.delete(browser, urls[2]).status_code == 204
    nothing_waits(app, session)


def test_pressed_twice_it_is_one_piece(browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    url = sender.begun(browser)
    sender.patch(browser, url, CONTENT)
    action, told = desk.action(browser), sender.form(sender.id_of(url))
    assert [browser.post(action, data=told).status_code for _ in range(2)] == [303, 303]
    assert len(session.exec(select(Evidence)).all()) == 1


def test_an_unfinished_file_is_no_evidence(browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    url = sender.begun(browser)
    sender.patch(browser, url, CONTENT[:HALF])
    answer = browser.post(desk.action(browser), data=sender.form(sender.id_of(url)))
    assert answer.status_code == 422
    assert "Tệp Báo cáo.pdf chưa tải lên xong." in answer.text
    assert "Chọn lại đúng tệp này để tải tiếp." in answer.text
    assert session.exec(select(Evidence)).all() == []


def test_files_of_others_are_no_evidence(browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    url = sender.begun(browser)
    sender.patch(browser, url, CONTENT)
    for who in ("anh", "bao"):
        browser.sign_in(getattr(world, who))
        browser.post(desk.action(browser), data=sender.form(sender.id_of(url)))
    assert session.exec(select(Evidence)).all() == []
    assert session.exec(select(Upload.sha256)).all() == [SHA256]


def test_a_locked_application_keeps_the_upload(app: Flask, browser: Browser, world: World, session: Session) -> None:
    application = world.application()
    browser.sign_in(world.an)
    page = "?ref=HS-2026-0001&criterion=TN-01"
    url = sender.begun(browser, url=sender.endpoint(browser, page))
    sender.patch(browser, url, CONTENT)
    action = desk.action(browser, f"/evidence/new{page}")
    application.state = State.IN_REVIEW
    session.add(application)
    session.commit()
    assert browser.post(action, data=sender.form(sender.id_of(url))).status_code == 409
    assert rows(app, select(Evidence)) == []
    assert list(app.extensions["storage"].names()) == []
    assert browser.post(desk.action(browser), data=sender.form(sender.id_of(url))).status_code == 303
    assert list(app.extensions["storage"].names()) == [SHA256]


def test_an_upload_whose_last_answer_was_lost_is_complete(browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    url = sender.begun(browser)
    sender.patch(browser, url, CONTENT)
    with sender.held(session, sha256=""):  # the process ended before it had the hash
        assert sender.patch(browser, url, b"", len(CONTENT)).status_code == 204
    assert session.exec(select(Upload.sha256)).one() == SHA256


def nothing_waits(app: Flask, session: Session) -> None:
    """Neither rows nor bytes of uploads."""
    session.rollback()
    assert rows(app, select(Upload)) == []
    assert list(app.extensions["storage"].unfinished.begun()) == []


def dashed(headers: dict[str, str]) -> dict[str, str]:
    """Header names as they are sent."""
    return {name.replace("_", "-"): value for name, value in headers.items()}


def uuid(url: str) -> str:
    """The id in an address."""
    return sender.id_of(url)
