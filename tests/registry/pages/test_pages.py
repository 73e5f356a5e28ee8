"""The home page and the pages that explain: for everyone, in both languages, cached, light."""

import re
from dataclasses import replace

import pytest

from assessments.states import CertificateState
from tests.counting import statements
from tests.listings import Published, Shop

PAGES = ["/", "/procedure", "/about", "/accessibility", "/privacy"]


def read(page):
    """The text of a page as a person reads it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.text))


def test_pages_are_for_everyone_and_may_be_cached(browser, world):
    for path in (*PAGES, *(f"/en{path}" for path in PAGES)):
        page = browser.get(path)
        assert page.status_code == 200, path
        assert "Set-Cookie" not in page.headers
        assert "Cookie" not in page.headers["Vary"]
        assert "<script" not in page.text
        assert "%(" not in page.text
        assert re.fullmatch(r"public, max-age=\d+", page.headers["Cache-Control"])
        again = browser.get(path, headers={"If-None-Match": page.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert len(browser.get(path, headers={"Accept-Encoding": "gzip"}).data) < 10_000


def test_english_pages_are_english(browser, world):
    for path in PAGES:
        page = browser.get(f"/en{path}")
        main = re.search(r"<main.*?</main>", page.text, re.DOTALL)[0]
        vietnamese = re.findall(r"[^<>]*[ạảấầẩẫậắằẳẵặẹẻẽếềểễệịọốồổỗộớờởỡợụủứừửữựỳỵỷỹđơư][^<>]*", main)
        assert vietnamese == [], path


def test_home_counts_worries_and_ages(browser, world):
    shop = Shop(world)
    shop.publish_all(Published(), Published(name="Ấm Áp", facts={"ages": ["0-6", "7-11"]}))
    page = browser.get("/")
    ages = re.findall(r'/products\?age=([\d-]+)"><b>.*?</b> <span>([^<]+)</span>', page.text)
    assert ages == [("0-6", "1 sản phẩm"), ("7-11", "2 sản phẩm"), ("12-15", "1 sản phẩm"), ("16-17", "0 sản phẩm")]
    assert re.findall(r'/products\?worry=(\w+)"', page.text) == ["content", "contact", "conduct", "contract"]


def news(page, name):
    """The products under one heading of the news, in their order."""
    found = re.search(rf'<ul class="ruled news" role="list" aria-labelledby="{name}".*?</ul>', page.text, re.DOTALL)
    return re.findall(r"<h3><a[^>]*>([^<]+)</a>", found[0])


def test_home_shows_what_is_new_and_what_was_stopped_with_its_reason(browser, world):
    shop = Shop(world)
    shop.publish_all(
        Published(name="Cũ", days=-90),
        Published(name="Mới", days=-5),
        Published(name="Chờ", days=5),
        Published(name="Ngừng", days=-90, state=CertificateState.SUSPENDED, since=-1),
        Published(name="Thu", days=-90, state=CertificateState.WITHDRAWN, since=-9),
        Published(name="Hết", days=-40, lasts=37),
    )
    page = browser.get("/")
    assert news(page, "new") == ["Mới", "Cũ"]
    assert news(page, "stopped") == ["Ngừng", "Thu"]
    assert "Lộ vị trí của trẻ cho tài khoản khách." in page.text


def test_home_without_anything_stopped_says_so(browser, world):
    Shop(world).publish()
    assert "Hiện không có giấy nào đang tạm đình chỉ hay đã thu hồi." in read(browser.get("/"))


def test_home_leads_to_help_and_to_the_check_of_a_number(browser, world):
    page = browser.get("/")
    hero = re.search(r'<div class="hero">.*?<div class="wrap page', page.text, re.DOTALL)[0]
    assert re.findall(r'<a class="tap" href="([^"]+)"', hero) == ["/find", "/verify"]


def test_home_asks_few_questions_of_the_database(app, browser, world):
    Shop(world).publish_all(*(Published(name=f"Tên {number}") for number in range(6)))
    browser.get("/")
    with statements(app) as asked:
        browser.get("/")
    assert len(asked) <= 4


def test_an_empty_registry_says_what_that_means(browser, world):
    text = read(browser.get("/"))
    assert "Chưa có giấy chứng nhận nào được công bố." in text
    assert "Bạn đang lo điều gì?" not in text
    assert "No certificate has been published yet." in read(browser.get("/en/"))


def test_what_waits_for_its_announcement_leaves_the_registry_empty(browser, world):
    Shop(world).publish(days=1)
    assert "Chưa có giấy chứng nhận nào được công bố." in read(browser.get("/"))


def test_searching_from_home_goes_to_the_list(browser, world):
    assert re.search(r'<form action="/products" role="search">', browser.get("/").text)
    assert re.search(r'<form action="/en/products" role="search">', browser.get("/en/").text)


def test_the_procedure_tells_the_periods_of_the_edition(browser, world):
    text = read(browser.get("/procedure"))
    assert "trong 5 ngày làm việc" in text
    assert "có giá trị 12 tháng" in text
    assert "Đơn vị có 30 ngày để yêu cầu xem xét lại" in text
    assert "dựng lại" in text


@pytest.mark.parametrize("path", ["/about", "/accessibility", "/privacy", "/procedure"])
def test_every_page_says_whom_to_write_to(browser, world, settings, path):
    assert f'href="mailto:{settings.office_email}"' in browser.get(path).text


def test_the_setting_of_words_reaches_the_public_pages(browser, world, app):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], wording="B")
    for path in (*PAGES, "/products"):
        main = re.search(r"<main.*?</main>", browser.get(path).text, re.DOTALL)[0]
        assert "chứng nhận" not in main, path
