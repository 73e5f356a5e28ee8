"""Public answers are packed for browsers that can read them, and nothing else is."""

import gzip
import re

import pytest

from registry.compression import Packing

PACKED = {"Accept-Encoding": "gzip, deflate, br"}


def stylesheet(browser):
    return re.search(r'rel="stylesheet" href="([^"]+)"', browser.get("/about").text)[1]


def test_a_public_page_is_the_same_page_packed(browser, app):
    plain, packed = browser.get("/about"), browser.get("/about", headers=PACKED)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    assert plain.headers["ETag"] == packed.headers["ETag"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_what_a_browser_has_is_not_packed_again(browser, app):
    first = browser.get("/about", headers=PACKED)
    again = browser.get("/about", headers={**PACKED, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "Content-Encoding" not in again.headers
    assert "Accept-Encoding" in again.headers["Vary"]


@pytest.mark.parametrize("accepts", ["", "br", "identity", "gzip;q=0", "gzip;q=0, *;q=0.5"])
def test_a_browser_that_cannot_gets_it_plain(browser, app, accepts):
    assert "Content-Encoding" not in browser.get("/about", headers={"Accept-Encoding": accepts}).headers


def test_head_has_no_body(browser, app):
    page = browser.head("/about", headers=PACKED)
    assert (page.status_code, page.data) == (200, b"")
    assert "Content-Encoding" not in page.headers


def test_pages_with_a_token_are_never_packed(browser, app):
    page = browser.get("/sign-in", headers=PACKED)
    assert "csrf_token" in page.text
    assert "Content-Encoding" not in page.headers


def test_errors_and_small_answers_stay_as_they_are(browser, app):
    assert "Content-Encoding" not in browser.get("/products/nothing", headers=PACKED).headers
    assert "Content-Encoding" not in browser.get("/healthz", headers=PACKED).headers


def fetch(browser, url, **headers):
    """Ask for a file, read it and let go of it."""
    with browser.get(url, headers={name.replace("_", "-"): value for name, value in headers.items()}) as page:
        return page.status_code, page.headers, page.get_data()


def test_the_stylesheet_is_packed_and_kept_for_good(browser, app):
    url = stylesheet(browser)
    _, headers, body = fetch(browser, url, Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["ETag"].startswith("W/")
    assert gzip.decompress(body) == fetch(browser, url)[2]
    code, again, _ = fetch(browser, url, Accept_Encoding="gzip", If_None_Match=headers["ETag"])
    assert code == 304
    assert again["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("version", ["", "?v=", "?v=00000000"])
def test_another_version_is_not_kept(browser, app, version):
    code, headers, _ = fetch(browser, stylesheet(browser).split("?")[0] + version)
    assert code == 200
    assert "immutable" not in headers.get("Cache-Control", "")


@pytest.mark.parametrize("path", ["/static/nothing.css?v=1", "/static/../config.py?v=1", "/static/%00?v=1"])
def test_a_file_that_is_not_there(browser, app, path):
    assert browser.get(path).status_code == 404


def test_the_body_is_closed_once():
    class Body:
        closed = 0

        def __iter__(self):
            yield b"x" * 5000

        def close(self):
            self.closed += 1

    body = Body()

    def app(_environ, start_response):
        start_response("200 OK", [("Content-Type", "text/css"), ("Cache-Control", "public")])
        return body

    begun = []
    environ = {"REQUEST_METHOD": "GET", "HTTP_ACCEPT_ENCODING": "gzip"}
    answer = b"".join(Packing(app)(environ, lambda *given: begun.append(given)))
    assert gzip.decompress(answer) == b"x" * 5000
    assert body.closed == 1
    assert len(begun) == 1
