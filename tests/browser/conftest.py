"""Fixtures of the browser tests: a real Chromium, found on the machine, instead of the test client of the others."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests import chromium, site

HERE = Path(__file__).parent
PASSWORD = "một câu dài dễ nhớ"
PATIENCE = 20_000  # milliseconds that an expectation waits: two busy cores serve the site, its worker and the browser

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, so that the run on PostgreSQL can leave them out."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": chromium.find(), "args": chromium.launch_arguments()}


@pytest.fixture(scope="session")
def browser(launch_browser: Callable[[], Browser]) -> Iterator[Browser]:
    """Playwright's browser again: in the other folders this name is the test client."""
    browser = launch_browser()
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[site.Site]:
    """A site with the demonstration in it, shared by tests that only look."""
    with site.running(tmp_path_factory.mktemp("site"), DEMONSTRATION="1", DEMO_PASSWORD=PASSWORD) as running:
        yield running


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[site.Site]:
    """A site of one test's own, with nothing in it but an edition."""
    with site.running(tmp_path) as running:
        yield running
