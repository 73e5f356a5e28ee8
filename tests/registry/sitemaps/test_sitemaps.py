"""/sitemap.xml, /robots.txt and /.well-known/security.txt: valid, complete, each page in both languages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
import xmlschema

from assessments.clock import now, today
from assessments.states import CertificateState
from registry.config import BadSetting, Settings, from_environment
from registry.sitemaps import pages
from tests.counting import statements
from tests.feed_shapes import SITEMAP_SHAPE
from tests.listings import Shop

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
SHAPE = xmlschema.XMLSchema(SITEMAP_SHAPE)


@pytest.fixture
def shop(world):
    shop = Shop(world)
    shop.publish()
    shop.publish(state=CertificateState.WITHDRAWN, since=-3)
    return shop


def read(answer):
    """The addresses of a map with their days and alternates, once it is valid."""
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    SHAPE.validate(answer.data)
    root = ElementTree.fromstring(answer.data)  # noqa: S314  our own document
    return {
        url.findtext(f"{MAP}loc"): (
            url.findtext(f"{MAP}lastmod"),
            {link.get("hreflang"): link.get("href") for link in url.iter(LINK)},
        )
        for url in root.iter(f"{MAP}url")
    }


def test_the_map_is_valid_and_names_each_page_in_both_languages(browser, shop):
    found = read(browser.get("/sitemap.xml"))
    product = "http://localhost/products/p-0002"
    day = (today() - timedelta(days=3)).isoformat()
    assert found[product][0] == day
    assert found[product][1] == {"vi": product, "en": "http://localhost/en/products/p-0002", "x-default": product}
    for address, (_day, alternates) in found.items():
        assert address in {alternates["vi"], alternates["en"]}
        assert found[alternates["en"]] == found[alternates["vi"]]
    for page in ("/", "/products", "/verify", "/criteria/vcsc-2026/TL-01", "/vendors/hat-nang", "/data", "/api/docs"):
        assert f"http://localhost{page}" in found
        assert f"http://localhost/en{page}" in found


def test_every_page_of_the_map_is_there_and_may_be_found(browser, shop):
    for address in read(browser.get("/sitemap.xml")):
        if "/criteria/" in address and not address.endswith("TL-01"):
            continue  # of one shape
        answer = browser.get(urlsplit(address).path)
        assert answer.status_code == 200, address
        assert 'content="noindex' not in answer.text, address


def test_a_long_map_comes_in_parts(browser, app, shop, monkeypatch):
    whole = read(browser.get("/sitemap.xml"))
    monkeypatch.setattr(pages, "PART", 1)
    index = browser.get("/sitemap.xml")
    SHAPE.validate(index.data)
    root = ElementTree.fromstring(index.data)  # noqa: S314  our own document
    parts = [urlsplit(loc.text).path for loc in root.iter(f"{MAP}loc")]
    assert parts == ["/sitemaps/pages.xml", "/sitemaps/products-1.xml", "/sitemaps/products-2.xml"]
    assert {address: entry for part in parts for address, entry in read(browser.get(part)).items()} == whole
    for name in ("products-0", "products-3", "products-x", "products-99999999", "people"):
        assert browser.get(f"/sitemaps/{name}.xml").status_code == 404
    with statements(app) as seen:
        browser.get("/sitemaps/products-1.xml")
    assert len(seen) == 1


def test_many_addresses_are_too_many_for_one_document(browser, shop, monkeypatch):
    monkeypatch.setattr(pages, "MOST", 20)
    assert b"<sitemapindex" in browser.get("/sitemap.xml").data


def test_robots_are_led_to_the_map_but_not_into_a_demonstration(app, browser):
    assert browser.get("/robots.txt").text == "User-agent: *\nAllow: /\n\nSitemap: http://localhost/sitemap.xml\n"
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], demonstration=True)
    assert browser.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"


def test_security_txt_says_whom_to_tell_and_ends_within_a_year(app, browser):
    def fields():
        answer = browser.get("/.well-known/security.txt")
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        return [line.split(": ", 1) for line in answer.text.splitlines()]

    found = dict(fields())
    assert len(fields()) == len(found)
    assert found["Contact"] == "mailto:vanphong@localhost"
    assert found["Preferred-Languages"] == "vi, en"
    assert found["Canonical"] == "http://localhost/.well-known/security.txt"
    ends = datetime.strptime(found["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=178) < ends - now() < timedelta(days=181)
    app.config["SETTINGS"] = replace(
        app.config["SETTINGS"], security_contact="https://club.example/security", security_txt_days=30
    )
    assert dict(fields())["Contact"] == "https://club.example/security"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECURITY_TXT_DAYS", "366"),
        ("SECURITY_TXT_DAYS", "0"),
        ("SECURITY_CONTACT", "security@club.example"),
        ("LICENCE_URL", "CC-BY-4.0"),
        ("API_PER_MINUTE", "many"),
    ],
)
def test_settings_that_make_no_sense_are_refused(name, value):
    with pytest.raises(BadSetting, match=name):
        from_environment({"SECRET_KEY": "of-a-test-that-asks-for-nothing-else-1234", name: value})
    assert Settings().security_txt_days < 365
