"""An appeal from its button to its outcome, and a complaint from the public form to its code, in a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlmodel import Session

from registry import create_app
from tests import appealing, site, world
from tests.browser import walking
from tests.browser.words import said
from tests.conftest import settings_in
from tests.site import Site

NARROW = {"width": 320, "height": 700}
REASONS = {"reasons_vi": "Báo cáo đã bị bỏ sót.", "reasons_en": "The report was overlooked."}


def prepare(folder: Path, language: str) -> str:
    """Hạt Nắng's application was declined by Giang and Hùng; everybody reads one language. Returns its reference."""
    app = create_app(settings_in(folder))
    engine = app.extensions["engine"]
    with Session(engine, expire_on_commit=False) as session:
        everybody = world.build(session)
        others = appealing.others(everybody)
        application = appealing.declined(everybody)
        for person in (everybody.an, *others):
            person.language = language
            session.add(person)
        session.commit()
        ref = application.ref
    engine.dispose()
    return ref


@pytest.fixture(params=["vi", "en"])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Site, str, str]]:
    """A site where a decision can be appealed: the site, the language, the reference."""
    refs: list[str] = []
    language = str(request.param)
    with site.running(tmp_path, prepare=lambda: refs.append(prepare(tmp_path, language))) as running:
        yield running, language, refs[0]


class Person:
    """Somebody at a narrow browser of their own, who looks at every page they come to."""

    def __init__(self, browser: Browser, site: Site, language: str, email: str) -> None:
        self.site, self.language = site, language
        self.context: BrowserContext = browser.new_context(viewport=NARROW)  # type: ignore[arg-type]  # a plain dict
        self.page: Page = self.context.new_page()
        if email:
            walking.sign_in(self.page, site, email, world.PASSWORD)

    def go(self, path: str) -> None:
        """Open a page; axe finds nothing on it, and nothing scrolls sideways."""
        answer = self.page.goto(self.site.url + path)
        assert answer is not None
        assert answer.status == 200, path
        self.look()

    def look(self) -> None:
        """Nothing is wrong with the page as it is now."""
        self.page.wait_for_load_state()
        assert walking.faults(self.page, self.language) == []

    def press(self, vietnamese: str) -> None:
        """Press the button with these words, and look where it leads."""
        walking.send(self.page, self.page.get_by_role("button", name=said(vietnamese, self.language), exact=True).first)
        self.look()

    def reads(self, text: str) -> None:
        """The page says so."""
        expect(self.page.locator("main")).to_contain_text(text)


def test_an_appeal_from_the_button_to_the_outcome(browser: Browser, scene: tuple[Site, str, str]) -> None:
    running, language, ref = scene
    an = Person(browser, running, language, "an@hatnang.example")
    an.go(f"/applications/{ref}")
    an.page.locator("main a[href*='/appeals/new/']").first.click()
    an.look()
    an.press("Xem lại trước khi gửi")  # with nothing written: the faults are named, nothing is sent
    assert an.page.locator(".errsum li").count() == 3
    for box in an.page.locator("[name=grounds]").all()[:2]:
        box.check()
    an.page.fill("[name=text]", "Báo cáo thử nghiệm không được đọc.")
    an.page.fill("[name=wanted]", "Chấm lại TN-05.")
    an.press("Xem lại trước khi gửi")
    an.press("Gửi yêu cầu xem xét lại")
    number = an.page.url.rsplit("/", 1)[1]
    an.go("/appeals")

    thao = Person(browser, running, language, "thao@club.example")
    thao.go("/appeals/office")
    thao.go(f"/appeals/{number}/office")
    thao.press("Báo đã nhận")
    for name in ("Cao Phúc", "Trịnh Mai"):
        thao.page.get_by_label(name).check()
    thao.press("Mời xem xét lại")

    hearers = [Person(browser, running, language, f"{who}@club.example") for who in ("phuc", "mai")]
    for one in hearers:
        one.go(f"/appeals/{number}/hearing")
        one.page.locator("[name=answer][value=none]").check()
        one.press("Gửi câu trả lời")
    phuc, mai = hearers
    phuc.page.locator("[name=outcome][value=set_aside]").check()
    for name, text in REASONS.items():
        phuc.page.fill(f"[name={name}]", text)
    phuc.press("Gửi đề xuất")
    mai.go(f"/appeals/{number}/hearing")
    outcome = said("Hủy quyết định, giao người khác quyết định lại", language)
    mai.page.get_by_role("button", name=said("Xác nhận: %(outcome)s", language) % {"outcome": outcome}).click()
    mai.look()

    an.go(f"/appeals/{number}")
    an.reads(REASONS[f"reasons_{language}"])
    an.go(f"/applications/{ref}")
    text = an.page.locator("body").inner_text()
    assert [name for name in ("Phúc", "Mai", "Thảo", "Giang", "Hùng") if name in text] == []
    prefix = "/en" if language == "en" else ""
    Person(browser, running, language, "").go(f"{prefix}/transparency")


def test_a_complaint_from_the_form_to_its_code(browser: Browser, scene: tuple[Site, str, str]) -> None:
    running, language, _ = scene
    visitor = Person(browser, running, language, "")
    prefix = "/en" if language == "en" else ""
    visitor.go(f"{prefix}/complaints/new")
    visitor.page.locator("[name=subject]").first.check()
    visitor.page.fill("[name=text]", "Chờ hai tháng chưa ai trả lời.")
    visitor.press("Xem lại trước khi gửi")
    visitor.press("Gửi khiếu nại")
    code = visitor.page.locator("dd").first.inner_text()
    assert visitor.context.cookies() == []

    mai = Person(browser, running, language, "mai@club.example")
    mai.go("/complaints")
    mai.page.locator("main a[href*='/complaints/KN-']").first.click()
    mai.press("Báo đã nhận")
    mai.page.locator("[name=uninvolved]").check()
    mai.press("Nhận xử lý")
    mai.page.locator("[name=verdict][value=upheld]").check()
    mai.page.fill("[name=reasons]", "Đúng như thư.")
    mai.page.fill("[name=answer]", "Xin lỗi bạn.")
    mai.press("Gửi câu trả lời")

    visitor.go(f"{prefix}/complaints/follow")
    visitor.page.fill("[name=code]", code.lower())
    visitor.press("Xem")
    visitor.reads("Xin lỗi bạn.")
    assert visitor.context.cookies() == []
