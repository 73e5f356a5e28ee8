"""One sprite: every page carries the shapes it shows, each once, and no others are asked for."""

import re

import pytest

from assessments.states import CertificateState
from registry.icons import icons
from tests.listings import Published, Shop

PAGES = ("/", "/products", "/products/p-0001", "/find", "/find/results", "/compare", "/compare?p=p-0001&p=p-0002")
OTHERS = ("/verify", "/changes", "/procedure", "/about", "/guides", "/nothing-here", "/sign-in", "/apply")


def test_every_shape_that_a_page_shows_is_in_it(browser, world):
    shop = Shop(world)
    states = (CertificateState.ACTIVE, CertificateState.SUSPENDED, CertificateState.WITHDRAWN)
    shop.publish_all(*(Published(name=state.value, state=state) for state in states), Published(days=-60, lasts=30))
    for path in (*PAGES, *OTHERS):
        text = browser.get(path).text
        symbols = re.findall(r'<symbol id="([\w-]+)"', text)
        assert len(symbols) == len(set(symbols)), path
        assert set(re.findall(r'<use href="#([\w-]+)"', text)) <= set(symbols), path


def test_a_shape_that_is_not_in_the_sprite_is_refused():
    with pytest.raises(KeyError):
        icons("m-gone")
