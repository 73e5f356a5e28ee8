"""Storages keep bytes whole or not at all: a folder, and a bucket of an S3 service."""

import errno
import hashlib
import os
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from registry.storage import Incoming, LocalStorage, S3Storage, Storage, StorageFull, open_storage

BYTES = b"B\xe1\xba\xb1ng ch\xe1\xbb\xa9ng\n" * 5000
NAME = hashlib.sha256(BYTES).hexdigest()


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Storage]:
    """Each storage in turn; the bucket is one that moto keeps in memory."""
    if request.param == "folder":
        yield open_storage(f"file://{tmp_path}/files", tmp_path / "incoming")
        return
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="evidence")
        yield open_storage("s3://evidence/registry?region=us-east-1", tmp_path / "incoming")


def test_keeps_bytes_under_their_hash(storage: Storage) -> None:
    assert kept(storage) == (NAME, len(BYTES))
    assert list(storage.names()) == [NAME]
    assert storage.exists(NAME)
    assert storage.size(NAME) == len(BYTES)
    assert storage.age(NAME) < timedelta(minutes=1)
    assert storage.leftovers(timedelta(0)) == []


def test_reads_from_any_position(storage: Storage) -> None:
    kept(storage)
    with storage.open(NAME) as source:
        assert source.seekable()
        assert source.read(10) == BYTES[:10]
        assert source.read(7) == BYTES[10:17]
        assert source.seek(1000) == source.tell() == 1000
        assert source.read() == BYTES[1000:]
        assert source.read(5) == b""
        source.seek(-3, os.SEEK_END)
        assert source.read() == BYTES[-3:]


def test_the_same_bytes_twice_have_one_place(storage: Storage) -> None:
    kept(storage)
    kept(storage)
    assert list(storage.names()) == [NAME]


def test_what_is_not_kept_leaves_nothing(storage: Storage) -> None:
    with storage.begin() as incoming:
        incoming.write(BYTES)
        assert [path.stat().st_size for path in storage.leftovers(timedelta(0))] == [len(BYTES)]
    assert storage.leftovers(timedelta(0)) == []
    assert list(storage.names()) == []


def test_can_be_looked_into_before_it_is_kept(storage: Storage) -> None:
    with storage.begin() as incoming:
        incoming.write(b"%PDF-1.7")
        with incoming.reader() as source:
            assert source.read() == b"%PDF-1.7"


def test_removes(storage: Storage) -> None:
    kept(storage)
    storage.remove(NAME)
    storage.remove(NAME)
    assert not storage.exists(NAME)
    assert storage.size(NAME) is None
    with pytest.raises(FileNotFoundError):
        storage.open(NAME)
    with pytest.raises(FileNotFoundError):
        storage.age(NAME)


def test_a_large_file_goes_to_the_bucket_in_parts(storage: Storage) -> None:
    chunk = bytes(range(256)) * 4096  # 1 MiB
    with storage.begin() as incoming:
        for _ in range(17):
            incoming.write(chunk)
        sha256, size = incoming.keep()
    assert size == storage.size(sha256) == 17 * len(chunk)
    with storage.open(sha256) as source:
        source.seek(16 * len(chunk))
        assert source.read() == chunk


def test_temporary_files_are_left_over_only_when_old(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    cut = storage.begin()
    cut.write(b"half")
    old = time.time() - 25 * 3600
    os.utime(cut.path, (old, old))
    with storage.begin():
        assert storage.leftovers(timedelta(hours=24)) == [cut.path]
    cut.discard()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_says_so_and_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def full(_handle: int) -> None:
        raise OSError(number, "no room")

    storage = LocalStorage(tmp_path)
    monkeypatch.setattr(os, "fsync", full)
    with storage.begin() as incoming:
        incoming.write(BYTES)
        with pytest.raises(StorageFull):
            incoming.keep()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_write_that_finds_no_room_says_so(tmp_path: Path) -> None:
    incoming = Incoming(LocalStorage(tmp_path), tmp_path)
    incoming._file.close()
    incoming._file = Path("/dev/full").open("wb", buffering=0)  # noqa: SIM115 - incoming closes it
    with incoming, pytest.raises(StorageFull):
        incoming.write(BYTES)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "a" * 63, "a" * 63 + "/"])
def test_other_names_lead_nowhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        LocalStorage(tmp_path).open(name)


def test_reads_the_settings() -> None:
    folder = open_storage("file:///srv/b%E1%BA%B1ng%20ch%E1%BB%A9ng", Path("spool"))
    assert isinstance(folder, LocalStorage)
    assert folder.root == Path("/srv/bằng chứng")
    bucket = open_storage("s3://evidence/a/b?endpoint=https://s3.example&region=vn-1", Path("spool"))
    assert isinstance(bucket, S3Storage)
    assert (bucket.bucket, bucket.prefix) == ("evidence", "a/b/")


def kept(storage: Storage) -> tuple[str, int]:
    """Put BYTES there."""
    with storage.begin() as incoming:
        for start in range(0, len(BYTES), 4096):
            incoming.write(BYTES[start : start + 4096])
        return incoming.keep()


def test_a_large_file_is_hashed_beside_and_may_be_asked_for_its_hash_on_the_way(tmp_path: Path) -> None:
    pieces = [bytes([number]) * 65_536 for number in range(160)]  # ten megabytes
    running = set(threading.enumerate())
    with LocalStorage(tmp_path).begin() as incoming:
        for number, piece in enumerate(pieces):
            incoming.write(piece)
            if number in {0, 15, 16, 80}:
                assert incoming.sha256 == hashlib.sha256(b"".join(pieces[: number + 1])).hexdigest()
        assert {one.name for one in set(threading.enumerate()) - running} == {"sha256"}
        assert incoming.keep() == (hashlib.sha256(b"".join(pieces)).hexdigest(), 160 * 65_536)
        assert incoming.sha256 == hashlib.sha256(b"".join(pieces)).hexdigest()
    assert set(threading.enumerate()) == running


def test_a_large_file_that_is_not_kept_leaves_no_thread(storage: Storage) -> None:
    running = set(threading.enumerate())
    with storage.begin() as incoming:
        for _ in range(40):
            incoming.write(bytes(65_536))
        incoming.discard()
    assert set(threading.enumerate()) == running
    assert storage.leftovers(timedelta(0)) == []
