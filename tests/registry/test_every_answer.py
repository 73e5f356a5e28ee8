"""What every answer of every route says in its headers and cookies, and which requests no route lets through."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask.sessions import SecureCookieSessionInterface

from registry import access, requested, security
from registry.config import Settings
from tests.conftest import settings_in
from tests.every_route import addresses
from tests.watching import watched
from tests.world import PASSWORD

SITE = "https://localhost"
REF = "HS-2026-0001"
SELF_ONLY = {"'self'", "'none'", "data:"}
ANY_SITE_MAY_READ = re.compile(
    r"(api|badges\.picture|certificates\.(data|papers\.pdf)|changes|credentials|criteria\.oscal_catalog|data|keys|log"
    r"|transparency\.(csv|year_csv)|verifying)\b"
)
LOGS = {"evidence_access", "vendor_export_reading", "reading"}  # what may be written when something is only looked at


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A site that is served over TLS."""
    return replace(settings_in(tmp_path), public_url=SITE)


@pytest.fixture
def visitors(app, world, monkeypatch):
    """Everybody who comes by here: nobody, a company's owner, and of the club somebody of each kind."""
    world.application()
    world.session.commit()
    monkeypatch.setattr("registry.errors.render_template", lambda *_, **__: "<p>refused</p>")
    found = []
    for person in (None, world.an, world.chi):
        browser = app.test_client()
        if person is not None:
            browser.sign_in(person)
        found.append(browser)
    return found


def policy(answer):
    """The Content-Security-Policy of an answer: directive -> its words."""
    said = answer.headers["Content-Security-Policy"].split(";")
    return {words[0]: set(words[1:]) for words in (one.split() for one in said)}


def faults_of_policy(answer):
    found = policy(answer)
    wrong = []
    if found.get("default-src") != {"'none'"}:
        wrong.append("default-src")
    if found.get("frame-ancestors") != {"'none'"} or found.get("base-uri") != {"'none'"}:
        wrong.append("frames or base")
    words = set().union(*(found[name] for name in found if name.endswith("-src"))) - SELF_ONLY
    return wrong + sorted(word for word in words if not word.startswith("'sha256-"))


def faults_of_headers(answer, endpoint, declared):
    """What is wrong with the headers that every answer carries."""
    headers = answer.headers
    expected = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    }
    wrong = [name for name, value in expected.items() if headers.get(name) != value]
    wrong += faults_of_policy(answer)
    if headers.get("Referrer-Policy") not in {"same-origin", "no-referrer"}:
        wrong.append("Referrer-Policy")
    if not re.search(r"\bmicrophone=\(\).*\busb=\(\)", headers.get("Permissions-Policy", "")):
        wrong.append("Permissions-Policy")
    if not re.fullmatch(r"[0-9a-f]{16}", headers.get(requested.HEADER, "")):
        wrong.append(requested.HEADER)
    wrong += [name for name in ("Server", "X-Powered-By", "Access-Control-Allow-Credentials") if name in headers]
    return wrong + faults_of_sharing(headers, endpoint) + faults_of_caching(headers, declared)


def faults_of_sharing(headers, endpoint):
    """Only what is the same for everybody may be read by other sites, and then by all of them."""
    shared = headers.get("Access-Control-Allow-Origin")
    own = headers.get("Cross-Origin-Resource-Policy")
    wrong = ["read by other sites"] if shared not in {None, "*"} else []
    if shared == "*" and not ANY_SITE_MAY_READ.match(endpoint):
        wrong.append("read by any site")
    shown_elsewhere = shared == "*" or endpoint == "certificates.previews.picture"
    if own not in ({"cross-origin", "same-origin"} if shown_elsewhere else {"same-origin"}):
        wrong.append(f"resource policy {own}")
    return wrong


def faults_of_caching(headers, declared):
    kept = headers.get("Cache-Control", "")
    if declared != access.PUBLIC and "no-store" not in kept:
        return ["kept by caches"]
    return ["kept with a cookie"] if "public" in kept and "Set-Cookie" in headers else []


def faults_of_cookies(answer):
    """Every cookie is bound to this host, to TLS, and shown to no script."""
    found = []
    for cookie in answer.headers.getlist("Set-Cookie"):
        name, _, rest = cookie.partition("=")
        attributes = {one.strip().lower() for one in rest.split(";")[1:]}
        wanted = {"secure", "httponly", "path=/", "samesite=lax"}
        if name != "__Host-vcsc" or wanted - attributes or any(one.startswith("domain") for one in attributes):
            found.append(cookie)
    return found


