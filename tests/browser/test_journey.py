"""The whole main job in a real browser: Kindly, from its company's sign-up to the parent who checks the QR code."""

import io
import re
from pathlib import Path

import pytest
import zxingcpp
from fpdf import FPDF
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser import walking
from tests.browser.club import arrive, declare, open_round, review, take_in_and_assign
from tests.browser.conftest import PASSWORD
from tests.browser.journey import Journey
from tests.browser.words import said
from tests.site import Site

OWNER = "lan.anh@kindly.example"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_from_sign_up_to_a_checked_certificate(browser: Browser, empty_site: Site, tmp_path: Path, language: str):
    arrive(empty_site, language)
    journey = Journey(browser, empty_site, language)
    open_round(journey)

    vendor = sign_up(journey)
    register_company(journey, vendor)
    start_application(journey, vendor)
    fill_profile(journey, vendor)
    answer_everything(journey, vendor, report(tmp_path))
    hand_in(journey, vendor)
    take_in_and_assign(journey)
    dung, ha = review(journey, "dung@club.example"), review(journey, "ha@club.example")
    recommend(journey, dung, vendor)
    decide(journey)
    assert ha.context.cookies() != []
    check_as_a_parent(journey)
    assert "clean" in empty_site.command("fsck")


def report(folder: Path) -> Path:
    """A generated PDF, as a laboratory would send one."""
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=14)
    pdf.multi_cell(0, 10, "Security test of Kindly 1.0\nTested on 12 May 2026. No open findings.")
    path = folder / "security-test.pdf"
    pdf.output(str(path))
    return path


def sign_up(journey: Journey) -> Page:
    page = journey.page()
    prefix = "/en" if journey.language == "en" else ""
    journey.go(page, f"{prefix}/sign-up")
    page.fill("[name=name]", "Nguyễn Lan Anh")
    page.fill("[name=email]", OWNER)
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=repeat]", PASSWORD)
    page.check(f"[name=language][value={journey.language}]")
    journey.send(page, "Mở tài khoản")
    page.goto(journey.site.link_in_letter(OWNER, "/verify-email/"))
    walking.send(page, page.locator("main form button[type=submit]"))
    return page


def register_company(journey: Journey, page: Page) -> None:
    journey.go(page, "/company/new")
    page.fill("[name=name]", "UNICEF Office of Innovation")
    page.select_option("[name=country]", "SE")
    page.fill("[name=registration_number]", "SE-2026-111")
    page.fill("[name=address]", "Stockholm")
    page.fill("[name=website]", "https://www.unicef.org/innovation/")
    page.fill("[name=representative]", "Nguyễn Lan Anh")
    page.fill("[name=contact_email]", OWNER)
    journey.press(page, "Đăng ký đơn vị")
    expect(page.locator("main")).to_contain_text("UNICEF Office of Innovation")


def start_application(journey: Journey, page: Page) -> None:
    journey.go(page, "/applications/new")
    page.fill("[name=name_vi]", journey.product.name)
    page.fill("[name=name_en]", journey.product.name)
    journey.send(page, "Lập hồ sơ")
    found = re.search(r"HS-\d{4}-\d{4}", page.url)
    assert found, page.url
    journey.ref = found[0]


def fill_profile(journey: Journey, page: Page) -> None:
    facts = journey.product.profile
    at = f"/applications/{journey.ref}/profile"
    journey.go(page, f"{at}/names")
    for name in ("name_vi", "name_en", "short_vi", "short_en", "description_vi", "description_en"):
        page.fill(f"[name={name}]", facts[name])
    journey.press(page, "Lưu và tiếp tục")
    for code in facts["categories"]:
        page.check(f"[name=categories][value={code}]")
    for question in page.locator("fieldset:has(input[name^=features-][type=radio])").all():
        question.locator("input[value=no]").check()
    journey.press(page, "Lưu và tiếp tục")
    expect(page.locator("main")).to_contain_text("TN-10")  # what applies, and why
    journey.go(page, f"{at}/version")
    page.fill("[name=version]", "1.0")
    page.fill("[name=version_date]", "2026-05-12")
    for name in ("platforms", "ages", "languages"):
        for code in facts[name]:
            page.check(f"[name={name}][value='{code}']")
    page.fill("[name=website]", facts["website"])
    journey.press(page, "Lưu và tiếp tục")
    page.check("[name=price_model][value=free]")
    page.check("[name=adverts][value=none]")
    page.check("[name=made_in_vietnam][value=no]")
    journey.press(page, "Lưu và tiếp tục")
    page.check("[name=none_taken]")
    journey.press(page, "Lưu và tiếp tục")
    page.fill("[name=support_contact]", "https://kindly.unicef.io")
    page.fill("[name=removal_vi]", "Ngừng gọi API và xóa khóa truy cập.")
    page.fill("[name=removal_en]", "Stop calling the API and delete the access key.")
    journey.press(page, "Lưu và tiếp tục")


