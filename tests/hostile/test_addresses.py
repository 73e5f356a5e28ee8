"""Hostile addresses and queries: paths out of the site, SQL, patterns that never end, numbers no column takes."""

from urllib.parse import quote

import pytest

from tests.hostile.cast import REVIEWED, Target, grown
from tests.hostile.wire import Line

PATHS = {
    "dots": "/../../../../etc/passwd",
    "dots in the middle": "/products/../../static/../registry/app.py",
    "dots encoded": "/static/%2e%2e/%2e%2e/app.py",
    "dots encoded twice": "/static/%252e%252e/%252e%252e/app.py",
    "slashes encoded": "/static/..%2f..%2fapp.py",
    "backslashes": "/static/..\\..\\app.py",
    "static, absolute": "/static//etc/passwd",
    "static, drive": "/static/C:%5Cwindows%5Cwin.ini",
    "uploads by hand": "/uploads/registry.db",
    "files by hand": "/files/",
    "settings": "/.env",
    "repository": "/.git/config",
    "database": "/registry.db",
    "key": "/keys/private.pem",
    "zero": "/products/%00",
    "zero at the end": "/products/den-nha%00.html",
    "no UTF-8": "/products/%ff%fe%c0%af",
    "overlong slash": "/static/%c0%ae%c0%ae/app.py",
    "half a character": "/products/%ed%a0%80",
    "percent without digits": "/products/%zz%",
    "direction override": "/products/%e2%80%aegnp.exe",
    "zero width": "/vendors/hat%e2%80%8b-nang",
    "homoglyph": "/vendors/h%d0%b0t-nang",
    "full width": "/vendors/%ef%bd%88at-nang",
    "long": "/products/" + "a" * 6000,
    "many dots": "/products/" + "../" * 800,
    "template": "/products/%7B%7B7*7%7D%7D",
    "format": "/products/%25s%25n%7B0.__class__%7D",
    "script": "/products/%3Cscript%3Ealert(1)%3C/script%3E",
    "line break": "/products/a%0d%0aSet-Cookie:%20x=1",
    "certificate by SQL": "/c/VCSC-2026-0001'%20OR%20'1'='1",
    "certificate by number": "/c/" + "9" * 400,
    "certificate, minus": "/c/-1",
    "log entry, huge": "/log/entries/" + "9" * 60,
    "log entry, minus": "/log/entries/-1",
    "log entry, Arabic digits": "/log/entries/%d9%a3",
    "log entry, superscript": "/log/entries/%c2%b2",
    "log consistency, huge": "/log/consistency/" + "9" * 60,
    "log tile, level": "/log/tile/99/000",
    "log tile, out of it": "/log/tile/0/..%2f..%2fcheckpoint",
    "log tile, huge": "/log/tile/0/x999/x999/x999/x999/x999/999",
    "log tile, width": "/log/tile/0/000.p/99999999999999999999",
    "status list": "/status/..%2f..%2fkeys",
    "transparency, year": "/transparency/99999999999999999999",
    "transparency, year nought": "/transparency/0000.csv",
    "id that is none": "/evidence/00000000-0000-0000-0000-00000000000g",
    "edition out of its folder": "/criteria/..%2f..%2fpyproject.toml",
    "edition, dots": "/criteria/%2e%2e",
    "edition, criterion": "/criteria/vcsc-2026/..%2f..%2f",
    "guide out of its folder": "/guides/..%2f..%2f..%2fREADME",
    "data out of its folder": "/data/..%2f..%2fregistry.jsonl",
    "schema out of its folder": "/data/schemas/..%2f..%2f..%2fx.json",
    "sitemap out of its folder": "/sitemaps/..%2f..%2fx.xml",
    "badge": "/c/%3Csvg%20onload=1%3E/badge.svg",
    "english twice": "/en/en/en/products",
    "english, other host": "/en//evil.example",
    "other host": "//evil.example/%2e%2e",
    "other host, backslash": "/\\evil.example",
    "other host, slash at the end": "//evil.example/products/",
}
OPEN = {"english, other host", "other host", "other host, backslash", "other host, slash at the end"}


@pytest.mark.parametrize("name", PATHS)
def test_an_address_that_leads_nowhere_says_so(target: Target, name: str) -> None:
    before = target.rows()
    answer = target.ask(Line(target=PATHS[name]))
    assert answer.status in {400, 401, 404, 308, 302, 301}
    assert "evil" not in answer.header("Location")
    assert not answer.header("Set-Cookie").startswith("x=")
    assert b"root:" not in answer.body
    assert b"<script>alert" not in answer.body
    assert b"evil" not in answer.body or name in OPEN
    assert grown(before, target.rows()) == {}


