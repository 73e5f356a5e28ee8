"""With the keyboard alone a vendor applies, a reviewer scores, a committee decides, and the focus is always seen."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlmodel import Session

from assessments import applications, assignments, clock, intake
from assessments.models import Application
from assessments.readiness import CHECKLIST
from registry import create_app
from tests import real_products, site, world
from tests.browser import walking
from tests.browser.conftest import PASSWORD
from tests.browser.keyboard import Keyboard
from tests.conftest import settings_in

Sits = Callable[[str], Keyboard]


def prepare(folder: Path) -> dict[str, str]:
    """Three products by the verbs: one ready to be handed in, one with its first review, one before the committee."""
    engine = create_app(settings_in(folder)).extensions["engine"]
    with Session(engine, expire_on_commit=False) as session:
        people = world.build(session)
        products = real_products.load()
        refs = {
            "ready": real_products.draft(people, products["kindly"]).ref,
            "reviewed once": assigned(people, products["towi-plugin"]).ref,
            "by keys": assigned(people, products["storyweaver"]).ref,
        }
        file = assigned(people, products["cboard"])
        real_products.review(session, people.dung, file, "3")
        real_products.settle(people, file)
        session.commit()
    engine.dispose()
    return {**refs, "recommended": file.ref}


def assigned(people: world.World, product: real_products.RealProduct) -> Application:
    """Handed in, taken in and given to two reviewers; the second is done with it."""
    session = people.session
    file = real_products.draft(people, product)
    applications.submit(session, people.an, file)
    intake.accept(session, people.chi, file, CHECKLIST)
    team = assignments.Team((people.dung.id, people.ha.id), people.dung.id, clock.today())
    assignments.assign(session, people.chi, file, team)
    real_products.review(session, people.ha, file, "3")
    return file


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[site.Site, dict[str, str]]]:
    """A site with the three products in it, and their references."""
    folder = tmp_path_factory.mktemp("prepared")
    refs: dict[str, str] = {}
    with site.running(folder, prepare=lambda: refs.update(prepare(folder))) as running:
        yield running, refs


@pytest.fixture
def sits(browser: Browser, prepared: tuple[site.Site, dict[str, str]]) -> Iterator[Sits]:
    """Sit down as somebody and sign in, without a mouse."""
    contexts = []

    def sit(email: str) -> Keyboard:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        contexts.append(context)
        keyboard = Keyboard(context.new_page())
        keyboard.page.goto(f"{prepared[0].url}/sign-in")
        keyboard.write("input[type=email]", email)
        keyboard.write("input[type=password]", world.PASSWORD)
        keyboard.go_on()
        return keyboard

    yield sit
    for context in contexts:
        context.close()


def test_a_vendor_applies(prepared: tuple[site.Site, dict[str, str]], sits: Sits):
    ref = prepared[1]["ready"]
    keys = sits("an@hatnang.example")
    keys.go("a[href='/applications']")
    keys.go(f"a[href='/applications/{ref}']")
    keys.go(f"a[href='/applications/{ref}/profile/support']")
    keys.write("[name=support_contact]", "hotro@hatnang.example")
    keys.go("form[action*='/profile/support'] button:not([name])")
    keys.page.goto(f"{prepared[0].url}/applications/{ref}")
    keys.reach("main details:not([open]) > summary")  # a finished group is folded
    keys.press("Enter")
    keys.go("details[open] a[href*='/criteria/']")
    keys.write("[name=claim]", "Phạm vi và giới hạn nêu ở trang đầu.")
    keys.go("button[name=then][value=next]")
    keys.page.goto(f"{prepared[0].url}/applications/{ref}/check")
    expect(keys.page.locator("main")).to_contain_text("hotro@hatnang.example")
    expect(keys.page.locator("main")).to_contain_text("Phạm vi và giới hạn nêu ở trang đầu.")
    keys.go("form[action$='/submit'] button")
    expect(keys.page.locator("main")).to_contain_text("sha256")


def test_a_reviewer_scores_and_finishes(prepared: tuple[site.Site, dict[str, str]], sits: Sits):
    ref = prepared[1]["reviewed once"]
    keys = sits("dung@club.example")
    keys.go("a[href='/reviews']")
    keys.go(f"a[href='/reviews/{ref}/declare']")  # the queue leads there until one has declared
    keys.choose("answer", "none")
    keys.go("form[action$='/declare'] button")

    first = keys.page.url  # by Tab and arrows
    keys.choose("mark", "2")
    keys.write("[name=rationale]", "Nêu phạm vi nhưng chưa nêu giới hạn.")
    keys.go("form.desk button:not([name])")
    second = keys.page.url
    assert second != first

    keys.press("4", "0", "3")  # by the keys of the page; the last one counts
    assert keys.page.evaluate("() => document.activeElement.value") == "3"
    keys.go_on("n")
    keys.go_on("p")
    assert keys.page.url.partition("?")[2] == second.partition("?")[2]
    expect(keys.page.locator("[name=mark][value='3']")).to_be_checked()
    keys.write("[name=panel_only]", "3 và n là chữ khi đang viết.")
    expect(keys.page.locator("[name=mark][value='3']")).to_be_checked()
    keys.reach("[name=mark]", "Shift+Tab")
    keys.go_on("n")
    while "?c=" in keys.page.url:
        keys.press("3")
        keys.go_on("n")
    keys.go("form[action$='/finish'] button")
    assert keys.page.url.endswith(f"/reviews/{ref}/consensus")


def test_a_reviewer_scores_everything_by_the_keys_of_the_bench(prepared: tuple[site.Site, dict[str, str]], sits: Sits):
    ref = prepared[1]["by keys"]
    keys = sits("dung@club.example")
    keys.go("a[href='/reviews']")
    keys.go(f"a[href='/reviews/{ref}/declare']")  # the queue leads there until one has declared
    keys.choose("answer", "none")
    keys.go("form[action$='/declare'] button")
    page, bench = keys.page, keys.page.url.partition("?")[0]
    codes = page.locator("nav.crits li a .code").all_inner_texts()
    assert len(codes) > 20

    keys.press("h")  # what the keys are
    expect(page.locator("[data-keys-help]")).to_be_visible()
    keys.press("3", "Escape")
    expect(page.locator("[name=mark]:checked")).to_have_count(0)

    keys.press("?", "f", "r")  # evidence does not show, come back later, and why
    page.keyboard.type("Thiếu số đo: 3 máy, n lần?")
    keys.press("Escape")
    assert page.evaluate("() => document.activeElement.value") == "not_shown"
    keys.go_on("s")
    expect(page.locator("[name=mark][value=not_shown]")).to_be_checked()
    expect(page.locator("[name=later]")).to_be_checked()
    expect(page.locator("[name=rationale]")).to_have_value("Thiếu số đo: 3 máy, n lần?")
    expect(page.locator("nav.crits [aria-current] .note")).to_have_text("xem lại sau")

    keys.go_on("j")
    keys.press("3")
    keys.go_on("k")  # saved on the way
    keys.go_on("u")
    assert f"c={codes[2]}" in page.url
    while page.url.startswith(bench + "?c="):
        keys.press("2", "r")
        page.keyboard.type("Nêu mà chưa có số đo.")
        keys.press("Escape")
        keys.go_on("n")
    keys.go("form[action$='/finish'] button")
    assert keys.page.url.endswith(f"/reviews/{ref}/consensus")
    page.goto(f"{bench}?c={codes[1]}")
    expect(page.locator(".desk h2").first).to_contain_text("3")


def test_the_keys_can_be_switched_off(browser: Browser, demonstration: site.Site):
    page = browser.new_page()
    walking.sign_in(page, demonstration, "reviewer1@demo.example", PASSWORD)
    page.goto(f"{demonstration.url}/reviews")
    page.locator("main tr", has_text="Chấm và chốt").locator("a[href*='/reviews/HS-']").first.click()
    page.wait_for_url("**/reviews/HS-*")
    expect(page.locator("[data-keys]")).to_be_visible()  # shown by the script that listens: before it a key is lost
    bench = page.url
    page.keyboard.press("h")
    expect(page.locator("[data-keys-help]")).to_be_visible()
    page.locator("[data-keys-on]").uncheck()
    page.keyboard.press("Escape")
    before = page.locator("[name=mark]:checked").count()
    page.keyboard.press("3")
    page.keyboard.press("n")
    page.reload()
    assert page.url == bench
    assert page.locator("[name=mark]:checked").count() == before
    page.close()


def test_two_deciders_propose_and_confirm(prepared: tuple[site.Site, dict[str, str]], sits: Sits):
    ref = prepared[1]["recommended"]
    giang, hung = sits("giang@club.example"), sits("hung@club.example")
    for keys in (giang, hung):
        keys.go("a[href='/decisions']")
        keys.go(f"a[href='/decisions/{ref}']")
        keys.choose("answer", "none")
        keys.go("form[action$='/declare'] button")
    giang.choose("choice", "certify:L1")
    giang.go("form[action$='/propose'] button")
    hung.page.reload()
    hung.go("form[action$='/confirm'] button")
    hung.page.goto(f"{prepared[0].url}/certificates")
    expect(hung.page.locator("main")).to_contain_text("Cboard")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", ["/", "/en/products", "/verify", "/criteria/vcsc-2026", "/sign-in"])
def test_focus_is_seen_on_every_stop(browser: Browser, demonstration: site.Site, path: str, width: int):
    page = browser.new_page(viewport={"width": width, "height": 700})
    page.goto(demonstration.url + path)
    assert Keyboard(page).stops() >= 8
    page.close()
