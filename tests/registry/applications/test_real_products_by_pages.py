"""Five real products from their public facts to the receipt, with nothing but the pages: links, forms, words.

Nobody calls a verb or writes a row here; who cannot get on by what the page offers fails (tests/following.py).
"""

import email
import hashlib
import json
import re
from email.policy import default

import pytest
from fpdf import FPDF
from sqlmodel import select

from assessments import manifest
from assessments.models import (
    AgreementAcceptance,
    Answer,
    Application,
    Evidence,
    Product,
    Receipt,
    StoredFile,
    Submission,
)
from assessments.profile import from_dict
from assessments.queries.progress import scope_of
from assessments.states import State
from criteria import store
from registry import jobs
from registry.applications.profile_form import STEPS
from registry.mail.models import Attachment, Letter
from tests import real_products
from tests.browser.words import said
from tests.following import Person
from tests.rows import row, rows
from tests.world import EDITION, PASSWORD

PRODUCTS = real_products.load()
RATED = "3"
CARRIED = {"primero", "towi-plugin"}  # whose self-check goes on into the draft without a file
START = {"vi": "/apply", "en": "/en/apply"}


class Clerk(Person):
    """Somebody of the company who reads the pages in one language and knows what the product's facts say."""

    def __init__(self, browser, language, product):
        super().__init__(browser)
        self.language, self.product, self.profile = language, product, product.profile
        self.report = report(product)

    def words(self, vietnamese):
        """Words of a page in the clerk's language, up to what varies in them."""
        return said(vietnamese, self.language).partition("%")[0].strip()

    def follow_link(self, vietnamese):
        self.follow(self.words(vietnamese))

    def push(self, vietnamese, **fields):
        self.press(self.words(vietnamese), **fields)

    def reads(self, *vietnamese):
        self.sees(*(self.words(one) for one in vietnamese))


def answers_of_kinds(clerk):
    """What the questions about the product are answered with: its categories, and yes or no to each feature."""
    flags = [one.code for one in store.load(EDITION).flags]
    asked = clerk.fields("features-")
    given = {f"features-{n}-answer": "yes" if one in clerk.profile["flags"] else "no" for n, one in enumerate(flags)}
    assert set(given) <= set(asked)
    return {"categories": clerk.profile["categories"], **given}


def check_oneself(clerk):
    """Answer what the self-check asks and rate every criterion it shows; the result is on the page afterwards."""
    clerk.open(START[clerk.language])
    clerk.follow_link("Tự đánh giá trước, không cần tài khoản")
    known = {name: clerk.profile[name] for name in ("platforms", "ages", "name_vi", "name_en")}
    clerk.push("Xem tiêu chí áp dụng", **answers_of_kinds(clerk), **known)
    clerk.push("Bắt đầu tự chấm")
    rated = []
    while marks := clerk.fields("mark-"):
        here = [name for name in marks if RATED in clerk.choices(name)]
        rated += [name.removeprefix("mark-") for name in here]
        onward = clerk.words("Tiếp: %(title)s")
        clerk.press(onward if clerk.offers(onward) else clerk.words("Xem kết quả"), **dict.fromkeys(here, RATED))
        if clerk.page.url.endswith("/result"):
            break
    clerk.reads("Kết quả tự đánh giá", "Với điểm tự chấm này: mức %(level)s.")
    return rated


def sign_in(clerk, user):
    clerk.push("Đăng nhập", email=user.email, password=PASSWORD)


def fill_in_profile(clerk):
    """The six steps one after the other, as the button of each leads to the next."""
    profile = clerk.profile
    clerk.follow_link(STEPS[0].title)
    clerk.push("Lưu và tiếp tục", **{name: profile[name] for name in STEPS[0].fields})
    clerk.push("Lưu và tiếp tục", **answers_of_kinds(clerk))
    clerk.follow_link("Tiếp tục: %(title)s")
    plain = ("version", "version_date", "platforms", "ages", "languages", "website")
    clerk.push("Lưu và tiếp tục", **{name: profile[name] for name in plain})
    clerk.push("Lưu và tiếp tục", **{name: profile[name] for name in STEPS[3].fields})
    [taken], [asked] = profile["data"], profile["permissions"]
    data = {f"taken-0-{name}": "y" if value is True else str(value) for name, value in taken.items()}
    clerk.push("Lưu và tiếp tục", **data, **{f"asked-0-{name}": value for name, value in asked.items()})
    clerk.push("Lưu và tiếp tục", **{name: profile[name] for name in ("support_contact", "removal_vi", "removal_en")})


