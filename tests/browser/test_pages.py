"""Every page that links lead to, for everybody and in both languages: axe finds nothing, nothing scrolls sideways.

So that the whole takes minutes, axe reads at most two pages of a shape in a language, whoever walks there.
"""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import walking
from tests.browser.conftest import PASSWORD
from tests.site import Site

LANGUAGES = ("vi", "en")
PREFIX = {"vi": "", "en": "/en"}
REACHED = {  # what the walk of each person must have come to, or it proves nothing
    "vendor1": {
        "/applications/*",
        "/applications/*/profile/names",
        "/applications/*/criteria/*",
        "/evidence",
        "/company",
    },
    "vendor2": {"/applications/*", "/applications/*/submissions/*", "/applications/*/corrections", "/company"},
    "coordinator": {
        *("/intake/*", "/assignments/*", "/rounds/*", "/certificates/*", "/people/interests"),
        *("/deadlines", "/reliability", "/workload", "/calibrations", "/audit/follow-ups", "/certificates/conditions"),
        *("/certificates/conditions/*/*", "/laboratories/office", "/laboratories/*", "/competences", "/competences/*"),
        *("/appeals/office", "/appeals/*/office", "/impartiality", "/impartiality/conflicts", "/impartiality/risks/*"),
        *("/impartiality/meetings", "/impartiality/reports/*", "/people/*/interests/new", "/triage", "/triage/*"),
        *("/guides/office", "/guides/office/*", "/guides/office/*/preview", "/guides/office/*/history"),
    },
    "reviewer1": {
        *("/reviews", "/reviews/*", "/reviews/*/consensus", "/reviews/*/consensus/*", "/reviews/*/all"),
        *("/evidence/*/*/view", "/evidence/*/*/link", "/evidence/*/notes/*", "/calibrations", "/appeals/hearings"),
        *("/reviews/*/declare", "/reviews/*/findings", "/reviews/*/recommendation", "/reviews/*/finish"),
        *("/reviews/*/questions", "/reviews/*/test-records/new", "/reviews/*/pack/upload", "/competences/*"),
    },
    "decider1": {
        *("/decisions", "/decisions/*", "/decisions/*/declare", "/certificates/*", "/certificates/conditions"),
        *("/reviews/*/test-records", "/account/committee"),
    },
    "auditor": {
        *("/account", "/certificates/*", "/audit", "/audit/*", "/audit/*/declare", "/audit/*/names", "/workload"),
        *("/impartiality/conflicts", "/complaints/*", "/appeals/*/office"),
    },
    "impartiality1": {
        *("/impartiality", "/impartiality/conflicts", "/impartiality/risks/*", "/impartiality/meetings/new"),
        *("/impartiality/reports/*", "/account/committee", "/people/interests", "/people/*/interests/new"),
        *("/complaints", "/complaints/*", "/appeals/*/declare", "/appeals/*/hearing", "/reviews/*/test-records"),
    },
    "admin": {"/people", "/people/*", "/people/invite"},
}
EMPTIED = {  # forms that are sent with nothing in them when the walk comes by; the others would change something
    "vendor1": {"/applications", "/evidence/upload", "/evidence/link", "/applications/*/agreement"},
    "vendor2": {"/company/facts", "/company/invite", "/account/password"},
    "coordinator": {
        *("/intake/*/return", "/intake/*/refuse", "/intake/*/accept", "/rounds/new", "/assignments/*/deadline"),
        *("/deadlines/*/extend", "/audit/follow-ups/*/answer", "/calibrations/vcsc-*/bar", "/laboratories/new"),
        *("/laboratories/*/end", "/certificates/conditions/*/*/fulfil", "/appeals/*/hearers", "/competences/*"),
        *("/people/*/interests/new", "/impartiality/risks/new", "/impartiality/risks/*/close", "/guides/office/new"),
        "/triage/*/note",
    },
    "reviewer1": {
        *("/account/interests/new", "/evidence/*/*/notes", "/evidence/*/notes/*", "/reviews/*/declare"),
        *("/reviews/*/test-records/new", "/reviews/*/pack/preview", "/reviews/*/reports/*/*"),
    },
    "decider1": {"/decisions/*/propose", "/decisions/*/reject", "/decisions/*/stand-aside", "/decisions/*/declare"},
    "auditor": {"/audit/*/declare", "/audit/*/notes", "/audit/*/names"},
    "impartiality1": {"/impartiality/risks/new", "/impartiality/meetings/new", "/appeals/*/declare"},
    "admin": {"/people/invite", "/people/*/roles"},
}
EMPTY = (  # pages of the workspace that say so while there is nothing
    *("deadlines", "intake", "assignments", "rounds", "certificates", "certificates/conditions", "laboratories/office"),
    *("reviews", "calibrations", "decisions", "audit", "audit/follow-ups", "appeals/office", "appeals/hearings"),
    *("people", "people/interests", "competences", "impartiality", "impartiality/conflicts"),
    *("impartiality/risks", "impartiality/meetings", "reliability", "workload", "memberships", "guides/office"),
    *("triage", "triage/openings"),
)


