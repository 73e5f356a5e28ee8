"""Every page that links lead to, for everybody and in both languages: axe finds nothing, nothing scrolls sideways."""

import pytest
from playwright.sync_api import Browser

from tests.browser import walking
from tests.browser.conftest import PASSWORD

PEOPLE = ("vendor1", "vendor2", "coordinator", "reviewer1", "decider1", "auditor", "admin")


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["vi", "en"])
def test_public_pages(browser: Browser, demonstration, prefix):
    context = browser.new_context(viewport={"width": 320, "height": 700}, java_script_enabled=True)
    page = context.new_page()
    page.on("request", lambda request: requests.append(request.url))
    requests: list[str] = []
    wrong = []
    shapes = set()
    home = f"{demonstration.url}{prefix}/"
    for visited in walking.walk(page, home, inside=home):
        if visited.shape.startswith(("/sign-", "/forgot", "/verify-email", "/mail-sent")):
            continue
        shapes.add(visited.shape)
        wrong += [(visited.url, one) for one in walking.findings(page)]
        wrong += [(visited.url, f"{walking.sideways(page)} px sideways")] * (walking.sideways(page) > 0)
        wrong += [(visited.url, "no lang")] * (page.locator("html").get_attribute("lang") != (prefix[1:] or "vi"))
    assert wrong == []
    assert {"/", "/products", "/products/*", "/vendors/*", "/criteria", "/c/*", "/verify", "/procedure"} <= shapes
    assert [one for one in requests if not one.startswith(demonstration.url)] == []
    if not any("/sign-in" in one for one in requests):
        assert context.cookies() == []
    context.close()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("person", PEOPLE)
def test_workspace_pages(browser: Browser, demonstration, person, language):
    context = browser.new_context(viewport={"width": 320, "height": 700})
    page = context.new_page()
    walking.sign_in(page, demonstration, f"{person}@demo.example", PASSWORD)
    walking.speak(page, demonstration, language)
    wrong = []
    count = 0
    for visited in walking.walk(page, demonstration.url + "/account", inside=demonstration.url):
        if (
            "workspace" not in (page.locator("body").get_attribute("class") or "")
            and not page.locator(".top.work").count()
        ):
            continue  # public pages have their own test
        count += 1
        wrong += [(visited.url, one) for one in walking.findings(page)]
        wrong += [(visited.url, f"{walking.sideways(page)} px sideways")] * (walking.sideways(page) > 0)
        wrong += [(visited.url, "no lang")] * (page.locator("html").get_attribute("lang") != language)
    assert wrong == []
    assert count >= 3
    context.close()
