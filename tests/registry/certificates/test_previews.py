"""GET /c/<number>.png: the picture that goes along when a page is shared, another one with every status."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image

from assessments import catalogue, clock
from assessments.states import CertificateState
from registry.previews import HEIGHT, WIDTH
from tests.listings import Shop


def picture_of(browser, path):
    """Where a page says its picture is."""
    return re.search(r'og:image" content="http://localhost([^"]+)"', browser.get(path).text)[1]


def test_the_picture_is_as_large_as_it_says(world, browser):
    number = Shop(world).publish().number
    address = picture_of(browser, f"/c/{number}")
    assert address == picture_of(browser, "/products/p-0001")
    answer = browser.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in answer.headers
    assert Image.open(io.BytesIO(answer.data)).size == (WIDTH, HEIGHT)
    assert len(answer.data) < 60_000


def test_every_status_and_language_has_a_picture_of_its_own(world, browser):
    shop, found = Shop(world), {}
    for state in (CertificateState.ACTIVE, CertificateState.SUSPENDED, CertificateState.WITHDRAWN):
        number = shop.publish(state=state).number
        found[state] = browser.get(picture_of(browser, f"/c/{number}")).data
        found[state, "en"] = browser.get(picture_of(browser, f"/en/c/{number}")).data
    assert len(set(found.values())) == 6


def test_a_change_has_another_address_at_once(world, session, browser):
    certificate = Shop(world).publish()
    before = picture_of(browser, "/products/p-0001")
    certificate.state, certificate.state_since = CertificateState.WITHDRAWN, clock.today()
    session.add(certificate)
    session.flush()
    catalogue.refresh(session, certificate.product_id)
    session.commit()
    after = picture_of(browser, "/products/p-0001")
    assert before != after
    answer = browser.get(before)
    assert (answer.status_code, answer.location) == (302, f"http://localhost{after}")
    with clock.at(clock.now() + timedelta(days=800)):
        assert picture_of(browser, f"/c/{certificate.number}") == after


def test_expiry_changes_it_with_the_calendar(world, browser):
    number = Shop(world).publish().number
    before = picture_of(browser, f"/c/{number}")
    with clock.at(clock.now() + timedelta(days=400)):
        assert picture_of(browser, f"/c/{number}") != before


@pytest.mark.parametrize("path", ["/c/VCSC-26-9999-A.png", "/c/nothing.png", "/en/c/VCSC-26-0001-K.png?v=1"])
def test_an_unknown_number_has_none(world, browser, path):
    assert browser.get(path).status_code == 404


def test_one_that_waits_for_its_day_has_none(world, browser):
    number = Shop(world).publish(days=10).number
    assert browser.get(f"/c/{number}.png").status_code == 404
