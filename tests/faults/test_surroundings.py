"""Database, disk, storage, mail and scanner are away, full, slow or lie: said in words, healed without a restart."""

import errno
import io
import logging
import os
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from moto import mock_aws
from sqlalchemy import text
from sqlmodel import Session, select

from assessments.models import Evidence, StoredFile, Upload
from assessments.states import State
from registry import db, fsck, identity, jobs, storage
from registry.mail import outbox, transport
from registry.mail.models import Letter
from registry.scanner import Patience, Scanner, Unreachable
from registry.storage import Corrupt, LocalStorage, S3Storage, StorageAway, genuine, s3
from tests import mailbox
from tests.conftest import Browser
from tests.faults import breaking
from tests.faults.breaking import NOTHING_SAVED, PERHAPS_SAVED, TYPED, heals, marking, says
from tests.racing import Files, Hand, everything_agrees
from tests.registry.evidence import desk, samples, sender
from tests.rows import rows
from tests.world import World

AWAY, FULL = "Trang đang bảo trì", "Máy chủ hết chỗ chứa"
OTHERS = "không còn đúng từng byte"


@pytest.fixture
def ref(world: World) -> str:
    """A file that Dũng reviews."""
    return Files(world, State.IN_REVIEW, scored=True).write(1)[0]


@pytest.fixture
def hand(app: Flask, world: World, ref: str) -> Hand:
    """Dũng's browser, on a page of that file."""
    return Hand(app, world.dung)


@pytest.fixture
def sqlite(app: Flask) -> Path:
    """The file of the database."""
    engine = app.extensions["engine"]
    if engine.dialect.name != "sqlite":
        pytest.skip("a file is SQLite's")
    return Path(engine.url.database)


@pytest.fixture
def postgres(app: Flask) -> Any:
    """The engine of a PostgreSQL server."""
    engine = app.extensions["engine"]
    if engine.dialect.name != "postgresql":
        pytest.skip("a server is PostgreSQL's")
    return engine


# The database


def test_a_database_that_others_hold_is_waited_for_and_then_said(app: Flask, hand: Hand, ref: str) -> None:
    with breaking.locked(app.extensions["engine"]):
        says(marking(hand, ref), 503, AWAY, NOTHING_SAVED, TYPED)
        assert hand.browser.get(f"/reviews/{ref}").status_code == 200  # who only reads is not held up
    heals(app, hand, ref)


def test_a_database_that_takes_nothing_more_is_said(app: Flask, hand: Hand, ref: str) -> None:
    only = breaking.every_connection(
        app.extensions["engine"], "PRAGMA query_only=ON", "SET default_transaction_read_only = on"
    )
    with only:
        says(marking(hand, ref), 503, AWAY, NOTHING_SAVED, TYPED)
        assert hand.browser.get(f"/reviews/{ref}").status_code == 200
    heals(app, hand, ref)


def test_a_database_without_room_is_said(app: Flask, hand: Hand, ref: str, sqlite: Path) -> None:
    """On PostgreSQL: tests/test_vendor_troubles.py, for every form of a company."""
    with breaking.every_connection(app.extensions["engine"], "PRAGMA max_page_count=1"):  # as few as it has
        answer = marking_much(hand, ref)
        says(answer, 507, FULL, NOTHING_SAVED)
        assert hand.browser.get(f"/reviews/{ref}").status_code == 200
    heals(app, hand, ref)


def marking_much(hand: Hand, ref: str) -> Any:
    """A text that needs pages of its own."""
    fields = {"csrf_token": hand.token, "mark": "2", "rationale": TYPED * 60, "version": "1", "then": "stay"}
    return hand.browser.post(f"/reviews/{ref}/scores/TN-05", data=fields)


def test_a_database_that_was_moved_away_is_said_and_never_made_anew(
    app: Flask, hand: Hand, ref: str, sqlite: Path
) -> None:
    aside = sqlite.with_suffix(".aside")
    sqlite.rename(aside)
    says(marking(hand, ref), 503, AWAY, NOTHING_SAVED, TYPED)
    says(hand.browser.get(f"/reviews/{ref}"), 503, AWAY)
    assert hand.browser.get("/readyz").json["checks"]["database"] is False
    assert not sqlite.exists()
    aside.rename(sqlite)
    heals(app, hand, ref)


