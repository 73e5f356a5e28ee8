"""A parent who does not know what to choose, on a phone without JavaScript: from home to a printed comparison."""

from io import BytesIO

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.browser import walking
from tests.browser.words import said
from tests.site import Site

PREFIX = {"vi": "", "en": "/en"}


@pytest.fixture
def page(browser: Browser):
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    yield context.new_page()
    context.close()


def answer(page: Page, language: str, *values: str, button: str = "Câu tiếp") -> None:
    """Choose, and go on."""
    for value in values:
        page.locator(f"main input[value='{value}']").check()
    page.get_by_role("button", name=said(button, language)).click()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_from_home_to_a_printed_comparison(page: Page, demonstration: Site, language: str):
    page.goto(f"{demonstration.url}{PREFIX[language]}/")
    page.get_by_role("link", name=said("Chưa biết chọn gì? Trả lời năm câu ngắn", language)).click()
    answer(page, language, "7-11")
    answer(page, language, "android")
    answer(page, language, "content", "contact")
    page.go_back()
    expect(page.locator("main input[value=content]")).to_be_visible()
    answer(page, language, "content")
    page.get_by_role("link", name=said("Bỏ qua câu này", language)).click()
    answer(page, language, button="Xem kết quả")
    page.wait_for_load_state()
    assert 2 <= page.locator("main .fit").count() <= 6
    assert page.locator("main .why li").count() >= 10
    page.get_by_role("button", name=said("So sánh các sản phẩm đã đánh dấu", language)).click()
    expect(page.locator("h1")).to_have_text(said("So sánh sản phẩm", language))
    page.wait_for_load_state()
    assert page.locator(".rivals > li").count() == 4
    assert len(PdfReader(BytesIO(page.pdf(format="A4"))).pages) == 1


@pytest.mark.parametrize("language", ["vi", "en"])
def test_ticking_two_in_the_list(page: Page, demonstration: Site, language: str):
    page.goto(f"{demonstration.url}{PREFIX[language]}/products")
    boxes = page.locator("main .cards .vs-pick input")
    names = [page.locator("main .cards h3").nth(place).inner_text() for place in (0, 2)]
    boxes.nth(0).check()
    boxes.nth(2).check()
    walking.send(page, page.get_by_role("button", name=said("So sánh các sản phẩm đã đánh dấu", language)))
    assert page.locator(".rivals h2").all_inner_texts() == names
    assert page.locator(".vs").evaluate("one => one.scrollWidth <= one.parentElement.clientWidth")
