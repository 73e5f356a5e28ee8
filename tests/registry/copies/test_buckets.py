"""Publishing to a bucket: lists last, then the manifest, then what is gone goes; a broken run is made good."""

import boto3
import pytest
from moto import mock_aws
from sqlmodel import col, delete

from assessments.models import Listing, ListingFacet
from registry.copies import plan, publishing
from registry.copies.buckets import MANIFEST, RUNNING, Bucket
from tests.listings import Shop

FEW = ("certificates.show", "certificates.data", "pages.home", "products.index", "products.show")
URL = "s3://copies/site?region=us-east-1"


@pytest.fixture
def client(monkeypatch):
    """A bucket that moto keeps in memory."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setattr(plan, "PUBLISHED", {name: plan.PUBLISHED[name] for name in FEW})
    with mock_aws():
        made = boto3.client("s3", region_name="us-east-1")
        made.create_bucket(Bucket="copies")
        yield made


class Watched(Bucket):
    """Notes what is done in which order; breaks off where it is told to."""

    def __init__(self, break_at: str = "") -> None:
        super().__init__(URL)
        self.done: list[str] = []
        self.break_at = break_at

    def write(self, name: str, body: bytes, media_type: str) -> None:
        if name == self.break_at:
            raise ConnectionError(name)
        self.done.append(name)
        super().write(name, body, media_type)


def keys(client) -> set[str]:
    """Everything in the bucket."""
    return {one["Key"] for one in client.list_objects_v2(Bucket="copies").get("Contents", ())}


def publish(app, place):
    """As the command does."""
    with app.app_context():
        return publishing.publish(app, place)


def test_lists_come_last_and_what_is_gone_goes_after_them(app, world, client):
    shop = Shop(world)
    certificate = shop.publish()
    place = Watched()
    first = publish(app, place)
    assert first.written == first.files == len(place.done)
    lists = [place.done.index(f"{prefix}{name}") for prefix in ("", "en/") for name in ("products.html", "index.html")]
    assert min(lists) > place.done.index(f"en/c/{certificate.number}.html")
    page = client.get_object(Bucket="copies", Key=f"site/c/{certificate.number}.html")
    assert (page["ContentType"], page["CacheControl"]) == ("text/html; charset=utf-8", "public, max-age=60")
    assert keys(client) == {f"site/{name}" for name in (*place.done, MANIFEST)}
    assert publish(app, Watched()).written == 0

    client.put_object(Bucket="copies", Key="other/kept", Body=b"of somebody else")
    world.session.exec(delete(ListingFacet).where(col(ListingFacet.listing_id) == certificate.id))
    world.session.exec(delete(Listing).where(col(Listing.certificate_id) == certificate.id))
    world.session.commit()
    third = publish(app, Watched())
    assert third.removed == 2
    assert "site/products/p-0001.html" not in keys(client)
    assert "other/kept" in keys(client)


def test_a_run_that_was_broken_off_is_made_good_by_the_next(app, world, client):
    shop = Shop(world)
    shop.publish()
    publish(app, Watched())
    shop.publish(name="Sao Biển")
    with pytest.raises(ConnectionError):
        publish(app, Watched(break_at="products.html"))
    assert f"site/{RUNNING}" in keys(client)
    place = Watched()
    done = publish(app, place)
    assert done.written == done.files  # whatever the broken run has left, everything is what it should be
    assert f"site/{RUNNING}" not in keys(client)
    assert publish(app, Watched()).written == 0
