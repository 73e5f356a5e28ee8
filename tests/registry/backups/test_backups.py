"""Backups come back whole in an empty place, or are refused in words; whoever is killed leaves the older ones whole."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import boto3
import pytest
from flask import Flask
from moto import mock_aws
from sqlalchemy import text
from sqlmodel import Session, select

from assessments.models import StoredFile, Upload
from assessments.scans import ScanState
from registry import create_app, revisions
from registry.backups import copies, making, manifests, restoring, sealing, store
from registry.config import Settings
from registry.storage import open_storage
from tests.conftest import Browser
from tests.registry.backups.folders import another, key_file, run, said
from tests.registry.evidence import samples, sender
from tests.world import World


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the backups go."""
    return tmp_path / "backups"


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An S3 service that moto keeps in memory."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="registry")
        yield "s3://registry/files?region=us-east-1"


def name_of(app: Flask, folder: Path, *options: object) -> str:
    """Make a backup and return its name."""
    return said(app, "backup", "create", folder, *options)[0].split(":")[0]


def digests(app: Flask) -> list[str]:
    return said(app, "fsck", "--digest")


def blobs(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "blobs").rglob("*") if path.is_file())


def test_comes_back_in_another_place(full: Flask, settings: Settings, folder: Path, tmp_path: Path) -> None:
    before = digests(full)
    name = name_of(full, folder)
    with another(settings, tmp_path / "new") as restored:
        lines = said(restored, "backup", "restore", folder)
        assert lines == [f"{name} is restored. Now everything is checked.", "clean"]
        assert digests(restored) == before
        assert said(restored, "audit", "verify")
        assert restored.test_client().get("/readyz").status_code in {200, 400, 503}


def test_comes_back_into_a_bucket(small: Flask, settings: Settings, folder: Path, tmp_path: Path, bucket: str) -> None:
    before = digests(small)
    name_of(small, folder)
    with another(settings, tmp_path / "new", storage_url=bucket) as restored:
        assert said(restored, "backup", "restore", folder)[-1] == "clean"
        assert digests(restored) == before
    storage = open_storage(bucket, tmp_path / "spool")
    assert [storage.size(name) for name in storage.names()] == [len(samples.PDF)]


def test_writes_only_what_is_new(small: Flask, world: World, session: Session, folder: Path) -> None:
    first = said(small, "backup", "create", folder)
    assert first[0].endswith(": the database and 1 files, 1 of them new.")
    (file,) = [path for path in blobs(folder) if path.stat().st_size == len(samples.PDF)]
    written = file.stat().st_mtime_ns
    assert said(small, "backup", "create", folder)[0].endswith("and 1 files, 0 of them new.")
    assert file.stat().st_mtime_ns == written
    assert len(said(small, "backup", "list", folder)) == 2
    assert [line.split(": ")[1] for line in said(small, "backup", "verify", folder)] == ["whole", "whole"]


def test_says_what_to_keep_apart_and_takes_no_private_key(small: Flask, folder: Path) -> None:
    result = run(small, "backup", "create", folder)
    for name in ("SECRET_KEY", "ENCRYPTION_KEY", "CONCERN_KEY", "KEYS_DIR"):
        assert name in result.stderr
    assert all(b"PRIVATE KEY" not in path.read_bytes() for path in folder.rglob("*") if path.is_file())
    refused = run(small, "backup", "create", folder, "--with-private-keys")
    assert (refused.exit_code, "sealed backup only" in refused.stderr) == (1, True)
    assert folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.rglob("*"))


def test_sealed_with_a_key_file(small: Flask, settings: Settings, folder: Path, tmp_path: Path) -> None:
    key = key_file(tmp_path)
    before = digests(small)
    name_of(small, folder, "--key-file", key, "--with-private-keys")
    held = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for canary in (samples.PDF[:40], b"SQLite format 3", b"PRIVATE KEY", b"@hat-nang", b"made_at"):
        assert canary not in held
    with Session(small.extensions["engine"]) as session:
        plain = session.exec(select(StoredFile.sha256)).one()
    assert plain not in {path.name for path in blobs(folder)}  # no name tells which files there are
    keys = tmp_path / "new" / "keys"
    with another(settings, tmp_path / "new", keys_dir=str(keys)) as restored:
        assert run(restored, "backup", "restore", folder).exit_code == 1
        lines = said(restored, "backup", "restore", folder, "--key-file", key)
        assert lines[-1] == "clean"
        assert sum(line.endswith("was restored.") for line in lines) == len(list(keys.glob("*.pem"))) > 0
        assert digests(restored) == before


