"""What pages weigh on the wire when nothing is cached yet, how many requests they make, and that nothing moves."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response
from sqlmodel import Session, delete

from assessments import questions
from assessments.models import Interest
from registry import create_app
from tests import evaluation, site, world
from tests.browser import phone, walking
from tests.browser.conftest import PASSWORD
from tests.conftest import settings_in
from tests.site import Site

KB = phone.KB


def weighed(page: Page, url: str) -> tuple[int, int]:
    """Bytes that crossed the wire, headers and all, and the number of requests, for one page."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    assert [one.url for one in answers if one.status >= 400] == []
    sizes = [one.request.sizes() for one in answers]
    return sum(one["responseHeadersSize"] + one["responseBodySize"] for one in sizes), len(sizes)


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["vi", "en"])
@pytest.mark.parametrize("limit", phone.PAGES, ids=lambda limit: limit.name)
def test_public_pages_are_light_and_still(browser: Browser, demonstration: Site, prefix: str, limit: phone.Limit):
    """On a cold phone; what parents read, with its poor network and slow processor, where more can be seen to move."""
    url = phone.address(browser, f"{demonstration.url}{prefix}", limit)
    with phone.phone(browser, slow=not prefix and limit in phone.BY_PARENTS) as page:
        found = phone.weighed(page, url)
    assert found.refused == []
    assert [one for one in found.asked if urlsplit(one).netloc != urlsplit(demonstration.url).netloc] == []
    assert found.cookies == 0
    assert found.shifted == 0
    assert found.size <= limit.heaviest, f"{url}: {found.size} bytes"
    assert len(found.asked) <= limit.requests, f"{url}: {len(found.asked)} requests"


def test_a_page_that_moves_is_noticed(browser: Browser, demonstration: Site):
    with phone.phone(browser, slow=False) as page:
        page.goto(f"{demonstration.url}/about")
        page.evaluate("document.querySelector('main').before(document.createElement('hr'))")
        page.evaluate("document.querySelector('main').previousSibling.style.height = '300px'")
        page.wait_for_function("shifted > 0")
        assert page.evaluate("shifted") > 0


def test_the_catalogue_is_weighed_with_a_full_page(browser: Browser, demonstration: Site):
    page = browser.new_page()
    page.goto(f"{demonstration.url}/products")
    assert page.locator("main .cards > li").count() >= 12
    page.close()


@pytest.mark.parametrize(
    ("person", "path"),
    [("vendor1", "/applications"), ("reviewer1", "/reviews"), ("decider1", "/decisions"), ("coordinator", "/intake")],
)
def test_workspace_pages_are_light(browser: Browser, demonstration: Site, person: str, path: str):
    desk = browser.new_context()
    page = desk.new_page()
    walking.sign_in(page, demonstration, f"{person}@demo.example", PASSWORD)
    page.goto(f"{demonstration.url}{path}")
    files = [one for one in walking.links(page, page.url) if walking.shape_of(one) == f"{path}/*"]
    cookies = desk.cookies()
    desk.close()
    cold = browser.new_context()
    cold.add_cookies(cookies)  # type: ignore[arg-type]  # what the one gives the other takes
    size, count = weighed(cold.new_page(), files[0])
    cold.close()
    assert size <= 80 * KB, f"{files[0]}: {size} bytes"
    assert count <= 8, f"{files[0]}: {count} requests"


def prepare(folder: Path) -> None:
    """Every criterion, three reviewers and sixty files; all of them have asked, and one has scored everything."""
    engine = create_app(settings_in(folder)).extensions["engine"]
    with Session(engine, expire_on_commit=False) as session, pytest.MonkeyPatch.context() as patch:
        people = world.build(session)
        session.exec(delete(Interest))
        team = (people.dung, people.ha, people.khanh)
        file = evaluation.heavy(people, team, patch)
        for person in team:
            questions.ask(session, person, file, "TN-05", "Bảng 3 đo trên máy nào, phiên bản nào, ngày nào?")
        evaluation.score_all(people, people.dung, file, "4")
    engine.dispose()


def test_the_bench_with_every_criterion_three_reviewers_and_sixty_files(browser: Browser, tmp_path: Path):
    with site.running(tmp_path, prepare=lambda: prepare(tmp_path)) as running:
        desk = browser.new_context()
        walking.sign_in(desk.new_page(), running, "dung@club.example", world.PASSWORD)
        cookies = desk.cookies()
        desk.close()
        cold = browser.new_context()
        cold.add_cookies(cookies)  # type: ignore[arg-type]  # what the one gives the other takes
        page = cold.new_page()
        size, count = weighed(page, f"{running.url}/reviews/HS-2026-0001?c=TN-05")
        assert page.locator("[name=relied_on]").count() == 60
        evidence = page.locator(".paper ul.ev").evaluate_all("all => all.map(one => one.outerHTML).join('')")
        assert page.locator("nav.crits a .code").count() >= 45
        cold.close()
    size -= len(evidence.encode())  # what the vendor handed in is as long as it is
    assert size <= 80 * KB, f"{size} bytes"
    assert count <= 8, f"{count} requests"
