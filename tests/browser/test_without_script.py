"""A parent on a small phone finds, filters, sorts and checks, with and without JavaScript."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site import Site


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def phone(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A phone that is touched, with or without JavaScript."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, java_script_enabled=request.param
    )
    yield context.new_page()
    context.close()


def names(page: Page) -> list[str]:
    """The products on the page, in their order."""
    return [text.strip() for text in page.locator("main .cards h3").all_inner_texts()]


def test_the_filter_sheet_opens_filters_and_lets_go(phone: Page, demonstration: Site):
    phone.goto(f"{demonstration.url}/products")
    everything = names(phone)
    sheet = phone.locator("#filters")
    expect(sheet).not_to_be_visible()
    phone.locator("button[popovertarget=filters]").first.tap()
    expect(sheet).to_be_visible()
    sheet.locator("[popovertargetaction=hide]").tap()
    expect(sheet).not_to_be_visible()
    phone.locator("button[popovertarget=filters]").first.tap()
    sheet.locator("input[name=worry][value=contact]").check()
    sheet.locator("button[type=submit]").tap()
    expect(phone.locator(".chips")).to_be_visible()
    assert "worry=contact" in phone.url
    some = names(phone)
    assert 0 < len(some) < len(everything)
    assert set(some) < set(everything)
    phone.locator(".chips a").first.tap()
    expect(phone.locator(".chips")).to_have_count(0)
    assert names(phone) == everything


def test_sorting_and_searching(phone: Page, demonstration: Site):
    phone.goto(f"{demonstration.url}/en/products")
    before = names(phone)
    phone.select_option("#sort", "name")
    phone.locator(".sort button").tap()
    phone.wait_for_url("**sort=name**")
    after = names(phone)
    assert sorted(after) != sorted(before) or after != before
    phone.goto(f"{demonstration.url}/")
    phone.locator("main input[type=search]").fill("mat sang")
    phone.locator("main form[action$='/products'] button").first.tap()
    expect(phone.locator("main .cards h3").first).to_contain_text("Mắt Sáng")


def test_checking_a_number(phone: Page, demonstration: Site):
    phone.goto(f"{demonstration.url}/products")
    phone.locator("main .cards h3 a").first.tap()
    name = phone.locator("h1").inner_text()
    number = phone.locator("main a[href*='/c/VCSC-']").first.get_attribute("href") or ""
    phone.goto(f"{demonstration.url}/verify")
    phone.locator("main [name=number]").fill(number.rpartition("/")[2].lower().replace("-", " "))
    phone.locator("form[action$='/verify'] button").first.tap()
    expect(phone.locator("main")).to_contain_text(name)
    assert phone.context.cookies() == []