def answer_everything(journey: Journey, page: Page, pdf: Path) -> None:
    journey.go(page, f"/applications/{journey.ref}")
    links = page.locator(f"main a[href*='/applications/{journey.ref}/criteria/']")
    addresses = list(dict.fromkeys(links.evaluate_all("all => all.map(one => one.getAttribute('href'))")))
    assert len(addresses) >= 20
    upload(journey, page, addresses[0], pdf)
    for url in journey.product.links:
        journey.go(page, "/evidence/link")
        page.fill("[name=address]", url)
        page.fill("[name=title]", url.removeprefix("https://"))
        page.check("[name=promise]")
        journey.press(page, "Thêm địa chỉ trang")
    for place, address in enumerate(addresses):
        page.goto(journey.site.url + address)
        page.fill("[name=claim]", journey.product.claims[place % len(journey.product.claims)][:4000])
        if place:
            page.select_option("[name=library]", index=1 + place % len(journey.product.links))
        journey.press(page, "Thêm" if place else "Lưu")
        expect(page.locator("main")).to_contain_text(said("Gỡ khỏi tiêu chí này", journey.language))


def upload(journey: Journey, page: Page, address: str, pdf: Path) -> None:
    page.goto(journey.site.url + address)
    page.fill("[name=claim]", "…")
    journey.press(page, "Lưu và tải tệp mới lên")
    page.select_option("[name=kind]", "LAB")
    page.fill("[name=title]", "Security test 2026")
    page.set_input_files("[name=file]", pdf)
    page.check("[name=promise]")
    journey.press(page, "Tải tệp lên")
    expect(page.locator("main")).to_contain_text("Security test 2026")


def hand_in(journey: Journey, page: Page) -> None:
    journey.go(page, f"/applications/{journey.ref}/agreement")
    page.locator("main form input[type=checkbox]").check()
    journey.send(page, "Chấp nhận thỏa thuận")
    journey.go(page, f"/applications/{journey.ref}/check")
    journey.press(page, "Nộp hồ sơ")
    expect(page.locator("main")).to_contain_text(re.compile("sha256:[0-9a-f]{64}"))
    assert journey.site.link_in_letter(OWNER, journey.ref)


def recommend(journey: Journey, lead: Page, vendor: Page) -> None:
    journey.go(lead, f"/reviews/{journey.ref}/consensus")
    journey.send(lead, "Ghi điểm ở những tiêu chí mọi người chấm như nhau")
    journey.go(lead, f"/reviews/{journey.ref}/recommendation")
    lead.fill("[name=summary_vi]", "Kindly nhận ra lời bắt nạt trong tin nhắn và nhắc người viết nghĩ lại.")
    lead.fill("[name=summary_en]", "Kindly recognises bullying in messages and asks the writer to think again.")
    lead.fill("[name=limit_1_vi]", "Chưa thử với tiếng lóng tiếng Việt.")
    lead.fill("[name=limit_1_en]", "Not yet tested with Vietnamese slang.")
    journey.send(lead, "Lưu")
    journey.send(lead, "Gửi nhà cung cấp xem lại dữ kiện")
    journey.go(vendor, f"/applications/{journey.ref}/summary")
    vendor.check("[name=right][value=yes]")
    journey.send(vendor, "Gửi trả lời")
    journey.go(lead, f"/reviews/{journey.ref}/recommendation")
    journey.press(lead, "Trình hội đồng")


def decide(journey: Journey) -> None:
    giang, hung = journey.person("giang@club.example"), journey.person("hung@club.example")
    declare(journey, giang, "decisions")
    journey.go(giang, f"/decisions/{journey.ref}")
    giang.check("[name=choice][value='certify:L1']")
    journey.press(giang, "Gửi đề xuất")
    declare(journey, hung, "decisions")
    journey.go(hung, f"/decisions/{journey.ref}")
    walking.send(hung, hung.locator("form[action$='/confirm'] button[type=submit]"))
    journey.go(hung, "/certificates")
    expect(hung.locator("main")).to_contain_text("VCSC-26-0001-")


def check_as_a_parent(journey: Journey) -> None:
    """On a small phone, without JavaScript and without an account."""
    page = journey.page(script=False, width=360)
    journey.go(page, "/en/" if journey.language == "en" else "/")
    page.fill("main input[type=search]", "kindly")
    page.locator("form[action$='/products'] button").first.click()
    page.locator("main .cards a", has_text="Kindly").first.click()
    expect(page.locator("h1")).to_have_text("Kindly")
    page.locator("main a[href*='/c/VCSC-']").first.click()
    number = page.url.rsplit("/", 1)[1]
    expect(page.locator("main")).to_contain_text(said("Còn hiệu lực", journey.language))
    picture = Image.open(io.BytesIO(page.locator("svg.qr").screenshot()))
    [code] = zxingcpp.read_barcodes(picture)
    assert code.text == f"{journey.site.url}{'/en' if journey.language == 'en' else ''}/c/{number}"
    page.goto(code.text)
    expect(page.locator("main")).to_contain_text(number)
    journey.go(page, "/en/verify" if journey.language == "en" else "/verify")
    page.fill("main [name=number]", number.lower().replace("-", " ").replace("0", "o"))
    page.locator("form[action$='/verify'] button").first.click()
    expect(page.locator("main")).to_contain_text("Kindly")
    assert page.context.cookies() == []
