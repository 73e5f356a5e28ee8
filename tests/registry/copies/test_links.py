"""The whole copy of a small site: every link of its pages leads to a file of it, or to what only the application does."""

import re
from html import unescape

import pytest
from werkzeug.exceptions import HTTPException

from registry.certificates import papers
from registry.copies import plan, publishing
from registry.copies.folders import Folder
from registry.data import files
from tests.deciding import certified

ADDRESS = re.compile(r"""\b(?:href|src|data-snapshot|data-search|data-scan)="(/[^"#?]*)""")
LEFT_OUT = ("criteria.criterion", "criteria.printed", "api.criterion", "guides.show", "log.entry", "static")


@pytest.fixture
def copy(app, world, tmp_path, monkeypatch):
    """Everything but hundreds of pages of one kind, and the files whose links are checked without them."""
    certified(world)
    monkeypatch.setattr(plan, "PUBLISHED", {k: v for k, v in plan.PUBLISHED.items() if k not in LEFT_OUT})
    with app.app_context():
        papers.make_all()
        files.make_when_due()
        publishing.publish(app, Folder(tmp_path / "copy"))
    return tmp_path / "copy" / "current"


def test_every_link_leads_to_a_file_or_to_what_is_left_out(app, copy):
    routes = app.url_map.bind("localhost")
    pages = list(copy.rglob("*.html"))
    addresses = {unescape(found) for page in pages for found in ADDRESS.findall(page.read_text("utf-8"))}
    assert len(addresses) > 100
    lost = {address for address in addresses if not _is_there(copy, address) and not _is_known(routes, address)}
    assert lost == set()
    made = {endpoint for endpoint in plan.PUBLISHED if endpoint not in _without_rows()}
    assert {endpoint for endpoint in made if not _has_any(routes, copy, endpoint)} == set()


def _is_there(copy, address):
    """As nginx looks for it."""
    name = address.strip("/")
    return any(
        (copy / one).is_file() for one in (name, f"{name}.html", f"{name}/index.html".lstrip("/"), f"{name}.json")
    )


def _is_known(routes, address):
    """A route that the copy leaves out, or whose pages this test does."""
    try:
        endpoint, _values = routes.match(address.removeprefix("/en") or "/")
    except HTTPException:
        return address.startswith("/copies/")
    return endpoint in plan.NOT_PUBLISHED or endpoint in LEFT_OUT


def _without_rows():
    """What this small site has none of."""
    return {"transparency.pdf", "transparency.show", "transparency.year_csv"}


def _has_any(routes, copy, endpoint):
    """Whether some file of a route is there."""
    for path in copy.rglob("*"):
        name = "/" + str(path.relative_to(copy)).removesuffix(".html").removesuffix("index")
        for address in (name, name.removesuffix(".json")):
            try:
                found, _values = routes.match(address.removeprefix("/en").rstrip("/") or "/")
            except HTTPException:
                continue
            if found == endpoint and path.is_file():
                return True
    return False