@pytest.fixture(scope="session")
def examined() -> Counter[tuple[str, str]]:
    """How many pages of a shape axe has read in a language."""
    return Counter()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """The narrowest window that pages must fit."""
    context = browser.new_context(viewport={"width": 320, "height": 700})
    yield context
    context.close()


def requested(page: Page) -> list[str]:
    """The list that every address the page asks for is written into from now on."""
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    return addresses


def elsewhere(addresses: list[str], site: Site) -> list[str]:
    """What was asked of another host."""
    return [one for one in addresses if urlsplit(one).netloc != urlsplit(site.url).netloc]


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages(phone: BrowserContext, demonstration: Site, language: str):
    page = phone.new_page()
    addresses = requested(page)
    shapes, wrong = set(), []
    for visited in walking.walk(page, f"{demonstration.url}{PREFIX[language]}/", walking.WITHIN[language]):
        shapes.add(visited.shape)
        wrong += walking.faults(page, language) + walking.other_looks(page)
    assert wrong == []
    wanted = {"/products", "/products?", "/products/*", "/vendors/*", "/criteria", "/c/*", "/verify", "/procedure"}
    wanted |= {"/committee", "/log", "/log/entries/*"}
    wanted |= {"/changes", "/changes?", "/subscriptions/new", "/subscriptions/new?"}
    wanted |= {"/apply", "/apply/self-check", "/apply/blank"}
    wanted |= {"/find", "/find?", "/compare?"}
    wanted |= {"/data", "/api/docs"}
    assert wanted <= shapes
    assert elsewhere(addresses, demonstration) == []
    assert phone.cookies() == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("person", REACHED)
def test_workspace_pages(phone, demonstration, examined, person, language):
    page = phone.new_page()
    walking.sign_in(page, demonstration, f"{person}@demo.example", PASSWORD)
    walking.speak(page, demonstration, language)
    addresses = requested(page)
    shapes, wrong, waiting = set(), [], set(EMPTIED[person])
    for visited in walking.walk(page, f"{demonstration.url}/account", walking.WITHIN["workspace"]):
        shapes.add(visited.shape)
        examined[language, visited.shape] += 1
        if examined[language, visited.shape] <= walking.EXAMPLES:
            wrong += walking.faults(page, language)
        wrong += sent_empty(page, waiting, language)
    assert wrong == []
    assert REACHED[person] <= shapes
    assert waiting == set()
    assert elsewhere(addresses, demonstration) == []