def test_a_database_put_in_the_place_of_another_is_the_one_that_is_used(
    app: Flask, hand: Hand, ref: str, sqlite: Path
) -> None:
    """What a process acknowledges goes into the file that is there, not into one that nobody will find."""
    copy = sqlite.with_suffix(".copy")
    with closing(app.extensions["engine"].raw_connection()) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    assert marking(hand, ref).status_code == 302
    copy.replace(sqlite)
    for left in ("-wal", "-shm"):
        Path(f"{sqlite}{left}").unlink(missing_ok=True)
    heals(app, hand, ref)  # the mark of before is not in this one: it is taken as the first


def test_a_broken_file_is_said(app: Flask, hand: Hand, ref: str, sqlite: Path) -> None:
    aside, other = sqlite.with_suffix(".aside"), sqlite.with_suffix(".other")
    app.extensions["engine"].dispose()
    sqlite.rename(aside)
    other.write_bytes(b"no database" * 1000)
    other.rename(sqlite)
    says(marking(hand, ref), 503, AWAY, NOTHING_SAVED, TYPED)
    aside.replace(sqlite)
    heals(app, hand, ref)


def test_a_line_that_is_cut_is_said_and_another_taken(app: Flask, hand: Hand, ref: str, postgres: Any) -> None:
    def cut(cursor: Any) -> None:
        with postgres.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": cursor.connection.info.backend_pid})

    with breaking.before_statement(postgres, "UPDATE score", cut):
        says(marking(hand, ref), 503, AWAY, NOTHING_SAVED, TYPED)
    heals(app, hand, ref)


