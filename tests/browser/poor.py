"""A poor link inside the browser: pages at 400 kbit/s; what is sent in bulk goes through the proxy instead."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import CDPSession, Page

MB = 1024 * 1024
RATE = 20_000_000 / 8  # bytes a second: 20 Mbit/s
PAGES = 400_000 / 8  # and of pages: 400 kbit/s
LATENCY = 150  # ms
FREE = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
SLOW = {"offline": False, "latency": LATENCY, "downloadThroughput": PAGES, "uploadThroughput": PAGES}


class Poor:
    """The pages that were slowed down; each keeps its line to Chromium, which forgets the speed without it."""

    def __init__(self) -> None:
        self.lines: dict[Page, CDPSession] = {}

    def slow(self, page: Page) -> None:
        """From now on 400 kbit/s each way."""
        if page not in self.lines:
            self.lines[page] = page.context.new_cdp_session(page)
            self.lines[page].send("Network.enable")
        self.lines[page].send("Network.emulateNetworkConditions", SLOW)

    @contextmanager
    def lifted(self, page: Page) -> Iterator[None]:
        """As fast as the machine allows, for a while."""
        self.lines[page].send("Network.emulateNetworkConditions", FREE)
        yield
        self.slow(page)
