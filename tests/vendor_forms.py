"""Every form by which a company changes something: how one comes to it, what is typed in, what its button says.

Beside each stands what a person reads after troubles of every kind; tests/test_vendor_troubles.py makes the troubles.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlmodel import Session, SQLModel, select

from assessments import interchange
from assessments.models import Application
from tests.assessments.test_corrections import in_correction, with_notice, with_summary
from tests.drafting import answered, ready
from tests.following import Person
from tests.registry.evidence import samples
from tests.world import World

REF = "HS-2026-0001"
URL = f"/applications/{REF}"
ONE, TWO = "Bản thứ nhất, gõ ở trang này", "Bản thứ hai, gõ ở thẻ kia"
UNTOUCHED = {"login_session", "attempts", "heartbeat", "security_event"}  # signing in and counting write these
MET = "Mục này vừa được lưu ở nơi khác"
MOVED_ON = "Hồ sơ đã chuyển sang bước khác nên không làm việc này được nữa."
SAID_ONCE = "Đơn vị đã trả lời lần này rồi, và chỉ trả lời được một lần. Bản vừa gõ chưa được gửi."
NOT_TWICE = "Không gửi thêm lần nữa."
NO_PAGE = "Không có trang này"

Fields = Callable[[Person], dict[str, Any]]
Said = tuple[int, str]  # status, and words of the page


@dataclass(frozen=True)
class Telling:
    """What is read after it went well, after a second click, after another tab's text, after coming back to the page.

    `adds`: another tab's text is another thing and stands beside the first one.
    """

    done: str
    twice: Said
    tab: Said
    back: Said
    adds: bool = False


@dataclass(frozen=True)
class VendorForm:
    """One form; `fields` are typed in or found out from the page, `other` is what another tab types."""

    name: str
    button: str
    page: str
    prepare: Callable[[World], Any]
    fields: Fields
    other: Fields
    telling: Telling
    reach: Callable[[Person], None] | None = None

    def open(self, person: Person) -> None:
        """Come to the form as a person does."""
        person.open(self.page)
        if self.reach:
            self.reach(person)

    def send(self, person: Person, *, other: bool = False) -> None:
        """Fill it in and press its button."""
        person.press(self.button, **(self.other if other else self.fields)(person))


def stored(app: Flask) -> dict[str, list[str]]:
    """Every row of every table, but for what signing in and counting write."""
    tables = [table for table in SQLModel.metadata.sorted_tables if table.name not in UNTOUCHED]
    with Session(app.extensions["engine"].execution_options(reading=True)) as session:
        return {table.name: sorted(map(repr, session.execute(select(*table.c)))) for table in tables}


def differing(before: dict[str, list[str]], after: dict[str, list[str]]) -> set[str]:
    """The tables that are not what they were."""
    return {name for name in before if before[name] != after[name]}


def _typed(**fields: Any) -> Fields:
    return lambda _person: fields


def _preview(person: Person) -> None:
    whole = interchange.document("vcsc-2026", {"name_vi": "Nôi Số", "short_vi": ONE}, {})
    person.press("Xem trước", file=(json.dumps(whole).encode(), "ho-so.json"))


def _finding(text: str) -> Fields:
    return lambda person: {person.fields("answer-")[0]: text}


def _answered_correction(world: World) -> Application:
    application, (finding,) = in_correction(world, "HN-01")
    finding.answer, finding.answer_version = "Đã sửa.", 1
    world.session.add(finding)
    return application


def _nothing(_world: World) -> None:
    """The company is there from the start."""


PROFILE = VendorForm(
    "profile",
    "Lưu và tiếp tục",
    f"{URL}/profile/names",
    World.application,
    _typed(short_vi=ONE),
    _typed(short_vi=TWO),
    Telling("Đã lưu.", (200, "Đã lưu."), (409, MET), (200, ONE)),
)
ANSWER = VendorForm(
    "answer",
    "Lưu",
    f"{URL}/criteria/HN-01",
    World.application,
    _typed(claim=ONE),
    _typed(claim=TWO),
    Telling("Đã lưu.", (200, "Đã lưu."), (409, MET), (200, ONE)),
)
UPLOAD = VendorForm(
    "upload",
    "Tải tệp lên",
    "/evidence/new",
    _nothing,
    _typed(kind="DOC", title=ONE, promise="y", file=(samples.PDF, "mot.pdf")),
    _typed(kind="DOC", title=TWO, promise="y", file=(samples.pdf("/Lang (vi)"), "hai.pdf")),
    Telling(
        "Đã thêm 1 bằng chứng.",
        (422, f"Kho đã có đúng tệp này: “{ONE}”."),
        (200, "Đã thêm 1 bằng chứng."),
        (200, "Tải tệp lên"),
        adds=True,
    ),
)
START = VendorForm(
    "start",
    "Lập hồ sơ",
    "/applications/new",
    _nothing,
    _typed(name_vi=ONE),
    _typed(name_vi=TWO),
    Telling(
        f"Đã lập hồ sơ {REF}.",
        (200, f"Sản phẩm này đang có hồ sơ {REF} cùng loại chưa xong. Làm tiếp hồ sơ đó."),
        (200, "Đã lập hồ sơ HS-2026-0002."),
        (200, "Lập hồ sơ mới"),
        adds=True,
    ),
)
IMPORT_NEW = VendorForm(
    "import-new",
    "Lập hồ sơ với các phần đã đánh dấu",
    "/applications/import",
    _nothing,
    _typed(name_vi="Nôi Số"),
    _typed(name_vi="Nôi Hai"),
    Telling(
        f"Đã lập hồ sơ {REF}.",
        (200, REF),
        (409, "Đơn vị vừa lập một hồ sơ khác. Chưa lập thêm gì; xem lại rồi bấm lần nữa nếu vẫn cần."),
        (200, "Chưa có gì được lưu cho đến khi bạn bấm nút ở trang đó."),
    ),
    _preview,
)
IMPORT_INTO = VendorForm(
    "import-into",
    "Nhập các phần đã đánh dấu",
    f"{URL}/import",
    World.application,
    _typed(),
    _typed(),
    Telling(
        "Đã nhập: 2 mục thông tin sản phẩm",
        (200, "Mọi phần đã đánh dấu đều có trong hồ sơ rồi. Không nhập thêm lần nữa."),
        (200, "Mọi phần đã đánh dấu đều có trong hồ sơ rồi. Không nhập thêm lần nữa."),
        (200, "Chưa có gì đổi cho đến khi bạn bấm nút ở trang đó."),
    ),
    _preview,
)
AGREEMENT = VendorForm(
    "agreement",
    "Chấp nhận thỏa thuận",
    f"{URL}/agreement",
    answered,
    _typed(accept="y"),
    _typed(accept="y"),
    Telling(
        "Đã ghi nhận: đơn vị chấp nhận thỏa thuận.",
        (200, "Đã ghi nhận: đơn vị chấp nhận thỏa thuận."),
        (200, "Đã ghi nhận: đơn vị chấp nhận thỏa thuận."),
        (200, "đã chấp nhận bản này thay mặt Công ty CP Hạt Nắng"),
    ),
)
SUBMISSION = VendorForm(
    "submission",
    "Nộp hồ sơ",
    f"{URL}/check",
    ready,
    _typed(),
    _typed(),
    Telling(
        f"Đã nộp hồ sơ {REF}, lần nộp thứ 1.",
        (200, "lần nộp thứ 1. Không nộp thêm lần nữa."),
        (200, "lần nộp thứ 1. Không nộp thêm lần nữa."),
        (200, "Đã nộp, chờ kiểm tra"),
    ),
)
FINDING = VendorForm(
    "finding",
    "Lưu",
    f"{URL}/corrections",
    lambda world: in_correction(world, "HN-01"),
    _finding(ONE),
    _finding(TWO),
    Telling("Đã lưu.", (200, "Đã lưu."), (409, ONE), (200, ONE)),
)
CORRECTION = VendorForm(
    "correction",
    "Gửi bản khắc phục",
    f"{URL}/corrections",
    _answered_correction,
    _typed(),
    _typed(),
    Telling(
        "Đã gửi bản khắc phục, lần nộp thứ 1.",
        (200, f"lần nộp thứ 1. {NOT_TWICE}"),
        (200, f"lần nộp thứ 1. {NOT_TWICE}"),
        (409, "Không có phát hiện nào đang chờ đơn vị trả lời."),
    ),
)
FACTS_CHECK = VendorForm(
    "facts-check",
    "Gửi trả lời",
    f"{URL}/summary",
    with_summary,
    _typed(right="no", remarks=ONE),
    _typed(right="no", remarks=TWO),
    Telling("Đã gửi trả lời cho nhóm đánh giá.", (200, NOT_TWICE), (409, SAID_ONCE), (200, ONE)),
)
NOTICE = VendorForm(
    "notice",
    "Gửi ý kiến",
    f"{URL}/notice",
    with_notice,
    _typed(text=ONE),
    _typed(text=TWO),
    Telling("Đã gửi ý kiến của đơn vị đến hội đồng.", (200, NOT_TWICE), (409, SAID_ONCE), (200, ONE)),
)
TEST_ACCESS = VendorForm(
    "test-access",
    "Thêm tài khoản thử",
    f"{URL}/test-access",
    World.application,
    _typed(label=ONE, user_name="phu-huynh", password="x"),
    _typed(label=TWO, user_name="phu-huynh"),
    Telling(
        "Đã thêm tài khoản thử.",
        (422, "Đã có tài khoản thử tên này ở trên, không thêm lần nữa. Nếu bạn bấm hai lần thì đã xong"),
        (200, "Đã thêm tài khoản thử."),
        (200, ONE),
        adds=True,
    ),
)
COMPANY = VendorForm(
    "company",
    "Lưu",
    "/company/facts",
    _nothing,
    _typed(name=ONE),
    _typed(name=TWO),
    Telling("Đã lưu.", (200, "Đã lưu."), (409, MET), (200, "Sửa thông tin đơn vị")),
)
INVITATION = VendorForm(
    "invitation",
    "Gửi lời mời",
    "/company/invite",
    _nothing,
    _typed(email="moi@hatnang.example", role="contributor"),
    _typed(email="hai@hatnang.example", role="owner"),
    Telling(
        "Đã gửi thư mời đến moi@hatnang.example.",
        (200, "Đã gửi thư mời đến moi@hatnang.example."),
        (200, "Đã gửi thư mời đến hai@hatnang.example."),
        (200, "Mời đồng nghiệp"),
        adds=True,
    ),
)
CLOSING = VendorForm(
    "closing",
    "Đóng tài khoản của đơn vị",
    "/company/close",
    World.application,
    _typed(name="Công ty CP Hạt Nắng"),
    _typed(name="Công ty CP Hạt Nắng"),
    Telling(
        "Đã đóng tài khoản của đơn vị",
        (200, "Đã đóng tài khoản của đơn vị"),
        (200, "Đã đóng tài khoản của đơn vị"),
        (404, NO_PAGE),
    ),
)

FORMS = (
    PROFILE,
    ANSWER,
    UPLOAD,
    START,
    IMPORT_NEW,
    IMPORT_INTO,
    AGREEMENT,
    SUBMISSION,
    FINDING,
    CORRECTION,
    FACTS_CHECK,
    NOTICE,
    TEST_ACCESS,
    COMPANY,
    INVITATION,
    CLOSING,
)