def test_a_line_that_is_cut_at_the_commit_leaves_it_open_whether_it_was_written(
    app: Flask, hand: Hand, ref: str, postgres: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, cut = Session.commit, []

    def cutting(session: Session) -> None:
        if not cut and hand.token:
            cut.append(session.connection().connection.info)
            pid = session.connection().connection.driver_connection.info.backend_pid
            with postgres.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        commit(session)

    with monkeypatch.context() as patch:
        patch.setattr(Session, "commit", cutting)
        says(marking(hand, ref), 503, AWAY, PERHAPS_SAVED, TYPED)
    heals(app, hand, ref)


def test_a_statement_that_hangs_is_ended(
    app: Flask, hand: Hand, ref: str, postgres: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "STATEMENT_WAIT", 0.1)
    monkeypatch.setattr(db, "POSTGRES", {"options": ""})
    url = postgres.url.render_as_string(hide_password=False)
    engine, app.extensions["engine"] = app.extensions["engine"], db.open_engine(url)
    with closing(engine.connect()) as holder:
        holder.execute(text("LOCK TABLE application, review IN EXCLUSIVE MODE"))
        says(marking(hand, ref), 503, AWAY, NOTHING_SAVED, TYPED)
        holder.rollback()
    app.extensions["engine"].dispose()
    app.extensions["engine"] = engine
    heals(app, hand, ref)


@pytest.mark.parametrize("how", ["gone", "deaf"])
def test_a_server_that_is_gone_or_says_nothing_is_not_waited_for(
    app: Flask, hand: Hand, ref: str, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """The address of a PostgreSQL server where nobody answers, on either database."""
    monkeypatch.setitem(db.POSTGRES, "connect_timeout", 2)  # the least that the driver knows
    engine = app.extensions["engine"]
    with breaking.deaf() as port:
        place = port if how == "deaf" else 9
        app.extensions["engine"] = db.open_engine(f"postgresql+psycopg://nobody:x@127.0.0.1:{place}/none")
        answer = marking(hand, ref)
        app.extensions["engine"].dispose()
    app.extensions["engine"] = engine
    says(answer, 503, AWAY, NOTHING_SAVED, TYPED)
    heals(app, hand, ref)


def test_more_requests_than_connections_wait_and_are_told(app: Flask, hand: Hand, ref: str) -> None:
    engine = app.extensions["engine"].execution_options(reading=True)
    pool = engine.pool
    pool._timeout, before = 0.05, pool._timeout
    held = [engine.connect() for _ in range(pool.size() + pool._max_overflow)]
    read_at, known = app.extensions[identity.KEPT]
    app.extensions[identity.KEPT] = (read_at - identity.SECONDS - 1, known)  # the page of the error asks who we are
    says(marking(hand, ref), 503, AWAY, NOTHING_SAVED, TYPED)
    for one in held:
        one.close()
    pool._timeout = before
    heals(app, hand, ref)


def test_the_worker_goes_on_when_the_database_is_back(
    app: Flask, world: World, sqlite: Path, caplog: pytest.LogCaptureFixture
) -> None:
    aside = sqlite.with_suffix(".aside")
    world.session.close()
    sqlite.rename(aside)
    with app.app_context():
        said = jobs.careful_turn()
        assert jobs.careful_turn(said) == said
        aside.rename(sqlite)
        assert jobs.careful_turn(said) == ""
    assert caplog.messages.count("the database does not answer: OperationalError") == 1


# Disk and storage


def fails(number: int) -> Any:
    """What the disk says."""

    def fail(*_whatever: Any) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize(("number", "code", "word"), [(errno.EIO, 503, AWAY), (errno.ENOSPC, 507, FULL)])
def test_bytes_that_do_not_reach_the_disk_are_not_taken(
    app: Flask, world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch, number: int, code: int, word: str
) -> None:
    browser.sign_in(world.an)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fails(number))
        answer = desk.send(browser)
        assert (answer.status_code, word in answer.text) == (code, True)
    assert rows(app, select(Evidence)) == []
    assert desk.stored(app) == []
    assert desk.send(browser).status_code == 303
    everything_agrees(app)


@pytest.mark.parametrize(("number", "code"), [(errno.EIO, 503), (errno.ENOSPC, 507)])
def test_a_stretch_that_does_not_reach_the_disk_does_not_count(
    app: Flask, world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch, number: int, code: int
) -> None:
    browser.sign_in(world.an)
    url = sender.begun(browser)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fails(number))
        assert sender.patch(browser, url, sender.CONTENT).status_code == code
    assert sender.offset(browser, url) == 0
    assert sender.patch(browser, url, sender.CONTENT).status_code == 204
    assert [one.received for one in rows(app, select(Upload))] == [len(sender.CONTENT)]
    everything_agrees(app)


def test_a_full_log_stops_nothing(app: Flask, hand: Hand, ref: str) -> None:
    class Full(io.StringIO):
        def write(self, _text: str) -> int:
            raise OSError(errno.ENOSPC, "no room")

    handler = logging.StreamHandler(Full())
    logging.getLogger().addHandler(handler)
    try:
        with breaking.locked(app.extensions["engine"]):
            says(marking(hand, ref), 503, AWAY, TYPED)
        heals(app, hand, ref)
    finally:
        logging.getLogger().removeHandler(handler)


@pytest.fixture
def kept(app: Flask, world: World, browser: Browser) -> StoredFile:
    """A file of Hạt Nắng, and the browser of its owner."""
    browser.sign_in(world.an)
    assert desk.send(browser).status_code == 303
    return rows(app, select(StoredFile))[0]


def address(app: Flask) -> str:
    """Where the file is read."""
    return f"/evidence/{rows(app, select(Evidence.id))[0]}/file"


def content(app: Flask, browser: Browser) -> bytes:
    """What is read there."""
    with closing(browser.get(address(app))) as answer:
        assert answer.status_code == 200
        found: bytes = answer.data
    return found


def place(app: Flask, file: StoredFile) -> Path:
    """Where its bytes are."""
    return Path(app.extensions["storage"].root) / "files" / file.sha256[:2] / file.sha256


LIES = {
    "one bit": lambda whole: whole[:100] + bytes([whole[100] ^ 1]) + whole[101:],
    "cut short": lambda whole: whole[:-1],
    "empty": lambda _whole: b"",
    "another file": lambda _whole: b"%PDF-1.7 another",
}


