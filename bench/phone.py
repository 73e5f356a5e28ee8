"""Measures how soon a parent sees the first words of each public page, on a cold phone with a poor network.

`.venv/bin/python -m bench.phone [ROUNDS]`: the median of the first contentful paint at 400 kbit/s, 400 ms and a quarter
of the processor, beside what the page weighs. The goal is 2.5 seconds; the figure is the machine's and no test.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests import chromium, site
from tests.browser import phone

GOAL = 2500  # milliseconds
ROUNDS = 3


def main() -> None:
    """Serve a demonstration, open each page as often as asked, and print one line for each."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with (
        tempfile.TemporaryDirectory() as folder,
        site.running(Path(folder), DEMONSTRATION="1") as running,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.launch_arguments())
        print(f"{'page':14} {'FCP ms':>7} {'slowest':>8} {'KB':>6} {'requests':>9}")
        for limit in phone.BY_PARENTS:
            print(_measured(browser, running.url, limit, rounds))
        browser.close()


def _measured(browser: Browser, root: str, limit: phone.Limit, rounds: int) -> str:
    url = phone.address(browser, root, limit)
    found = []
    for _ in range(rounds):
        with phone.phone(browser) as page:
            found.append(phone.weighed(page, url))
    median = statistics.median(one.painted for one in found)
    late = "" if median <= GOAL else "  over the goal"
    slowest = max(one.painted for one in found)
    weight, asked = found[-1].size / phone.KB, len(found[-1].asked)
    return f"{limit.name:14} {median:7.0f} {slowest:8.0f} {weight:6.1f} {asked:9}{late}"


if __name__ == "__main__":
    main()