def test_sealed_with_a_passphrase(small: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "COST", {"n": 2**10, "r": 8, "p": 1})
    monkeypatch.setenv("BACKUP_PASSPHRASE", "đèn nhà lúa xanh 2026")
    name_of(small, folder, "--passphrase")
    assert said(small, "backup", "verify", folder, "--passphrase")[0].endswith(": whole")
    monkeypatch.setenv("BACKUP_PASSPHRASE", "đèn nhà lúa xanh 2027")
    assert "That is not the key" in run(small, "backup", "verify", folder, "--passphrase").stderr
    monkeypatch.setenv("BACKUP_PASSPHRASE", "ngắn")
    assert "at least 16 characters" in run(small, "backup", "verify", folder, "--passphrase").stderr
    assert "give its key with --passphrase" in run(small, "backup", "verify", folder).stderr


def test_a_key_that_others_can_read_is_refused(small: Flask, folder: Path, tmp_path: Path) -> None:
    key = key_file(tmp_path)
    key.chmod(0o644)
    assert "set it to 0600" in run(small, "backup", "create", folder, "--key-file", key).stderr
    key.chmod(0o600)
    short = key_file(tmp_path, "short")
    assert "less than 32 bytes" in run(small, "backup", "create", folder, "--key-file", short).stderr


@pytest.mark.parametrize("is_sealed", [False, True])
def test_what_was_cut_or_changed_is_found_and_never_restored(
    small: Flask, settings: Settings, folder: Path, tmp_path: Path, *, is_sealed: bool
) -> None:
    options = ("--key-file", key_file(tmp_path)) if is_sealed else ()
    name_of(small, folder, *options)
    (manifest,) = (folder / "manifests").iterdir()
    whole = {path: path.read_bytes() for path in (manifest, *blobs(folder))}
    with another(settings, tmp_path / "new") as restored:
        for path, content in whole.items():
            middle = len(content) // 2
            changed = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
            for wrong in (content[:-1], content[:middle], b"", changed, content + b"x"):
                path.write_bytes(wrong)
                lines = said(small, "backup", "verify", folder, *options, code=1)
                assert any("cut" in line or "changed" in line or "not whole" in line for line in lines), (path, lines)
            refused = run(restored, "backup", "restore", folder, *options)
            assert (refused.exit_code, "Traceback" in refused.output) == (1, False)
            path.write_bytes(content)
        assert list(restored.extensions["storage"].names()) == []
        assert said(restored, "backup", "restore", folder, *options)[-1] == "clean"


def test_a_newer_backup_is_refused(small: Flask, settings: Settings, folder: Path, tmp_path: Path) -> None:
    name_of(small, folder)
    with small.app_context():
        kept = store.open_store(folder, store.Key())
        head = manifests.require_whole(kept, kept.manifests()[0])
        newer = replace(head, revision="9999")
        kept.write_manifest("9999-newer", manifests.lines(newer, iter(())))
    result = run(small, "backup", "verify", folder, "9999-newer")
    assert (result.exit_code, "made by a newer version" in result.output) == (1, True)
    with another(settings, tmp_path / "new") as restored:
        assert "made by a newer version" in run(restored, "backup", "restore", folder).stderr
        (folder / "store.json").write_text('{"format": 2, "sealed": null}')
        assert "written by a newer version" in run(restored, "backup", "restore", folder).stderr


def test_a_place_that_is_not_empty_is_refused(small: Flask, settings: Settings, folder: Path, tmp_path: Path) -> None:
    name_of(small, folder)
    assert "The database is not empty" in run(small, "backup", "restore", folder).stderr
    with another(settings, tmp_path / "new") as restored:
        with restored.extensions["storage"].begin() as incoming:
            incoming.write(b"somebody else's")
            incoming.keep()
        assert "The storage is not empty" in run(restored, "backup", "restore", folder).stderr
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").touch()
    assert "holds something else" in run(small, "backup", "create", tmp_path / "other").stderr
    assert "There are no backups" in run(small, "backup", "restore", tmp_path / "nowhere").stderr
    assert "There is no backup nonsense" in run(small, "backup", "restore", folder, "nonsense").stderr
    assert "There is no backup" in run(small, "backup", "restore", folder, "../store.json").stderr


