"""A bucket of an S3 service as storage.

Bytes of a plain form come to a temporary local file first: they are looked into and hashed before the bucket hears of
them, so the object gets its name at once and appears only when it is complete. Uploads that arrive over several
requests grow in the bucket itself (registry/storage/parts.py).
"""

import io
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, cast

from registry.storage.genuine import Seen
from registry.storage.incoming import Incoming, leftovers
from registry.storage.parts import S3Unfinished

PART_BYTES = 8 * 1024 * 1024  # held in memory for each of PARTS_AT_ONCE
PARTS_AT_ONCE = 2
WAIT = {"connect_timeout": 5, "read_timeout": 20}  # seconds; after as many as this nobody waits for a bucket
TRIES = {"total_max_attempts": 2, "mode": "standard"}


class S3Storage:
    """A bucket, or a folder of one. Keys and region come from where boto3 looks for them (environment, profile)."""

    def __init__(self, bucket: str, prefix: str, spool: Path, options: dict[str, str]) -> None:
        self.bucket = bucket
        self.prefix = f"{prefix}/" if prefix else ""
        self.spool = spool
        self.unfinished = S3Unfinished(self)
        self.seen = Seen()
        self._options = options

    @cached_property
    def client(self) -> Any:
        """The S3 client, made when it is first needed."""
        import boto3  # noqa: PLC0415  an optional dependency (extra "s3"), and heavy: only who stores there pays
        from botocore.config import Config  # noqa: PLC0415  the same

        place = {"endpoint_url": self._options.get("endpoint"), "region_name": self._options.get("region")}
        return boto3.client("s3", config=Config(**WAIT, retries=TRIES), **place)

    @cached_property
    def _transfer(self) -> Any:
        from boto3.s3.transfer import TransferConfig  # noqa: PLC0415  see client

        return TransferConfig(
            multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES, max_concurrency=PARTS_AT_ONCE
        )

    def begin(self) -> Incoming:
        """A temporary file on the disk of this machine."""
        return Incoming(self, self.spool)

    def take(self, path: Path, sha256: str) -> None:
        """Under the key of its hash."""
        self.send_file(path, self.key(sha256))

    def send_file(self, path: Path, key: str) -> None:
        """Send the file in parts; the object appears when the last part has arrived."""
        self.client.upload_file(str(path), self.bucket, key, Config=self._transfer)
        path.unlink()

    def open(self, sha256: str) -> BinaryIO:
        """The object; it is asked for when somebody reads, from the position they read at."""
        size = self.size(sha256)
        if size is None:
            raise FileNotFoundError(sha256)
        return self.reader(self.key(sha256), size)

    def reader(self, key: str, size: int) -> BinaryIO:
        """An object of that many bytes, readable from any position."""
        return cast("BinaryIO", S3Reader(self.client, self.bucket, key, size))

    def mark(self, sha256: str) -> str:
        """From the object's head."""
        head = self._head(sha256)
        if head is None:
            raise FileNotFoundError(sha256)
        return f"{head['ETag']}-{head['ContentLength']}-{head['LastModified'].isoformat()}"

    def size(self, sha256: str) -> int | None:
        """From the object's head."""
        head = self._head(sha256)
        return None if head is None else int(head["ContentLength"])

    def exists(self, sha256: str) -> bool:
        """Whether the object is there."""
        return self._head(sha256) is not None

    def names(self) -> Iterator[str]:
        """Every object, a page at a time."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=f"{self.prefix}files/")
        for page in pages:
            for entry in page.get("Contents", ()):
                yield entry["Key"].rsplit("/", 1)[-1]

    def age(self, sha256: str) -> timedelta:
        """Since the object was last written."""
        head = self._head(sha256)
        if head is None:
            raise FileNotFoundError(sha256)
        return timedelta(seconds=max(0.0, time.time() - head["LastModified"].timestamp()))

    def remove(self, sha256: str) -> None:
        """Delete the object."""
        self.client.delete_object(Bucket=self.bucket, Key=self.key(sha256))

    def leftovers(self, older_than: timedelta) -> list[Path]:
        """Temporary files of uploads that were cut."""
        return leftovers(self.spool, older_than)

    def _head(self, sha256: str) -> dict[str, Any] | None:
        from botocore.exceptions import ClientError  # noqa: PLC0415  see client

        try:
            head: dict[str, Any] = self.client.head_object(Bucket=self.bucket, Key=self.key(sha256))
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return None
            raise
        return head

    def key(self, sha256: str) -> str:
        """Where the file of a hash is."""
        return f"{self.prefix}files/{sha256[:2]}/{sha256}"


class S3Reader(io.RawIOBase):
    """An object as a file: one request from the place that is read, streamed on from there."""

    def __init__(self, client: Any, bucket: str, key: str, size: int) -> None:
        self._client, self._place, self._size = client, {"Bucket": bucket, "Key": key}, size
        self._position = 0
        self._body: Any = None

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes: a seek drops the running request."""
        return True

    def tell(self) -> int:
        """Where the next read starts."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; nothing is asked for until somebody reads."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._drop()
        self._position = max(0, start + offset)
        return self._position

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`; all that are left without one."""
        if self._position >= self._size:
            return b""
        if self._body is None:
            self._body = self._client.get_object(**self._place, Range=f"bytes={self._position}-")["Body"]
        found: bytes = self._body.read(None if size < 0 else size)
        self._position += len(found)
        return found

    def readall(self) -> bytes:
        """All that is left."""
        return self.read()

    def readinto(self, buffer: Any) -> int:
        """For io.BufferedReader."""
        found = self.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)

    def close(self) -> None:
        """Give the connection back."""
        self._drop()
        super().close()

    def _drop(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None