def report(product):
    """A PDF of what the product's owner says of it."""
    paper = FPDF()
    paper.add_page()
    paper.set_font("helvetica", size=11)
    for claim in product.claims:
        paper.multi_cell(0, 6, claim.encode("latin-1", "replace").decode("latin-1"), new_x="LMARGIN", new_y="NEXT")
    return bytes(paper.output())


def answer_everything(clerk, codes):
    """From the list of tasks through every criterion that applies: words, a piece of evidence, the next."""
    clerk.follow(codes[0])
    for place, code in enumerate(codes):
        clerk.sees(code)
        fields = {"claim": clerk.product.claims[place % len(clerk.product.claims)][:4000]}
        if place == 0:
            send_report(clerk, fields["claim"])
        else:
            pieces = clerk.choices("library")
            fields["library"] = pieces[place % len(pieces)]
        if place == 1:  # by the button beside the list; the others in one go with the text
            clerk.push("Thêm", **fields)
            fields = {}
        clerk.push("Lưu, về danh sách việc" if code == codes[-1] else "Lưu, sang tiêu chí sau", **fields)


def send_report(clerk, claim):
    """The file and one address that the product's facts do not name, both for the first criterion."""
    clerk.push("Lưu và tải tệp mới lên", claim=claim)
    file = (clerk.report, f"{clerk.product.id}.pdf")
    clerk.push("Tải tệp lên", kind="DOC", title=f"{clerk.product.name} report", promise="y", file=file)
    clerk.push("Lưu và tải tệp mới lên")
    clerk.follow_link("Thêm địa chỉ trang")
    clerk.push("Thêm địa chỉ trang", address=clerk.profile["website"], title=clerk.product.name, promise="y")


def hand_in(clerk):
    clerk.follow_link("Thỏa thuận với Câu lạc bộ")
    clerk.push("Chấp nhận thỏa thuận", accept="y")
    clerk.follow_link("Kiểm tra và nộp hồ sơ")
    clerk.reads("Không còn thiếu gì. Đọc lại lần cuối: đây là toàn bộ nội dung Câu lạc bộ sẽ nhận.")
    clerk.push("Nộp hồ sơ")
    clerk.reads("Đã nộp hồ sơ %(ref)s, lần nộp thứ %(number)d.", "Mã bộ tệp (sha256)")


def from_facts(clerk, an, clients):
    """Begin from the file of public facts; the self-check is done signed out, kept as a file, brought to the draft."""
    clerk.open(START[clerk.language])
    clerk.follow_link("Đã có tài khoản: đăng nhập")
    sign_in(clerk, an)
    clerk.follow_link("Lập từ tệp")
    clerk.push("Xem trước", file=(real_products.SOURCE.read_bytes(), "real-products.json"))
    clerk.push("Xem trước", product=clerk.product.id)
    clerk.reads("Xem trước khi nhập")
    clerk.push("Lập hồ sơ với các phần đã đánh dấu", promise="y")
    visitor = Clerk(clients(), clerk.language, clerk.product)
    rated = check_oneself(visitor)
    if clerk.product.id in CARRIED:
        carry_into_draft(visitor, an, clerk.page.url.rpartition("/")[2])
        return rated
    kept = visitor.download(visitor.words("Tải câu trả lời về máy"))
    clerk.follow_link("Nhập từ tệp, hoặc tải hồ sơ này về")
    clerk.push("Xem trước", file=(kept, "self-check.json"))
    clerk.push("Nhập các phần đã đánh dấu")
    return rated


def carry_into_draft(visitor, an, ref):
    """The same without a file: on from the result, through the sign-in, into the draft that is there already."""
    visitor.push("Bắt đầu hồ sơ từ kết quả này")
    sign_in(visitor, an)
    visitor.push("Đưa vào hồ sơ")
    visitor.press(f"{visitor.words('Đưa vào hồ sơ %(ref)s')} {ref}")
    visitor.push("Nhập các phần đã đánh dấu")


