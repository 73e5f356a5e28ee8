"""Walking a site as a person does: signing in, following links, and what every page must keep to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import axe_playwright_python
from playwright.sync_api import Page

from tests.site import Site

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EXAMPLES = 2  # pages looked at of one shape, such as two products
VARYING = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|HS-\d{4}-\d+|VCSC-\d\d-\d+-[A-Z]|\b[A-Z]{2}-\d\d\b|(?<=/products/)[\w-]+|(?<=/vendors/)[\w-]+|\d+"
)


def sign_in(page: Page, site: Site, email: str, password: str) -> None:
    """Through the form, as anybody does."""
    page.goto(f"{site.url}/sign-in")
    page.locator("input[type=email]").fill(email)
    page.locator("input[type=password]").first.fill(password)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda address: "/sign-in" not in address)


@dataclass(frozen=True)
class Visited:
    """A page that was opened: its address, and the shape that pages of its kind share."""

    url: str
    shape: str


def shape_of(url: str) -> str:
    """An address without what varies, and without the values of its query."""
    parts = urlsplit(url)
    names = sorted({pair.split("=")[0] for pair in parts.query.split("&") if pair})
    return VARYING.sub("*", parts.path.removeprefix("/en") or "/") + ("?" + "&".join(names) if names else "")


def walk(page: Page, start: str, inside: str = "") -> Iterator[Visited]:
    """Every page that links lead to from a start, breadth first, at most EXAMPLES of a shape.

    `inside` keeps the walk to addresses that begin so; downloads and other sites are not followed.
    """
    waiting, seen, looked = [start], {start}, dict[str, int]()
    while waiting:
        url = waiting.pop(0)
        shape = shape_of(url)
        if looked.get(shape, 0) >= EXAMPLES:
            continue
        answer = page.goto(url)
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        assert answer.status < 400, f"{url} answered {answer.status}"
        looked[shape] = looked.get(shape, 0) + 1
        for link in links(page):
            if link.startswith(inside or start) and link not in seen:
                seen.add(link)
                waiting.append(link)
        yield Visited(url, shape)


def links(page: Page) -> list[str]:
    """The addresses of a page's links that open pages of the site."""
    found = page.eval_on_selector_all("a[href]:not([download])", "all => all.map(one => one.getAttribute('href'))")
    absolute = (urljoin(page.url, one).split("#")[0] for one in found)
    return [one for one in absolute if one.startswith("http") and not re.search(r"\.(json|svg|pdf|eml)$|/file$", one)]


@cache
def axe_source() -> str:
    """axe-core as the package ships it."""
    return AXE.read_text("utf-8")


def findings(page: Page) -> list[str]:
    """What axe finds on the page as it is now, as sentences."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe_source())
    result: dict[str, Any] = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", TAGS
    )
    return [f"{one['id']}: {node['html'][:160]}" for one in result["violations"] for node in one["nodes"]]


def sideways(page: Page) -> int:
    """How many pixels the page can be scrolled sideways."""
    wide: int = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide


def speak(page: Page, site: Site, language: str) -> None:
    """Choose the language of the workspace, as a person does in their account."""
    page.goto(f"{site.url}/account/details")
    page.locator(f"input[name=language][value={language}]").check()
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda address: "/details" not in address)
