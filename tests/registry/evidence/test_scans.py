"""Nobody reads a file before the scanner has passed it: waiting, clean, quarantined, and the scanner away."""

import logging
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from assessments import clock, corrections, scans
from assessments.clock import now
from assessments.errors import NotReady
from assessments.models import Answer, AnswerEvidence, Application, Evidence, EvidenceAccess, Finding, StoredFile
from assessments.states import ScanState, ScanTrouble, Severity, State
from registry import fsck, jobs, scanner
from registry.config import Settings
from registry.evidence.scans import erase_harmful, scan_files
from registry.scanner import Patience, Scanner
from tests import clamd, drafting
from tests.clamd import Clamd
from tests.conftest import Browser
from tests.registry.evidence import desk, samples
from tests.registry.test_scanner import server
from tests.rows import letters, row, rows
from tests.world import World

HARMFUL = f"Ghi chú\n{clamd.HARMFUL}\n".encode()
REF = "HS-2026-0001"


@pytest.fixture(scope="module")
def running() -> Iterator[Clamd]:
    """A clamd for the tests of this file."""
    with clamd.installed() as made:
        made.start()
        yield made


@pytest.fixture
def scanned(app: Flask) -> Callable[[str], None]:
    """Points the site at a scanner, as CLAMD_URL would."""

    def point(url: str) -> None:
        settings: Settings = app.config["SETTINGS"]
        app.config["SETTINGS"] = replace(settings, clamd_url=url)

    return point


def upload(browser: Browser, content: bytes = samples.TEXT, page: str = "/evidence/new", **fields: str) -> None:
    """Send a text."""
    assert desk.send(browser, content, name="ghi-chu.txt", page=page, **fields).status_code == 303


def work(app: Flask) -> None:
    """One turn of the worker, at a time when everything is due."""
    with app.app_context():
        jobs.turn()


def file_of(app: Flask) -> StoredFile:
    """The one file."""
    found: StoredFile = row(app, select(StoredFile))
    return found


def due_now(session: Session) -> None:
    """The wait of a file is over."""
    for file in session.exec(select(StoredFile)).all():
        file.scan_due_at = now() - timedelta(seconds=1)
        session.add(file)
    session.commit()


def status_of(app: Flask, browser: Browser) -> int:
    """What the company gets when it opens its one file."""
    evidence_id = row(app, select(Evidence.id))
    return browser.get(f"/evidence/{evidence_id}/file", buffered=True).status_code


