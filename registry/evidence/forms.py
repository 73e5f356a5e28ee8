"""The forms of evidence: a file, a link, what is said of either, and looking for a piece."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from assessments import laboratories
from assessments.evidence import Facts
from assessments.folding import fold
from assessments.laboratories import Told
from assessments.models import Evidence, Laboratory, LaboratoryReport
from assessments.notes import LONGEST
from assessments.people import Audience
from assessments.queries.evidence import Item
from assessments.queries.laboratories import REPORTS
from criteria.model import EvidenceKind
from registry.forms import Form, one_line
from registry.i18n import lang

LINK = "LINK"
OTHER = "other"  # a laboratory that is not in the register
DAYS = ["%Y-%m-%d", "%d/%m/%Y"]  # what a browser sends, and what people type where there is no calendar


class FactsForm(Form):
    """What is said of every piece of evidence."""

    kind = SelectField(_l("Loại bằng chứng"), validators=[InputRequired(_l("Chọn loại bằng chứng."))])
    issued_on = DateField(_l("Ngày lập"), format=DAYS, validators=[Optional()])
    valid_until = DateField(_l("Có giá trị đến hết ngày"), format=DAYS, validators=[Optional()])
    language = SelectField(
        _l("Ngôn ngữ của tài liệu"),
        choices=[("vi", _l("Tiếng Việt")), ("en", _l("Tiếng Anh")), ("other", _l("Ngôn ngữ khác"))],
        default="vi",
    )
    audience = RadioField(
        _l("Ai ở Câu lạc bộ được mở"),
        choices=[
            (Audience.CLUB.value, _l("Mọi người được đọc hồ sơ: văn phòng, người đánh giá, hội đồng")),
            (Audience.REVIEWERS.value, _l("Chỉ người đánh giá và hội đồng; văn phòng chỉ thấy tên tệp")),
        ],
        default=Audience.CLUB.value,
    )

    laboratory = SelectField(
        _l("Phòng thử nghiệm"),
        description=_l("Phòng trong danh mục của Câu lạc bộ, hoặc phòng khác."),
        default="",
    )
    laboratory_name = StringField(
        _l("Tên phòng thử nghiệm khác"),
        description=_l("Tên đầy đủ, khi phòng không có trong danh mục."),
        validators=[Optional(), Length(max=laboratories.LONGEST_NAME)],
    )
    report_number = StringField(
        _l("Số báo cáo"),
        description=_l("Ghi như trên báo cáo. Ngày lập của báo cáo ghi ở ô Ngày lập."),
        validators=[Optional(), Length(max=laboratories.LONGEST_NUMBER)],
    )

    def offer(self, kinds: list[EvidenceKind], listed: list[Laboratory]) -> None:
        """The kinds to choose from, in the order given, none chosen beforehand, and the laboratories known."""
        named = [(kind.code, kind.name.get(lang())) for kind in kinds]
        self.kind.choices = [("", str(_l("Chọn loại"))), *named]
        known = [(str(one.id), one.name) for one in listed]
        self.laboratory.choices = [("", str(_l("Không ghi"))), *known, (OTHER, str(_l("Phòng khác")))]

    def validate_laboratory(self, field: Any) -> None:
        """What is said of a report is said whole, and of a report only."""
        if not (field.data or self.laboratory_name.data or self.report_number.data):
            return
        if self.kind.data not in REPORTS:
            raise ValidationError(
                str(_l("Chỉ ghi phòng thử nghiệm khi loại bằng chứng là báo cáo thử nghiệm độc lập."))
            )
        if not field.data or (field.data == OTHER) != bool(self.laboratory_name.data):
            raise ValidationError(str(_l("Chọn phòng thử nghiệm trong danh mục hoặc ghi tên phòng khác.")))
        if not self.report_number.data:
            raise ValidationError(str(_l("Nhập số của báo cáo.")))
        if not self.issued_on.data:
            raise ValidationError(str(_l("Nhập ngày lập của báo cáo.")))

    def report(self) -> Told | None:
        """What was said of a report; None where nothing was."""
        chosen = self.laboratory.data
        if not chosen:
            return None
        other = chosen == OTHER
        return Told(
            self.report_number.data or "",
            None if other else UUID(chosen),
            (self.laboratory_name.data or "") if other else "",
        )

    def validate_valid_until(self, field: Any) -> None:
        """Nothing ends before it begins."""
        if field.data and self.issued_on.data and field.data < self.issued_on.data:
            raise ValidationError(str(_l("Ngày hết hạn phải từ ngày lập trở đi.")))

    def facts(self, name: str = "") -> Facts:
        """What was said, in the procedure's words; without a title the name of the file is one."""
        title = self["title"].data or name.rpartition(".")[0] or name
        return Facts(
            str(self.kind.data),
            title,
            self.issued_on.data,
            self.valid_until.data,
            str(self.language.data),
            Audience(self.audience.data),
            self.report(),
        )


