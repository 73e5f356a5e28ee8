"""Walking a site as a person does: signing in, following links, and what every page must keep to."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
from playwright.sync_api import Locator, Page

from tests.site import Site

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EXAMPLES = 2  # pages opened of one shape, such as two products
VARYING = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|(?:HS|YC|KN|PA|DS)-\d{4}-\d+|VCSC-\d\d-\d+-[A-Z]|\b[A-Z]{2}-\d\d\b"
    r"|(?<=/products/)[\w-]+|(?<=/vendors/)[\w-]+|(?<=/rounds/)\d[\w-]+|\d+"
    r"|(?<=/guides/office/)(?!new\b)[\w-]+|(?<=/guides/)(?!office\b)[\w-]+"
)
SIGNED_IN = "/(applications|evidence|company|account)"  # where a guide leads to, past a door
DOORS = r"/(sign-|forgot-password|reset-password|verify-email|mail-sent|invitations/)"
PUBLIC = (
    r"/((products|criteria|vendors|c|apply|log)(/.*)?|guides(/(?!office).*)?|verify|about|procedure|accessibility|privacy"
    r"|find(/.*)?|compare|committee|laboratories|members|partners|join|transparency(/[0-9]+)?|changes|subscriptions/.*|badges|data|api/.*"
    r"|concerns(/.*)?|misuse(/(?!reports).*)?)?$"
)
STUCK = """() => {
    const covering = [...document.querySelectorAll("body *")].filter(one => {
        const {position, display} = getComputedStyle(one);
        return display !== "none" && (position === "fixed" || position === "sticky") && one.checkVisibility();
    }).map(one => one.getBoundingClientRect()).filter(box => box.width > 160 && box.bottom > 0 && box.top < 256);
    const most = Math.max(0, ...covering.map(box => Math.min(256, box.bottom) - Math.max(0, box.top)));
    return most > 128 ? Math.round(most) : 0;
}"""
FILES = re.compile(r"\.(json|svg|pdf|eml|xlsx|txt|csv|atom)$|^(/en)?/api/v1|/file$|^/evidence/HS-[\d-]+/[0-9a-f-]{36}$")
WITHIN = {
    "vi": re.compile(rf"(?!/en/|{DOORS}|{SIGNED_IN})"),
    "en": re.compile(rf"/en(?!{DOORS}|{SIGNED_IN})/"),
    "workspace": re.compile(rf"(?!(/en)?({DOORS}|{PUBLIC}))"),
}


def sign_in(page: Page, site: Site, email: str, password: str) -> None:
    """Through the form, as anybody does."""
    page.goto(f"{site.url}/sign-in")
    page.locator("input[type=email]").fill(email)
    page.locator("input[type=password]").first.fill(password)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda address: "/sign-in" not in address)


def send(page: Page, button: Locator) -> None:
    """Press a button that sends a form, and wait for the page that answers.

    Whoever opens another address before that may take the form back unsent.
    """
    with page.expect_navigation(wait_until="domcontentloaded"):
        button.click()


@dataclass(frozen=True)
class Visited:
    """A page that was opened: where it was in the end, and the shape that pages of its kind share."""

    url: str
    shape: str


def shape_of(url: str) -> str:
    """An address without what varies; pages with a query are of another shape than pages without."""
    parts = urlsplit(url)
    return VARYING.sub("*", parts.path.removeprefix("/en") or "/") + ("?" if parts.query else "")


def walk(page: Page, start: str, within: re.Pattern[str]) -> Iterator[Visited]:
    """Every page of the site that links lead to from a start, breadth first, at most EXAMPLES of a shape.

    `within` is what the paths that are followed begin with; files and other sites are not followed.
    """
    waiting, seen, opened = [start], {start}, Counter[str]()
    while waiting:
        url = waiting.pop(0)
        if opened[shape_of(url)] >= (1 if "?" in url else EXAMPLES):
            continue
        answer = page.goto(url)
        assert answer is not None
        assert answer.status < 400, f"{url} answered {answer.status}"
        opened[shape_of(page.url)] += 1
        following = [one for one in links(page, start) if one not in seen and within.match(urlsplit(one).path)]
        seen.update(following)
        waiting += dict.fromkeys(following)
        yield Visited(page.url, shape_of(page.url))


def links(page: Page, start: str) -> list[str]:
    """The addresses of a page's links that open pages of the site a walk began at."""
    found = page.eval_on_selector_all("a[href]:not([download])", "all => all.map(one => one.href)")
    bare = (one.split("#")[0] for one in found)
    return [one for one in bare if urlsplit(one)[:2] == urlsplit(start)[:2] and not FILES.search(urlsplit(one).path)]


@cache
def axe_source() -> str:
    """axe-core as the package ships it."""
    return AXE.read_text("utf-8")


def findings(page: Page, rules: tuple[str, ...] = ()) -> list[str]:
    """What axe finds on the page as it is now, as sentences; with `rules` by those alone."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe_source())
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    result: dict[str, Any] = page.evaluate(
        "only => axe.run(document, {runOnly: only, resultTypes: ['violations']})", only
    )
    return [f"{one['id']}: {node['html'][:160]}" for one in result["violations"] for node in one["nodes"]]


def sideways(page: Page) -> int:
    """How many pixels the page can be scrolled sideways."""
    wide: int = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide


def faults(page: Page, language: str) -> list[str]:
    """Everything a page must keep to and does not."""
    found = findings(page)
    if wide := sideways(page):
        found.append(f"{wide} px sideways")
    if page.locator("html").get_attribute("lang") != language:
        found.append("wrong lang")
    return [f"{page.url}: {one}" for one in found]


def other_looks(page: Page) -> list[str]:
    """What is wrong by night, and at 400 % on a desk: 1280 x 1024 becomes 320 x 256, which nothing may cover."""
    size = page.viewport_size
    page.emulate_media(color_scheme="dark")
    found = [f"by night: {one}" for one in findings(page, rules=("color-contrast", "link-in-text-block"))]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 320, "height": 256})
    if wide := sideways(page):
        found.append(f"at 400 %: {wide} px sideways")
    if stuck := page.evaluate(STUCK):
        found.append(f"at 400 %: {stuck} px of 256 are covered")
    if size:
        page.set_viewport_size(size)
    return [f"{page.url}: {one}" for one in found]


def send_empty(page: Page, action: str, **values: str) -> int:
    """Empty the form with this action, type some values, send it past the browser's own checks; the status."""
    script = """(form, values) => {
        for (const one of form.elements) {
            if (one.type === "hidden" || one.type === "file" || one.readOnly) continue;
            if (one.name in values) one.value = values[one.name];
            else if (one.type === "radio" || one.type === "checkbox") one.checked = false;
            else if (one.tagName === "SELECT") one.selectedIndex = -1;
            else if (one.tagName !== "BUTTON") one.value = "";
        }
        HTMLFormElement.prototype.submit.call(form);
    }"""
    with page.expect_navigation() as opened:
        page.locator(f"main form[action='{action}']").first.evaluate(script, values)
    return opened.value.status if opened.value else 0


def speak(page: Page, site: Site, language: str) -> None:
    """Choose the language of the workspace, as a person does in their account."""
    page.goto(f"{site.url}/account/details")
    page.locator(f"input[name=language][value={language}]").check()
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda address: "/details" not in address)
