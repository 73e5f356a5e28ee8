"""Nothing typed is lost: saved as it is typed, offline, after the session, beside a colleague, and brought back."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlmodel import Session, select, update

from assessments import answers
from assessments.answers import Draft
from assessments.clock import now
from assessments.models import Answer, AnswerText, Application, ProfileText
from registry import create_app
from registry.accounts.models import LoginSession, User
from tests import site, world
from tests.browser import walking
from tests.browser.keyboard import Keyboard
from tests.conftest import settings_in

REF = "HS-2026-0001"
AN, ANH = "an@hatnang.example", "anh@hatnang.example"
SAVED = "Đã tự lưu lúc"

Sits = Callable[[str], Page]


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[site.Site]:
    """A site on which two colleagues write one application."""
    folder = tmp_path_factory.mktemp("drafts")
    with site.running(folder, prepare=lambda: prepare(folder)) as running:
        yield running


def prepare(folder: Path) -> None:
    """Hạt Nắng's draft, two versions of one answer."""
    with opened(folder) as session:
        people = world.build(session)
        application = people.application()
        answers.save(session, people.an, application, "TL-05", Draft("Trước khi sửa"))
        answers.save(session, people.anh, application, "TL-05", Draft("Sau khi sửa", version=1))
        session.commit()


def opened(folder: Path) -> Session:
    """A session of the test's own on the database of the site."""
    return Session(create_app(settings_in(folder)).extensions["engine"], expire_on_commit=False)


@pytest.fixture
def sits(browser: Browser, drafts: site.Site) -> Iterator[Sits]:
    """Sit down at a browser of one's own and sign in."""
    contexts = []

    def sit(email: str) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        contexts.append(context)
        page = context.new_page()
        walking.sign_in(page, drafts, email, world.PASSWORD)
        return page

    yield sit
    for context in contexts:
        context.close()


def answer(page: Page, drafts: site.Site, code: str) -> Locator:
    """Open a criterion; the field of the claim."""
    page.goto(f"{drafts.url}/applications/{REF}/criteria/{code}")
    return page.locator("#claim")


def told(page: Page) -> Locator:
    """What the page says about saving."""
    return page.locator("[data-draft] [role=status]")


def stored(drafts: site.Site, code: str) -> str:
    """The claim as the database has it."""
    with opened(drafts.folder) as session:
        return session.exec(select(Answer.claim).where(Answer.criterion == code)).one()


def test_the_page_saves_what_is_typed_and_says_when(sits: Sits, drafts: site.Site):
    page = sits(AN)
    field = answer(page, drafts, "TL-01")
    expect(page.locator("[data-draft-note]")).to_contain_text("Trang tự lưu khi bạn gõ.")
    field.press_sequentially("Chặn 96,8%")
    expect(told(page)).to_contain_text(SAVED)
    assert stored(drafts, "TL-01") == "Chặn 96,8%"
    field.press_sequentially(" trang xấu")
    page.locator("a[href$='/criteria/TL-01/history'], .crumb a").first.click()  # before the pause is over
    page.wait_for_url(f"**/applications/{REF}")
    assert stored(drafts, "TL-01") == "Chặn 96,8% trang xấu"

    answer(page, drafts, "TL-01").fill("Một lần nữa")
    page.get_by_role("button", name="Lưu, sang tiêu chí sau").click()
    page.wait_for_url("**/criteria/TL-02")
    page.go_back()
    page.wait_for_load_state()
    expect(field).to_have_value("Một lần nữa")  # and not what stood there before it was saved
    field.fill("Sau nút quay lại")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator(".flash")).to_contain_text("Đã lưu.")
    assert stored(drafts, "TL-01") == "Sau nút quay lại"

    page.goto(f"{drafts.url}/applications/{REF}/profile/data")
    page.locator("[name=asked-0-name]").fill("VPN và vị trí")
    page.locator("[name=asked-0-name]").blur()
    expect(told(page)).to_contain_text(SAVED)
    with opened(drafts.folder) as session:
        assert session.exec(select(Application)).one().profile["permissions"][0]["name"] == "VPN và vị trí"
        texts = session.exec(
            select(ProfileText).where(ProfileText.section == "data").order_by(ProfileText.number)
        ).all()
    assert [one.begun_at is None for one in texts] == [True, False]
    page.locator("[name=taken-1-purpose_vi]").evaluate("one => one.closest('details').open = true")
    page.locator("[name=taken-1-purpose_vi]").fill("Để làm gì")
    page.locator("[name=taken-1-purpose_vi]").blur()
    expect(told(page)).to_contain_text("Chưa tự lưu được. Chọn loại dữ liệu của dòng này")


