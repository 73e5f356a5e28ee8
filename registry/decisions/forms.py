"""Forms of the committee; reasons that are published are asked for in both languages."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from assessments.people import InterestKind
from assessments.states import Outcome
from criteria.model import Edition
from registry.forms import Form
from registry.templating import bi

LONGEST = 5000
NONE, SOME, UNSURE = "none", "some", "unsure"

KINDS = [
    (InterestKind.EMPLOYER.value, _l("Việc làm")),
    (InterestKind.SHARES.value, _l("Cổ phần, phần vốn")),
    (InterestKind.CONSULTANCY.value, _l("Tư vấn")),
    (InterestKind.COMPETITOR.value, _l("Làm cho bên cạnh tranh")),
    (InterestKind.FAMILY.value, _l("Người thân")),
]


def said(message: Any) -> list[Any]:
    """Required, and not too long."""
    return [InputRequired(message=message), Length(max=LONGEST)]


class DeclareForm(Form):
    """The question before the file opens."""

    answer = RadioField(
        _l("Câu trả lời của bạn"),
        choices=[
            (NONE, _l("Không có")),
            (SOME, _l("Có: tôi không tham gia")),
            (UNSURE, _l("Không chắc: hỏi điều phối viên")),
        ],
        validators=[InputRequired(message=_l("Chọn câu trả lời."))],
    )
    kind = RadioField(_l("Nếu có, đó là"), choices=KINDS, validate_choice=False)  # validate_kind asks only when due
    note = TextAreaField(_l("Ghi thêm"), validators=[Length(max=1000)])

    def validate_kind(self, field: RadioField) -> None:
        """An interest is of some kind."""
        if self.answer.data == SOME and field.data not in set(InterestKind):
            raise ValidationError(_("Chọn loại lợi ích liên quan."))

    def validate_note(self, field: TextAreaField) -> None:
        """A question to the coordinator has words."""
        if self.answer.data == UNSURE and not field.data:
            raise ValidationError(_("Ghi điều bạn chưa chắc để điều phối viên trả lời."))


class StandAsideForm(Form):
    """An interest that comes to mind after the file was opened."""

    kind = RadioField(
        _l("Lợi ích liên quan là gì"),
        choices=KINDS,
        validators=[InputRequired(message=_l("Chọn loại lợi ích liên quan."))],
    )
    remark = TextAreaField(_l("Ghi thêm"), validators=[Optional(), Length(max=1000)])


class ProposeForm(Form):
    """Certify at a level, or decline. Reasons are due for a decline and for every departure from the verdict."""

    choice = RadioField(_l("Đề xuất"), validators=[InputRequired(message=_l("Chọn đề xuất."))])
    reasons_vi = TextAreaField(_l("Lý do, tiếng Việt"), validators=[Length(max=LONGEST)])
    reasons_en = TextAreaField(_l("Lý do, tiếng Anh"), validators=[Length(max=LONGEST)])

    def offer(self, edition: Edition, computed: str, words: dict[str, str]) -> "ProposeForm":
        """Fill in the choices: the computed outcome first and named so, the others as departures."""
        decline = (Outcome.DECLINE.value, self._said(_("Không cấp %(certificate)s", **words), departs=computed != ""))
        levels = sorted(edition.levels, key=lambda level: (level.code != computed, level.number))
        grants = [
            (
                f"{Outcome.CERTIFY.value}:{level.code}",
                self._said(
                    _("Cấp %(certificate)s mức %(level)s", level=bi(level.label), **words),
                    departs=level.code != computed,
                ),
            )
            for level in levels
        ]
        self.choice.choices = [grants[0], decline, *grants[1:]] if computed else [decline, *grants]
        self.computed = f"{Outcome.CERTIFY.value}:{computed}" if computed else ""
        return self

    def _said(self, text: str, *, departs: bool) -> str:
        return _("%(outcome)s, khác kết quả tính", outcome=text) if departs else text

    @property
    def outcome(self) -> Outcome:
        """What was chosen."""
        return Outcome(self.choice.data.partition(":")[0])

    @property
    def level(self) -> str | None:
        """The level that was chosen."""
        return self.choice.data.partition(":")[2] or None

    def validate_reasons_vi(self, field: TextAreaField) -> None:
        """Reasons in Vietnamese where they are due."""
        self._ask(field, _("Ghi lý do bằng tiếng Việt."))

    def validate_reasons_en(self, field: TextAreaField) -> None:
        """Reasons in English where they are due."""
        self._ask(field, _("Ghi lý do bằng tiếng Anh."))

    def _ask(self, field: TextAreaField, message: str) -> None:
        due = self.choice.data and self.choice.data != self.computed
        if due and not field.data:
            raise ValidationError(message)


class NoticeForm(Form):
    """What the vendor is told before a decline."""

    number = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    notice_vi = TextAreaField(_l("Căn cứ, tiếng Việt"), validators=said(_l("Ghi lý do bằng tiếng Việt.")))
    notice_en = TextAreaField(_l("Căn cứ, tiếng Anh"), validators=said(_l("Ghi lý do bằng tiếng Anh.")))


class ConfirmForm(Form):
    """The second person agrees with the proposal of this number."""

    number = IntegerField(widget=HiddenInput(), validators=[InputRequired()])


class RejectForm(Form):
    """The second person disagrees, and says why."""

    number = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    why = TextAreaField(_l("Vì sao không đồng ý"), validators=said(_l("Ghi lý do không đồng ý.")))


class SendBackForm(Form):
    """What the reviewers have to make clear."""

    unclear = TextAreaField(
        _l("Điều nhóm đánh giá cần làm rõ"), validators=said(_l("Ghi điều nhóm đánh giá cần làm rõ."))
    )
