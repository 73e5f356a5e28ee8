"""One product on its way through the whole procedure, each person at a browser of their own."""

from playwright.sync_api import Browser, Page

from tests import real_products
from tests.browser import walking
from tests.browser.conftest import PASSWORD
from tests.browser.words import said
from tests.site import Site


class Journey:
    """One product on its way, seen by everybody concerned, in one language."""

    def __init__(self, browser: Browser, site: Site, language: str) -> None:
        self.browser, self.site, self.language = browser, site, language
        self.product = real_products.load()["kindly"]
        self.ref = ""

    def page(self, *, script: bool = True, width: int = 1280) -> Page:
        """A browser of one's own; everybody sits at their own machine."""
        context = self.browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=script)
        context.set_default_timeout(20_000)
        return context.new_page()

    def person(self, email: str) -> Page:
        """Somebody signed in."""
        page = self.page()
        walking.sign_in(page, self.site, email, PASSWORD)
        return page

    def press(self, page: Page, vietnamese: str) -> None:
        """Press the button with these words."""
        page.get_by_role("button", name=said(vietnamese, self.language), exact=True).first.click()

    def send(self, page: Page, vietnamese: str) -> None:
        """Press the button with these words, and wait for the page that answers."""
        walking.send(page, page.get_by_role("button", name=said(vietnamese, self.language), exact=True).first)

    def follow(self, page: Page, vietnamese: str) -> None:
        """Follow the link with these words."""
        page.get_by_role("link", name=said(vietnamese, self.language), exact=True).first.click()

    def go(self, page: Page, path: str) -> None:
        """Open an address of the site; it must be there."""
        answer = page.goto(self.site.url + path)
        assert answer is not None
        assert answer.status < 400, f"{path}: {answer.status}"