def test_an_older_backup_is_brought_to_this_version(
    small: Flask, settings: Settings, folder: Path, tmp_path: Path
) -> None:
    if small.extensions["engine"].dialect.name != "sqlite":
        pytest.skip("the downgrade would meet the other tests' tables")
    older, engine = revisions.known()[-2], small.extensions["engine"]
    said(small, "db", "downgrade", older)
    (file,) = small.extensions["storage"].names()
    made = tmp_path / "older.db"
    copies._copy_sqlite(engine, made)
    kept, pdf = store.open_store(folder, store.Key(), create=True), manifests.Held(file, len(samples.PDF))
    kept.put(file, pdf.size, iter([samples.PDF]))
    sha256, size = copies.hash_of(made)
    kept.put(sha256, size, copies.pieces(made))
    told = {"kind": "sqlite", "sha256": sha256, "size": size}
    head = manifests.Head("2026-01-01T00:00:00+00:00", older, told, "sha256:of that version", "", [])
    kept.write_manifest("2026-01-01", manifests.lines(head, iter([pdf])))
    with another(settings, tmp_path / "new") as restored:
        assert said(restored, "backup", "restore", folder)[-1] == "clean"
        assert revisions.found(restored.extensions["engine"]) == revisions.head()
        with Session(restored.extensions["engine"]) as session:
            assert len(session.exec(select(StoredFile)).all()) == 1


def test_uploads_under_way_are_left_behind(
    small: Flask, browser: Browser, world: World, settings: Settings, folder: Path, tmp_path: Path
) -> None:
    browser.sign_in(world.an)
    sender.patch(browser, sender.begun(browser), sender.CONTENT[:1000])
    name_of(small, folder)
    with another(settings, tmp_path / "new") as restored:
        assert said(restored, "backup", "restore", folder)[-1] == "clean"
        with Session(restored.extensions["engine"]) as session:
            assert session.exec(select(Upload)).all() == []


def test_a_file_that_was_lost_before_is_told(small: Flask, settings: Settings, folder: Path, tmp_path: Path) -> None:
    (lost,) = small.extensions["storage"].names()
    small.extensions["storage"].remove(lost)
    assert said(small, "backup", "create", folder, code=1)[-1] == "1 files were lost before: run fsck."
    with another(settings, tmp_path / "new") as restored:
        lines = said(restored, "backup", "restore", folder, code=1)
        assert f"File {lost} was lost before this backup was made." in lines