def sent_empty(page: Page, waiting: set[str], language: str) -> list[str]:
    """Send the forms of the page that are waited for, and look at what comes back."""
    wrong = []
    here = page.url
    forms = page.eval_on_selector_all("main form[method=post]", "all => all.map(one => one.getAttribute('action'))")
    for action in forms:
        shape = walking.shape_of(action).rstrip("?")
        if shape not in waiting:
            continue
        waiting.remove(shape)
        status = walking.send_empty(page, action)
        wrong += walking.faults(page, language)
        if status != 422 or not page.locator(".errsum, .err").count():
            wrong.append(f"{action} answered {status} to an empty form")
        page.goto(here)
    return wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_doors_and_their_faults(phone: BrowserContext, demonstration: Site, language: str):
    page = phone.new_page()
    wrong = []
    for path in ("/sign-in", "/sign-up", "/forgot-password", "/verify-email"):
        page.goto(f"{demonstration.url}{PREFIX[language]}{path}")
        wrong += walking.faults(page, language)
        action = page.locator("main form[method=post]").first.get_attribute("action") or ""
        assert walking.send_empty(page, action) == 422
        wrong += walking.faults(page, language)
    page.goto(f"{demonstration.url}{PREFIX[language]}/mail-sent")
    wrong += walking.faults(page, language)
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing-here", 404),
        ("/products/nothing-here", 404),
        ("/c/VCSC-26-9999-A", 404),
        ("/verify?number=VCSC-26-9999-A", None),
        ("/verify?number=", None),
        ("/products?q=zzzzzz", 200),
        ("/products?age=0-6&price=free&level=L3&q=zz", 200),
        ("/find/results?age=7-11&platform=android&worry=content&budget=free&need=vi", 200),
        ("/find/results?age=0-6&platform=console&worry=contract&budget=free&need=vietnam", 200),
        ("/compare", 200),
        ("/compare?p=den-nha&p=khoa-nhe&p=mat-sang-2-0&p=bo-tre-dns&p=gio-hoc", 200),
        ("/compare?p=nothing-here", 404),
    ],
)
def test_faults_and_empty_answers_of_public_pages(phone, demonstration, language, path, status):
    page = phone.new_page()
    answer = page.goto(f"{demonstration.url}{PREFIX[language]}{path}")
    assert answer is not None
    assert status in (answer.status, None)
    assert walking.faults(page, language) + walking.other_looks(page) == []
    assert phone.cookies() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_who_write_the_same_and_pages_that_are_over(phone, demonstration, language):
    page = phone.new_page()
    walking.sign_in(page, demonstration, "vendor1@demo.example", PASSWORD)
    walking.speak(page, demonstration, language)
    draft = first_of(page, demonstration, "/applications/*/criteria/*")
    other = phone.new_page()
    other.goto(draft)
    other.locator("[name=claim]").fill(f"Bản của cửa sổ kia, {language}")
    other.locator("button[name=then][value=stay]:visible").last.click()
    page.locator("[name=claim]").fill(f"Bản của cửa sổ này, {language}")
    with page.expect_navigation() as opened:
        page.locator("button[name=then][value=stay]:visible").last.click()
    assert opened.value
    assert opened.value.status == 409
    wrong = walking.faults(page, language)
    wrong += wrong_profile(page, draft.rpartition("/criteria/")[0], language)
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_is_locked(phone: BrowserContext, demonstration: Site, language: str):
    page = phone.new_page()
    walking.sign_in(page, demonstration, "vendor2@demo.example", PASSWORD)
    walking.speak(page, demonstration, language)
    application = first_of(page, demonstration, "/applications/*/submissions/*").rpartition("/submissions/")[0]
    answer = page.goto(f"{application}/criteria/TL-01")
    assert answer is not None
    assert answer.status == 409
    assert walking.faults(page, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lead_reviewer_who_sends_nothing(phone: BrowserContext, demonstration: Site, language: str):
    page = phone.new_page()
    walking.sign_in(page, demonstration, "reviewer1@demo.example", PASSWORD)
    walking.speak(page, demonstration, language)
    page.goto(f"{demonstration.url}/reviews")
    files = [one for one in walking.links(page, demonstration.url) if walking.shape_of(one) == "/reviews/*"]
    wrong, waiting = list[str](), {"/reviews/*/findings", "/reviews/*/consensus/*"}
    for file in dict.fromkeys(files):
        page.goto(f"{file}/findings")
        wrong += sent_empty(page, waiting, language)
        page.goto(f"{file}/consensus/TL-01")
        wrong += sent_empty(page, waiting, language)
    assert wrong == []
    assert waiting == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_team_of_nobody(phone: BrowserContext, demonstration: Site, language: str):
    page = phone.new_page()
    walking.sign_in(page, demonstration, "coordinator@demo.example", PASSWORD)
    walking.speak(page, demonstration, language)
    page.goto(f"{demonstration.url}/assignments")
    page.locator("main table a").first.click()
    wrong, waiting = walking.faults(page, language), {"/assignments/*"}
    wrong += sent_empty(page, waiting, language)
    assert wrong == []
    assert waiting == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_company_appeals_and_is_asked(phone: BrowserContext, demonstration: Site, language: str):
    page = phone.new_page()
    shapes, wrong = set(), []
    for person in ("vendor6", "vendor8"):
        phone.clear_cookies()
        walking.sign_in(page, demonstration, f"{person}@demo.example", PASSWORD)
        walking.speak(page, demonstration, language)
        within = re.compile(r"/appeals|/applications/HS-[\d-]+$|.*/(messages|questions|appeals?)(/|$)")
        for visited in walking.walk(page, f"{demonstration.url}/applications", within):
            shapes.add(visited.shape)
            wrong += walking.faults(page, language)
    assert wrong == []
    assert {"/appeals", "/appeals/*", "/applications/*", "/applications/*/messages"} <= shapes


def wrong_profile(page: Page, application: str, language: str) -> list[str]:
    """A step of the profile with an address that is none."""
    page.goto(f"{application}/profile/version")
    action = page.locator("main form[method=post]").first.get_attribute("action") or ""
    assert walking.send_empty(page, action, website="không phải địa chỉ", version_date="hôm qua") == 422
    return walking.faults(page, language)


def first_of(page: Page, site: Site, shape: str) -> str:
    """The first page of a shape on the way from the list of applications."""
    within = re.compile("/applications/HS-")
    for visited in walking.walk(page, f"{site.url}/applications", within):
        if visited.shape == shape:
            return visited.url
    raise AssertionError(f"no {shape}")


def test_a_site_without_anything_in_it(phone: BrowserContext, empty_site: Site):
    everything = ("coordinator", "reviewer", "decider", "auditor", "impartiality", "admin")
    roles = [word for role in everything for word in ("--role", role)]
    command = ("users", "create", "--email", "moi@club.example", "--name", "Vũ Mới", *roles, "--password-stdin")
    empty_site.command(*command, text=PASSWORD)
    page = phone.new_page()
    wrong = []
    for language in LANGUAGES:
        for path in ("/", "/products", "/products?q=an", "/verify", "/criteria"):
            page.goto(f"{empty_site.url}{PREFIX[language]}{path}")
            wrong += walking.faults(page, language)
    assert phone.cookies() == []
    walking.sign_in(page, empty_site, "moi@club.example", PASSWORD)
    for language in LANGUAGES:
        walking.speak(page, empty_site, language)
        for path in EMPTY:
            answer = page.goto(f"{empty_site.url}/{path}")
            assert answer is not None
            assert answer.status == 200, path
            wrong += walking.faults(page, language)
    assert wrong == []
