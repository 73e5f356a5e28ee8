"""The forms of the completeness check."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainWTForm
from wtforms import FormField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from assessments.intake import LONGEST, Question
from assessments.states import RefusalReason
from registry.forms import Form, Rows, tidy
from registry.timeline import REFUSALS

ROWS = 6  # questions offered at once; the rest fits into any of them

CHECKS: dict[str, Any] = {
    "complete": _l("Hồ sơ đủ: mọi tiêu chí áp dụng có trình bày và bằng chứng mở được."),
    "scope_clear": _l("Phạm vi rõ: sản phẩm, phiên bản, nền tảng, loại và nhóm tuổi khớp nhau."),
    "legal_person": _l("Đơn vị là pháp nhân và người nộp có quyền thay mặt đơn vị."),
    "competence": _l("Câu lạc bộ có người đủ năng lực đánh giá loại sản phẩm này."),
    "team_possible": _l("Lập được nhóm đánh giá không có lợi ích liên quan."),
}


class AcceptForm(Form):
    """The completeness list."""

    checklist = SelectMultipleField(
        _l("Đã kiểm tra"),
        choices=list(CHECKS.items()),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


class QuestionForm(PlainWTForm):
    """One thing that is missing."""

    code = SelectField(_l("Về tiêu chí"), validate_choice=False)
    text = TextAreaField(_l("Cần bổ sung gì"), filters=[tidy], validators=[Length(max=LONGEST)])


class ReturnForm(Form):
    """What the vendor has to complete."""

    items = Rows(FormField(QuestionForm), min_entries=ROWS)

    def offer(self, choices: list[tuple[str, str]]) -> "ReturnForm":
        """Name the criteria that apply."""
        for entry in self.items.entries:
            entry.form.code.choices = choices
        return self

    def questions(self) -> list[Question]:
        """The form as the procedure takes it; empty rows are left out."""
        found = [(entry.form.code.data or "", entry.form.text.data or "") for entry in self.items.entries]
        return [Question(code, text) for code, text in found if text]


class RefuseForm(Form):
    """A coded reason, and a word to the vendor."""

    reason = RadioField(
        _l("Lý do"),
        choices=[(reason.value, _l(REFUSALS[reason])) for reason in RefusalReason],
        validators=[InputRequired(_l("Chọn lý do không tiếp nhận."))],
    )
    note = TextAreaField(
        _l("Lời giải thích"), description=_l("Nhà cung cấp sẽ đọc nguyên văn."), validators=[Length(max=LONGEST)]
    )
