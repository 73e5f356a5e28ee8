"""The Atom feeds: valid by RFC 4287, known by names that no host is in, the same bytes until something changes."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from xml.etree import ElementTree

import feedparser
import pytest
import xmlschema
from sqlmodel import select

from assessments import catalogue, clock
from assessments.models import Product
from assessments.states import CertificateState
from tests.feed_shapes import ATOM_SHAPE
from tests.listings import Published, Shop

ATOM = "{http://www.w3.org/2005/Atom}"
TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d{2}){0,2}:[\w/.~-]+")
URLS = (
    *("/feed.atom", "/en/feed.atom", "/products/p-0001/feed.atom", "/en/products/p-0001/feed.atom"),
    *("/vendors/hat-nang/feed.atom", "/en/vendors/hat-nang/feed.atom"),
)


@pytest.fixture
def shop(world):
    shop = Shop(world)
    shop.publish(name="Đèn & Nhà", name_en="Lamp <1>", days=-100, state=CertificateState.SUSPENDED)
    shop.publish(name="Đường Về", days=-50, lasts=20)
    return shop


def faults(document: bytes) -> list[str]:
    """What RFC 4287 requires of a feed and its entries, as far as ours can break it."""
    root = ElementTree.fromstring(document)  # noqa: S314  our own document
    found = [f"{name} is missing" for name in ("id", "title", "updated", "author") if root.find(ATOM + name) is None]
    found += ["root"] if root.tag != f"{ATOM}feed" else []
    found += ["no link to itself"] if root.find(f"{ATOM}link[@rel='self']") is None else []
    ids = [one.text for one in root.iter(f"{ATOM}id")]
    found += ["an id stands twice"] if len(set(ids)) != len(ids) else []
    found += [f"no tag: {one}" for one in ids if not TAG.fullmatch(one or "")]
    for stamp in (*root.iter(f"{ATOM}updated"), *root.iter(f"{ATOM}published")):
        datetime.strptime(stamp.text or "", "%Y-%m-%dT%H:%M:%S%z")
    for entry in root.iter(f"{ATOM}entry"):
        for name in ("id", "title", "updated", "summary"):
            found += [f"an entry without {name}"] if not (entry.findtext(ATOM + name) or "").strip() else []
        found += ["an entry without a page"] if entry.find(f"{ATOM}link[@rel='alternate'][@href]") is None else []
    updated = [one.findtext(f"{ATOM}updated") for one in root.iter(f"{ATOM}entry")]
    found += ["not newest first"] if updated != sorted(updated, reverse=True) else []
    found += ["older than its newest entry"] if updated and root.findtext(f"{ATOM}updated") != max(updated) else []
    return found


@pytest.mark.parametrize("url", URLS)
def test_a_feed_is_valid(browser, shop, url):
    answer = browser.get(url)
    assert answer.mimetype == "application/atom+xml"
    assert faults(answer.data) == []
    root = ElementTree.fromstring(answer.data)  # noqa: S314  our own document
    language = "en" if url.startswith("/en") else "vi"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    assert root.find(f"{ATOM}link[@rel='self']").get("href") == f"http://localhost{url}"


def test_a_reader_of_others_reads_every_feed(browser, shop):
    for url in URLS:
        document = browser.get(url).data
        found = feedparser.parse(document)
        assert (found.bozo, found.version) == (False, "atom10")
        assert len(found.entries) == document.count(b"<entry>") > 0
        for entry in found.entries:
            assert entry.id.startswith("tag:")
            assert entry.updated_parsed
            assert entry.link.startswith("http://localhost/")
            assert entry.tags[0].term


def test_every_feed_has_the_shape_of_rfc_4287(browser, shop):
    schema = xmlschema.XMLSchema(ATOM_SHAPE)
    for url in URLS:
        schema.validate(browser.get(url).text.encode())
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        schema.validate(browser.get("/feed.atom").text.replace("<updated>", "<updated>when ", 1).encode())


def test_a_company_has_one_of_its_products(browser, world, shop):
    assert shop.publish(name="Của Hãng Khác", vendor=world.bo_tre)
    own, other = (browser.get(f"/vendors/{one.slug}/feed.atom").text for one in (world.hat_nang, world.bo_tre))
    assert (own.count("<entry>"), other.count("<entry>")) == (4, 1)
    assert "Của Hãng Khác" not in own
    assert browser.get("/vendors/nobody/feed.atom").status_code == 404


def test_entries_say_what_happened_to_which_product_and_why(browser, shop):
    titles = re.findall(r"<title>([^<]+)</title>", browser.get("/feed.atom").text)
    number = re.search(r"VCSC-\d\d-0001-\w", browser.get("/feed.atom").text)[0]
    assert f"Tạm đình chỉ: Đèn &amp; Nhà ({number})" in titles
    assert "Lý do: Lộ vị trí của trẻ cho tài khoản khách." in browser.get("/feed.atom").text
    english = browser.get("/en/feed.atom").text
    assert "Lamp &lt;1&gt;" in english
    assert "Showed a child’s location" in english


def test_a_product_has_its_own(browser, shop):
    text = browser.get("/products/p-0002/feed.atom").text
    assert text.count("<entry>") == 2  # granted, expired
    assert "Đèn" not in text
    assert browser.get("/products/p-9999/feed.atom").status_code == 404


def test_names_stay_when_the_host_moves(browser, shop, app):
    def ids():
        return re.findall(r"<id>([^<]+)</id>", browser.get("/feed.atom").text)

    before = ids()
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], public_url="https://elsewhere.example")
    assert ids() == before
    assert "https://elsewhere.example/c/VCSC-" in browser.get("/feed.atom").text
    assert all(one.startswith("tag:localhost,2026:") for one in before)  # the name of the log, fixed with the first key


def test_names_stay_when_the_register_is_written_anew(browser, shop, session):
    before = browser.get("/feed.atom").data
    for product in session.exec(select(Product)).all():
        catalogue.refresh(session, product.id)
    session.commit()
    assert browser.get("/feed.atom").data == before


def test_no_cookie_and_nothing_again(browser, shop):
    first = browser.get("/feed.atom")
    assert "Set-Cookie" not in first.headers
    again = browser.get("/feed.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    shop.publish(name="Mới")
    changed = browser.get("/feed.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_long_feeds_go_on_in_parts(browser, shop):
    shop.publish_all(*(Published(name=f"Sản phẩm {number}", days=-number - 1) for number in range(60)))
    url, seen = "/feed.atom", []
    while url:
        answer = browser.get(url)
        assert faults(answer.data) == []
        root = ElementTree.fromstring(answer.data)  # noqa: S314  our own document
        seen += [one.findtext(f"{ATOM}id") for one in root.iter(f"{ATOM}entry")]
        following = root.find(f"{ATOM}link[@rel='next']")
        url = following.get("href").removeprefix("http://localhost") if following is not None else None
    assert len(seen) == len(set(seen)) == 64


def test_an_empty_feed_is_valid(browser, app):
    assert faults(browser.get("/feed.atom").data) == []


def test_pages_say_where_the_feed_is(browser, shop):
    with clock.at(clock.now() + timedelta(seconds=1)):
        number = re.search(r"/c/(VCSC-[^\"]+)", browser.get("/changes").text)[1]
    for url, feed in (
        ("/changes", "/feed.atom"),
        ("/products", "/feed.atom"),
        ("/products/p-0001", "/products/p-0001/feed.atom"),
        (f"/c/{number}", "/feed.atom"),
        ("/en/products/p-0001", "/en/products/p-0001/feed.atom"),
    ):
        link = re.search(r'<link rel="alternate" type="application/atom\+xml" href="([^"]+)"', browser.get(url).text)
        assert link is not None, url
        assert link[1].endswith(feed), url