def test_a_file_erased_meanwhile_makes_it_begin_anew(
    small: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, storage = making.copies.take, small.extensions["storage"]
    tries = []

    def erasing(engine, work):
        copy = take(engine, work)
        if not tries:
            with Session(engine) as session:
                file = session.exec(select(StoredFile)).one()
                storage.remove(file.sha256)
                file.scan, file.scanned_at, file.erased_at = ScanState.QUARANTINED, making.now(), making.now()
                session.add(file)
                session.commit()
        tries.append(copy.sha256)
        return copy

    monkeypatch.setattr(making.copies, "take", erasing)
    assert said(small, "backup", "create", folder)[0].endswith("the database and 0 files, 0 of them new.")
    assert len(tries) == 2


def test_retention_removes_only_what_no_backup_needs(
    small: Flask, world: World, session: Session, folder: Path
) -> None:
    first = name_of(small, folder)
    world.hat_nang.name = "Tên khác"
    session.add(world.hat_nang)
    session.commit()
    second = name_of(small, folder)
    assert len(blobs(folder)) == 3  # two databases, one file
    lines = said(small, "backup", "create", folder, "--keep", "2")
    assert lines[1] == "Removed 1 older backups and 1 files that no other needs."  # its database
    names = [line.split("\t")[0] for line in said(small, "backup", "list", folder)]
    assert (len(names), names[0]) == (2, second)
    assert first not in names
    assert all(line.endswith(": whole") for line in said(small, "backup", "verify", folder))


def test_nothing_is_removed_while_a_manifest_cannot_be_read(small: Flask, folder: Path) -> None:
    name_of(small, folder)
    (manifest,) = (folder / "manifests").iterdir()
    manifest.write_bytes(manifest.read_bytes()[:-5])
    before = blobs(folder)
    refused = run(small, "backup", "create", folder, "--keep", "2")
    assert (refused.exit_code, "was cut or changed" in refused.stderr) == (1, True)
    assert set(before) <= set(blobs(folder))


def test_two_at_a_time_are_refused(small: Flask, folder: Path) -> None:
    name_of(small, folder)
    with small.app_context(), store.open_store(folder, store.Key()).held(writing=True):
        assert "Another command is at work" in run(small, "backup", "create", folder).stderr


class PowerCut(BaseException):
    """The process is gone: nothing of ours may tidy up after it."""


def cut_at(chosen: int, folder: Path) -> Callable[[Path, Path], Path]:
    """In place of a rename into the folder: the process is gone just before, or just after, the chosen one."""
    passed, rename = iter(range(1_000)), Path.replace

    def renamed(path: Path, target: Path) -> Path:
        inside = folder in Path(target).parents
        if inside and next(passed) == chosen:
            raise PowerCut
        done = rename(path, target)
        if inside and next(passed) == chosen:
            raise PowerCut
        return done

    return renamed


def test_killed_at_any_write_it_leaves_the_older_ones_whole(
    small: Flask, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = name_of(small, folder)
    shutil.copytree(folder, tmp_path / "before")
    with Session(small.extensions["engine"]) as session:
        session.execute(text("UPDATE vendor SET name = 'Tên khác'"))
        session.commit()
    for point in range(4):  # before and after the copy of the database, before and after the manifest
        shutil.rmtree(folder)
        shutil.copytree(tmp_path / "before", folder)
        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", cut_at(point, folder))
            with pytest.raises(PowerCut):
                run(small, "backup", "create", folder)
        lines = said(small, "backup", "verify", folder)
        assert lines[0] == f"{first}: whole"
        assert [line.endswith(": whole") for line in lines] == [True] * (2 if point == 3 else 1)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", cut_at(4, folder))
        name_of(small, folder)  # there is no fifth
    assert list((folder / "incoming").iterdir()) == []


def test_a_full_disk_is_said_in_words(small: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = name_of(small, folder)
    with Session(small.extensions["engine"]) as session:
        session.execute(text("UPDATE vendor SET name = 'Tên khác'"))
        session.commit()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        result = run(small, "backup", "create", folder)
    assert (result.exit_code, "There is no room left" in result.stderr) == (1, True)
    assert said(small, "backup", "verify", folder) == [f"{first}: whole"]


def test_a_restore_that_was_cut_begins_again(
    small: Flask, settings: Settings, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name_of(small, folder)
    with another(settings, tmp_path / "new") as restored:
        with monkeypatch.context() as patch:
            patch.setattr(restoring, "_put_database", lambda *_given: (_ for _ in ()).throw(PowerCut()))
            with pytest.raises(PowerCut):
                run(restored, "backup", "restore", folder)
        assert said(restored, "backup", "restore", folder)[-1] == "clean"


def test_a_backup_goes_into_the_other_kind_of_database(
    small: Flask, settings: Settings, folder: Path, tmp_path: Path
) -> None:
    if small.extensions["engine"].dialect.name == "sqlite":
        pytest.skip("asked on PostgreSQL: its rows into SQLite, and those of SQLite back")
    before = digests(small)
    name_of(small, folder)
    url = f"sqlite:///{tmp_path}/small.db"
    own = replace(settings, var_dir=tmp_path / "a", storage_url=f"file://{tmp_path}/a/files", database_url=url)
    onward = create_app(own)
    assert said(onward, "backup", "restore", folder)[-1] == "clean"
    assert digests(onward) == before
    name_of(onward, tmp_path / "again")
    onward.extensions["engine"].dispose()
    with another(settings, tmp_path / "new") as restored:
        assert said(restored, "backup", "restore", tmp_path / "again")[-1] == "clean"
        assert digests(restored) == before