def faults_of_content(answer):
    """A body says what it is; text says in which letters."""
    if answer.status_code in {204, 304} or not answer.data:
        return []
    kind = answer.headers.get("Content-Type", "")
    plain = kind.startswith("text/") or kind.endswith("+xml")
    return [f"content type {kind!r}"] if not kind or (plain and "charset=utf-8" not in kind.lower()) else []


def faults(app, answer, endpoint):
    """Everything that is wrong with an answer."""
    with app.app_context():
        declared = access.declared(endpoint)
    found = faults_of_headers(answer, endpoint, declared) + faults_of_cookies(answer) + faults_of_content(answer)
    return [(endpoint, answer.status_code, one) for one in found]


def test_every_page_is_sent_with_care_and_looking_at_it_changes_nothing(app, visitors):
    wrong, asked = [], 0
    with watched(app.extensions["engine"]) as changed:
        for browser in visitors:
            key, cookie = keys_of(browser)
            for rule, path in addresses(app, "GET", REF):
                answer = browser.get(path, base_url=SITE)
                told = answer.text + answer.headers.get("Location", "") if answer.mimetype.startswith("text/") else ""
                wrong += faults(app, answer, rule.endpoint)
                wrong += [(rule.endpoint, "tells a key") for one in (key, cookie) if one in told]
                wrong += [(rule.endpoint, table) for table in changed if table not in LOGS]
                changed.clear()
                asked += 1
                answer.close()
    assert wrong == []
    assert asked > 500


def test_every_page_of_the_workspace_shows_the_way_out(app, visitors):
    for browser in visitors[1:]:
        for rule, path in addresses(app, "GET", REF):
            with app.app_context():
                declared = access.declared(rule.endpoint)
            answer = browser.get(path, base_url=SITE) if declared != access.PUBLIC else None
            if answer is not None and answer.status_code == 200 and answer.mimetype == "text/html":
                assert 'action="/sign-out"' in answer.text or "/en/sign-out" in answer.text, rule.endpoint


def test_every_answer_to_a_form_is_sent_with_care(app, visitors):
    wrong = []
    for browser in visitors:
        for rule, path in addresses(app, "POST", REF):
            wrong += faults(app, browser.post(path, base_url=SITE), rule.endpoint)
    assert wrong == []


def keys_of(browser):
    """The key of somebody's session, and the cookie it comes in."""
    with browser.session_transaction("/account") as session:
        key = session.get("_user_id", "nobody has this key")
    found = browser.get_cookie("__Host-vcsc")
    return key, found.value if found else "nobody has this cookie"


def test_errors_are_sent_with_as_much_care(app, browser, monkeypatch):
    @access.open_form
    def fail():
        raise RuntimeError

    app.add_url_rule("/fails", "fails", fail)
    app.testing = False
    asked = {
        400: ("GET", "/", {"headers": {"Host": "evil.example"}}),
        404: ("GET", "/nowhere", {}),
        413: ("POST", "/sign-in", {"data": b"x" * 3_000_000, "content_type": "text/plain"}),
        500: ("GET", "/fails", {}),
    }
    for code, (method, path, values) in asked.items():
        answer = browser.open(path, method=method, base_url=SITE, **values)
        assert answer.status_code == code
        assert faults_of_headers(answer, "", None) + faults_of_content(answer) == [], code
        for told in ("Traceback", "RuntimeError", "sqlalchemy", "/registry/"):
            assert told not in answer.text


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "DEBUG"])
def test_no_method_but_the_known_ones_is_taken(app, browser, method):
    for path in ("/", "/sign-in", "/account", "/api/v1/products", "/static/site.css", "/nowhere"):
        answer = browser.open(path, method=method, base_url=SITE, headers={"X-Canary": "zqecho"})
        assert answer.status_code in {400, 401, 404, 405}, path
        assert "zqecho" not in answer.text


# --- requests that no route lets through ---


def changing(app):
    """(declaration, method, address) of every route that changes something."""
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for rule, path in addresses(app, method, REF):
            with app.app_context():
                yield access.declared(rule.endpoint) or "", method, path


@pytest.fixture
def owner(app, world, visitors):
    """Somebody signed in, and the form token of somebody else."""
    other = app.test_client()
    other.sign_in(world.bao)
    return visitors[1], other.token("/account")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:81"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_no_route_takes_a_request_from_another_site(app, owner, headers):
    browser, _ = owner
    with watched(app.extensions["engine"]) as changed:
        let = [
            path
            for _, method, path in changing(app)
            if browser.open(path, method=method, base_url=SITE, headers=headers).status_code != 400
        ]
    assert (let, changed) == ([], [])


