"""The static copy behind nginx with no application behind it: catalogue, search, products and the check still work."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assessments.folding import fold, words
from registry.certificates import papers
from registry.config import Settings
from registry.copies import plan, publishing
from registry.copies.folders import Folder
from tests import copying
from tests.browser import walking
from tests.conftest import settings_in
from tests.deciding import certified
from tests.listings import Published, Shop

SCRIPT = Path(publishing.__file__).parent.parent / "static" / "copies.js"
WALKED = (
    *("static", "pages.home", "products.index", "products.show", "certificates.show", "certificates.papers.pdf"),
    *("certificates.verify", "verifying.snapshot"),
)
TYPED = (
    *("Đường Dây", "ĐƯỜNG dây nóng 111", "Trợ lý ảo", "tre em", "Nguyễn Ưu Ấm", "Kid\u0065\u0301s’ Café", "a1-b2_c3"),
    *("Straße", "ＡＢＣ", "ℌ", "İstanbul", "", "  ", "ự ệ ỗ ẫ ẳ", "e\u0323\u0302", "🙂 vui", "x" * 70),
)
FOLD_ALL = """async (texts) => {
  const { fold, words } = await import("/static/copies.js");
  return texts.map((text) => [fold(text), words(text)]);
}"""


@pytest.fixture
def port() -> int:
    """Where nginx serves the copy."""
    return copying.free_port()


@pytest.fixture
def settings(tmp_path: Path, port: int) -> Settings:
    """A site whose public address is that of nginx."""
    return replace(settings_in(tmp_path), public_url=f"http://localhost:{port}", trusted_hosts=("localhost",))


@pytest.fixture
def copy(app, world, tmp_path, monkeypatch) -> tuple[Path, str]:
    """A copy with a signed certificate and more products than fit a page; returns it with the number."""
    certificate, shop = certified(world), Shop(world)
    shop.serial = 100
    shop.publish_all(*(Published(name=f"Sao Biển {place:02}", name_en=f"Star {place:02}") for place in range(26)))
    monkeypatch.setattr(plan, "PUBLISHED", {name: plan.PUBLISHED[name] for name in WALKED})
    with app.app_context():
        papers.make_all()
        publishing.publish(app, Folder(tmp_path / "copy"))
    app.extensions["engine"].dispose()
    return tmp_path / "copy", certificate.number


@pytest.mark.skipif(copying.nginx() is None, reason="nginx is not installed")
def test_with_the_application_stopped_everything_public_goes_on(browser: Browser, copy, port, tmp_path):
    folder, number = copy
    with copying.served(tmp_path / "nginx", folder, port, copying.free_port()) as site:
        for language, prefix in (("vi", ""), ("en", "/en")):
            page = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
            _search(page, site + prefix, language)
            _check(page, site + prefix, number, folder / "current" / prefix.lstrip("/") / f"c/{number}.pdf", language)
            _away(page, site + prefix, language)
            page.context.close()
        page = browser.new_page()
        page.goto(f"{site}/verify")
        assert page.evaluate(FOLD_ALL, list(TYPED)) == [[fold(text), words(text)] for text in TYPED]
        page.close()
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto(f"{site}/products")
        page.get_by_role("link", name="Xem tiếp").click()
        expect(page.locator("ol.cards > li")).to_have_count(3)
        page.close()


def _search(page: Page, site: str, language: str) -> None:
    """The index is not asked for before somebody looks for something; then filters and words work."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/products")
    expect(page.locator("ol.cards > li")).to_have_count(24)
    expect(page.locator("aside time").first).to_be_visible()
    assert walking.faults(page, language) == []
    assert not [url for url in asked if "search.json" in url]
    page.locator("#q").fill("sao bien 07" if language == "vi" else "STAR 07")
    page.locator("#q").press("Enter")
    found = page.locator("[data-found] li")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("Còn hiệu lực" if language == "vi" else "Valid")
    assert walking.faults(page, language) == []
    found.locator("a").click()
    expect(page.locator("h1")).to_contain_text("Sao Biển 07" if language == "vi" else "Star 07")
    page.goto(f"{site}/products?platform=android&q=sao")  # a link with a filter
    expect(page.locator("[data-found] li")).to_have_count(26)


def _check(page: Page, site: str, number: str, paper: Path, language: str) -> None:
    """A number as people type it, and the paper itself, checked in the browser."""
    page.goto(f"{site}/verify")
    page.locator("#number").fill(number.lower().replace("-", " "))
    page.locator("#number").press("Enter")
    page.wait_for_url(f"{site}/c/{number}")
    expect(page.locator(".stat b")).to_have_text("Còn hiệu lực" if language == "vi" else "Valid")
    page.goto(f"{site}/verify")
    expect(page.locator("[data-ready]")).not_to_be_empty()
    page.set_input_files("#paper", {"name": "c.pdf", "mimeType": "application/pdf", "buffer": paper.read_bytes()})
    expect(page.get_by_role("status").locator("[data-status=valid] b")).to_have_text(
        "Còn hiệu lực" if language == "vi" else "Valid"
    )


def _away(page: Page, site: str, language: str) -> None:
    """What only the application does says so; a number that is not in the copy is no certificate of it."""
    answer = page.goto(f"{site}/sign-in")
    assert answer is not None
    assert answer.status == 503
    expect(page.locator("h1")).to_have_text(
        "Phần này đang tạm nghỉ" if language == "vi" else "This part is taking a break"
    )
    answer = page.goto(f"{site}/c/VCSC-26-9999-K")
    assert answer is not None
    assert answer.status == 404
    assert walking.faults(page, language) == []
