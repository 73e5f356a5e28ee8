"""Reading the code on a box: with the camera, from a picture, and gracefully without either."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.site import Site

# A reader that finds what the page's own address asks for after "#", so that no test needs a camera that sees.
READER = """
globalThis.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { const text = decodeURIComponent(location.hash.slice(1)); return text ? [{ rawValue: text }] : []; }
};
"""
CAMERA = "navigator.mediaDevices.getUserMedia = async () => document.createElement('canvas').captureStream();"
REFUSES = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotAllowedError'); };"


def dot(name: str) -> FilePayload:
    """A picture with nothing in it."""
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8)).save(drawn, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": drawn.getvalue()}


def opened(browser: Browser, site: Site, *scripts: str, path: str = "/verify") -> Page:
    page = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
    for script in scripts:
        page.add_init_script(script)
    page.goto(f"{site.url}{path}")
    return page


def number_in(browser: Browser, site: Site) -> str:
    page = browser.new_page()
    page.goto(f"{site.url}/products")
    page.locator("main .cards a[href*='/products/']").first.click()
    number = page.locator("main a[href*='/c/VCSC-']").first.inner_text()
    page.close()
    return number


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_camera_reads_a_code_and_the_page_answers(browser: Browser, demonstration: Site, prefix: str):
    number = number_in(browser, demonstration)
    page = opened(browser, demonstration, READER, CAMERA, path=f"{prefix}/verify#https://somewhere.example/c/{number}")
    box = page.locator("[data-scan]")
    expect(box).to_be_visible()
    box.locator("[data-start]").click()
    page.wait_for_url("**/verify?number=**")
    expect(page.locator(".stat")).to_be_visible()
    expect(page.locator("main")).to_contain_text(number)


def test_a_refused_camera_leads_back_to_typing(browser: Browser, demonstration: Site):
    page = opened(browser, demonstration, READER, REFUSES)
    page.locator("[data-scan] [data-start]").click()
    expect(page.locator("[data-scan] [data-said]")).to_contain_text("Bạn vẫn gõ được số ở trên")
    expect(page.locator("#number")).to_be_focused()
    expect(page.locator("[data-scan] video")).to_have_count(0)


def test_the_camera_can_be_closed(browser: Browser, demonstration: Site):
    page = opened(browser, demonstration, READER, CAMERA)
    page.locator("[data-scan] [data-start]").click()
    expect(page.locator("[data-scan] [data-stop]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-scan] [data-start]")).to_be_focused()
    expect(page.locator("[data-scan] video")).to_have_count(0)


def test_a_picture_is_read_too(browser: Browser, demonstration: Site):
    page = opened(browser, demonstration, READER)
    page.locator("#picture").set_input_files(dot("spot.png"))
    expect(page.locator("[data-scan] [data-said]")).to_contain_text("Không thấy mã nào trong ảnh")
    page.evaluate("location.hash = 'vcsc-26-0001-k'")
    page.locator("#picture").set_input_files(dot("again.png"))
    page.wait_for_url("**/verify?number=vcsc-26-0001-k")


def test_a_browser_that_cannot_is_offered_nothing(browser: Browser, demonstration: Site):
    page = opened(browser, demonstration, "delete globalThis.BarcodeDetector;")
    expect(page.locator("[data-scan]")).to_be_hidden()
    expect(page.locator("#number")).to_be_visible()
