"""What every answer of the API has in common: caching, CORS, refusals as problems, limits, and nobody's name."""

import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from assessments import catalogue, clock
from assessments.models import Certificate, LogEntry, LogKind
from assessments.queries import open_data
from assessments.queries.certificates import certificate_by_number
from assessments.states import CertificateState
from registry import issuing
from registry.accounts.models import User
from registry.api import cursors
from registry.api.models import Problem
from registry.data import files
from tests.listings import Published, Shop

LISTS = ("products", "certificates", "vendors", "editions", "criteria", "events")


@pytest.fixture
def shop(app, world):
    shop = Shop(world)
    shop.publish()
    shop.publish(state=CertificateState.SUSPENDED)
    with app.app_context():
        issuing.turn()
    return shop


def problem(answer, status, kind, parameter=None):
    """A refusal as RFC 9457 has it, in both languages, that any site may read and no cache keeps."""
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-store"
    said = Problem.model_validate_json(answer.data)
    assert (said.status, said.type.rpartition("#")[2], said.parameter) == (status, kind, parameter)
    assert said.title != said.title_vi
    assert said.detail != said.detail_vi
    return said


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        ("/api/v1/products?limit=0", "limit"),
        ("/api/v1/products?limit=101", "limit"),
        ("/api/v1/products?limit=5&limit=6", "limit"),
        ("/api/v1/products?limit=ten", "limit"),
        ("/api/v1/products?status=superseded", "status"),
        ("/api/v1/products?sort=name", "sort"),
        ("/api/v1/products?changed_since=2026-02-30", "changed_since"),
        ("/api/v1/products?changed_since=20260201", "changed_since"),
        (f"/api/v1/products?q={'a' * 121}", "q"),
        ("/api/v1/products?vendor=A%00B", "vendor"),
        ("/api/v1/products?cursor=%C3%A9", "cursor"),
        ("/api/v1/products?cursor=abc", "cursor"),
        (f"/api/v1/products?cursor={cursors.written('vendors', 'a')}", "cursor"),
        (f"/api/v1/products?cursor={cursors.written('products', 1)}", "cursor"),
        (f"/api/v1/certificates?cursor={cursors.written('certificates', 2026, 10**12)}", "cursor"),
        (f"/api/v1/events?cursor={cursors.written('events', -1)}", "cursor"),
        ("/api/v1/events?kind=key", "kind"),
        ("/api/v1?x=1", "x"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(browser, address, parameter):
    problem(browser.get(address), 400, "bad-parameter", parameter)


def test_other_refusals_are_problems_too(browser, shop, app, monkeypatch):
    for address in ("/api/v1/nothing", "/api/v1/products/nobody", "/api/v1/certificates/VCSC-26-9999-A", "/api/v1/"):
        problem(browser.get(address), 404, "not-found")
    assert browser.get("/en/api/v1/nothing").json == browser.get("/api/v1/nothing").json
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(browser, method)("/api/v1/products")
        problem(answer, 405, "method-not-allowed")
        assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert browser.get("/api/nothing").mimetype == "text/html"  # a page for people

    def down(*_arguments):
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr(open_data, "standing", down)
    answer = browser.get("/api/v1/products")
    problem(answer, 503, "unavailable")
    assert answer.headers["Retry-After"] == "30"


def test_whoever_asks_too_often_waits_for_the_minute_to_end(app, browser, world):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], api_per_minute=3)
    moment = clock.now()
    with clock.at(moment):
        assert [browser.get("/api/v1").status_code for _each in range(3)] == [200] * 3
        answer = browser.get("/api/v1/products")
        problem(answer, 429, "too-many-requests")
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        assert browser.get("/api/v1", environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code == 200
        one, same = "2001:db8::1", "2001:db8::2"  # of one network
        statuses = [browser.get("/api/v1", environ_base={"REMOTE_ADDR": at}).status_code for at in (one, same) * 2]
        assert statuses == [200, 200, 200, 429]
    with clock.at(moment + timedelta(seconds=61)):
        assert browser.get("/api/v1/products").status_code == 200


def test_any_site_may_read_and_any_cache_may_keep(browser, shop):
    for name in LISTS:
        answer = browser.get(f"/api/v1/{name}", headers={"Origin": "https://elsewhere.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cache-Control"].startswith("public, max-age=")
        assert "Set-Cookie" not in answer.headers
        assert 'rel="license"' in answer.headers["Link"]
        same = browser.get(f"/api/v1/{name}", headers={"If-None-Match": answer.headers["ETag"]})
        assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", answer.headers["ETag"])
        assert same.headers["Access-Control-Allow-Origin"] == "*"
        head = browser.head(f"/api/v1/{name}")
        assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", answer.headers["ETag"])
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    answer = browser.options("/api/v1/products", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


def test_an_answer_is_new_when_something_changed_and_when_the_day_turns(browser, shop, session):
    moment = clock.now() + timedelta(seconds=10)
    with clock.at(moment):
        first = browser.get("/api/v1/products")
        since = {"If-Modified-Since": first.headers["Last-Modified"]}
        tag = {"If-None-Match": first.headers["ETag"]}
        assert browser.get("/api/v1/products", headers=since).status_code == 304
        assert browser.get("/api/v1/products?limit=1", headers=tag).status_code == 200
        assert browser.get("/en/api/v1/products", headers=tag).status_code == 304
    with clock.at(moment + timedelta(days=1)):
        assert browser.get("/api/v1/products", headers=tag).status_code == 200
        assert browser.get("/api/v1/products", headers=since).status_code == 200
    with clock.at(moment + timedelta(seconds=30)):
        catalogue.refresh(session, session.exec(select(Certificate.product_id)).first())
        session.commit()
        assert browser.get("/api/v1/products", headers=tag).status_code == 200
        assert "Last-Modified" not in browser.get("/api/v1/products").headers  # another change could come this second


# --- events ---


def path(address):
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def test_events_are_the_public_log_without_gaps(app, browser, shop, session):
    page = browser.get("/api/v1/events?limit=2").json
    found = list(page["items"])
    while page["next"]:
        page = browser.get(path(page["next"])).json
        found += page["items"]
    told = session.exec(select(LogEntry).order_by(LogEntry.index)).all()
    wanted = [one.index for one in told if one.kind not in {LogKind.KEY, LogKind.HEAD}]
    assert [one["index"] for one in found] == wanted
    session.commit()
    grants = [one for one in found if one["kind"] == "grant"]
    assert {one["product"]["slug"] for one in grants} == {"p-0001", "p-0002"}
    suspended = next(one for one in found if one["kind"] == "suspend")
    assert suspended["reason"]["vi"] == "Lộ vị trí của trẻ cho tài khoản khách."
    assert suspended["status"] == "suspended"
    cursor = page["cursor"]
    assert browser.get(f"/api/v1/events?cursor={cursor}").json == {"items": [], "next": None, "cursor": cursor}
    assert browser.get("/api/v1/events?cursor=end").json["items"] == []
    end = browser.get("/api/v1/events?cursor=end").json["cursor"]
    shop.publish(name="Sau")
    with app.app_context():
        issuing.turn()
    for known in (cursor, end):
        assert [
            one["product"]["name"]["vi"] for one in browser.get(f"/api/v1/events?cursor={known}").json["items"]
        ] == ["Sau"]


def test_events_of_one_kind_and_of_one_certificate(browser, shop, session):
    number = session.exec(select(Certificate.number).order_by(Certificate.serial.desc())).first()
    session.commit()
    found = browser.get(f"/api/v1/events?certificate={number}").json["items"]
    assert [(one["kind"], one["certificate"]) for one in found] == [("grant", number), ("suspend", number)]
    assert [one["kind"] for one in browser.get("/api/v1/events?kind=suspend").json["items"]] == ["suspend"]
    assert browser.get("/api/v1/events?certificate=VCSC-26-9999-A").json["items"] == []


def test_what_stands_in_the_log_but_is_not_shown_yet_names_no_product(app, browser, shop, session):
    number = browser.get("/api/v1/products/p-0001").json["certificate"]["number"]
    certificate_by_number(session, number).published_at = None
    catalogue.refresh(session, certificate_by_number(session, number).product_id)
    session.commit()
    found = browser.get(f"/api/v1/events?certificate={number}").json["items"][0]
    assert (found["kind"], found["product"], found["reason"]) == ("grant", None, None)


# --- nobody's name ---


def test_no_answer_and_no_file_names_a_person(app, browser, world, shop, session):
    secret = {
        "representative": "Trần Đại Diện Zq1",
        "address": "Số 7 Ngõ Zq2",
        "contact_email": "zq3@example.vn",
        "contact_phone": "0900 000 zq4",
    }
    vendor = world.hat_nang
    for name, value in secret.items():
        setattr(vendor, name, value)
    certificate = shop.certificate(Published(vendor=vendor, facts={"support_contact": "zq5@example.vn"}))
    signatory = {"name": "Người Ký Zq6", "vi": "Chủ tịch", "en": "Chair"}
    certificate.content = {
        **certificate.content,
        "vendor": {**certificate.content["vendor"], **secret},
        "issuer": {**certificate.content["issuer"], "signatory": signatory},
    }
    catalogue.refresh(session, certificate.product_id)
    session.commit()
    with app.app_context():
        issuing.turn()
        files.make_when_due()
    people = session.exec(select(User.name, User.email)).all()
    session.commit()
    hidden = {"zq", "Zq", *(text for person in people for text in person)}
    addresses = [f"/api/v1/{name}?limit=100" for name in (*LISTS[:3], *LISTS[4:])]
    addresses += ["/api/v1/editions", "/api/openapi.json", "/data/datapackage.json", "/data", "/sitemap.xml"]
    addresses += ["/criteria/vcsc-2026/oscal.json", f"/api/v1/certificates/{certificate.number}", "/feed.atom"]
    addresses += [
        f"/data/{name}.{kind}" for name in ("products", "certificates", "changes") for kind in ("csv", "jsonl")
    ]
    addresses += ["/.well-known/security.txt", "/robots.txt", "/vendors/hat-nang/feed.atom"]
    for address in addresses:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert [one for one in hidden if one in answer.text] == [], address
    assert json.loads(browser.get("/api/v1/products/p-0003").data)["status"] == "active"
