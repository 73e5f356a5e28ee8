"""Walks the way of docs/walkthrough.md as a clerk does, from /apply to the receipt, by what the pages offer alone."""

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from fpdf import FPDF
from playwright.sync_api import Page

from tests.site import Site

PASSWORD = "một câu dài dễ nhớ"  # noqa: S105  of an account that vanishes with the demonstration
CLERK, COLLEAGUE = "an.nguyen@vuonchu.example", "anh.tran@vuonchu.example"
FONT = Path(__file__).parents[2] / "registry" / "documents" / "fonts" / "NotoSans-Regular.ttf"

SHORT = {
    "vi": "Truyện tranh và trò đố dạy trẻ 7 đến 11 tuổi giữ mình trên mạng.",
    "en": "Comics and quizzes that teach children of 7 to 11 to stay safe online.",
}
DESCRIPTION = {
    "vi": "48 truyện ngắn, mỗi truyện một tình huống và một câu đố; đọc được khi không có mạng. "
    "Không chặn trang web, không theo dõi máy của trẻ.",
    "en": "48 short stories, each with a situation and a quiz; readable offline. "
    "It blocks no sites and does not monitor the child's device.",
}
CLAIM = (
    "Tài liệu kèm theo nêu 14 tình huống mà Vườn Chữ không dạy, và cách sản phẩm báo cho cha mẹ biết. "
    "Đã thử với 36 trẻ 7–11 tuổi ở hai trường, tháng 9/2026: 33 em kể lại đúng việc cần làm. "
    "Ba em nhầm ở truyện số 7; truyện đó đã viết lại ngày 2/10/2026."
)
REST = "Trang hướng dẫn, mục {code}: cách làm, người phụ trách và ngày kiểm tra gần nhất (15/10/2026)."

Save = Callable[[Page, str], None]


@dataclass
class Walk:
    """One clerk at one browser, and the folder of their files."""

    page: Page
    site: Site
    save: Save
    folder: Path

    def shot(self, name: str) -> None:
        """A picture of what the clerk sees now."""
        self.save(self.page, f"walkthrough-{name}")

    def press(self, name: str) -> None:
        """A button by its words."""
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name: str) -> None:
        """A link by its words."""
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def fill(self, **values: str) -> None:
        """Fields by their names."""
        for name, value in values.items():
            self.page.fill(f"[name={name}]", value)

    def check(self, *choices: str) -> None:
        """Ticks and choices, as name=value."""
        for name, value in (one.split("=") for one in choices):
            self.page.check(f"[name={name}][value='{value}']")


def walk(page: Page, site: Site, save: Save) -> None:
    """The whole way, one picture a step."""
    with tempfile.TemporaryDirectory() as folder:
        steps = Walk(page, site, save, Path(folder))
        _check_oneself(steps)
        _sign_up(steps)
        _register(steps)
        _invite(steps)
        _describe(steps)
        _answer(steps)
        _fill_the_rest(steps)
        _hand_in(steps)


def _check_oneself(walk: Walk) -> None:
    page = walk.page
    page.goto(f"{walk.site.url}/apply")
    walk.shot("01-apply")
    walk.follow("Tự đánh giá trước, không cần tài khoản")
    walk.check("categories=DL")
    for question in page.locator("fieldset:has(input[name^=features-][type=radio])").all():
        question.locator("input[value=no]").check()
    walk.check("platforms=android", "platforms=web", "ages=7-11")
    walk.fill(name_vi="Vườn Chữ", name_en="Word Garden")
    walk.press("Xem tiêu chí áp dụng")
    walk.press("Bắt đầu tự chấm")
    _mark(page)
    page.locator("section.rate").first.evaluate("one => one.scrollIntoView()")
    walk.shot("02-self-check")
    while not page.url.endswith("/result"):
        page.locator("#check .actrow .btn").click()
        _mark(page)
    page.locator("h1").scroll_into_view_if_needed()
    walk.shot("03-result")
    walk.press("Bắt đầu hồ sơ từ kết quả này")


