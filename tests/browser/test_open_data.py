"""The program for browsers that stands on the page of the API, run where it stands."""

from playwright.sync_api import Page

from registry.api.samples import JAVASCRIPT
from tests.site import Site


def test_the_program_for_browsers_runs(page: Page, demonstration: Site):
    page.goto(f"{demonstration.url}/en/api/docs")
    text = JAVASCRIPT.replace("{site}", demonstration.url)
    assert text.strip() in page.locator("pre.program").all_inner_texts()[3]
    definition = text.split("\n\n")[0]
    found = page.evaluate(f"(async () => {{ {definition}; return await products(); }})()")
    assert len(found) > 3
    assert {one["status"] for one in found} == {"active"}