def test_two_colleagues_meet_and_merge_by_hand(sits: Sits, drafts: site.Site):
    first, second = sits(AN), sits(ANH)
    mine, theirs = answer(first, drafts, "TL-02"), answer(second, drafts, "TL-02")
    theirs.fill("Chặn 97% trang xấu.")
    theirs.blur()
    expect(told(second)).to_contain_text(SAVED)
    mine.fill("Chặn 96% trang xấu.")
    mine.blur()
    expect(told(first)).to_contain_text("Trần Ánh đã lưu mục này lúc")
    assert stored(drafts, "TL-02") == "Chặn 97% trang xấu."

    first.get_by_role("button", name="Xem hai bản và gộp lại").click()
    expect(first.locator(".compared ins")).to_contain_text("96%")
    expect(first.locator(".compared del")).to_contain_text("97%")
    assert first.evaluate("() => document.activeElement.classList.contains('errsum')")
    assert walking.faults(first, "vi") == []
    first.emulate_media(color_scheme="dark")
    assert walking.findings(first) == []
    expect(mine).to_have_value("Chặn 96% trang xấu.")
    mine.fill("Chặn 96% hoặc 97% trang xấu.")
    first.get_by_role("button", name="Lưu bản đã gộp").click()
    expect(first.locator(".flash")).to_contain_text("Đã lưu.")
    assert stored(drafts, "TL-02") == "Chặn 96% hoặc 97% trang xấu."


def test_without_a_connection_the_page_keeps_the_text_and_saves_it_later(sits: Sits, drafts: site.Site):
    page = sits(AN)
    field = answer(page, drafts, "TL-03")
    page.context.set_offline(True)
    field.press_sequentially("Viết trên tàu")
    field.blur()
    expect(told(page)).to_contain_text("Chưa lưu được: mất mạng.")
    page.get_by_role("button", name="Lưu, sang tiêu chí sau").click()  # the page stays, and so does the text
    expect(field).to_have_value("Viết trên tàu")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    with page.expect_event("dialog"):
        page.locator(".crumb a").click()
    page.context.set_offline(False)
    expect(told(page)).to_contain_text("Đã có mạng, đã lưu lúc")
    assert stored(drafts, "TL-03") == "Viết trên tàu"
    page.locator(".crumb a").click()
    page.wait_for_url(f"**/applications/{REF}")
    assert asked == ["beforeunload"]


def test_the_session_ends_and_the_text_goes_on(sits: Sits, drafts: site.Site):
    page = sits(ANH)
    field = answer(page, drafts, "TL-04")
    field.press_sequentially("Trước khi hết phiên")
    field.blur()
    expect(told(page)).to_contain_text(SAVED)
    end_sessions(drafts, ANH)
    field.press_sequentially(", và sau đó")
    field.blur()
    expect(told(page)).to_contain_text("phiên đăng nhập đã hết hạn")
    assert stored(drafts, "TL-04") == "Trước khi hết phiên"
    with page.expect_popup() as opening:
        page.get_by_role("link", name="Đăng nhập ở thẻ trình duyệt khác").click()
    other = opening.value
    walking.sign_in(other, drafts, ANH, world.PASSWORD)
    other.close()
    field.press_sequentially(".")
    field.blur()
    expect(told(page)).to_contain_text(SAVED)
    assert stored(drafts, "TL-04") == "Trước khi hết phiên, và sau đó."

    end_sessions(drafts, ANH)
    field.fill("Bấm Lưu khi phiên đã hết")
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.locator("input[type=email]").fill(ANH)
    page.locator("input[type=password]").fill(world.PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator(".flash")).to_contain_text("Chưa có gì được gửi đi.")
    expect(field).to_have_value("Bấm Lưu khi phiên đã hết")
    assert stored(drafts, "TL-04") == "Trước khi hết phiên, và sau đó."
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator(".flash")).to_contain_text("Đã lưu.")
    assert stored(drafts, "TL-04") == "Bấm Lưu khi phiên đã hết"


def end_sessions(drafts: site.Site, email: str) -> None:
    """As if the person had signed out everywhere."""
    with opened(drafts.folder) as session:
        person = session.exec(select(User).where(User.email == email)).one()
        session.exec(update(LoginSession).where(LoginSession.user_id == person.id).values(ended_at=now()))
        session.commit()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_new_pages_keep_to_what_every_page_keeps_to(sits: Sits, drafts: site.Site, language: str):
    page = sits(AN)
    page.set_viewport_size({"width": 320, "height": 700})
    walking.speak(page, drafts, language)
    found = []
    for path in ("/criteria/TL-05", "/criteria/TL-05/history", "/profile/names", "/profile/names/history", "/changes"):
        page.goto(f"{drafts.url}/applications/{REF}{path}")
        found += walking.faults(page, language)
    walking.speak(page, drafts, "vi")
    assert found == []


def test_an_earlier_text_is_brought_back_by_keyboard(sits: Sits, drafts: site.Site):
    keyboard = Keyboard(sits(AN))
    page = keyboard.page
    answer(page, drafts, "TL-05")
    keyboard.go("main a[href$='/criteria/TL-05/history']")
    expect(page.locator("main article")).to_have_count(2)
    keyboard.go("main article:last-of-type button")
    expect(page.locator(".flash")).to_contain_text("Đã dùng lại bản cũ.")
    expect(page.locator("#claim")).to_have_value("Trước khi sửa")
    with opened(drafts.folder) as session:
        texts = session.exec(
            select(AnswerText.claim)
            .join(Answer, Answer.id == AnswerText.answer_id)
            .where(Answer.criterion == "TL-05")
            .order_by(AnswerText.version)
        ).all()
    assert texts == ["Trước khi sửa", "Sau khi sửa", "Trước khi sửa"]
