"""A clerk without an account and without JavaScript checks their product, from the start page to the sign-in."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from criteria.verdict import NOT_SHOWN, verdict
from tests.browser import walking
from tests.self_checking import EDITION
from tests.site import Site

PREFIX = {"vi": "", "en": "/en"}
OTHER = {"vi": "en", "en": "vi"}
NEXT = "#check .actrow .btn"


@pytest.fixture(params=[False, True], ids=["no-script", "script"])
def clerk(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A narrow window; scripts are off in the run that counts, and on in the one that axe can read."""
    context = browser.new_context(
        viewport={"width": 320, "height": 700}, java_script_enabled=request.param, accept_downloads=True
    )
    yield context.new_page()
    context.close()


def describe(page: Page) -> None:
    """Say what the product is: parental control, with accounts, installed on a device."""
    page.locator("input[name=categories][value=PC]").check()
    for number, flag in enumerate(EDITION.flags):
        answer = "yes" if flag.code in {"has_accounts", "has_install"} else "no"
        page.locator(f"input[name=features-{number}-answer][value={answer}]").check()
    page.locator("input[name=name_vi]").fill("Mắt Sáng")
    page.locator("input[name=name_en]").fill("Bright Eyes")


def mark_group(page: Page, marks: dict[str, str]) -> None:
    """Mark the criteria of the page in turn, and remember how; every fifth one stays without a mark."""
    for group in page.locator("fieldset.rub").all():
        code = (group.locator("input[type=radio]").first.get_attribute("name") or "").removeprefix("mark-")
        given = ("3", "4", "2", "not_shown", "")[len(marks) % 5]
        marks[code] = given
        if given:
            group.locator(f"input[value='{given}']").check()


def seen(page: Page, language: str, *, script: bool) -> list[str]:
    """What is wrong with the page; axe itself is a script, and cannot run where there is none."""
    if script:
        return walking.faults(page, language)
    return [f"{page.url}: sideways"] if walking.sideways(page) else []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_from_the_start_page_to_a_result(clerk: Page, demonstration: Site, request, language: str, tmp_path: Path):
    script = "no-script" not in request.node.name
    wrong, marks = [], dict[str, str]()
    clerk.goto(f"{demonstration.url}{PREFIX[language]}/")
    clerk.locator("header nav a[href$='/apply']").click()
    wrong += seen(clerk, language, script=script)
    clerk.locator("main a[href$='/apply/self-check']").first.click()
    wrong += seen(clerk, language, script=script)

    clerk.locator("input[name=name_vi]").fill("Tên giữ lại")
    clerk.locator(NEXT).click()  # nothing answered
    expect(clerk.locator(".errsum")).to_be_visible()
    expect(clerk.locator("input[name=name_vi]")).to_have_value("Tên giữ lại")
    wrong += seen(clerk, language, script=script)

    describe(clerk)
    clerk.locator(NEXT).click()
    expect(clerk.locator("h1")).to_contain_text(re.compile(r"^\d+ "))
    wrong += seen(clerk, language, script=script)
    clerk.locator(NEXT).click()
    wrong += seen(clerk, language, script=script)
    while not clerk.url.endswith("/result"):
        mark_group(clerk, marks)
        clerk.locator(NEXT).click()
    wrong += seen(clerk, language, script=script)
    assert wrong == []

    expected = verdict(EDITION, {code: int(one) if one.isdecimal() else NOT_SHOWN for code, one in marks.items()})
    expect(clerk.locator("table.bars tfoot")).to_contain_text(expected.shown(language))
    assert clerk.locator("table.bars tbody b").all_inner_texts() == [one.shown(language) for one in expected.groups]

    clerk.locator("header nav button").click()  # the same result in the other language
    expect(clerk.locator("html")).to_have_attribute("lang", OTHER[language])
    expect(clerk.locator("table.bars tfoot")).to_contain_text(expected.shown(OTHER[language]))

    with clerk.expect_download() as kept:
        clerk.locator("form#check .btn").click()
    kept.value.save_as(tmp_path / "answers.json")
    found = json.loads((tmp_path / "answers.json").read_text("utf-8"))
    assert found["profile"]["name_vi"] == "Mắt Sáng"
    assert set(found["answers"]) == {code for code, one in marks.items() if one}
    assert clerk.context.cookies() == []

    clerk.locator("form.onward .btn").click()
    expect(clerk.locator("input[type=password]").first).to_be_visible()
    carried = clerk.locator("main input[name=carried]").first.input_value()
    assert json.loads(dict(json.loads(carried)[1])["document"]) == found


@pytest.mark.parametrize("clerk", [False], indirect=True, ids=["no-script"])
def test_going_back_and_changing_the_product_keeps_everything(clerk: Page, demonstration: Site):
    clerk.goto(f"{demonstration.url}/apply/self-check")
    describe(clerk)
    clerk.locator(NEXT).click()
    clerk.locator(NEXT).click()
    first = clerk.locator("fieldset.rub input[value='3']").first
    name = first.get_attribute("name")
    first.check()
    clerk.locator(NEXT).click()
    clerk.locator("aside button", has_text="Tài liệu và công bố").click()
    expect(clerk.locator(f"input[name='{name}'][value='3']")).to_be_checked()
    clerk.locator("aside p button").click()
    clerk.locator("#check button[formaction$='/self-check']").click()
    expect(clerk.locator("input[name=name_vi]")).to_have_value("Mắt Sáng")
    expect(clerk.locator("input[name=categories][value=PC]")).to_be_checked()
    clerk.locator("input[name=categories][value=DL]").check()
    clerk.locator(NEXT).click()
    clerk.locator("#check button[formaction$='/result']").click()
    expect(clerk.locator("main")).to_contain_text("Học liệu kỹ năng số")
    clerk.go_back()
    expect(clerk.locator("h1")).to_contain_text("tiêu chí áp dụng")


@pytest.mark.parametrize("clerk", [False], indirect=True, ids=["no-script"])
def test_paper_has_no_buttons(clerk: Page, demonstration: Site):
    clerk.goto(f"{demonstration.url}/apply/self-check")
    describe(clerk)
    clerk.locator(NEXT).click()
    clerk.locator("#check .btn").click()
    clerk.locator("#check button[formaction$='/result']").click()
    clerk.emulate_media(media="print")
    assert [one for one in clerk.locator("main button").all() if one.is_visible()] == []
    expect(clerk.locator("main")).to_contain_text("Đây là đơn vị tự đánh giá.")
    expect(clerk.locator("table.bars")).to_be_visible()
