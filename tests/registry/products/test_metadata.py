"""What machines read in the page of a product: schema.org, Open Graph, other languages, other versions."""

import json
import re
from datetime import timedelta

import jsonschema
import pytest
from sqlmodel import select

from assessments import catalogue, clock
from assessments.models import Listing, Product
from assessments.states import CertificateState
from tests.listings import Published, Shop

TEXT = {"type": "string", "minLength": 1}
URL = {"type": "string", "pattern": "^https?://"}
DAY = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
ORGANIZATION = {
    "type": "object",
    "additionalProperties": False,
    "required": ["@type", "name"],
    "properties": {"@type": {"const": "Organization"}, "name": TEXT, "url": URL},
}
SCHEMA = {  # the properties that schema.org has for Product, SoftwareApplication (through CreativeWork), Certification
    "type": "object",
    "additionalProperties": False,
    "required": ["@context", "@type", "name", "url", "image", "hasCertification"],
    "properties": {
        "@context": {"const": "https://schema.org"},
        "@type": {"const": ["Product", "SoftwareApplication"]},
        "@id": URL,
        **dict.fromkeys(("name", "description", "softwareVersion", "applicationCategory", "operatingSystem"), TEXT),
        **dict.fromkeys(("url", "image"), URL),
        "sameAs": {"type": "array", "items": URL},
        "inLanguage": {"type": "array", "items": {"type": "string", "pattern": "^[a-z]{2}"}},
        "manufacturer": ORGANIZATION,
        "audience": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "@type": {"const": "PeopleAudience"},
                "suggestedMinAge": {"type": "integer", "minimum": 0},
                "suggestedMaxAge": {"type": "integer", "maximum": 18},
            },
        },
        "hasCertification": {
            "type": "object",
            "additionalProperties": False,
            "required": ["@type", "certificationIdentification", "certificationStatus", "issuedBy"],
            "properties": {
                "@type": {"const": "Certification"},
                **dict.fromkeys(("name", "certificationIdentification"), TEXT),
                "certificationStatus": {
                    "enum": ["https://schema.org/CertificationActive", "https://schema.org/CertificationInactive"]
                },
                "issuedBy": ORGANIZATION,
                "url": URL,
                **dict.fromkeys(("validFrom", "expires", "auditDate"), DAY),
            },
        },
    },
}


@pytest.fixture
def shop(world):
    return Shop(world)


def described(page):
    """The one block of data in a page."""
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.text, re.DOTALL)
    return json.loads(block)


def tags(page):
    return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', page.text))


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("state", [CertificateState.ACTIVE, CertificateState.SUSPENDED, CertificateState.WITHDRAWN])
def test_the_data_follow_the_vocabulary_and_the_status(browser, shop, state, prefix):
    number = shop.publish(state=state).number
    found = described(browser.get(f"{prefix}/products/p-0001"))
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    certification = found["hasCertification"]
    assert certification["certificationIdentification"] == number
    assert certification["certificationStatus"].endswith("Active") is (state is CertificateState.ACTIVE)
    assert found["url"] == f"http://localhost{prefix}/products/p-0001"


def test_an_expired_certificate_is_not_active(browser, shop):
    shop.publish()
    with clock.at(clock.now() + timedelta(days=400)):
        certification = described(browser.get("/products/p-0001"))["hasCertification"]
    assert certification["certificationStatus"] == "https://schema.org/CertificationInactive"


def test_a_name_cannot_end_the_block(browser, shop):
    name = "</script><script>alert(1)</script>"
    shop.publish(name=name)
    page = browser.get("/products/p-0001")
    assert "<script>alert" not in page.text
    assert described(page)["name"] == name


@pytest.mark.parametrize("path", ["/products/p-0001", "/en/products/p-0001"])
def test_messengers_read_title_picture_and_language(browser, shop, path):
    shop.publish()
    page = browser.get(path)
    found = tags(page)
    assert found["og:url"] == f"http://localhost{path}"
    assert found["twitter:card"] == "summary_large_image"
    assert found["og:locale"] == ("en_GB" if path.startswith("/en") else "vi_VN")
    assert found["og:image"].startswith("http://localhost")
    assert re.findall(r'rel="canonical" href="([^"]+)"', page.text) == [f"http://localhost{path}"]
    assert re.findall(r'hreflang="([^"]+)" href="http', page.text) == ["vi", "en", "x-default"]


def test_a_certificate_names_its_other_language(browser, shop):
    number = shop.publish().number
    page = browser.get(f"/c/{number}")
    assert re.findall(r'hreflang="([^"]+)" href="http', page.text) == ["vi", "en", "x-default"]
    assert tags(page)["og:url"] == f"http://localhost/c/{number}"


def test_other_versions_stand_with_what_they_are_worth(browser, shop, session):
    first = shop.certificate(Published(days=-200, facts={"version": "4.1"}))
    product = session.exec(select(Product).where(Product.id == first.product_id)).one()
    second = shop.certificate(Published(days=-20, facts={"version": "4.2"}), product=product)
    first.superseded_on = second.valid_from
    waiting = shop.certificate(Published(days=20, facts={"version": "4.3"}), product=product)
    session.add(first)
    session.flush()
    catalogue.refresh(session, product.id)
    session.commit()
    page = browser.get("/products/p-0001").text
    table = page.partition('id="versions"')[2].partition("</table>")[0]
    assert re.findall(r'<th scope="row"><b>([^<]+)</b>', table) == ["4.2", "4.1"]
    assert re.findall(r'stat-s (\w+)"', table) == ["valid", "expired"]
    assert waiting.number not in page


def test_one_version_needs_no_table(browser, shop):
    shop.publish()
    assert 'id="versions"' not in browser.get("/products/p-0001").text


def test_what_is_sent_and_asked_for_is_a_label(browser, shop):
    shop.publish(facts={"data": [{"kind": "messages", "shared_with": "Công ty Mây"}]})
    page = browser.get("/products/p-0001").text
    assert "Gửi dữ liệu cho: Công ty Mây" in page
    assert "Xin quyền trên máy: " in page


def test_listings_from_before_are_written_anew(app, browser, shop, session):
    first = shop.certificate(Published(days=-200, facts={"version": "4.1"}))
    product = session.get_one(Product, first.product_id)
    shop.certificate(Published(days=-20, facts={"version": "4.2"}), product=product)
    catalogue.refresh(session, product.id)
    listing = session.exec(select(Listing)).one()
    kept = {"versions", "updates", "surveillance", "measured"}
    listing.content = {name: value for name, value in listing.content.items() if name not in kept}
    session.add(listing)
    session.commit()
    assert 'id="versions"' not in browser.get("/products/p-0001").text
    assert app.test_cli_runner().invoke(args=["products", "rewrite"]).output == "1 products\n"
    assert 'id="versions"' in browser.get("/products/p-0001").text
