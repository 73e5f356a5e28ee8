"""Unfinished uploads in a bucket: whole parts as they come, and between two requests what is less than a part.

Any process can go on with an upload: nothing of it stays on the machine that took it in. The bucket's own upload by
parts holds every whole part; the rest of a stretch is an object of its own until more comes.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from registry.storage.incoming import room
from registry.storage.unfinished import Arrived

PART_BYTES = 8 * 1024 * 1024  # at least 5 MiB, the least that S3 takes for any part but the last
PIECE_BYTES = 1024 * 1024
GONE = {"NoSuchUpload", "NoSuchKey", "404"}


class Bucket(Protocol):
    """What is needed of an S3Storage."""

    bucket: str
    prefix: str
    spool: Path

    @property
    def client(self) -> Any:
        """The S3 client."""

    def key(self, sha256: str) -> str:
        """Where the file of a hash is."""

    def send_file(self, path: Path, key: str) -> None:
        """Make a local file an object; the file is gone afterwards."""

    def reader(self, key: str, size: int) -> BinaryIO:
        """An object, readable from any position."""


class S3Arriving:
    """A stretch of an upload: a local file until a part is full, then a part of the bucket."""

    def __init__(self, home: "S3Unfinished", arrived: Arrived) -> None:
        self._home = home
        self._arrived = arrived
        self._parts = list(arrived.parts)
        home.spool.mkdir(parents=True, exist_ok=True)
        self._part = tempfile.TemporaryFile(dir=home.spool)  # noqa: SIM115  closed by close(); gone with the process
        try:
            self._filled = home.load_rest(arrived, self._part)
        except BaseException:
            self.close()
            raise

    def write(self, chunk: bytes) -> None:
        """Fill the part, and send it when it is full."""
        left = memoryview(chunk)
        while left:
            piece = left[: PART_BYTES - self._filled]
            with room():
                self._part.write(piece)
            self._filled += len(piece)
            left = left[len(piece) :]
            if self._filled == PART_BYTES:
                self._send()

    def secure(self) -> Arrived:
        """The whole parts; what is less than one is not safe before the stretch ends."""
        size = len(self._parts) * PART_BYTES
        if size > self._arrived.size:
            self._arrived = replace(self._arrived, size=size, parts=tuple(self._parts))
        return self._arrived

    def settle(self, *, last: bool) -> Arrived:
        """Send the rest: as the last part, or as an object that waits for more."""
        size = len(self._parts) * PART_BYTES + self._filled
        if self._filled and last:
            self._send()
        elif self._filled:
            self._part.seek(0)
            self._home.keep_rest(self._arrived, self._part)
        self._arrived = replace(self._arrived, size=size, parts=tuple(self._parts))
        return self._arrived

    def close(self) -> None:
        """The local file goes."""
        self._part.close()

    def _send(self) -> None:
        self._part.seek(0)
        self._parts.append(self._home.send(self._arrived, len(self._parts) + 1, self._part))
        self._part.seek(0)
        self._part.truncate()
        self._filled = 0


class S3Unfinished:
    """The folder `unfinished/` of a bucket."""

    def __init__(self, home: Bucket) -> None:
        self._home = home
        self.spool = home.spool

    def start(self, name: str) -> Arrived:
        """An upload by parts, of the bucket's own kind."""
        begun = self._client.create_multipart_upload(Bucket=self._home.bucket, Key=self._key(name))
        return Arrived(name, place=begun["UploadId"])

    def grow(self, arrived: Arrived, *, aside: bool = False) -> S3Arriving:
        """Go on with the next part. `aside` needs nothing: a part sent twice counts once, by its receipt."""
        del aside
        return S3Arriving(self, arrived)

    def whole(self, arrived: Arrived) -> BinaryIO:
        """The object made of the parts."""
        self._complete(arrived)
        return self._home.reader(self._key(arrived.name), arrived.size)

    def adopt(self, path: Path, name: str) -> Arrived:
        """Send it as the object that other uploads become in the end."""
        size = path.stat().st_size
        self._home.send_file(path, self._key(name))
        return Arrived(name, size)

    def share(self, arrived: Arrived, sha256: str) -> None:
        """Copy the object within the bucket."""
        self._complete(arrived)
        source = {"Bucket": self._home.bucket, "Key": self._key(arrived.name)}
        self._client.copy_object(Bucket=self._home.bucket, Key=self._home.key(sha256), CopySource=source)

    def drop(self, arrived: Arrived) -> None:
        """Abort the upload by parts; remove the object and the rest."""
        if arrived.place:
            self._unless_gone("abort_multipart_upload", Key=self._key(arrived.name), UploadId=arrived.place)
        for key in (self._key(arrived.name), self._rest(arrived.name)):
            self._client.delete_object(Bucket=self._home.bucket, Key=key)

    def holds(self, arrived: Arrived) -> bool:
        """Whether the bucket still knows the upload by parts, or the object made of it."""
        if self._is_complete(arrived.name):
            return True
        place = {"Key": self._key(arrived.name), "UploadId": arrived.place}
        return self._unless_gone("list_parts", **place) is not None

    def begun(self) -> Iterator[tuple[Arrived, timedelta]]:
        """Uploads by parts that run, then objects: complete ones and rests."""
        place = {"Bucket": self._home.bucket, "Prefix": self._key("")}
        for page in self._client.get_paginator("list_multipart_uploads").paginate(**place):
            for one in page.get("Uploads", ()):
                yield Arrived(_name_of(one["Key"]), place=one["UploadId"]), _since(one["Initiated"])
        for page in self._client.get_paginator("list_objects_v2").paginate(**place):
            for one in page.get("Contents", ()):
                yield Arrived(_name_of(one["Key"]), one["Size"]), _since(one["LastModified"])

    def send(self, arrived: Arrived, number: int, part: Any) -> str:
        """One part; returns the bucket's receipt."""
        sent = self._client.upload_part(
            Bucket=self._home.bucket,
            Key=self._key(arrived.name),
            UploadId=arrived.place,
            PartNumber=number,
            Body=part,
        )
        return str(sent["ETag"])

    def keep_rest(self, arrived: Arrived, part: Any) -> None:
        """What is less than a part, until more comes."""
        self._client.put_object(Bucket=self._home.bucket, Key=self._rest(arrived.name), Body=part)

    def load_rest(self, arrived: Arrived, part: Any) -> int:
        """Bring back what is less than a part; returns how many bytes that are."""
        left = size = arrived.size - len(arrived.parts) * PART_BYTES
        if not size:
            return 0
        body = self._client.get_object(Bucket=self._home.bucket, Key=self._rest(arrived.name))["Body"]
        with room():
            while left and (piece := body.read(min(left, PIECE_BYTES))):
                part.write(piece)
                left -= len(piece)
        body.close()
        return size - left

    def _complete(self, arrived: Arrived) -> None:
        """Make the parts one object; done twice it is done once."""
        if self._is_complete(arrived.name):
            return
        parts = [{"PartNumber": number, "ETag": receipt} for number, receipt in enumerate(arrived.parts, start=1)]
        done = self._unless_gone(
            "complete_multipart_upload",
            Key=self._key(arrived.name),
            UploadId=arrived.place,
            MultipartUpload={"Parts": parts},
        )
        if done is None:
            raise FileNotFoundError(arrived.name)

    def _is_complete(self, name: str) -> bool:
        return self._unless_gone("head_object", Key=self._key(name)) is not None

    def _unless_gone(self, request: str, **values: Any) -> Any:
        from botocore.exceptions import ClientError  # noqa: PLC0415  optional and heavy, see S3Storage.client

        try:
            return getattr(self._client, request)(Bucket=self._home.bucket, **values)
        except ClientError as error:
            if error.response["Error"]["Code"] in GONE:
                return None
            raise

    @property
    def _client(self) -> Any:
        return self._home.client

    def _key(self, name: str) -> str:
        return f"{self._home.prefix}unfinished/{name}"

    def _rest(self, name: str) -> str:
        return f"{self._key(name)}.rest"


def _name_of(key: str) -> str:
    return key.rsplit("/", 1)[-1].removesuffix(".rest")


def _since(moment: datetime) -> timedelta:
    return max(timedelta(0), datetime.now(UTC) - moment)
