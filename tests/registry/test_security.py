"""What is refused before a route is asked: unknown hosts, floods of fields, posts from other sites."""

import logging
from dataclasses import replace

import pytest

from registry import security

ORDINARY = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("GET", "/applications"), ("POST", "/applications/x"), ("GET", "/nothing")]
)
def test_an_unknown_host_is_answered_in_plain_words(app, browser, caplog, method, path):
    app.testing = False
    with caplog.at_level(logging.WARNING, "registry"):
        answer = browser.open(path, method=method, headers={"Host": "evil.example"})
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert "evil" not in answer.text
    assert answer.headers["Content-Security-Policy"] == security.POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    told = [(record.getMessage(), record.facts.get("host") or record.facts["reason"]) for record in caplog.records]
    assert told == [("foreign host", "evil.example"), ("unknown address", "foreign host")]


def test_a_flood_of_fields_is_refused_before_anybody_is_looked_up(world, browser, monkeypatch):
    ref = world.application().ref
    world.session.commit()
    browser.sign_in(world.an)
    url = f"/applications/{ref}/profile/data"
    body = f"csrf_token={browser.token(url)}" + "".join(f"&taken-{n}-kind=a" for n in range(security.MOST_FIELDS + 1))
    monkeypatch.setattr(security.csrf, "protect", lambda: pytest.fail("the fields were taken apart"))
    answer = browser.post(url, data=body, content_type=ORDINARY)
    assert answer.status_code == 400
    assert "quá nhiều ô" in answer.text


def test_unknown_addresses_take_no_flood_either(browser):
    answer = browser.post("/applications/a/b/c/d/e/f", data="&" * 5000, content_type=ORDINARY)
    assert answer.status_code == 400


def test_forms_of_many_fields_still_arrive(browser):
    body = f"csrf_token={browser.token('/sign-in')}&email=a@b.example&password=x" + "&a=b" * 900
    assert browser.post("/sign-in", data=body, content_type=ORDINARY).status_code == 422


@pytest.mark.parametrize(
    ("public", "origin", "status"),
    [
        ("http://localhost", "http://localhost", 422),
        ("https://localhost", "https://localhost", 422),  # TLS ends at a proxy that says nothing of it
        ("http://localhost", "https://localhost", 400),
        ("http://localhost", "http://localhost:81", 400),
        ("http://localhost", "http://localhost.evil.example", 400),
        ("http://localhost", "null", 400),
    ],
)
def test_an_origin_is_compared_with_its_scheme(app, browser, public, origin, status):
    token = browser.token("/sign-in")
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], public_url=public)
    form = {"csrf_token": token, "email": "a@b.example", "password": "x"}
    assert browser.post("/sign-in", data=form, headers={"Origin": origin}).status_code == status
