"""A parent's phone on a poor network, and what public pages may weigh there; bench/phone.py takes its figures here."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from playwright.sync_api import Browser, CDPSession, Page, Response

KB = 1024
WIDTH, HEIGHT = 360, 740
NETWORK = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
SLOWER = 4  # times, the processor
WATCH = """
window.shifted = 0; window.painted = 0;
new PerformanceObserver(list => { for (const one of list.getEntries()) shifted += one.value })
    .observe({type: "layout-shift", buffered: true});
new PerformanceObserver(list => {
    for (const one of list.getEntries()) if (one.name === "first-contentful-paint") painted = one.startTime })
    .observe({type: "paint", buffered: true});
"""


class Limit(NamedTuple):
    """A page, or one behind a link of a page, with the most it may weigh and ask for."""

    name: str
    path: str
    link: str
    heaviest: int
    requests: int


PRODUCT = "main .cards a[href*='/products/']"
PAGES = (
    Limit("home", "/", "", 25 * KB, 4),
    Limit("guide", "/guides/vendors", "", 25 * KB, 4),
    Limit("guides", "/guides", "", 25 * KB, 4),
    Limit("long guide", "/guides/grooming", "", 25 * KB, 4),
    Limit("products", "/products", "", 40 * KB, 6),
    Limit("product", "/products", PRODUCT, 50 * KB, 8),
    Limit("certificate", "/products", "main a[href*='/c/VCSC-']", 20 * KB, 3),
    Limit("find", "/find", "", 25 * KB, 4),
    Limit("question", "/find?step=3&age=7-11", "", 25 * KB, 4),
    Limit("results", "/find/results?age=7-11&platform=android&worry=content", "", 30 * KB, 4),
    Limit("compare", "/compare?p=den-nha&p=khoa-nhe&p=bo-tre-dns&p=sang-loc", "", 30 * KB, 4),
    Limit("choose", "/compare?p=den-nha", "", 25 * KB, 4),
    Limit("committee", "/committee", "", 25 * KB, 4),
    Limit("verify", "/verify", "", 30 * KB, 5),  # with the check of files and the lists it needs
    Limit("changes", "/changes", "", 35 * KB, 5),
    Limit("news", "/subscriptions/new", "", 25 * KB, 4),
    Limit("concerns", "/concerns", "", 25 * KB, 4),
    Limit("danger", "/concerns/new", "", 25 * KB, 4),
    Limit("procedure", "/procedure", "", 25 * KB, 4),
    Limit("about", "/about", "", 25 * KB, 4),
    Limit("members", "/members", "", 25 * KB, 4),
    Limit("join", "/join", "", 25 * KB, 4),
    Limit("data", "/data", "", 25 * KB, 4),
    Limit("api", "/api/docs", "", 30 * KB, 4),
    Limit("privacy", "/privacy", "", 25 * KB, 4),
    Limit("transparency", "/transparency", "", 30 * KB, 5),
    Limit("apply", "/apply", "", 30 * KB, 5),
    Limit("self-check", "/apply/self-check", "", 30 * KB, 5),
    Limit("blank", "/apply/blank", "", 40 * KB, 5),
)
BY_PARENTS = PAGES[:16]  # from home to the register


class Weighed(NamedTuple):
    """What one page took: bytes on the wire with headers, addresses asked for, how far things moved once painted."""

    size: int
    asked: list[str]
    refused: list[str]
    shifted: float
    painted: float  # milliseconds until the first words were to be seen
    cookies: int


@contextmanager
def phone(browser: Browser, *, slow: bool = True) -> Iterator[Page]:
    """A cold phone: nothing kept, and with `slow` 400 kbit/s, 400 ms and a quarter of the processor."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, is_mobile=True, has_touch=True, device_scale_factor=2
    )
    page = context.new_page()
    page.add_init_script(WATCH)
    if slow:
        line: CDPSession = context.new_cdp_session(page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", NETWORK)
        line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    yield page
    context.close()


def weighed(page: Page, url: str) -> Weighed:
    """Open a page and wait until nothing more comes."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    sizes = [one.request.sizes() for one in answers]
    return Weighed(
        size=sum(one["responseHeadersSize"] + one["responseBodySize"] for one in sizes),
        asked=[one.url for one in answers],
        refused=[one.url for one in answers if one.status >= 400],
        shifted=page.evaluate("shifted"),
        painted=page.evaluate("painted"),
        cookies=len(page.context.cookies()),
    )


def address(browser: Browser, root: str, limit: Limit) -> str:
    """The address of a page, found by its link where it has one of its own."""
    if not limit.link:
        return f"{root}{limit.path}"
    page = browser.new_page()
    page.goto(f"{root}{limit.path}")
    if "/c/" in limit.link:
        page.locator(PRODUCT).first.click()
    url = str(page.locator(limit.link).first.evaluate("one => one.href"))
    page.close()
    return url
