"""Second factors in a real browser: a passkey by Chromium's own authenticator, and codes where no script runs."""

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests import site
from tests.browser import walking
from tests.browser.conftest import PASSWORD

ADMIN = "quan.tri@club.example"


@pytest.fixture(scope="module")
def strict(tmp_path_factory):
    """A site that asks people of the club for two factors, with an administrator who has none yet."""
    folder = tmp_path_factory.mktemp("strict")
    with site.running(folder, SECOND_FACTOR="required", STEP_UP_MINUTES="10") as running:
        for email in (ADMIN, f"other.{ADMIN}"):
            create = ("users", "create", "--email", email, "--name", "Lý Quản Trị", "--role", "admin")
            running.command(*create, "--password-stdin", text=PASSWORD)
        yield running


def authenticator(page: Page) -> None:
    """A device that keeps passkeys and always recognises its person."""
    about = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    automatic = {"isUserVerified": True, "automaticPresenceSimulation": True}
    client = page.context.new_cdp_session(page)
    client.send("WebAuthn.enable")
    client.send("WebAuthn.addVirtualAuthenticator", {"options": {**about, **automatic}})


def by_password(page: Page, strict: site.Site, email: str) -> None:
    page.goto(f"{strict.url}/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def test_a_passkey_is_made_and_signs_in_alone(strict, browser):
    page = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
    authenticator(page)
    by_password(page, strict, ADMIN)
    expect(page).to_have_url(f"{strict.url}/account/factors")
    wrong = walking.faults(page, "vi")
    page.get_by_role("link", name="Thêm khóa đăng nhập").click()
    wrong += walking.faults(page, "vi")
    press(page, "Tạo khóa")
    expect(page.locator(".err").first).to_contain_text("Đặt tên cho khóa.")
    page.fill("[name=name]", "Máy ở văn phòng")
    press(page, "Tạo khóa")
    expect(page.locator(".codes li")).to_have_count(10)
    wrong += walking.faults(page, "vi")
    press(page, "Đã cất mã, tiếp tục")
    expect(page).to_have_url(f"{strict.url}/people")
    page.goto(f"{strict.url}/account/factors")
    expect(page.locator("main")).to_contain_text("Máy ở văn phòng")
    wrong += walking.faults(page, "vi") + walking.other_looks(page)
    page.context.clear_cookies()
    page.goto(f"{strict.url}/sign-in?next=/people")
    press(page, "Đăng nhập bằng khóa")
    expect(page).to_have_url(f"{strict.url}/people")
    page.context.clear_cookies()
    by_password(page, strict, ADMIN)
    expect(page).to_have_url(f"{strict.url}/sign-in/factor")
    wrong += walking.faults(page, "vi") + walking.other_looks(page)
    press(page, "Dùng khóa đăng nhập")
    expect(page).to_have_url(f"{strict.url}/people")
    assert wrong == []


def test_codes_without_a_script(strict, browser):
    page = browser.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False).new_page()
    page.goto(f"{strict.url}/sign-in")
    assert page.get_by_role("button", name="Đăng nhập bằng khóa").count() == 0
    page.fill("[name=email]", f"other.{ADMIN}")
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.get_by_role("link", name="Thêm khóa đăng nhập").click()
    expect(page.locator("main")).to_contain_text("Thêm khóa đăng nhập cần JavaScript")
    page.get_by_role("link", name="Tạo mã dùng một lần").click()
    expect(page.locator(".qrbox svg")).to_be_visible()
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.fill("[name=code]", pyotp.TOTP(secret).now())
    press(page, "Xong")
    code = page.locator(".codes li").first.inner_text()
    press(page, "Đã cất mã, tiếp tục")
    expect(page).to_have_url(f"{strict.url}/people")
    page.context.clear_cookies()
    by_password(page, strict, f"other.{ADMIN}")
    page.get_by_role("link", name="Mất điện thoại hoặc khóa: dùng mã dự phòng").click()
    page.fill("[name=code]", code)
    press(page, "Tiếp tục")
    expect(page).to_have_url(f"{strict.url}/people")
