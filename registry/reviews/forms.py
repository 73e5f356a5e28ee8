"""The forms of reviewers and of the lead reviewer."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from assessments import test_records
from assessments.consensus import LONGEST_LIMIT, LONGEST_REMARK, Texts
from assessments.people import InterestKind
from assessments.questions import LONGEST as LONGEST_QUESTION
from assessments.reviews import LONGEST, Marking
from assessments.states import Basis, Severity
from assessments.versions import BY_HAND, Saving
from registry.forms import Form

INTERESTS: dict[InterestKind, Any] = {
    InterestKind.EMPLOYER: _l("Đang làm hoặc từng làm ở đó"),
    InterestKind.SHARES: _l("Có cổ phần hoặc phần vốn"),
    InterestKind.CONSULTANCY: _l("Đang hoặc từng tư vấn cho họ"),
    InterestKind.COMPETITOR: _l("Làm cho đối thủ của họ, hoặc là đối thủ"),
    InterestKind.FAMILY: _l("Người thân có một trong các lợi ích trên"),
}
BASES: dict[Basis, Any] = {
    Basis.INDEPENDENT_REPORT: _l("Báo cáo thử nghiệm độc lập"),
    Basis.OWN_TEST: _l("Tôi đã tự thử"),
}
SEVERITIES: dict[Severity, Any] = {
    Severity.OBSERVATION: _l("Lưu ý"),
    Severity.MINOR: _l("Không phù hợp nhẹ"),
    Severity.MAJOR: _l("Không phù hợp nặng"),
}


class DeclareForm(Form):
    """The question asked before a file opens."""

    answer = RadioField(
        _l("Câu trả lời của bạn"),
        choices=[
            ("none", _l("Không có")),
            ("interest", _l("Có: tôi không tham gia")),
            ("ask", _l("Không chắc: hỏi điều phối viên")),
        ],
        validators=[InputRequired(_l("Chọn một câu trả lời."))],
    )
    kind = SelectField(
        _l("Loại lợi ích"),
        choices=[("", _l("Chọn khi trả lời “Có”")), *((kind.value, text) for kind, text in INTERESTS.items())],
        validate_choice=False,  # only asked of those who answer "yes": see interest
    )
    note = TextAreaField(_l("Ghi chú cho điều phối viên"), validators=[Length(max=1000)])

    @property
    def interest(self) -> InterestKind | None:
        """The kind of interest chosen."""
        return next((kind for kind in InterestKind if kind.value == self.kind.data), None)


class ScoreForm(Form):
    """What a reviewer says of one criterion."""

    mark = StringField(_l("Điểm"))
    basis = RadioField(
        _l("Căn cứ của điểm 4"),
        choices=[(basis.value, text) for basis, text in BASES.items()],
        validators=[Optional()],
    )
    rationale = TextAreaField(
        _l("Lý do"),
        description=_l("Cần điền, trừ khi chấm 3. Dẫn đúng trang, phút, mục của bằng chứng."),
        validators=[Length(max=LONGEST)],
    )
    panel_only = TextAreaField(_l("Chỉ nhóm đánh giá và hội đồng"), validators=[Length(max=LONGEST)])
    to_vendor = TextAreaField(_l("Nhà cung cấp sẽ đọc"), validators=[Length(max=LONGEST)])
    relied_on = SelectMultipleField(_l("Điểm dựa vào"), validate_choice=False)  # the procedure knows what may be
    later = BooleanField(_l("Xem lại sau"))
    version = IntegerField(widget=HiddenInput(), default=0)

    def marking(self, saving: Saving = BY_HAND) -> Marking:
        """The form as the procedure takes it."""
        return Marking(
            self.mark.data or "",
            Basis(self.basis.data) if self.basis.data else None,
            self.rationale.data or "",
            self.to_vendor.data or "",
            self.panel_only.data or "",
            tuple(dict.fromkeys(self.relied_on.data or ())),
            later=bool(self.later.data),
            saving=saving,
        )


class QuestionForm(Form):
    """A question to the vendor."""

    text = TextAreaField(
        _l("Câu hỏi"),
        description=_l("Một việc một câu. Nêu trang, phút hoặc mục của bằng chứng; đừng nêu điểm hay nhận xét."),
        validators=[InputRequired(_l("Viết câu hỏi.")), Length(max=LONGEST_QUESTION)],
    )


class TestRecordForm(Form):
    """A test of one's own."""

    __test__ = False  # pytest takes every class with such a name for one of its own

    criteria = SelectMultipleField(
        _l("Tiêu chí"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[InputRequired(_l("Chọn tiêu chí mà lần thử này kiểm tra."))],
    )
    device = StringField(
        _l("Thiết bị"), validators=[InputRequired(_l("Ghi thiết bị.")), Length(max=test_records.LONGEST_LINE)]
    )
    system = StringField(
        _l("Hệ điều hành và phiên bản"),
        validators=[InputRequired(_l("Ghi hệ điều hành.")), Length(max=test_records.LONGEST_LINE)],
    )
    product_version = StringField(
        _l("Phiên bản sản phẩm"),
        validators=[InputRequired(_l("Ghi phiên bản đã thử.")), Length(max=test_records.LONGEST_VERSION)],
    )
    tested_on = DateField(
        _l("Ngày thử"), format=["%Y-%m-%d", "%d/%m/%Y"], validators=[InputRequired(_l("Ghi ngày thử."))]
    )
    steps = TextAreaField(
        _l("Các bước"),
        description=_l("Đủ để người khác làm lại được. Dùng tài khoản thử, không dùng dữ liệu của trẻ em thật."),
        validators=[InputRequired(_l("Ghi các bước.")), Length(max=test_records.LONGEST)],
    )
    result = TextAreaField(
        _l("Kết quả"),
        description=_l("Điều đã thấy, không phải nhận xét."),
        validators=[InputRequired(_l("Ghi kết quả.")), Length(max=test_records.LONGEST)],
    )
    version = IntegerField(widget=HiddenInput(), default=0)

    def facts(self) -> test_records.Facts:
        """The form as the procedure takes it; only after it was found valid."""
        line = (self.device.data or "", self.system.data or "", self.product_version.data or "")
        day: date = self.tested_on.data  # type: ignore[assignment]  # asked for above
        words = (self.steps.data or "", self.result.data or "")
        return test_records.Facts(tuple(self.criteria.data or ()), *line, day, *words)


class PackForm(Form):
    """The spreadsheet of an offline pack."""

    file = FileField(_l("Bảng chấm (marks.xlsx)"))


class AgreementForm(Form):
    """The agreed score of one criterion."""

    mark = StringField(_l("Điểm thống nhất"))
    reconciliation = TextAreaField(_l("Lý do thống nhất"), validators=[Length(max=LONGEST)])
    version = IntegerField(widget=HiddenInput(), default=0)


class FindingForm(Form):
    """One finding."""

    criterion = SelectField(_l("Tiêu chí"))
    severity = RadioField(
        _l("Mức độ"),
        choices=[(severity.value, text) for severity, text in SEVERITIES.items()],
        validators=[InputRequired(_l("Chọn mức độ."))],
    )
    text = TextAreaField(
        _l("Nội dung"),
        description=_l("Nhà cung cấp sẽ đọc nguyên văn. Nói rõ còn thiếu gì và cần bằng chứng nào."),
        validators=[InputRequired(_l("Ghi nội dung phát hiện.")), Length(max=LONGEST)],
    )


class ClosingForm(Form):
    """Why a finding is closed."""

    note = StringField(_l("Vì sao đóng"), validators=[Length(max=500)])


class ConditionForm(Form):
    """By when a minor finding has to be settled, as a condition."""

    until = DateField(_l("Đáp ứng muộn nhất hết ngày"), format=["%Y-%m-%d", "%d/%m/%Y"], validators=[Optional()])


class RemarkForm(Form):
    """A word to the other reviewers."""

    text = TextAreaField(
        _l("Viết cho nhóm đánh giá"),
        description=_l("Chỉ nhóm đánh giá đọc, dưới chữ cái của bạn. Nhà cung cấp không bao giờ thấy."),
        validators=[InputRequired(_l("Viết nội dung trao đổi.")), Length(max=LONGEST_REMARK)],
    )


class RecommendationForm(Form):
    """What parents will read."""

    summary_vi = TextAreaField(_l("Tóm tắt bằng tiếng Việt"), validators=[Length(max=LONGEST)])
    summary_en = TextAreaField(_l("Tóm tắt bằng tiếng Anh"), validators=[Length(max=LONGEST)])
    limit_1_vi = StringField(_l("Giới hạn 1, tiếng Việt"), validators=[Length(max=LONGEST_LIMIT)])
    limit_1_en = StringField(_l("Giới hạn 1, tiếng Anh"), validators=[Length(max=LONGEST_LIMIT)])
    limit_2_vi = StringField(_l("Giới hạn 2, tiếng Việt"), validators=[Length(max=LONGEST_LIMIT)])
    limit_2_en = StringField(_l("Giới hạn 2, tiếng Anh"), validators=[Length(max=LONGEST_LIMIT)])
    limit_3_vi = StringField(_l("Giới hạn 3, tiếng Việt"), validators=[Length(max=LONGEST_LIMIT)])
    limit_3_en = StringField(_l("Giới hạn 3, tiếng Anh"), validators=[Length(max=LONGEST_LIMIT)])
    version = IntegerField(widget=HiddenInput(), default=0)

    @property
    def limits(self) -> tuple[tuple[Any, Any], ...]:
        """The pairs of fields of the three limits."""
        return (
            (self.limit_1_vi, self.limit_1_en),
            (self.limit_2_vi, self.limit_2_en),
            (self.limit_3_vi, self.limit_3_en),
        )

    def texts(self) -> Texts:
        """The form as the procedure takes it; empty limits are left out."""
        pairs = ((vi.data or "", en.data or "") for vi, en in self.limits)
        return Texts(self.summary_vi.data or "", self.summary_en.data or "", tuple(pair for pair in pairs if any(pair)))

    def show(self, texts: Texts, version: int) -> None:
        """Fill the fields with what is stored."""
        self.summary_vi.data, self.summary_en.data, self.version.data = texts.summary_vi, texts.summary_en, version
        for (vi, en), (text_vi, text_en) in zip(self.limits, texts.limits, strict=False):
            vi.data, en.data = text_vi, text_en


class PlainForm(Form):
    """A button: nothing but the token."""
