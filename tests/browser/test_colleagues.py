"""Two colleagues over a poor link: from /apply through a shared draft to a correction, and all data taken home."""

import hashlib
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pypdf import PdfReader
from sqlmodel import Session, select

from assessments.models import Answer, Application, Evidence, Finding, StoredFile, Submission
from assessments.states import State
from registry import config, create_app
from tests.browser import conftest, papers
from tests.browser.club import arrive, open_round, review, take_in_and_assign
from tests.browser.conftest import PASSWORD
from tests.browser.journey import Journey
from tests.browser.poor import MB, RATE, Poor
from tests.browser.proxy import poor_link
from tests.browser.words import said
from tests.site import Site

AN, ANH = "an@vuondoc.example", "anh@vuondoc.example"
PATIENCE = 40_000  # ms for one answer over the poor link, on a busy machine
BIG = 60 * MB
VIDEO, REPORT = "Video thao tác", "Báo cáo thử nghiệm"
FINGERPRINT = re.compile("sha256:[0-9a-f]{64}")


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Pages take seconds here."""
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=conftest.PATIENCE)


class Colleagues(Journey):
    """An, who answers for the company, and Ánh, who writes with her."""

    def __init__(self, browser: Browser, site: Site, language: str, folder: Path) -> None:
        super().__init__(browser, site, language)
        self.folder = folder
        self.poor = Poor()
        self.an, self.anh = self.page(), self.page()
        self.codes: list[str] = []

    def page(self, *, script: bool = True, width: int = 1280) -> Page:
        page = super().page(script=script, width=width)
        page.set_default_timeout(PATIENCE)
        return page

    def says(self, page: Page, vietnamese: str) -> None:
        """The page says so; what is filled in ({time}) is left out."""
        expect(page.locator("main")).to_contain_text(said(vietnamese, self.language).split("{")[0].split("%(")[0])

    def answer(self, page: Page, code: str, at: str = "") -> Locator:
        """Open a criterion; the field of the claim."""
        page.goto(f"{at or self.site.url}/applications/{self.ref}/criteria/{code}")
        return page.locator("#claim")

    @contextmanager
    def rows(self) -> Iterator[Session]:
        """The database of the site, for looking."""
        app = create_app(config.from_environment(self.site.environment))
        with Session(app.extensions["engine"]) as session:
            yield session
        app.extensions["engine"].dispose()

    def claim(self, code: str) -> str:
        """What is stored of an answer."""
        with self.rows() as session:
            return session.exec(select(Answer.claim).where(Answer.criterion == code)).one()


def test_from_apply_to_a_correction_and_everything_back(browser: Browser, empty_site: Site, tmp_path: Path):
    pair = prepared(browser, empty_site, "vi", tmp_path)
    begin_together(pair)
    write_together(pair)
    share_evidence(pair)
    fill_by_spreadsheet(pair)
    make_ready(pair)
    assert hand_in(pair) == 1
    answer_the_office(pair)
    answer_a_finding(pair)
    remove_the_colleague(pair)
    take_everything_home(pair)


def test_the_first_half_in_english(browser: Browser, empty_site: Site, tmp_path: Path):
    pair = prepared(browser, empty_site, "en", tmp_path)
    begin_together(pair)
    write_together(pair)


def prepared(browser: Browser, site: Site, language: str, folder: Path) -> Colleagues:
    """The club is there and a round is open; from here on the link is poor."""
    arrive(site, language)
    pair = Colleagues(browser, site, language, folder)
    open_round(pair)
    for page in (pair.an, pair.anh):
        pair.poor.slow(page)
    return pair


def begin_together(pair: Colleagues) -> None:
    check_oneself(pair, pair.an)
    sign_up(pair, pair.an)
    register_and_begin(pair, pair.an)
    invite(pair)


def check_oneself(pair: Colleagues, page: Page) -> None:
    pair.go(page, "/apply" if pair.language == "vi" else "/en/apply")
    pair.follow(page, "Tự đánh giá trước, không cần tài khoản")
    page.check("[name=categories][value=DL]")
    for question in page.locator("fieldset:has(input[name^=features-][type=radio])").all():
        question.locator("input[value=no]").check()
    page.check("[name=platforms][value=android]")
    page.check("[name=ages][value='7-11']")
    page.fill("[name=name_vi]", "Vườn Đọc")
    page.fill("[name=name_en]", "Reading Garden")
    pair.press(page, "Xem tiêu chí áp dụng")
    pair.press(page, "Bắt đầu tự chấm")
    page.locator("fieldset.rub input[value='3']").first.check()
    pair.press(page, "Xem kết quả")
    pair.says(page, "Kết quả tự đánh giá")
    pair.press(page, "Bắt đầu hồ sơ từ kết quả này")


def sign_up(pair: Colleagues, page: Page) -> None:
    """From the door, with the self-check in the hand; the letter is opened in another tab."""
    pair.press(page, "Mở tài khoản")
    page.fill("[name=name]", "Nguyễn Thị An")
    page.fill("[name=email]", AN)
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=repeat]", PASSWORD)
    pair.press(page, "Mở tài khoản")
    pair.says(page, "Giữ trang này mở.")
    letter = page.context.new_page()
    letter.goto(pair.site.link_in_letter(AN, "/verify-email/"))
    pair.press(letter, "Xác nhận và đăng nhập")
    letter.wait_for_url(lambda address: "/verify-email" not in address)
    letter.close()
    pair.press(page, "Đã xác nhận email, tiếp tục")


def register_and_begin(pair: Colleagues, page: Page) -> None:
    pair.press(page, "Đăng ký đơn vị")
    page.fill("[name=name]", "Công ty TNHH Vườn Đọc")
    page.fill("[name=registration_number]", "0101234567")
    page.fill("[name=address]", "12 Lý Thường Kiệt, Hà Nội")
    page.fill("[name=representative]", "Nguyễn Thị An")
    page.fill("[name=contact_email]", AN)
    pair.press(page, "Đăng ký đơn vị")
    pair.press(page, "Đưa vào hồ sơ")
    expect(page.locator("[name=name_vi]")).to_have_value("Vườn Đọc")
    pair.press(page, "Lập hồ sơ với các phần đã đánh dấu")
    page.wait_for_url(re.compile(r"/applications/HS-\d{4}-\d{4}$"))
    pair.ref = page.url.rsplit("/", 1)[1]
    links = page.locator(f"main a[href*='/applications/{pair.ref}/criteria/']")
    pair.codes = list(dict.fromkeys(links.evaluate_all("all => all.map(one => one.pathname.split('/').pop())")))
    assert len(pair.codes) == 20


def invite(pair: Colleagues) -> None:
    """An invites; Ánh comes by the letter and finds the draft."""
    pair.go(pair.an, "/company")
    pair.follow(pair.an, "Mời đồng nghiệp")
    pair.an.fill("[name=email]", ANH)
    pair.an.check("[name=role][value=contributor]")
    pair.an.check(f"[name=language][value={pair.language}]")
    pair.press(pair.an, "Gửi lời mời")
    expect(pair.an.locator("main")).to_contain_text(ANH)
    pair.anh.goto(pair.site.link_in_letter(ANH, "/invitations/"))
    pair.anh.fill("[name=name]", "Trần Ánh")
    pair.anh.fill("[name=password]", PASSWORD)
    pair.anh.fill("[name=repeat]", PASSWORD)
    pair.press(pair.anh, "Nhận lời và mở tài khoản")
    pair.anh.wait_for_url(lambda address: "/invitations/" not in address)
    pair.go(pair.anh, "/applications")
    pair.anh.locator(f"main a[href$='/applications/{pair.ref}']").first.click()
    expect(pair.anh.locator("h1")).to_contain_text("Vườn Đọc" if pair.language == "vi" else "Reading Garden")


def write_together(pair: Colleagues) -> None:
    fill_steps(pair)
    meet(pair)
    bring_back(pair)


def fill_steps(pair: Colleagues) -> None:
    """Each writes other steps at the same time; the page saves by itself and says when."""
    an, anh, at = pair.an, pair.anh, f"/applications/{pair.ref}/profile"
    pair.go(an, f"{at}/names")
    pair.go(anh, f"{at}/support")
    anh.fill("[name=support_contact]", "hotro@vuondoc.example")
    anh.fill("[name=removal_vi]", "Xóa tài khoản trong phần Cài đặt, rồi gỡ ứng dụng.")
    for name, text in (("short", "Truyện tranh dạy con dùng mạng."), ("description", "Không có mua bán.")):
        for language in ("vi", "en"):
            an.fill(f"[name={name}_{language}]", text)
    anh.fill("[name=removal_en]", "Delete the account in Settings, then remove the app.")
    anh.locator("[name=removal_en]").blur()
    expect(saving(anh)).to_contain_text(said("Đã tự lưu lúc {time}.", pair.language).split("{")[0])
    pair.press(an, "Lưu và tiếp tục")
    an.wait_for_url("**/profile/kinds")
    pair.go(anh, f"{at}/price")
    pair.go(an, f"{at}/version")
    for name, value in (("price_model", "free"), ("adverts", "none"), ("made_in_vietnam", "no")):
        anh.check(f"[name={name}][value={value}]")
    an.fill("[name=version]", "2.0")
    an.fill("[name=version_date]", "2026-10-01")
    an.check("[name=languages][value=vi]")
    an.fill("[name=website]", "https://vuondoc.example")
    pair.press(anh, "Lưu và tiếp tục")
    pair.press(an, "Lưu và tiếp tục")
    an.wait_for_url("**/profile/price")
    anh.check("[name=none_taken]")
    pair.press(anh, "Lưu và tiếp tục")
    anh.wait_for_url("**/profile/support")
    expect(anh.locator("[name=support_contact]")).to_have_value("hotro@vuondoc.example")


def saving(page: Page) -> Locator:
    """What the page says about saving."""
    return page.locator("[data-draft] [role=status]")


def meet(pair: Colleagues) -> None:
    """Both write one answer: nobody overwrites, and the second merges both texts."""
    an, anh, code = pair.an, pair.anh, pair.codes[0]
    mine, theirs = pair.answer(an, code), pair.answer(anh, code)
    theirs.fill("Mười hai chuyện.")
    theirs.blur()
    expect(saving(anh)).to_contain_text(said("Đã tự lưu lúc {time}.", pair.language).split("{")[0])
    mine.fill("Mười truyện.")
    mine.blur()
    pair.press(an, "Xem hai bản và gộp lại")
    expect(an.locator(".compared ins")).not_to_have_count(0)
    expect(mine).to_have_value("Mười truyện.")
    assert pair.claim(code) == "Mười hai chuyện."
    mine.fill("Mười hai truyện.")
    pair.press(an, "Lưu bản đã gộp")
    expect(an.locator(".flash.message")).to_contain_text(said("Đã lưu.", pair.language))
    assert pair.claim(code) == "Mười hai truyện."


def bring_back(pair: Colleagues) -> None:
    """Ánh reads the versions, brings the first one back, and then the merged one."""
    anh, code = pair.anh, pair.codes[0]
    for place, text in ((-1, "Mười hai chuyện."), (1, "Mười hai truyện.")):
        pair.answer(anh, code)
        anh.locator(f"main a[href$='/criteria/{code}/history']").click()
        expect(anh.locator("main article").first).to_contain_text(said("(đang dùng)", pair.language))
        anh.locator("main article").nth(place).get_by_role("button").click()
        expect(anh.locator("#claim")).to_have_value(text)
        assert pair.claim(code) == text


def share_evidence(pair: Colleagues) -> None:
    sha256 = upload_over_a_cut(pair)
    with pair.rows() as session:
        question = select(StoredFile.sha256, StoredFile.size).join(Evidence, Evidence.file_id == StoredFile.id)
        assert session.exec(question.where(Evidence.title == VIDEO)).one() == (sha256, BIG)
    use_again(pair)
    replace(pair)


def upload_over_a_cut(pair: Colleagues) -> str:
    """60 MB at 20 Mbit/s, cut in the middle; the sha256 of what was sent."""
    page, path = pair.an, pair.folder / "thao-tac.pdf"
    content = papers.write(path, BIG)
    with pair.poor.lifted(page), poor_link(pair.site.port, RATE) as link:
        pair.answer(page, pair.codes[0], at=link.url)
        pair.press(page, "Lưu và tải tệp mới lên")
        page.set_input_files("#file", path)
        link.cut_after = BIG // 2
        expect(page.locator("[data-upload-list] li progress")).to_have_attribute("max", str(BIG))
        page.select_option("[name=kind]", "DOC")
        page.fill("[name=title]", VIDEO)
        page.check("[name=promise]")
        pair.press(page, "Tải tệp lên")
        page.wait_for_url(f"**/criteria/{pair.codes[0]}**", timeout=3 * PATIENCE)
        expect(page.locator("#evidence")).to_contain_text(VIDEO)
        assert link.cuts == 1
        assert link.sent < BIG * 4 / 3  # what had arrived was not sent again
    return hashlib.sha256(content).hexdigest()


def use_again(pair: Colleagues) -> None:
    """What one has uploaded the other uses for two more criteria."""
    for code in pair.codes[1:3]:
        pair.answer(pair.anh, code).fill(f"Xem video, phần {code}.")
        pair.anh.select_option("[name=library]", index=1)
        pair.press(pair.anh, "Thêm")
        expect(pair.anh.locator("#evidence")).to_contain_text(VIDEO)


def replace(pair: Colleagues) -> None:
    """A new version takes the place of the old one wherever it is used."""
    page = pair.an
    pair.go(page, "/evidence")
    pair.follow(page, VIDEO)
    pair.follow(page, "Tải bản mới lên")
    path = pair.folder / "thao-tac-2.pdf"
    papers.write(path)
    page.set_input_files("#file", path)
    page.check("[name=promise]")
    pair.press(page, "Tải bản mới lên")
    pair.says(page, "Đã thay bằng bản mới. Hồ sơ đang soạn dùng bản mới; hồ sơ đã nộp giữ tệp cũ.")
    pair.follow(page, VIDEO)
    pair.says(page, "Bản trước")
    present = page.locator("ol.time > li").first
    expect(present).to_contain_text("thao-tac-2.pdf")
    for code in pair.codes[:3]:
        expect(present).to_contain_text(code)


def fill_by_spreadsheet(pair: Colleagues) -> None:
    """What is left is written in a spreadsheet, looked at, and taken over."""
    page = pair.anh
    pair.go(page, f"/applications/{pair.ref}")
    pair.follow(page, "Nhập từ tệp, hoặc tải hồ sơ này về")
    with page.expect_download() as taken:
        pair.follow(page, "Tải về dạng Excel (.xlsx)")
    path = pair.folder / "ho-so.xlsx"
    taken.value.save_as(path)
    edit(path, pair.codes)
    page.set_input_files("[name=file]", path)
    pair.press(page, "Xem trước")
    expect(page.locator("main")).to_contain_text("Mười hai truyện, viết lại trong bảng tính.")
    assert pair.claim(pair.codes[0]) == "Mười hai truyện."
    page.check("[name=promise]")
    pair.press(page, "Nhập các phần đã đánh dấu")
    page.wait_for_url(f"**/applications/{pair.ref}")
    assert pair.claim(pair.codes[0]) == "Mười hai truyện, viết lại trong bảng tính."


def edit(path: Path, codes: list[str]) -> None:
    """One answer anew, the empty ones filled, and a public page for each that has no evidence yet."""
    book = openpyxl.load_workbook(path)
    sheets = {cell.value: sheet for sheet in book for cell in sheet[1]}
    claim = [cell.value for cell in sheets["claim"][1]].index("claim")
    for row in sheets["claim"].iter_rows(min_row=3):
        if row[0].value == codes[0]:
            row[claim].value = "Mười hai truyện, viết lại trong bảng tính."
        elif row[0].value in codes and not row[claim].value:
            row[claim].value = f"{row[0].value}: làm theo trang hướng dẫn, tháng 10 năm 2026."
    for code in codes[3:]:
        sheets["url"].append([code, f"https://vuondoc.example/{code.lower()}", f"Trang {code}", "LINK"])
    book.save(path)


def make_ready(pair: Colleagues) -> None:
    give_test_account(pair)
    change_from_the_check_page(pair)


def give_test_account(pair: Colleagues) -> None:
    page = pair.anh
    pair.go(page, f"/applications/{pair.ref}")
    pair.follow(page, "Tài khoản thử cho người đánh giá")
    page.fill("[name=label]", "Tài khoản phụ huynh")
    page.fill("[name=user_name]", "thu-1")
    page.fill("[name=password]", "mở cửa vườn")
    pair.press(page, "Thêm tài khoản thử")
    expect(page.locator("main article")).to_contain_text("Tài khoản phụ huynh")


def change_from_the_check_page(pair: Colleagues) -> None:
    """The agreement is all that is missing; it and a Change link lead back to the check page."""
    page = pair.an
    pair.go(page, f"/applications/{pair.ref}/check")
    page.locator(".errsum a").click()  # there is one only
    page.check("[name=accept]")
    pair.send(page, "Chấp nhận thỏa thuận")
    pair.go(page, f"/applications/{pair.ref}/check")
    page.locator("main a[href*='/profile/version']").first.click()
    page.fill("[name=version]", "2.1")
    pair.press(page, "Lưu và quay lại trang kiểm tra")
    page.wait_for_url("**/check**")
    expect(page.locator("#step-version").locator("xpath=..")).to_contain_text("2.1")


def hand_in(pair: Colleagues) -> int:
    """Submit from the check page; number, fingerprint and receipt, which came by mail as well."""
    page = pair.an
    pair.go(page, f"/applications/{pair.ref}/check")
    pair.press(page, "Nộp hồ sơ")
    expect(page.locator("main")).to_contain_text(FINGERPRINT)
    with pair.rows() as session:
        newest = select(Submission).order_by(Submission.number.desc()).limit(1)
        submission = session.exec(newest).one()
    expect(page.locator("main")).to_contain_text(submission.digest.removeprefix("sha256:"))
    mailed = pair.site.attachment(AN, f"{pair.ref}.*{submission.number}.*pdf")
    pair.go(page, f"/applications/{pair.ref}/submissions/{submission.number}")
    with page.expect_download() as taken:
        page.locator("main a[href$='/receipt.pdf']").click()
    assert Path(taken.value.path()).read_bytes() == mailed
    text = re.sub(r"\s", "", "".join(one.extract_text() for one in PdfReader(io.BytesIO(mailed)).pages))
    assert pair.ref in text
    assert submission.digest.removeprefix("sha256:") in text
    return submission.number


def answer_the_office(pair: Colleagues) -> None:
    """The office gives it back with a question; the colleague answers, the owner submits again."""
    chi = pair.person("linh.chi@club.example")
    pair.go(chi, f"/intake/{pair.ref}")
    chi.select_option("[name=items-0-code]", pair.codes[1])
    chi.fill("[name=items-0-text]", "Video dài bao nhiêu phút?")
    pair.press(chi, "Trả lại để bổ sung")
    pair.says(chi, "Đã trả lại, chờ đơn vị bổ sung")
    pair.go(pair.anh, f"/applications/{pair.ref}")
    expect(pair.anh.locator("main blockquote")).to_contain_text("Video dài bao nhiêu phút?")
    pair.answer(pair.anh, pair.codes[1]).fill("Xem video, dài 6 phút.")
    pair.press(pair.anh, "Lưu")
    expect(pair.anh.locator(".flash.message")).to_contain_text("Đã lưu.")
    assert hand_in(pair) == 2


def answer_a_finding(pair: Colleagues) -> None:
    """Reviewers score, the lead asks for a correction, and it is answered with a text and new evidence."""
    take_in_and_assign(pair)
    lead, _other = (review(pair, one) for one in ("dung@club.example", "ha@club.example"))
    pair.go(lead, f"/reviews/{pair.ref}/findings")
    lead.select_option("[name=criterion]", pair.codes[2])
    lead.check("[name=severity][value=minor]")
    lead.fill("[name=text]", "Chưa thấy ngày thử. Cần báo cáo có ngày.")
    pair.press(lead, "Ghi phát hiện")
    pair.press(lead, "Yêu cầu khắc phục")
    expect(lead.locator("main")).to_contain_text(said("Đã hỏi ở vòng %(round)s", pair.language) % {"round": 1})

    anh = pair.anh
    pair.go(anh, f"/applications/{pair.ref}")
    anh.locator("main a.btn[href$='/corrections']").click()
    anh.locator("textarea").fill("Đã thử lại ngày 2/11/2026.")
    pair.press(anh, "Lưu")
    expect(anh.locator(".flash.message")).to_contain_text("Đã lưu.")
    anh.locator(f"main a[href$='/criteria/{pair.codes[2]}']").first.click()
    pair.press(anh, "Lưu và tải tệp mới lên")
    path = pair.folder / "bao-cao.pdf"
    papers.write(path)
    anh.set_input_files("#file", path)
    anh.select_option("[name=kind]", "TEST")
    anh.fill("[name=title]", REPORT)
    anh.check("[name=promise]")
    pair.press(anh, "Tải tệp lên")
    expect(anh.locator("#evidence")).to_contain_text(REPORT)

    pair.go(pair.an, f"/applications/{pair.ref}/corrections")
    expect(pair.an.locator("textarea")).to_have_value("Đã thử lại ngày 2/11/2026.")
    pair.press(pair.an, "Gửi bản khắc phục")
    pair.an.wait_for_url(f"**/applications/{pair.ref}")
    with pair.rows() as session:
        assert session.exec(select(Application.state)).one() is State.CONSENSUS
        assert session.exec(select(Finding.answer)).one() == "Đã thử lại ngày 2/11/2026."
        newest = session.exec(select(Submission).order_by(Submission.number.desc()).limit(1)).one()
    assert REPORT in [one["title"] for one in newest.content["answers"][pair.codes[2]]["evidence"]]


def remove_the_colleague(pair: Colleagues) -> None:
    """The next click of somebody who was removed finds the door."""
    pair.go(pair.anh, f"/applications/{pair.ref}")
    pair.go(pair.an, "/company")
    pair.an.locator("main a[href*='/remove']").click()
    pair.press(pair.an, "Đưa ra khỏi đơn vị")
    expect(pair.an.locator(".flash.message")).to_contain_text("Trần Ánh không còn thuộc đơn vị.")
    with pair.anh.expect_navigation() as opened:
        pair.follow(pair.anh, "Ai đã sửa gì, lúc nào")
    assert "/sign-in?next=" in opened.value.url


def take_everything_home(pair: Colleagues) -> None:
    """The archive of the company: every entry is what its manifest says."""
    page = pair.an
    pair.go(page, "/company")
    pair.follow(page, "Tải về toàn bộ dữ liệu")
    pair.send(page, "Chuẩn bị dữ liệu")
    page.goto(pair.site.link_in_letter(AN, "/company/export"))
    with pair.poor.lifted(page), page.expect_download() as taken:
        page.locator("main a.btn[href*='/company/export/']").click()
    with ZipFile(taken.value.path()) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert manifest["missing"] == []
        assert {one["name"] for one in manifest["entries"]} == set(archive.namelist()) - {"manifest.json"}
        for one in manifest["entries"]:
            with archive.open(one["name"]) as entry:
                assert hashlib.file_digest(entry, "sha256").hexdigest() == one["sha256"]
        sizes = [one["size"] for one in manifest["entries"] if one["name"].endswith("/thao-tac.pdf")]
    assert sizes == [BIG]  # the version that was replaced is there as well
    assert "clean" in pair.site.command("fsck")
