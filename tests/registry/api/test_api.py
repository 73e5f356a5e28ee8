"""GET /api/v1: everything public, page by page, each answer in its declared shape, in a fixed number of statements."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from pydantic import ValidationError

from assessments import catalogue, clock
from assessments.clock import today
from assessments.models import Product, Vendor
from assessments.states import CertificateState
from registry import issuing
from registry.api import models
from registry.api.examples import EXAMPLES
from registry.api.operations import OPERATIONS
from tests.counting import statements
from tests.listings import Published, Shop

BY_NAME = {one.name: one for one in OPERATIONS}


@pytest.fixture
def shop(world):
    return Shop(world)


@pytest.fixture
def five(app, shop):
    """Five products of one company: in force, suspended, expired, withdrawn, in force at a higher level."""
    shop.publish(name="Đèn Nhà", name_en="Home Lamp")
    shop.publish(name="Đường Về", state=CertificateState.SUSPENDED)
    shop.publish(name="Cũ Rồi", days=-500, lasts=300)
    shop.publish(name="Bị Thu", state=CertificateState.WITHDRAWN)
    shop.publish(name="Áo Mưa", level="L2", facts={"ages": ["12-15"]})
    with app.app_context():
        issuing.turn()
    return shop


def path(address):
    """An address of the site as a test asks for it."""
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}" == "http://localhost"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def every(browser, address):
    """All items of a list, page by page."""
    found, following = [], address
    while following:
        page = browser.get(following).json
        found += page["items"]
        following = path(page["next"]) if page["next"] else None
    return found


def shaped(name, answer):
    """An answer in the declared shape of its operation, strictly."""
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    BY_NAME[name].answer.model_validate_json(answer.data)
    return answer.json


def test_the_first_page_leads_to_every_list(browser, five):
    start = shaped("start", browser.get("/api/v1"))
    for name in ("products", "certificates", "vendors", "editions", "criteria", "events"):
        shaped(name, browser.get(path(start["links"][name])))
    assert browser.get(path(start["links"]["documentation"])).status_code == 200
    assert browser.get(path(start["links"]["bulk"])).status_code == 200


def test_a_product_says_what_its_page_says(browser, five):
    one = shaped("product", browser.get("/api/v1/products/p-0001"))
    assert one["name"] == {"vi": "Đèn Nhà", "en": "Home Lamp"}
    assert (one["status"], one["since"]) == ("active", one["certificate"]["valid_from"])
    assert one["result"]["overall"] == "75.0"
    assert browser.get("/api/v1/products/p-0003").json["status"] == "expired"
    assert browser.get("/api/v1/products/p-0003").json["since"] == (today() - timedelta(days=199)).isoformat()
    for name in ("page", "certificate", "vendor", "feed"):
        assert browser.get(path(one["links"][name])).status_code == 200


def test_every_link_of_a_certificate_leads_somewhere(browser, five):
    one = shaped("certificates", browser.get("/api/v1/certificates?limit=1"))["items"][0]
    links = {name: browser.get(path(address)).status_code for name, address in one["links"].items()}
    waits = links.pop("pdf")  # for the worker
    assert (set(links.values()), waits) == ({200}, 202)
    assert shaped("certificate", browser.get(path(one["links"]["self"]))) == one
    assert browser.get(f"/api/v1/certificates/{one['number'].lower().replace('-', ' ')}").json == one


def test_a_company_is_named_without_what_could_be_a_person(browser, five, session):
    one = shaped("vendors", browser.get("/api/v1/vendors"))["items"][0]
    assert (one["slug"], one["products"]) == ("hat-nang", 5)
    assert shaped("vendor", browser.get("/api/v1/vendors/hat-nang")) == one
    assert {"address", "representative", "contact_email"} & one.keys() == set()


def test_a_number_that_could_be_a_persons_is_left_out(browser, shop, session):
    numbers = {
        ("0199999901", "VN"): "0199999901",
        ("0199999901-002", "VN"): "0199999901-002",
        ("001088012345", "VN"): None,
        ("HRB 12345", "DE"): "HRB 12345",
    }
    for place, (number, country) in enumerate(numbers):
        vendor = Vendor(
            slug=f"nha-nho-{place}",
            name="Hộ kinh doanh Nhà Nhỏ",
            registration_number=number,
            country=country,
            address="1 Phố Nhỏ",
            representative="Không Ai Cả",
            contact_email="x@example.vn",
        )
        session.add(vendor)
        session.commit()
        shop.publish(vendor=vendor)
    found = browser.get("/api/v1/vendors").json["items"]
    assert [one["registration_number"] for one in found] == list(numbers.values())


def test_products_are_filtered_as_in_the_catalogue(browser, five):
    expected = {
        "": ["p-0001", "p-0002", "p-0003", "p-0004", "p-0005"],
        "q=den": ["p-0001"],
        "q=đường": ["p-0002"],
        "q=den&status=active&vendor=hat-nang": ["p-0001"],
        "q=den&status=suspended": [],
        "q=den&level=L2": [],
        "q=den&vendor=nobody": [],
        "status=suspended": ["p-0002"],
        "status=expired&status=withdrawn": ["p-0003", "p-0004"],
        "level=L2": ["p-0005"],
        "age=12-15&status=active&level=L2": ["p-0005"],
        "age=0-6": [],
        "vendor=hat-nang&level=L2": ["p-0005"],
        "vendor=nobody": [],
        "price=of-no-edition": [],
    }
    for query, slugs in expected.items():
        assert [one["slug"] for one in every(browser, f"/api/v1/products?limit=2&{query}")] == slugs, query


def test_products_that_changed_since_a_day(browser, five):
    def since(days):
        day = (today() - timedelta(days=days)).isoformat()
        return [one["slug"] for one in every(browser, f"/api/v1/products?changed_since={day}")]

    assert since(3) == ["p-0002", "p-0004"]
    assert since(30) == ["p-0001", "p-0002", "p-0004", "p-0005"]


def test_certificates_are_filtered(browser, five):
    expected = {
        "": [3, 1, 2, 4, 5],
        "status=active": [1, 5],
        "status=suspended&status=withdrawn": [2, 4],
        "status=expired": [3],
        "status=terminated": [],
        "product=p-0004": [4],
        "level=L2": [5],
        "edition=vcsc-2026&vendor=hat-nang": [3, 1, 2, 4, 5],
        "edition=vcsc-1999": [],
    }
    for query, serials in expected.items():
        found = every(browser, f"/api/v1/certificates?limit=2&{query}")
        assert [int(one["number"].split("-")[2]) for one in found] == serials, query


def test_a_certificate_that_another_one_follows_stays_and_says_so(browser, shop):
    first = shop.certificate(Published(days=-300))
    product = shop.session.get_one(Product, first.product_id)
    shop.certificate(Published(days=-10), product)
    first.superseded_on = today() - timedelta(days=10)
    catalogue.refresh(shop.session, product.id)
    shop.session.commit()
    for query in ("", "?status=superseded"):
        one = browser.get(f"/api/v1/certificates{query}").json["items"][0]
        assert (one["number"], one["status"], one["since"]) == (
            first.number,
            "superseded",
            first.superseded_on.isoformat(),
        )
    assert [one["status"] for one in every(browser, "/api/v1/certificates?status=active")] == ["active"]


def test_what_waits_for_its_day_is_not_there(browser, shop):
    later = shop.publish(days=5)
    for address in ("/api/v1/products", "/api/v1/certificates", "/api/v1/vendors"):
        assert browser.get(address).json == {"items": [], "next": None}
    assert browser.get(f"/api/v1/certificates/{later.number}").status_code == 404
    assert browser.get("/api/v1/products/p-0001").status_code == 404
    with clock.at(clock.now() + timedelta(days=6)):
        assert browser.get(f"/api/v1/certificates/{later.number}").json["status"] == "active"


def test_rows_that_come_meanwhile_move_none_of_the_others(browser, five):
    first = browser.get("/api/v1/products?limit=2").json
    five.publish(name="Mới")
    rest = every(browser, path(first["next"]))
    assert [one["slug"] for one in rest] == ["p-0003", "p-0004", "p-0005", "p-0006"]


def test_editions_and_criteria_are_the_files(browser, world):
    edition = shaped("editions", browser.get("/api/v1/editions"))["items"][0]
    assert (edition["id"], edition["in_force"], len(edition["groups"])) == ("vcsc-2026", True, 8)
    assert shaped("edition", browser.get("/api/v1/editions/vcsc-2026")) == edition
    assert [browser.get(path(edition["links"][name])).status_code for name in edition["links"]] == [200] * 5
    found = every(browser, "/api/v1/criteria?limit=7")
    codes = [one["code"] for one in found]
    assert (len(codes), len(set(codes))) == (len(codes), len(codes))
    one = shaped("criterion", browser.get("/api/v1/criteria/vcsc-2026/TL-01"))
    assert one in found
    assert {one["group"] for one in every(browser, "/api/v1/criteria?edition=vcsc-2026&group=HN")} == {"HN"}
    assert browser.get("/api/v1/criteria?edition=vcsc-1999").status_code == 404
    assert browser.get("/api/v1/criteria/vcsc-2026/XX-99").status_code == 404


FEW = {
    "/api/v1": 0,
    "/api/v1/products": 2,
    "/api/v1/products?q=den&age=7-11&status=active&limit=100": 3,
    "/api/v1/products/p-0001": 2,
    "/api/v1/certificates": 2,
    "/api/v1/vendors": 3,
    "/api/v1/vendors/hat-nang": 3,
    "/api/v1/editions": 1,
    "/api/v1/criteria": 1,
    "/api/v1/events": 3,
}


def test_a_page_takes_few_statements_however_many_items(app, browser, five):
    counted = {}
    for address in FEW:
        browser.get(address)
        with statements(app) as seen:
            assert browser.get(address).status_code == 200
        counted[address] = len(seen)
    assert counted == FEW


def test_what_is_known_costs_one_statement(app, browser, five):
    tag = browser.get("/api/v1/products").headers["ETag"]
    with statements(app) as seen:
        answer = browser.get("/api/v1/products", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.data, len(seen)) == (304, b"", 1)


def test_the_examples_have_the_declared_shapes():
    for one in OPERATIONS:
        assert isinstance(one.answer.model_validate_json(json.dumps(EXAMPLES[one.name])), one.answer)


def test_a_key_nobody_declared_is_a_fault():
    with pytest.raises(ValidationError):
        models.Text.model_validate({"vi": "a", "en": "b", "representative": "c"})
