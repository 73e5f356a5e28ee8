"""A copy in a bucket: lists after what they lead to, then the manifest, and only then what is gone is removed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, urlsplit

from registry.copies.manifest import Manifest, unpacked

MANIFEST, RUNNING = ".copy/manifest.gz", ".copy/running"
AT_ONCE = 1000  # keys that one request may remove
PAGE_SECONDS, ASSET_SECONDS = 60, 300


class Bucket:
    """The place of a copy at an S3 service: s3://bucket/prefix, ?endpoint= and ?region= as in STORAGE_URL."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.bucket = parts.netloc
        folder = parts.path.strip("/")
        self.prefix = f"{folder}/" if folder else ""
        self._begun = False
        self.options = {name: values[-1] for name, values in parse_qs(parts.query).items()}

    @cached_property
    def client(self) -> Any:
        """The S3 client, made when it is first needed."""
        import boto3  # noqa: PLC0415  an optional dependency (extra "s3"), and heavy: only who publishes there pays

        return boto3.client("s3", endpoint_url=self.options.get("endpoint"), region_name=self.options.get("region"))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else is kept out: let one worker publish to a bucket."""
        yield

    def manifest(self) -> Manifest:
        """What lies there now; after a run that was broken off the names only, so that everything is written anew."""
        raw = self._read(MANIFEST)
        if raw is None:
            return Manifest()
        found = unpacked(raw)
        if self._read(RUNNING) is not None:
            return Manifest({}, {name: type(one)("", one.media_type) for name, one in found.files.items()})
        return found

    def begin(self) -> None:
        """Nothing: the first write says that a run is on its way."""
        self._begun = False

    def write(self, name: str, body: bytes, media_type: str) -> None:
        """Put an object."""
        if not self._begun:
            self.client.put_object(Bucket=self.bucket, Key=self.prefix + RUNNING, Body=b"")
            self._begun = True
        kept = f"public, max-age={PAGE_SECONDS if media_type.startswith('text/html') else ASSET_SECONDS}"
        key = self.prefix + name
        self.client.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType=media_type, CacheControl=kept)

    def finish(self, manifest: Manifest, _written: set[str], gone: set[str], _moment: datetime) -> None:
        """Say what lies there, then take away what is gone."""
        self.client.put_object(Bucket=self.bucket, Key=self.prefix + MANIFEST, Body=manifest.packed())
        removed = [self.prefix + name for name in sorted(gone)] + [self.prefix + RUNNING]
        for first in range(0, len(removed), AT_ONCE):
            keys = [{"Key": key} for key in removed[first : first + AT_ONCE]]
            self.client.delete_objects(Bucket=self.bucket, Delete={"Objects": keys, "Quiet": True})

    def _read(self, name: str) -> bytes | None:
        try:
            body: bytes = self.client.get_object(Bucket=self.bucket, Key=self.prefix + name)["Body"].read()
        except self.client.exceptions.NoSuchKey:
            return None
        return body
