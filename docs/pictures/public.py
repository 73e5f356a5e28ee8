"""Takes the public pages as everybody may see them: both languages, by day and by night, on a phone and at a desk."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser import walking

PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 860}
SIZES = {"phone": PHONE, "desk": DESK}
LIGHTS: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PREFIX = {"vi": "", "en": "/en"}
COMPARISON = "/compare?p=den-nha&p=khoa-nhe&p=mat-sang-2-0"
RESULTS = "/find/results?age=7-11&platform=android&worry=content&worry=contact&need=vi"
BEHIND_FORMS = (  # what no link leads to
    *("/find?step=3&age=7-11&platform=android", RESULTS, COMPARISON, "/products?q=loc", "/products?q=zzzzzz"),
    *("/find/results?age=0-6&platform=console&budget=free", "/verify?number=VCSC-26-9999-A", "/nothing-here"),
)
BEST: tuple[tuple[str, str, ViewportSize, Literal["light", "dark"]], ...] = (
    ("home", "/", DESK, "light"),
    ("compare", COMPARISON, DESK, "dark"),
    ("product", "/products/den-nha", PHONE, "light"),
    ("find", RESULTS, PHONE, "dark"),
)


def best(browser: Browser, site: str, save: Callable[[Page, str], None]) -> None:
    """The four of the README: one screen each, on the phone from where the page itself begins."""
    for name, path, size, light in BEST:
        scale = 2 if size is PHONE else 1
        seat = browser.new_context(
            viewport=size, color_scheme=light, device_scale_factor=scale, reduced_motion="reduce"
        )
        page = seat.new_page()
        page.goto(f"{site}{path}")
        if size is PHONE:
            page.evaluate("window.scrollTo(0, document.querySelector('main').offsetTop)")
        save(page, name)
        seat.close()


def every(browser: Browser, site: str, folder: Path) -> int:
    """One picture of each shape of page for each language, light and size, from top to bottom; how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    seat = browser.new_context(viewport=DESK, reduced_motion="reduce")
    page = seat.new_page()
    taken = 0
    for language, prefix in PREFIX.items():
        for name in _opened(page, f"{site}{prefix}", language):
            for light in LIGHTS:
                page.emulate_media(color_scheme=light)
                for size, viewport in SIZES.items():
                    page.set_viewport_size(viewport)
                    page.screenshot(path=folder / f"{name}.{language}.{light}.{size}.png", full_page=True)
                    taken += 1
    seat.close()
    return taken


def _opened(page: Page, root: str, language: str) -> Iterator[str]:
    """Open the pages one after the other, each under its name."""
    seen: set[str] = set()
    for visited in walking.walk(page, f"{root}/", walking.WITHIN[language]):
        name = visited.shape.strip("/").replace("/", "-").replace("*", "x").replace("?", "-asked") or "home"
        if name not in seen:
            seen.add(name)
            yield name
    for number, path in enumerate(BEHIND_FORMS, 1):
        page.goto(f"{root}{path}")
        yield f"z{number}-{path.strip('/').partition('?')[0].replace('/', '-')}"