def _mark(page: Page) -> None:
    """Threes, and a two here and there."""
    for place, group in enumerate(page.locator("fieldset.rub").all()):
        group.locator(f"input[value='{2 if place % 4 == 3 else 3}']").check()
    page.evaluate("scrollTo(0, 0)")


def _sign_up(walk: Walk) -> None:
    walk.press("Mở tài khoản")
    walk.fill(name="Nguyễn Thị An", email=CLERK, password=PASSWORD, repeat=PASSWORD)
    walk.page.locator("h1").evaluate("one => one.scrollIntoView()")
    walk.shot("04-sign-up")
    walk.press("Mở tài khoản")
    walk.page.get_by_text("Giữ trang này mở.").wait_for()
    walk.shot("05-mailbox")
    letter = walk.page.context.new_page()
    letter.goto(walk.site.link_in_letter(CLERK, "/verify-email/"))
    letter.get_by_role("button", name="Xác nhận và đăng nhập").click()
    letter.wait_for_url(lambda address: "/verify-email" not in address)
    letter.close()
    walk.press("Đã xác nhận email, tiếp tục")


def _register(walk: Walk) -> None:
    walk.press("Đăng ký đơn vị")
    walk.fill(
        name="Công ty TNHH Vườn Chữ",
        registration_number="0109999999",
        address="12 Lý Thường Kiệt, Hoàn Kiếm, Hà Nội",
        representative="Nguyễn Thị An",
        contact_email=CLERK,
    )
    walk.page.evaluate("scrollTo(0, 0)")
    walk.shot("06-company")
    walk.press("Đăng ký đơn vị")
    walk.press("Đưa vào hồ sơ")
    walk.page.get_by_role("button", name="Lập hồ sơ với các phần đã đánh dấu").wait_for()
    walk.press("Lập hồ sơ với các phần đã đánh dấu")
    walk.page.wait_for_url(re.compile(r"/applications/HS-\d{4}-\d{4}$"))
    walk.page.locator("#todo").evaluate("one => one.scrollIntoView()")
    walk.shot("07-tasks")


def _invite(walk: Walk) -> None:
    draft = walk.page.url
    walk.follow("Đơn vị của tôi")
    walk.follow("Mời đồng nghiệp")
    walk.fill(email=COLLEAGUE)
    walk.check("role=contributor", "language=vi")
    walk.shot("08-invite")
    walk.press("Gửi lời mời")
    walk.follow("Hồ sơ")
    walk.page.locator(f"main a[href$='{draft.rsplit('/', 1)[1]}']").first.click()


def _describe(walk: Walk) -> None:
    page = walk.page
    walk.follow("Tên và mô tả")
    walk.fill(**{f"short_{one}": text for one, text in SHORT.items()})
    walk.fill(**{f"description_{one}": text for one, text in DESCRIPTION.items()})
    page.locator("[data-draft] [role=status]", has_text="Đã tự lưu").wait_for()
    page.evaluate("scrollTo(0, 0)")
    walk.shot("09-profile")
    walk.press("Lưu và tiếp tục")
    walk.press("Lưu và tiếp tục")
    walk.follow("Tiếp tục: Phiên bản và thiết bị")
    walk.fill(version="2.1", version_date="2026-10-05", website="https://vuonchu.example")
    walk.check("languages=vi")
    walk.press("Lưu và tiếp tục")
    walk.check("price_model=free", "adverts=none", "made_in_vietnam=yes")
    walk.fill(made_in_ground="Viết và lập trình tại Hà Nội.")
    walk.press("Lưu và tiếp tục")
    page.check("[name=none_taken]")
    walk.press("Lưu và tiếp tục")
    walk.fill(
        support_contact="hotro@vuonchu.example",
        removal_vi="Gỡ ứng dụng như mọi ứng dụng khác; không có gì còn lại trên máy chủ.",
        removal_en="Remove it like any other app; nothing stays on a server.",
    )
    walk.press("Lưu và tiếp tục")


