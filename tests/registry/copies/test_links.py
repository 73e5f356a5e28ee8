"""The copy of a small site: every link of its pages leads to a file of it, or to what only the application does."""

import re
import urllib.request
from html import unescape

import pytest
from werkzeug.exceptions import HTTPException

from registry.certificates import papers
from registry.copies import plan, publishing
from registry.copies.folders import Folder
from registry.data import files
from tests import copying
from tests.deciding import certified

ADDRESS = re.compile(r"""\b(?:href|src|data-snapshot|data-search|data-scan)="(/[^"#?]*)""")
COMPARED = (
    *("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy"),
    *("Cross-Origin-Embedder-Policy", "X-Frame-Options"),
    *("Permissions-Policy", "Access-Control-Allow-Origin", "Cross-Origin-Resource-Policy", "Content-Type"),
)
NONE_HERE = {"transparency.pdf", "transparency.show", "transparency.year_csv"}  # this small site has no years
LEFT_OUT = ("criteria.criterion", "criteria.printed", "api.criterion", "guides.show", "log.entry", "static")


@pytest.fixture
def copy(app, world, tmp_path, monkeypatch):
    """Everything but hundreds of pages of one kind, and the files whose links are checked without them."""
    certified(world)
    monkeypatch.setattr(
        plan, "PUBLISHED", {k: v for k, v in plan.PUBLISHED.items() if k not in LEFT_OUT or k == "static"}
    )
    with app.app_context():
        papers.make_all()
        files.make_when_due()
        publishing.publish(app, Folder(tmp_path / "copy"))
    return tmp_path / "copy" / "current"


def test_every_link_leads_somewhere_and_nginx_answers_as_the_application_does(app, browser, copy, tmp_path):
    pages = list(copy.rglob("*.html"))
    addresses = {unescape(found) for page in pages for found in ADDRESS.findall(page.read_text("utf-8"))}
    assert len(addresses) > 100
    routes = app.url_map.bind("localhost")
    assert {one for one in addresses if not _is_there(copy, one) and not _is_known(routes, one)} == set()
    found = _one_of_each(routes, copy)
    assert plan.PUBLISHED.keys() - found.keys() == NONE_HERE
    if copying.nginx() is None:
        return
    port = copying.free_port()
    with copying.served(tmp_path / "nginx", copy.parent, port, copying.free_port()) as site:
        for address in sorted(found.values()):
            own = browser.get(address)
            own.close()
            if own.status_code in {301, 302, 308}:
                continue
            with urllib.request.urlopen(site + address) as answer:  # noqa: S310  our own server
                told = {name: answer.headers.get(name) for name in COMPARED}
            if address.endswith(".svg"):  # nginx names the styles of all badges, the application the one of this
                told["Content-Security-Policy"] = _with_the_styles_of(own, told["Content-Security-Policy"])
            assert told == {name: own.headers.get(name) for name in COMPARED}, address


def _with_the_styles_of(own, policy):
    """A policy that allows several styles, reduced to those that the application allows."""
    asked = set(re.findall(r"'sha256-[^']+'", own.headers["Content-Security-Policy"]))
    allowed = re.findall(r"'sha256-[^']+'", policy)
    assert asked <= set(allowed)
    return policy.replace(" ".join(allowed), " ".join(sorted(asked)))


def _is_there(copy, address):
    """As nginx looks for it."""
    name = address.strip("/")
    return any(
        (copy / one).is_file() for one in (name, f"{name}.html", f"{name}/index.html".lstrip("/"), f"{name}.json")
    )


def _is_known(routes, address):
    """A page of the application alone, or one that this test leaves out."""
    try:
        endpoint, _values = routes.match(address.removeprefix("/en") or "/")
    except HTTPException:
        return address.startswith("/copies/")
    return endpoint not in plan.PUBLISHED


def _one_of_each(routes, copy):
    """One address of each route that has a file."""
    found = {}
    for path in sorted(copy.rglob("*")):
        name = "/" + str(path.relative_to(copy)).removesuffix(".html").removesuffix("index")
        for address in (name.removesuffix(".json"), name) if path.is_file() else ():
            try:
                endpoint, _values = routes.match(address.rstrip("/") or "/")
            except HTTPException:
                continue
            if endpoint in plan.PUBLISHED:
                found.setdefault(endpoint, address)
    return found