SQL = "' OR '1'='1' UNION SELECT password_hash FROM \"user\" --"
ENDLESS = "(a+)+" * 40 + "!" + "a" * 200
VALUES = {
    "SQL": SQL,
    "SQL, stacked": "1; DROP TABLE application; --",
    "SQL, asleep": "1 AND (SELECT 1 FROM pg_sleep(20))",
    "full text": 'a" NEAR( b * NOT "c',
    "wildcards": "%_%%__\\%*?[a-z]",
    "endless pattern": ENDLESS,
    "brackets": "[" * 500 + "(" * 500,
    "many words": " ".join(f"từ{n}" for n in range(400)),
    "one long word": "đ" * 3000,
    "marks on marks": "a" + "\u0301" * 900,
    "zero": "a\0b",
    "no UTF-8": "\udcff\udcc0\udcaf",
    "hidden": "\u202egnp\u200b\u2066\ufeff",
    "line break": "a\r\nSet-Cookie: x=1",
    "markup": '"><script>alert(1)</script><img src=x onerror=alert(1)>',
    "template": "{{7*7}}{%print 1%}${7*7}#{7*7}",
    "format": "%s%n%x%(x)s{0.__class__}{config}",
    "minus": "-1",
    "huge": "9" * 400,
    "beyond 32 bit": "2147483648",
    "beyond 64 bit": "9223372036854775808",
    "not a number": "NaN",
    "infinite": "1e309",
    "other digits": "٣²①",
    "no day": "2026-02-31",
    "day beyond": "99999-01-01",
    "address": "//evil.example/",
    "script address": "javascript:alert(1)",
    "path": "../../../../etc/passwd",
    "JSON": '{"$gt":""}',
}
PAGES = {
    "/products": ("q", "page", "sort", "category", "level", "platform", "as_of", "age", "vendor"),
    "/changes": ("kind", "after", "from", "to", "product", "page"),
    "/find/results": ("age", "platform", "worry", "step", "c"),
    "/compare": ("product", "c", "p"),
    "/verify": ("number", "q"),
    "/guides": ("q", "audience", "tag"),
    "/log": ("before", "after", "q"),
    "/criteria/compare": ("from", "to", "show"),
    "/api/v1/products": ("q", "cursor", "limit", "category", "as_of", "updated_since"),
    "/api/v1/events": ("cursor", "after", "limit", "kind"),
    "/members": ("q", "page"),
    "/subscriptions/new": ("product", "vendor", "kind"),
    "/concerns/new": ("product",),
    "/misuse": ("number", "product"),
    "/sign-in": ("next",),
}


TURNS = 8  # requests to each page; every parameter meets another value at each of them, and SQL at every page


def query(place: str, turn: int) -> str:
    """The parameters of a page, each with a hostile value of this turn."""
    values = list(VALUES.values())
    first = turn * len(values) // TURNS
    met = {name: SQL if turn == 0 else values[(first + 7 * n) % len(values)] for n, name in enumerate(PAGES[place])}
    return "&".join(f"{name}={quote(value[:1500].encode('utf-8', 'surrogateescape'))}" for name, value in met.items())


@pytest.mark.parametrize("place", PAGES)
@pytest.mark.parametrize("turn", range(TURNS))
def test_a_query_is_text_and_nothing_else(target: Target, place: str, turn: int) -> None:
    before = target.rows()
    answer = target.ask(Line(target=f"{place}?{query(place, turn)}"))
    assert answer.status in {200, 302, 303, 400, 404, 422}
    assert "evil" not in answer.header("Location")
    assert not answer.header("Set-Cookie").startswith("x=")
    assert b"<script>alert" not in answer.body
    assert b"<img src=x" not in answer.body
    assert grown(before, target.rows()) == {}


@pytest.mark.parametrize("name", VALUES)
def test_a_search_takes_anything_and_shows_it_as_text(target: Target, name: str) -> None:
    typed = VALUES[name][:1500].encode("utf-8", "surrogateescape")
    answer = target.ask(Line(target=f"/products?q={quote(typed)}"))
    assert answer.status in {200, 400}
    assert b"<script>alert" not in answer.body


SHAPES = {
    "lists": "?q[]=a&q[]=b&page[]=2",
    "nested": "?q[a][b][c]=1&page[$gt]=0",
    "twice": "?q=a&q=b&page=1&page=2&sort=x&sort=y",
    "no names": "?=&=&&&&;;;",
    "thousands": "?" + "&".join(f"q{n}=1" for n in range(3000)),
    "no values": "?q&page&sort",
    "encoded twice": "?q=%2527%2520OR%25201%253D1",
    "percent alone": "?q=%&page=%z",
}


@pytest.mark.parametrize("place", ["/products", "/changes", "/api/v1/products"])
@pytest.mark.parametrize("name", SHAPES)
def test_a_query_of_another_shape_changes_nothing(target: Target, place: str, name: str) -> None:
    answer = target.ask(Line(target=place + SHAPES[name]))
    assert answer.status in {200, 302, 303, 400, 404, 414, 422}


OF_THE_OFFICE = {
    "lan": (
        "/audit?q={}&show={}&page={}",
        "/workload?person={}&after={}",
        "/impartiality/reports/{}",
        "/triage?show={}",
    ),
    "chi": ("/intake?show={}&page={}", "/deadlines?kind={}&after={}", "/surveillance?show={}", "/triage?after={}&q={}"),
    "minh": ("/people?q={}&page={}", "/guides/office?q={}&show={}", "/criteria/vcsc-2026/impact?show={}&after={}"),
    "dung": ("/reviews?show={}", f"/reviews/{REVIEWED}?c={{}}", f"/reviews/{REVIEWED}/questions?c={{}}"),
    "an": ("/applications?show={}&page={}", "/evidence?q={}&kind={}&page={}", "/evidence/new?ref={}&criterion={}"),
    "giang": ("/decisions?show={}&after={}", "/calibrations?edition={}", "/appeals/hearings?show={}"),
}
SOME = ("SQL", "zero", "huge", "no UTF-8", "other digits", "format")


@pytest.mark.parametrize("who", OF_THE_OFFICE)
@pytest.mark.parametrize("name", SOME)
def test_pages_of_the_workspace_take_no_query_for_more_than_text(target: Target, who: str, name: str) -> None:
    value = quote(VALUES[name].encode("utf-8", "surrogateescape"))
    for address in OF_THE_OFFICE[who]:
        answer = target.ask(Line(target=address.replace("{}", value)), who)
        assert answer.status in {200, 302, 303, 400, 403, 404, 422}, address