@pytest.mark.parametrize("lie", LIES.values(), ids=list(LIES))
def test_bytes_that_are_not_what_was_received_are_found_and_never_given_out(
    app: Flask, browser: Browser, kept: StoredFile, lie: Any
) -> None:
    path = place(app, kept)
    whole = path.read_bytes()
    assert content(app, browser) == whole  # found right once: what is written later is looked at again
    before = path.stat()
    path.write_bytes(lie(whole))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    for headers in ({}, {"Range": "bytes=0-9"}):
        answer = browser.get(address(app), headers=headers)
        says(answer, 503, OTHERS)
        assert whole[:10] not in answer.data
    with app.app_context():
        assert [kept.sha256 in one for one in fsck.findings(fsck.Asked(grace=timedelta(0)))] == [True]
    path.write_bytes(whole)
    assert content(app, browser) == whole
    everything_agrees(app)


def test_a_storage_that_is_not_mounted_is_said_and_nothing_is_written_beside_it(
    app: Flask, browser: Browser, kept: StoredFile
) -> None:
    url = sender.begun(browser)
    root = Path(app.extensions["storage"].root)
    aside = root.with_name("aside")
    root.rename(aside)
    root.mkdir()
    says(browser.get(address(app)), 503, AWAY)
    says(browser.post(desk.action(browser), data=desk.filled(samples.PDF + b"2")), 503, AWAY)
    assert sender.patch(browser, url, sender.CONTENT).status_code == 503
    assert browser.get("/readyz").json["checks"]["storage"] is False
    assert list(root.iterdir()) == []
    root.rmdir()
    aside.rename(root)
    assert content(app, browser)
    assert browser.get("/readyz").json["checks"]["storage"] is True
    assert sender.patch(browser, url, sender.CONTENT).status_code == 204
    everything_agrees(app)


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """What boto3 wants to have found, and nothing of the machine's own."""
    for name, value in {"ACCESS_KEY_ID": "x", "SECRET_ACCESS_KEY": "x", "DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)


@pytest.mark.parametrize("how", ["gone", "deaf"])
def test_a_bucket_that_does_not_answer_is_said(
    app: Flask,
    browser: Browser,
    kept: StoredFile,
    credentials: None,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    how: str,
) -> None:
    monkeypatch.setattr(s3, "WAIT", {"connect_timeout": 0.2, "read_timeout": 0.2})
    monkeypatch.setattr(s3, "TRIES", {"total_max_attempts": 1})
    local = app.extensions["storage"]
    with breaking.deaf() as port:
        endpoint = f"http://127.0.0.1:{port if how == 'deaf' else 9}"
        app.extensions["storage"] = S3Storage("files", "", tmp_path / "spool", {"endpoint": endpoint})
        says(browser.get(address(app)), 503, AWAY)
        says(browser.post(desk.action(browser), data=desk.filled(samples.PDF + b"2")), 503, AWAY)
        assert browser.get("/readyz").json["checks"]["storage"] is False
    app.extensions["storage"] = local
    assert len(rows(app, select(Evidence))) == 1
    assert list((tmp_path / "spool").iterdir()) == []
    assert content(app, browser)
    everything_agrees(app)


def test_a_bucket_that_lies_is_found(credentials: None, tmp_path: Path) -> None:
    with mock_aws():
        bucket = storage.open_storage("s3://files", tmp_path)
        assert isinstance(bucket, S3Storage)
        bucket.client.create_bucket(Bucket="files")
        with bucket.begin() as incoming:
            incoming.write(b"as it was received")
            sha256, _size = incoming.keep()
        with genuine.opened(bucket, sha256) as source:
            assert source.read() == b"as it was received"
        bucket.client.put_object(Bucket="files", Key=bucket.key(sha256), Body=b"as it was received.")
        with pytest.raises(Corrupt):
            genuine.opened(bucket, sha256)


def test_one_missing_file_is_no_missing_storage(tmp_path: Path) -> None:
    folder = LocalStorage(tmp_path / "files")
    with pytest.raises(StorageAway):
        folder.open("a" * 64)
    with folder.begin() as incoming:
        incoming.write(b"1")
        incoming.keep()
    with pytest.raises(FileNotFoundError):
        folder.open("a" * 64)


# Mail and the scanner


@pytest.fixture
def three(app: Flask, session: Session) -> list[Letter]:
    """Three letters that are due."""
    for number in range(3):
        session.add(Letter(event=f"{number}", recipient=f"{number}@club.example", subject="Thư", body="Thư."))
    session.commit()
    return rows(app, select(Letter))


def by_mail(app: Flask, url: str) -> None:
    """A turn of the letters with another mail server."""
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], mail_url=url)
    with app.app_context():
        jobs.send_letters()


