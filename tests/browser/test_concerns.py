"""A concern in a browser: danger first, reported, answered, followed and closed; another one passed on."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session

from registry import create_app
from tests import site, world
from tests.browser import walking
from tests.browser.words import said
from tests.conftest import settings_in
from tests.deciding import certified
from tests.site import Site

PRODUCT = "/products/den-nha-0001"
TOLD, LATER, CONTACT = "Chuyentoikezq", "Chuyenkethemzq", "lienhezq@example.net"
ENDANGERED = "Chuyengapzq: có người dọa tung ảnh."
ANSWER, REASON = "Cho biết kiểu máy.", "Đã thử lại, trang bị chặn."


def prepare(folder: Path, language: str) -> None:
    """A certified product; the coordinator reads one language."""
    app = create_app(settings_in(folder))
    engine = app.extensions["engine"]
    with Session(engine, expire_on_commit=False) as session:
        everybody = world.build(session)
        certified(everybody)
        everybody.chi.language = language
        session.add(everybody.chi)
        session.commit()
    engine.dispose()


@pytest.fixture(params=["vi", "en"])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Site, str]]:
    """A site with one product in its catalogue, and a language."""
    language = str(request.param)
    with site.running(tmp_path, prepare=lambda: prepare(tmp_path, language)) as running:
        running.wait_until_ready(PRODUCT)
        yield running, language


class Person:
    """Somebody at a narrow browser: in Vietnamese with JavaScript, and axe looks at every page; in English without."""

    def __init__(self, browser: Browser, site: Site, language: str) -> None:
        self.site, self.language, self.script = site, language, language == "vi"
        self.context = browser.new_context(
            viewport={"width": 360, "height": 740}, java_script_enabled=self.script, has_touch=True
        )
        self.page: Page = self.context.new_page()

    def go(self, path: str) -> None:
        """Open a page."""
        answer = self.page.goto(self.site.url + path)
        assert answer is not None
        assert answer.status == 200, path
        self.look()

    def look(self) -> None:
        """Nothing is wrong with the page as it is now."""
        self.page.wait_for_load_state()
        if self.script:
            assert walking.faults(self.page, self.language) == []

    def link(self, vietnamese: str) -> None:
        """Follow the link with these words."""
        self.page.locator("main").get_by_role("link", name=said(vietnamese, self.language), exact=True).first.click()
        self.look()

    def press(self, vietnamese: str) -> None:
        """Press the button with these words."""
        walking.send(self.page, self.page.get_by_role("button", name=said(vietnamese, self.language), exact=True).first)
        self.look()

    def unfold(self, vietnamese: str) -> None:
        """Open what is folded."""
        self.page.locator("summary", has_text=said(vietnamese, self.language)).first.click()

    def reads(self, text: str) -> None:
        """The page says so."""
        expect(self.page.locator("main")).to_contain_text(text)


def write(reporter: Person, prefix: str, text: str) -> str:
    """From the page of the product to the code; with nothing chosen first: what was typed stays."""
    reporter.go(f"{prefix}{PRODUCT}")
    reporter.link("Có điều gì không ổn?")
    reporter.page.locator("a[href='#danger']").first.click()
    expect(reporter.page.locator("#danger a[href='tel:111']")).to_be_visible()
    expect(reporter.page.locator("form")).to_have_count(0)
    reporter.link("Về câu hỏi đầu")
    reporter.link("Không, tôi muốn kể về một sản phẩm")
    reporter.reads("Đèn Nhà" if reporter.language == "vi" else "Home Lamp")
    reporter.page.fill("[name=text]", text)
    reporter.page.fill("[name=contact]", CONTACT)
    reporter.press("Gửi phản ánh")
    assert reporter.page.locator(".errsum li").count() == 1
    expect(reporter.page.locator("[name=text]")).to_have_value(text)
    reporter.page.locator("[name=kind][value=let_through]").check()
    reporter.press("Gửi phản ánh")
    code = reporter.page.locator(".ticket").inner_text()
    assert re.fullmatch(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){4}", code)
    assert code not in reporter.page.url
    return code


def follow(reporter: Person, prefix: str, code: str) -> None:
    """By the code, typed into the form."""
    reporter.go(f"{prefix}/concerns/follow")
    reporter.page.fill("[name=code]", code.lower())
    reporter.press("Xem")


def open_first(office: Person) -> None:
    """The first concern of the board."""
    office.go("/triage")
    office.page.locator("main th a").first.click()
    office.look()


def test_reported_answered_followed_closed_and_another_one_passed_on(browser: Browser, scene: tuple[Site, str]) -> None:
    running, language = scene
    prefix = "/en" if language == "en" else ""
    reporter, office = (Person(browser, running, language) for _ in range(2))
    code = write(reporter, prefix, TOLD)
    walking.sign_in(office.page, running, "chi@club.example", world.PASSWORD)
    open_first(office)
    office.reads(TOLD)
    office.press("Báo đã nhận")
    office.page.fill("[name=reply]", ANSWER)
    office.press("Gửi câu trả lời")

    follow(reporter, prefix, code)
    reporter.reads(ANSWER)
    reporter.page.fill("[name=text]", LATER)
    reporter.press("Gửi thêm")
    reporter.reads(said("Đã gửi. Câu lạc bộ sẽ đọc.", language))

    open_first(office)
    office.reads(LATER)
    office.unfold("Đóng phản ánh")
    office.page.locator("[name=outcome][value=no_fault]").check()
    office.page.fill("[name=closing]", REASON)
    office.press("Đóng phản ánh")
    follow(reporter, prefix, code)
    reporter.reads(REASON)
    expect(reporter.page.locator("form[action$='/reply']")).to_have_count(0)

    second = write(reporter, prefix, ENDANGERED)
    open_first(office)
    office.unfold("Lấy phiếu để chuyển đi")
    office.page.locator("[name=to][value=helpline]").check()
    office.press("Lấy phiếu")
    office.reads(ENDANGERED)
    office.page.locator("[name=passed_on]").check()
    office.press("Ghi đã chuyển, xóa nội dung")
    expect(office.page.locator("main")).not_to_contain_text(ENDANGERED)
    follow(reporter, prefix, second)
    reporter.reads(said("Tổng đài điện thoại quốc gia bảo vệ trẻ em 111", language))
    expect(reporter.page.locator("main")).not_to_contain_text(ENDANGERED)
    assert reporter.context.cookies() == []
    told = "\n".join([running.log(), *running.letters("chi@club.example"), *running.letters("minh@club.example")])
    assert [word for word in (TOLD, LATER, CONTACT, "Chuyengapzq", code, second) if word in told] == []