def said_of(report: LaboratoryReport | None) -> dict[str, str]:
    """What is stored of a report, as the fields show it."""
    if report is None:
        return {}
    chosen = str(report.laboratory_id) if report.laboratory_id else OTHER
    return {"laboratory": chosen, "laboratory_name": report.laboratory_name, "report_number": report.number}


class EditForm(FactsForm):
    """What is said of a piece that is in the library; its file or address stays."""

    title = StringField(
        _l("Tên bằng chứng"),
        validators=[
            InputRequired(_l("Nhập tên bằng chứng.")),
            Length(max=200, message=_l("Tên dài quá 200 ký tự.")),
        ],
    )


class UploadForm(FactsForm):
    """A file. Its token stands in the address, so that the request is judged before the file is read."""

    class Meta(FactsForm.Meta):
        csrf = False

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.known: list[Evidence] = []  # pieces of the library that have the same bytes

    title = StringField(
        _l("Tên bằng chứng"),
        description=_l("Để trống thì dùng tên tệp. Gửi nhiều tệp một lúc thì mỗi bằng chứng lấy tên tệp của mình."),
        validators=[Length(max=200, message=_l("Tên dài quá 200 ký tự."))],
    )
    file = FileField(_l("Tệp"))
    again = BooleanField(_l("Vẫn thêm tệp này thành bằng chứng riêng"))
    promise = BooleanField(
        _l("Tệp này không có dữ liệu của trẻ em thật và không có tài liệu xâm hại trẻ em."),
        validators=[InputRequired(_l("Đánh dấu lời cam đoan về tệp này."))],
    )


class TestFileForm(Form):
    """A file of a reviewer's own test. Its token stands in the address: see UploadForm."""

    __test__ = False  # pytest takes every class with such a name for one of its own

    class Meta(Form.Meta):
        csrf = False

    file = FileField(_l("Tệp"))
    promise = BooleanField(
        _l("Tệp này không có dữ liệu của trẻ em thật và không có tài liệu xâm hại trẻ em."),
        validators=[InputRequired(_l("Đánh dấu lời cam đoan về tệp này."))],
    )


class LinkForm(FactsForm):
    """A web address. It is never fetched."""

    title = StringField(
        _l("Tên bằng chứng"),
        validators=[
            InputRequired(_l("Nhập tên bằng chứng.")),
            Length(max=200, message=_l("Tên dài quá 200 ký tự.")),
        ],
    )
    address = StringField(
        _l("Địa chỉ trang"),
        description=_l("Bắt đầu bằng https://. Trang phải mở được mà không cần đăng nhập."),
        validators=[InputRequired(_l("Nhập địa chỉ trang."))],
    )
    promise = BooleanField(
        _l("Trang này không có dữ liệu của trẻ em thật và không có tài liệu xâm hại trẻ em."),
        validators=[InputRequired(_l("Đánh dấu lời cam đoan về trang này."))],
    )


STATES = {
    "": _l("Tất cả"),
    "unused": _l("Chưa dùng cho tiêu chí nào"),
    "lapsing": _l("Sắp hết hạn hoặc đã hết hạn"),
}


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for in the library; it stands in the address."""

    words: str = ""
    kind: str = ""
    state: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.kind or self.state)

    def fits(self, item: Item, day: date) -> bool:
        """Whether a piece is one of those; accents need not be typed."""
        held = f"{item.evidence.title} {item.file.name if item.file else item.evidence.url}"
        return (
            fold(self.words) in fold(held)
            and self.kind in {"", item.evidence.kind}
            and {"unused": not item.uses, "lapsing": bool(item.validity(day))}.get(self.state, True)
        )


def wanted() -> Wanted:
    """From the query of this request; a state that is none of ours looks for everything."""
    given = request.args.get("state", "")
    words = one_line(request.args.get("q", ""))[:200]
    return Wanted(words, request.args.get("kind", ""), given if given in STATES else "")


class NoteForm(Form):
    """A reviewer's note on a page."""

    criterion = SelectField(_l("Tiêu chí"))
    text = TextAreaField(
        _l("Ghi chú"),
        description=_l("Chỉ bạn đọc được cho đến khi mọi người đã chốt; sau đó nhóm đánh giá và hội đồng đọc được."),
        validators=[InputRequired(_l("Ghi nội dung ghi chú.")), Length(max=LONGEST)],
    )
    version = IntegerField(widget=HiddenInput(), default=0)