def tries(app: Flask) -> list[tuple[int, bool]]:
    """How often each letter was tried, and whether it has left."""
    return sorted((one.attempts, one.sent_at is not None) for one in rows(app, select(Letter)))


@pytest.mark.parametrize("kind", ["smtp", "smtps", "smtp+starttls"])
@pytest.mark.parametrize("how", ["deaf", "dripping"])
def test_a_mail_server_that_hangs_keeps_one_letter_and_no_lock(
    app: Flask, three: list[Letter], monkeypatch: pytest.MonkeyPatch, kind: str, how: str
) -> None:
    monkeypatch.setattr(transport, "TIMEOUT", 0.2)
    monkeypatch.setattr(transport, "WHOLE", 0.3)
    deliver = transport.Smtp.send
    free: list[bool] = []

    def looking(carrier: transport.Smtp, message: Any) -> None:
        engine = app.extensions["engine"]
        hasty = breaking.every_connection(engine, "PRAGMA busy_timeout=0", "SET lock_timeout = '1ms'")
        with hasty, Session(engine) as other:  # somebody else writes meanwhile, and waits for nothing
            for letter in other.exec(select(Letter).with_for_update()):
                other.add(letter)
            other.commit()
        free.append(True)
        deliver(carrier, message)

    monkeypatch.setattr(transport.Smtp, "send", looking)
    with breaking.deaf() if how == "deaf" else breaking.dripping(b"220 ") as port:
        by_mail(app, f"{kind}://127.0.0.1:{port}")
    assert free == [True]
    assert tries(app) == [(0, False), (0, False), (1, False)]
    monkeypatch.setattr(transport.Smtp, "send", deliver)
    soon(app)
    with mailbox.opened() as box:
        by_mail(app, box.url)
        assert sorted(message["To"] for message in box.messages) == [f"{n}@club.example" for n in range(3)]
    assert tries(app) == [(1, True), (1, True), (2, True)]


def soon(app: Flask) -> None:
    """Some time later."""
    with Session(app.extensions["engine"]) as session:
        for letter in session.exec(select(Letter)):
            letter.due_at = letter.written_at
            session.add(letter)
        session.commit()


def test_one_letter_that_is_refused_holds_up_no_other(app: Flask, three: list[Letter]) -> None:
    with mailbox.opened() as box:
        box.refusing = True
        by_mail(app, box.url)
    assert tries(app) == [(1, False)] * 3


def test_a_letter_that_a_killed_worker_held_goes_out_when_its_lease_is_over(app: Flask, three: list[Letter]) -> None:
    with app.app_context(), db.writing() as session:
        taken = outbox.take(session)
        assert taken is not None
        assert taken.due_at - taken.written_at <= outbox.LEASE + timedelta(minutes=1)
    with mailbox.opened() as box:
        by_mail(app, box.url)
        assert len(box.messages) == 2
        soon(app)
        by_mail(app, box.url)
        assert len({message["Message-ID"] for message in box.messages}) == 3


@pytest.mark.parametrize("how", ["deaf", "dripping"])
def test_a_scanner_that_hangs_is_left(how: str) -> None:
    with breaking.deaf() if how == "deaf" else breaking.dripping(b"stream: ") as port:
        patience = Patience(connect=1, answer=0.2, whole=0.3)
        with pytest.raises(Unreachable):
            Scanner(f"tcp://127.0.0.1:{port}", patience).scan(io.BytesIO(b"a text"))
