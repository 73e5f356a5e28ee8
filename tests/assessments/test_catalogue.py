"""The public read model: what issuing a certificate puts there, and what the calendar makes of it."""

import base64
import json
from datetime import timedelta

import pytest
from sqlalchemy import column
from sqlmodel import select

from assessments import certificates, clock
from assessments.models import Listing, Revision
from assessments.queries import catalogue as queries
from assessments.queries import choosing
from assessments.queries.paging import Order, beyond, token_of
from assessments.states import CertificateAction
from tests.deciding import certified
from tests.listings import Published, Shop


def test_a_granted_certificate_is_listed_at_once(session, world):
    certificate = certified(world)
    listing = session.exec(select(Listing)).one()
    assert (listing.number, listing.certificate_id) == (certificate.number, certificate.id)
    assert (listing.first_day, listing.last_day.year) == (certificate.valid_from, 9999)
    assert listing.content["summary"] == certificate.content["summary"]
    assert listing.card["name"] == {"vi": "Đèn Nhà", "en": "Home Lamp"}
    assert session.exec(select(Revision.number)).one() == 1


def test_a_suspension_shows_at_once_with_its_reason(session, world, browser):
    certificate = certified(world)
    change = certificates.Change(
        "Lỗi nặng.", "A grave fault.", "Vá lỗi.", "It is mended.", clock.today() + timedelta(days=30)
    )
    certificates.suspend(session, world.giang, certificate.number, change)
    session.commit()
    card = choosing.lately_stopped(session, clock.today())[0]
    assert (card.state.value, card.reason.vi, card.reason.en) == ("suspended", "Lỗi nặng.", "A grave fault.")
    page = browser.get(f"/products/{card.slug}").text
    assert "Lý do: Lỗi nặng." in page
    assert "Giấy được khôi phục khi: Vá lỗi." in page


def test_a_certificate_withdrawn_before_its_day_is_never_listed(session, world):
    shop = Shop(world)
    certificate = shop.publish(days=5)
    change = certificates.Change("Khai sai.", "Untrue.")
    event = certificates.propose(session, world.giang, certificate.number, CertificateAction.WITHDRAW, change)
    certificates.confirm(session, world.hung, certificate.number, event.number)
    session.commit()
    assert session.exec(select(Listing)).all() == []


@pytest.mark.parametrize(
    ("bands", "spans"),
    [
        ([], []),
        (["7-11", "12-15"], [(7, 15)]),
        (["12-15", "0-6"], [(0, 6), (12, 15)]),
        (["0-6", "7-11", "12-15", "16-17"], [(0, 17)]),
        (["grown", "7-11"], [(7, 11)]),
    ],
)
def test_neighbouring_ages_are_one_span(bands, spans):
    assert queries.spans(bands) == spans


def test_words_of_a_product_find_it_by_need(session, world):
    Shop(world).publish_all(Published(), Published(name="Khác", facts={"categories": ["DL"], "platforms": ["web"]}))
    found = queries.search(session, queries.Search(text="Android"), clock.today())
    assert [card.name.vi for card in found.cards] == ["Đèn Nhà"]
    assert found.total == 1


@pytest.mark.parametrize("value", [True, 2**40, "sé", "s\0", "x", "", None, 1.5, {}, [[]]])
def test_a_token_of_other_types_is_no_token(value):
    assert len(beyond([Order(column("x"), int)], token_of([3]))) == 1
    assert beyond([Order(column("x"), int)], written([value])) == []
    assert beyond([Order(column("x"), str)], written([value])) == []


def written(values):
    """A token as somebody would forge it."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