@pytest.mark.parametrize("token", ["", "of somebody else"])
def test_no_form_is_taken_without_the_token_of_its_page(app, owner, token):
    browser, foreign = owner
    data = {"csrf_token": foreign} if token else {}
    with watched(app.extensions["engine"]) as changed:
        let = []
        for declared, method, path in changing(app):
            if declared == access.PUBLIC or declared.startswith("upload:"):
                continue
            answer = browser.open(path, method=method, base_url=SITE, data=data)
            if answer.status_code != 400:
                let.append((path, answer.status_code))
    assert (let, changed) == ([], [])


def test_no_upload_is_taken_without_the_token_of_its_address(app, owner):
    browser, foreign = owner
    let = []
    for declared, method, path in changing(app):
        if declared.startswith("upload:"):
            for token in ("", foreign, "x.y.z"):
                answer = browser.open(f"{path}?token={token}", method=method, base_url=SITE, data=b"x")
                let += [path] if answer.status_code not in {400, 403, 404} else []
    assert let == []


def test_a_body_of_another_kind_is_no_form(app, owner):
    """What a page of another site could send without asking first is never read as one of our forms."""
    browser, _ = owner
    token = browser.token("/account")
    with watched(app.extensions["engine"]) as changed:
        for kind, body in (("text/plain", f"csrf_token={token}"), ("application/json", f'{{"csrf_token": "{token}"}}')):
            for declared, method, path in changing(app):
                if declared != access.PUBLIC and not declared.startswith("upload:"):
                    answer = browser.open(path, method=method, base_url=SITE, data=body, content_type=kind)
                    assert answer.status_code == 400, path
    assert changed == []


# --- cookies ---


def contents(app, browser):
    """What anybody who has the cookie can read in it: it is signed and not sealed."""
    cookie = browser.get_cookie("__Host-vcsc")
    return SecureCookieSessionInterface().get_signing_serializer(app).loads(cookie.value)


def test_the_cookie_holds_nothing_but_a_key_and_what_a_page_says_once(app, world, browser):
    form = {"email": world.an.email, "password": PASSWORD, "csrf_token": browser.token("/sign-in")}
    browser.post("/sign-in", data=form, base_url=SITE)
    held = contents(app, browser)
    assert set(held) <= {"_fresh", "_permanent", "_user_id", "csrf_token", "_flashes", "_id"}
    assert world.an.email not in str(held)
    assert str(world.an.id) not in str(held)


def test_nor_the_address_a_letter_went_to(app, world, browser):
    form = {"email": world.an.email, "csrf_token": browser.token("/forgot-password")}
    answer = browser.post("/forgot-password", data=form, base_url=SITE)
    assert world.an.email not in str(contents(app, browser))
    assert world.an.email in browser.get(answer.location, base_url=SITE).text


def test_signing_out_clears_what_the_browser_keeps(app, world, browser):
    browser.sign_in(world.an)
    answer = browser.post("/sign-out", data={"csrf_token": browser.token("/account")}, base_url=SITE)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in browser.get("/sign-in", base_url=SITE).headers


# --- what a proxy says ---


@pytest.mark.parametrize(("hops", "believed"), [(0, False), (1, True)])
def test_forwarded_headers_count_from_a_trusted_proxy_only(tmp_path, hops, believed):
    from registry import create_app  # noqa: PLC0415  an app of its own: the setting is read once

    app = create_app(replace(settings_in(tmp_path), proxy_hops=hops))
    seen = []

    @access.open_form
    def where():
        from flask import request  # noqa: PLC0415

        seen.append((request.remote_addr, request.scheme))
        return "x"

    app.add_url_rule("/where", "where", where)
    sent = {"X-Forwarded-For": "1.1.1.1, 203.0.113.9", "X-Forwarded-Proto": "https", "X-Real-IP": "198.51.100.1"}
    app.test_client().get("/where", headers=sent)
    assert seen == [("203.0.113.9", "https") if believed else ("127.0.0.1", "http")]
    evil = app.test_client().get("/where", headers={"X-Forwarded-Host": "evil.example"})
    assert evil.status_code == (400 if believed else 200)
    app.extensions["engine"].dispose()


def test_pages_that_use_the_camera_say_so_and_no_others():
    assert "camera=()" in security.HEADERS["Permissions-Policy"]
    assert all(f"{one}=()" in security.HEADERS["Permissions-Policy"] for one in security.UNUSED)