def _answer(walk: Walk) -> None:
    page = walk.page
    report = _report(walk.folder / "thu-nghiem-9-2026.pdf")
    page.locator("main ul.tasks a[href*='/criteria/']").first.evaluate("one => one.closest('details').open = true")
    page.locator("main ul.tasks a[href*='/criteria/']").first.click()
    page.fill("#claim", CLAIM)
    page.locator("#claim").blur()
    page.locator("[data-draft] [role=status]", has_text="Đã tự lưu").wait_for()
    page.evaluate("scrollTo(0, 0)")
    walk.shot("10-criterion")
    walk.press("Lưu và tải tệp mới lên")
    page.wait_for_load_state()
    page.set_input_files("#file", report)
    page.select_option("[name=kind]", "DOC")
    walk.fill(title="Giới hạn của sản phẩm và thử nghiệm tháng 9/2026", issued_on="2026-10-05")
    page.get_by_text("Đã tải lên xong").first.wait_for()
    page.check("[name=promise]")
    page.locator("[name=title]").evaluate("one => one.scrollIntoView()")
    walk.shot("11-upload")
    walk.press("Tải tệp lên")
    page.locator("#evidence li").first.wait_for()
    walk.press("Lưu")
    page.locator(".crumb a").click()


def _report(path: Path) -> Path:
    pdf = FPDF()
    pdf.add_font("Noto", fname=FONT)
    pdf.add_page()
    pdf.set_font("Noto", size=14)
    pdf.multi_cell(0, 10, CLAIM)
    pdf.output(str(path))
    return path


def _fill_the_rest(walk: Walk) -> None:
    """The other answers come from a spreadsheet, as a clerk with twenty answers in a drawer would have them."""
    page = walk.page
    links = page.locator("main ul.tasks a[href*='/criteria/']")
    codes = links.evaluate_all("all => all.map(one => one.pathname.split('/').pop())")
    walk.follow("Nhập từ tệp, hoặc tải hồ sơ này về")
    with page.expect_download() as taken:
        walk.follow("Tải về dạng Excel (.xlsx)")
    path = walk.folder / "ho-so.xlsx"
    taken.value.save_as(path)
    _edit(path, codes[1:])
    page.set_input_files("[name=file]", path)
    walk.press("Xem trước")
    page.get_by_role("button", name="Nhập các phần đã đánh dấu").wait_for()
    walk.shot("12-import")
    page.check("[name=promise]")
    walk.press("Nhập các phần đã đánh dấu")


def _edit(path: Path, codes: list[str]) -> None:
    book = openpyxl.load_workbook(path)
    sheets = {cell.value: sheet for sheet in book for cell in sheet[1]}
    claim = [cell.value for cell in sheets["claim"][1]].index("claim")
    for row in sheets["claim"].iter_rows(min_row=3):
        if row[0].value in codes:
            row[claim].value = REST.format(code=row[0].value)
    for code in codes:
        sheets["url"].append([code, f"https://vuonchu.example/{code.lower()}", f"Trang hướng dẫn, mục {code}", "LINK"])
    book.save(path)


def _hand_in(walk: Walk) -> None:
    page = walk.page
    walk.follow("Thỏa thuận với Câu lạc bộ")
    page.check("[name=accept]")
    page.locator("[name=accept]").scroll_into_view_if_needed()
    walk.shot("13-agreement")
    walk.press("Chấp nhận thỏa thuận")
    walk.follow("Kiểm tra và nộp hồ sơ")
    page.get_by_role("button", name="Nộp hồ sơ").wait_for()
    walk.shot("14-check")
    walk.press("Nộp hồ sơ")
    page.get_by_text("Nội dung đã nộp").first.wait_for()
    walk.shot("15-submitted")