def test_without_a_scanner_a_file_is_read_at_once(app: Flask, browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    upload(browser)
    work(app)
    assert file_of(app).scan is ScanState.UNSCANNED
    assert status_of(app, browser) == 200


def test_a_clean_file_waits_and_is_then_read(
    app: Flask, browser: Browser, world: World, session: Session, running: Clamd, scanned: Callable[[str], None]
) -> None:
    scanned(running.unix)
    browser.sign_in(world.an)
    upload(browser)
    assert file_of(app).scan is ScanState.WAITING
    assert status_of(app, browser) == 409
    assert rows(app, select(EvidenceAccess)) == []
    page = browser.get("/evidence").text
    assert "Đang quét mã độc, chưa mở được" in page
    assert "/file" not in page
    work(app)
    found = file_of(app)
    assert (found.scan, found.scan_trouble, found.signature) == (ScanState.CLEAN, None, "")
    assert found.scanned_at is not None
    assert status_of(app, browser) == 200
    assert "quét mã độc" not in browser.get("/evidence").text


def test_a_harmful_file_is_shut_away_from_everybody(
    app: Flask,
    browser: Browser,
    world: World,
    session: Session,
    running: Clamd,
    scanned: Callable[[str], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    scanned(running.tcp)
    world.application()
    browser.sign_in(world.an)
    upload(browser, HARMFUL, page=f"/evidence/new?ref={REF}&criterion=TN-01")
    with caplog.at_level(logging.WARNING):
        work(app)
    found = file_of(app)
    assert (found.scan, found.signature) == (ScanState.QUARANTINED, f"{clamd.SIGNATURE}.UNOFFICIAL")
    assert f"found {clamd.SIGNATURE}" in caplog.text
    (told,) = letters(app, world.an.email)
    assert "“ghi-chu.txt”" in told.body
    assert clamd.SIGNATURE not in told.body
    (office,) = letters(app, app.config["SETTINGS"].office_email)
    assert f"{clamd.SIGNATURE}.UNOFFICIAL" in office.body
    assert status_of(app, browser) == 409
    evidence_id = row(app, select(Evidence.id))
    assert browser.get(f"/evidence/{REF}/{evidence_id}").status_code == 409
    for page in ("/evidence", f"/applications/{REF}/criteria/TN-01"):
        text = browser.get(page).text
        assert "Có dấu hiệu mã độc, không ai mở được" in text
        assert clamd.SIGNATURE not in text
        assert "/file" not in text
    assert rows(app, select(EvidenceAccess)) == []


def test_the_same_bytes_are_shut_away_in_every_library(
    app: Flask, browser: Browser, world: World, session: Session, running: Clamd, scanned: Callable[[str], None]
) -> None:
    browser.sign_in(world.bao)
    upload(browser, HARMFUL)
    scanned(running.tcp)
    browser.sign_in(world.an)
    upload(browser, HARMFUL)
    with app.app_context():
        assert scan_files() == 2
    assert set(rows(app, select(StoredFile.scan))) == {ScanState.QUARANTINED}


def test_files_from_before_the_scanner_are_scanned_when_it_comes(
    app: Flask, browser: Browser, world: World, running: Clamd, scanned: Callable[[str], None]
) -> None:
    browser.sign_in(world.an)
    upload(browser)
    scanned(running.tcp)
    work(app)
    assert file_of(app).scan is ScanState.CLEAN


def test_a_scanner_that_is_down_means_waiting_and_not_passing(
    app: Flask, browser: Browser, world: World, session: Session, scanned: Callable[[str], None]
) -> None:
    with clamd.installed() as away:
        scanned(away.tcp)
        browser.sign_in(world.an)
        upload(browser)
        before = now()
        for turn in range(2):
            due_now(session)
            work(app)
            found = file_of(app)
            assert (found.scan, found.scan_trouble) == (ScanState.WAITING, ScanTrouble.UNREACHABLE)
            assert found.scan_tries == turn + 1
            assert found.scan_due_at >= before + scans.BACKOFF[turn]
        assert status_of(app, browser) == 409
        assert "Đang chờ máy quét mã độc, chưa mở được" in browser.get("/evidence").text
        assert browser.get("/readyz").json["checks"]["scanner"] is False

        away.start()
        assert browser.get("/readyz").json["checks"]["scanner"] is True
        work(app)
        assert file_of(app).scan is ScanState.WAITING  # not due yet
        due_now(session)
        work(app)
        assert (file_of(app).scan, file_of(app).scan_trouble) == (ScanState.CLEAN, None)
        assert status_of(app, browser) == 200

        away.stop(signal.SIGKILL)
        upload(browser, samples.TEXT + b"more")
        work(app)
        assert set(rows(app, select(StoredFile.scan))) == {ScanState.CLEAN, ScanState.WAITING}


def test_where_no_scanner_is_set_up_nobody_asks_for_one(browser: Browser, world: World) -> None:
    assert "scanner" not in browser.get("/readyz").json["checks"]


def test_a_scanner_that_says_nothing_holds_up_one_file_and_no_other_work(
    app: Flask,
    browser: Browser,
    world: World,
    session: Session,
    scanned: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with server(None) as url:
        scanned(url)
        browser.sign_in(world.an)
        upload(browser)
        upload(browser, samples.TEXT + b"2")
        monkeypatch.setattr(scanner, "current", lambda: Scanner(url, Patience(0.2, 0.2)))
        work(app)
    assert sorted(rows(app, select(StoredFile.scan_tries))) == [0, 1]
    assert set(rows(app, select(StoredFile.scan))) == {ScanState.WAITING}


def test_a_file_larger_than_the_scanner_takes_waits_and_says_why(
    app: Flask, browser: Browser, world: World, session: Session, running: Clamd, scanned: Callable[[str], None]
) -> None:
    scanned(running.tcp)
    browser.sign_in(world.an)
    large = desk.keep(app, session, world.an, bytes(clamd.STREAM_MAX + 1000), name="ban-ghi.mp4")
    file = session.get_one(StoredFile, large.file_id)
    file.scan = ScanState.WAITING
    session.add(file)
    session.commit()
    upload(browser)
    work(app)
    found = {file.size > 100_000: file for file in rows(app, select(StoredFile))}
    assert (found[True].scan, found[True].scan_trouble) == (ScanState.WAITING, ScanTrouble.TOO_LARGE)
    assert found[True].scan_due_at > now() + scans.LATER - timedelta(minutes=5)
    assert found[False].scan is ScanState.CLEAN
    assert "Lớn hơn mức máy quét mã độc nhận" in browser.get("/evidence").text


def test_a_worker_killed_between_answer_and_row_scans_again(
    app: Flask,
    browser: Browser,
    world: World,
    running: Clamd,
    scanned: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scanned(running.tcp)
    browser.sign_in(world.an)
    upload(browser, HARMFUL)
    with monkeypatch.context() as killed:
        killed.setattr(scans, "shut_away", _killed)
        with pytest.raises(KeyboardInterrupt):
            work(app)
    assert file_of(app).scan is ScanState.WAITING
    work(app)
    assert file_of(app).scan is ScanState.QUARANTINED


def _killed(*_arguments: object) -> None:
    raise KeyboardInterrupt


def test_bytes_that_are_gone_do_not_stop_the_others(
    app: Flask, browser: Browser, world: World, session: Session, running: Clamd, scanned: Callable[[str], None]
) -> None:
    scanned(running.tcp)
    browser.sign_in(world.an)
    upload(browser)
    app.extensions["storage"].remove(file_of(app).sha256)
    work(app)
    assert file_of(app).scan is ScanState.WAITING


# --- handing in ---


def held(
    world: World, session: Session, scan: ScanState, trouble: ScanTrouble | None = None
) -> tuple[Application, StoredFile]:
    """A draft that is ready but for its file."""
    piece = drafting.file_piece(session, world)
    file = session.get_one(StoredFile, piece.file_id)
    file.scan, file.scan_trouble = scan, trouble
    session.add(file)
    session.commit()
    return drafting.ready(world, piece), file


@pytest.mark.parametrize(
    ("scan", "trouble", "words"),
    [
        (ScanState.WAITING, None, "Chờ quét mã độc xong tệp “Báo cáo độc lập” của TN-01."),
        (ScanState.WAITING, ScanTrouble.UNREACHABLE, "đang chờ máy quét mã độc hoạt động lại."),
        (ScanState.WAITING, ScanTrouble.TOO_LARGE, "lớn hơn mức máy quét mã độc nhận."),
        (ScanState.QUARANTINED, None, "Gỡ tệp “Báo cáo độc lập” khỏi TN-01: tệp có dấu hiệu mã độc."),
    ],
)
def test_nothing_is_handed_in_with_a_file_that_nobody_may_read(
    browser: Browser,
    world: World,
    session: Session,
    scan: ScanState,
    trouble: ScanTrouble | None,
    words: str,
) -> None:
    _application, file = held(world, session, scan, trouble)
    browser.sign_in(world.an)
    page = browser.get(f"/applications/{REF}/check").text
    assert words in page
    assert f'href="/applications/{REF}/criteria/TN-01?return=check"' in page
    answer = browser.press(f"/applications/{REF}/submit", page="/account")
    assert answer.status_code == 422
    assert words in answer.text

    file.scan, file.scan_trouble = ScanState.CLEAN, None
    session.add(file)
    session.commit()
    assert browser.press(f"/applications/{REF}/submit", page=f"/applications/{REF}/check").status_code == 302


def test_a_criterion_that_does_not_apply_holds_nothing_up(browser: Browser, world: World, session: Session) -> None:
    application = drafting.ready(world)
    piece = drafting.file_piece(session, world)
    file = session.get_one(StoredFile, piece.file_id)
    file.scan = ScanState.QUARANTINED
    answer = Answer(application_id=application.id, criterion="BC-02", claim="Có.")
    session.add_all([file, answer])
    session.flush()
    session.add(AnswerEvidence(answer_id=answer.id, evidence_id=piece.id))
    session.commit()
    assert "BC-02" not in drafting.codes(application)
    browser.sign_in(world.an)
    assert browser.press(f"/applications/{REF}/submit", page=f"/applications/{REF}/check").status_code == 302


def test_a_correction_waits_for_its_files_and_for_no_others(world: World, session: Session) -> None:
    application, file = held(world, session, ScanState.WAITING)
    application.state, application.edition_digest, application.correction_round = State.CORRECTION, "sha256:test", 1
    application.due_at = clock.deadline(14)
    finding = Finding(
        application_id=application.id,
        criterion="TN-01",
        severity=Severity.MINOR,
        text="Thiếu ngày.",
        raised_by=world.dung.id,
        correction_round=1,
        answer="Đã bổ sung.",
    )
    session.add_all([application, finding])
    session.commit()
    with pytest.raises(NotReady) as caught:
        corrections.answer_correction(session, world.an, application)
    assert [one.place for one in caught.value.missing] == ["answer:TN-01"]
    session.rollback()
    file.scan = ScanState.CLEAN
    session.add(file)
    session.commit()
    corrections.answer_correction(session, world.an, application)
    assert application.state is State.CONSENSUS


# --- afterwards ---


def test_harmful_bytes_go_after_a_week_and_the_row_stays(
    app: Flask, browser: Browser, world: World, session: Session, running: Clamd, scanned: Callable[[str], None]
) -> None:
    scanned(running.tcp)
    browser.sign_in(world.an)
    upload(browser, HARMFUL)
    work(app)
    with app.app_context():
        assert erase_harmful() == 0
    assert len(desk.stored(app)) == 1
    file = session.exec(select(StoredFile)).one()
    file.scanned_at = now() - scans.KEPT - timedelta(minutes=1)
    session.add(file)
    session.commit()
    work(app)
    assert desk.stored(app) == []
    gone = file_of(app)
    assert gone.erased_at is not None
    assert gone.scan is ScanState.QUARANTINED
    with app.app_context():
        assert list(fsck.findings(fsck.Asked(grace=timedelta(0)))) == []


def test_taking_a_harmful_file_out_of_the_library_keeps_its_row(
    app: Flask, browser: Browser, world: World, session: Session, running: Clamd, scanned: Callable[[str], None]
) -> None:
    scanned(running.tcp)
    browser.sign_in(world.an)
    upload(browser, HARMFUL)
    work(app)
    found = row(app, select(Evidence))
    assert browser.press(f"/evidence/{found.id}/remove", page="/account").status_code == 303
    assert row(app, select(Evidence)).removed_at is not None
    assert file_of(app).scan is ScanState.QUARANTINED
    assert len(desk.stored(app)) == 1


def test_fsck_tells_of_bytes_that_should_have_gone(app: Flask, world: World, session: Session) -> None:
    piece = desk.keep(app, session, world.an)
    file = session.get_one(StoredFile, piece.file_id)
    file.scan, file.scanned_at = ScanState.QUARANTINED, now() - scans.KEPT - timedelta(days=2)
    session.add(file)
    session.commit()
    with app.app_context():
        found = list(fsck.findings(fsck.Asked()))
    assert found == [f"File {file.sha256} was found harmful on {file.scanned_at:%Y-%m-%d} and is still there."]
