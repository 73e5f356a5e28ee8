"""The receipt of a submission: what was handed in, by whom, when, with hashes that anybody can work out again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import force_locale

from assessments import clock, manifest
from assessments.clock import legal_day
from assessments.errors import N_
from assessments.models import Submission
from assessments.profile import Profile, from_dict
from assessments.states import Action
from criteria import store
from criteria.model import Edition
from registry import identity
from registry.config import Settings
from registry.documents.paper import Paper
from registry.i18n import LANGUAGES, translate
from registry.templating import bi, day, filesize, moment, number

TITLE = N_("Biên nhận nộp hồ sơ")
FILES = N_("Các tệp đã nộp")
NEXT = N_("Tiếp theo")
CHECKED_NEXT = N_(
    "Điều phối viên kiểm tra hồ sơ đủ hay thiếu, muộn nhất hết ngày %(date)s. Đủ thì ít nhất %(n)d người đánh giá "
    "chấm riêng, trong %(days)d ngày; sau đó hội đồng quyết định. Đơn vị chưa phải làm gì."
)
CORRECTED_NEXT = N_(
    "Nhóm đánh giá xem bản khắc phục, rồi trình hội đồng hoặc hỏi thêm. Khi cần đơn vị trả lời, Câu lạc bộ gửi thư."
)
HOW = N_(
    "Mã bộ tệp là sha256 của danh sách tệp (manifest.txt, tải về ở trang của lần nộp): mỗi dòng gồm sha256, số byte, "
    "tiêu chí và tên tệp, cách nhau hai dấu cách, xếp theo thứ tự byte, kết thúc bằng dấu xuống dòng. "
    "Kiểm tra bằng lệnh sha256sum."
)
KEEP = N_("Biên nhận này không phải kết quả đánh giá.")
DEMONSTRATION = N_("Dữ liệu trình diễn: không có giá trị.")
NO_FILES = N_("Không có tệp nào; bằng chứng là các địa chỉ trang.")
FILE_WIDTHS = (8, 50, 18, 98)  # millimetres: number, name, size, sha256


@dataclass(frozen=True)
class Facts:
    """What a receipt says beside the content of the submission."""

    ref: str
    submission: Submission
    submitted_by: str
    action: str  # the step that it was handed in with

    @property
    def profile(self) -> Profile:
        """The product as it was handed in."""
        return from_dict(self.submission.content["profile"])

    @property
    def edition(self) -> Edition:
        """The edition it was written for."""
        return store.load(self.submission.content["edition"]["id"])

    @property
    def name(self) -> str:
        """The name of the file."""
        return f"{self.ref}-{self.submission.number}.pdf"

    @property
    def due(self) -> date:
        """By when the office has looked whether it is complete."""
        with clock.at(self.submission.submitted_at):
            return clock.legal_day(clock.working_days(self.edition.periods.completeness_working_days))


def render(facts: Facts, settings: Settings) -> bytes:
    """The receipt as PDF, Vietnamese with English beneath: the same facts give the same bytes."""
    at: datetime = facts.submission.submitted_at.astimezone(clock.VIETNAM)
    with force_locale("vi"):
        heading = f"{translate(TITLE)} {facts.ref}"
        foot = f"{facts.ref} · {translate(N_('lần nộp %(n)d'), n=facts.submission.number)} · {moment(at)}"
    paper = Paper(heading, foot, at)
    _head(paper, facts, settings)
    paper.facts(_rows(facts))
    paper.space(4)
    _next(paper, facts)
    paper.space(4)
    _files(paper, facts)
    return bytes(paper.output())


def _head(paper: Paper, facts: Facts, settings: Settings) -> None:
    club = identity.row_of(legal_day(facts.submission.submitted_at))
    paper.say(club.name_vi, 11, bold=True)
    paper.say(club.name_en, 9, faded=True)
    if settings.demonstration:
        paper.say(_both(DEMONSTRATION), 10, bold=True)
    paper.space(5)
    vi, en = _spoken(lambda: translate(TITLE))
    paper.say(f"{vi} {facts.ref}", 18, bold=True)
    paper.say(en, 11, faded=True)
    paper.space(4)


def _rows(facts: Facts) -> list[tuple[str, str]]:
    content, profile = facts.submission.content, facts.profile
    files = manifest.files_of(content)
    vendor, edition, agreed = content["vendor"], content["edition"], content["agreement"]
    total = sum(one.size for one in files)
    return [
        (_label(N_("Hồ sơ")), facts.ref),
        (_label(N_("Lần nộp")), str(facts.submission.number)),
        (_label(N_("Lúc (giờ Việt Nam)")), _both_of(lambda: moment(facts.submission.submitted_at))),
        (_label(N_("Người nộp")), facts.submitted_by),
        (_label(N_("Tên sản phẩm")), _names(profile.name_vi, profile.name_en)),
        (_label(N_("Phiên bản được đánh giá")), f"{profile.version} ({day(profile.checked_on)})"),
        (_label(N_("Đơn vị")), _names(vendor["name"], vendor["name_en"])),
        (_label(N_("Mã số đăng ký")), vendor["registration_number"]),
        (_label(N_("Bản tiêu chí")), f"{_both_of(lambda: bi(facts.edition.name))}\n{edition['digest']}"),
        (_label(N_("Thỏa thuận")), f"{agreed.get('version', '–')}\n{agreed.get('accepted_name', '')}".strip()),
        (_label(N_("Số tiêu chí đã trả lời")), str(len(content["answers"]))),
        (_label(N_("Số tệp")), f"{len(files)}, {filesize(total)} ({number(total)} byte)"),
        (_label(N_("Mã nội dung")), facts.submission.digest),
        (_label(N_("Mã bộ tệp")), f"sha256:{manifest.file_set_digest(content)}"),
    ]


def _next(paper: Paper, facts: Facts) -> None:
    periods = facts.edition.periods
    values = {"n": facts.edition.quorum.reviewers, "days": periods.review_days}
    told = CORRECTED_NEXT if facts.action == Action.ANSWER_CORRECTION else CHECKED_NEXT
    paper.say(_both(NEXT), 11, bold=True)
    for said in _spoken(lambda: translate(told, date=day(facts.due), **values)):
        paper.say(said, 9.5)
        paper.space(1)
    paper.say(_both(KEEP), 9, faded=True)


def _files(paper: Paper, facts: Facts) -> None:
    paper.keep_together(40)
    paper.say(_both(FILES), 11, bold=True)
    paper.space(1)
    files = manifest.files_of(facts.submission.content)
    if not files:
        paper.say(_both(NO_FILES), 9.5)
        return
    head = ("", *(_label(word) for word in (N_("Tên tệp"), N_("Dung lượng"))), "sha256")
    rows = [(str(place), one.name, filesize(one.size), one.sha256) for place, one in enumerate(files, 1)]
    paper.listing(head, rows, FILE_WIDTHS)
    paper.space(3)
    for said in _spoken(lambda: translate(HOW)):
        paper.say(said, 8, faded=True)
        paper.space(0.5)


def _label(message: str) -> str:
    return "\n".join(_spoken(lambda: translate(message)))


def _both(message: str) -> str:
    return _both_of(lambda: translate(message))


def _both_of(said: Callable[[], str]) -> str:
    return " / ".join(dict.fromkeys(_spoken(said)))


def _spoken(said: Callable[[], str]) -> list[str]:
    """The same sentence in each language."""
    found: list[Any] = []
    for language in LANGUAGES:
        with force_locale(language):
            found.append(said())
    return found


def _names(vi: str, en: str) -> str:
    return vi if en in ("", vi) else f"{vi}\n{en}"