def from_self_check(clerk, an, _clients):
    """Begin from the self-check, which is carried through the sign-in; the facts of the file follow into the draft."""
    rated = check_oneself(clerk)
    clerk.push("Bắt đầu hồ sơ từ kết quả này")
    assert clerk.status == 401
    sign_in(clerk, an)
    clerk.push("Đưa vào hồ sơ")
    clerk.push("Lập hồ sơ với các phần đã đánh dấu")
    clerk.follow_link("Nhập từ tệp, hoặc tải hồ sơ này về")
    found = json.loads(real_products.SOURCE.read_text("utf-8"))["products"]
    one = next(product for product in found if product["id"] == clerk.product.id)
    clerk.push("Xem trước", file=(json.dumps(one).encode(), f"{clerk.product.id}.json"))
    clerk.push("Nhập các phần đã đánh dấu", promise="y")
    return rated


WAYS = [
    *(pytest.param(one, "vi", from_facts, id=f"{one}-vi") for one in PRODUCTS),
    pytest.param("storyweaver", "en", from_self_check, id="storyweaver-en-from-self-check"),
]


@pytest.mark.parametrize(("name", "language", "begin"), WAYS)
def test_a_real_product_from_its_facts_to_the_receipt(app, world, tmp_path, name, language, begin):
    product = PRODUCTS[name]
    world.an.language = language
    world.session.add(world.an)
    world.session.commit()
    clerk = Clerk(app.test_client(), language, product)
    rated = begin(clerk, world.an, app.test_client)
    codes = scope_of(store.load(EDITION), from_dict(product.profile)).codes
    assert sorted(rated) == sorted(codes)

    fill_in_profile(clerk)
    answer_everything(clerk, codes)
    hand_in(clerk)

    sent = row(app, select(Submission))
    application = row(app, select(Application))
    ref = application.ref
    assert (application.state, sent.number, sent.application_id) == (State.SUBMITTED, 1, application.id)
    assert {key: application.profile[key] for key in product.profile} == product.profile
    clerk.sees(ref, manifest.file_set_digest(sent.content), sent.digest.removeprefix("sha256:"))
    assert sorted(sent.content["answers"]) == sorted(codes)
    assert row(app, select(Product.name)) == product.name
    assert row(app, select(AgreementAcceptance.accepted_by)) == world.an.id
    claims = {one.criterion: one.claim for one in rows(app, select(Answer))}
    assert {code: claims[code].split() for code in codes} == {
        code: product.claims[place % len(product.claims)][:4000].split() for place, code in enumerate(codes)
    }
    assert all(one["evidence"] for one in sent.content["answers"].values())
    known = {one.url for one in rows(app, select(Evidence)) if one.url}
    assert known >= {*product.links, product.profile["website"]}
    file = row(app, select(StoredFile))
    assert (file.sha256, file.name) == (hashlib.sha256(clerk.report).hexdigest(), f"{product.id}.pdf")
    assert [one.sha256 for one in manifest.files_of(sent.content)] == [file.sha256]
    the_receipt_comes(app, clerk, sent, world.an, tmp_path)


def the_receipt_comes(app, clerk, sent, an, tmp_path):
    """The worker's turn makes it and sends it; the page has it, and it is the one that was mailed."""
    about = clerk.words("biên nhận")
    link = f"{clerk.words('Tải về')} {about}"
    page = clerk.page
    clerk.follow(link)
    assert clerk.status == 202
    clerk.reads("Biên nhận đang được lập")
    with app.app_context():
        jobs.turn()
    made = row(app, select(Receipt))
    assert made.submission_id == sent.id
    clerk.page = page
    content = clerk.download(link)
    assert (content[:5], hashlib.sha256(content).hexdigest()) == (b"%PDF-", made.sha256)
    letter = row(app, select(Letter).where(Letter.event.like("receipt:%")))
    assert (letter.recipient, letter.sent_at is None) == (an.email, False)
    assert row(app, select(Attachment.sha256).where(Attachment.letter_id == letter.id)) == made.sha256
    mailed = [email.message_from_bytes(one.read_bytes(), policy=default) for one in (tmp_path / "mail").glob("*.eml")]
    [attached] = [part for one in mailed for part in one.iter_attachments()]
    assert attached.get_content() == content
    assert re.search(rf"/submissions/{sent.number}\b", letter.body)
