"""GET /vendors/<slug>: a company with published products; who only applies is not shown."""

import re

import pytest

from tests.listings import Published, Shop


@pytest.fixture
def shop(world):
    return Shop(world)


def test_a_company_shows_its_products_in_vietnamese_order(browser, shop, world):
    shop.publish_all(Published(name="Đèn Nhà"), Published(name="Ấm Áp"), Published(name="Bờ Tre", vendor=world.bo_tre))
    page = browser.get("/vendors/hat-nang")
    assert page.status_code == 200
    assert re.findall(r"<h3><a[^>]*>([^<]+)</a>", page.text) == ["Ấm Áp", "Đèn Nhà"]
    assert "Công ty CP Hạt Nắng" in page.text
    assert "1 Tràng Tiền, Hà Nội" in page.text
    assert "lienhe@" not in page.text  # its contact for the club is no business of the public
    assert "Nguyễn Văn Đại" not in page.text
    assert "Set-Cookie" not in page.headers


def test_a_company_without_published_products_is_not_there(browser, shop):
    shop.publish(days=2)
    assert browser.get("/vendors/hat-nang").status_code == 404
    assert browser.get("/vendors/bo-tre").status_code == 404
    assert browser.get("/vendors/nobody").status_code == 404


def test_membership_of_the_club_is_said_either_way(browser, shop, world):
    world.bo_tre.club_member = True
    world.session.add(world.bo_tre)
    shop.publish_all(Published(), Published(name="Bờ Tre", vendor=world.bo_tre))
    assert "không phải hội viên" in browser.get("/vendors/hat-nang").text
    assert "là hội viên Câu lạc bộ. Hội viên không được đánh giá" in browser.get("/vendors/bo-tre").text
    assert "This vendor is a club member." in browser.get("/en/vendors/bo-tre").text
