"""The forms of appeals: what a company says, what the office asks, what hearers rule."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from assessments.appeals import LONGEST, LONGEST_NOTE, Lodging
from assessments.people import InterestKind
from assessments.queries.hearings import Candidate
from assessments.recourse import Ground, Inadmissible, Ruling
from registry.forms import Form
from registry.recourse import GROUNDS, INADMISSIBLE, RULINGS

NONE, SOME = "none", "some"

KINDS = [
    (InterestKind.EMPLOYER.value, _l("Việc làm")),
    (InterestKind.SHARES.value, _l("Cổ phần, phần vốn")),
    (InterestKind.CONSULTANCY.value, _l("Tư vấn")),
    (InterestKind.COMPETITOR.value, _l("Làm cho bên cạnh tranh")),
    (InterestKind.FAMILY.value, _l("Người thân")),
]


def said(message: Any, most: int = LONGEST) -> list[Any]:
    """Required, and not too long."""
    return [InputRequired(message=message), Length(max=most)]


class LodgeForm(Form):
    """What a company says of a decision."""

    against = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    grounds = SelectMultipleField(
        _l("Căn cứ"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[InputRequired(_l("Chọn ít nhất một căn cứ."))],
    )
    text = TextAreaField(_l("Vì sao quyết định chưa đúng"), validators=said(_l("Ghi vì sao quyết định chưa đúng.")))
    wanted = TextAreaField(
        _l("Đơn vị mong muốn điều gì"), validators=said(_l("Ghi điều đơn vị mong muốn."), LONGEST_NOTE)
    )
    evidence = TextAreaField(_l("Bằng chứng cần xem lại"), validators=[Length(max=LONGEST_NOTE)])

    def offer(self) -> "LodgeForm":
        """The grounds there are, in words."""
        self.grounds.choices = [(one.value, str(GROUNDS[one])) for one in Ground]
        return self

    def lodging(self) -> Lodging:
        """What was said, as the verb takes it."""
        grounds = tuple(Ground(one) for one in self.grounds.data or ())
        return Lodging(grounds, self.text.data or "", self.wanted.data or "", self.evidence.data or "")


class PlainForm(Form):
    """A button: nothing but the token."""


class AssignForm(Form):
    """Who hears an appeal."""

    hearers = SelectMultipleField(
        _l("Người xem xét lại"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[InputRequired(_l("Chọn người xem xét lại."))],
    )

    def offer(self, free: list[Candidate], load: Any) -> "AssignForm":
        """The people who can be asked, each with what they hear now."""
        self.hearers.choices = [(str(one.person.id), f"{one.person.name} – {load(one)}") for one in free]
        return self

    def people(self) -> list[UUID]:
        """Who was chosen."""
        return [UUID(one) for one in self.hearers.data or ()]


class RefuseForm(Form):
    """Why an appeal is not heard."""

    reason = RadioField(_l("Lý do không nhận"), validators=[InputRequired(_l("Chọn lý do không nhận."))])
    why_vi = TextAreaField(_l("Giải thích, tiếng Việt"), validators=said(_l("Giải thích bằng tiếng Việt.")))
    why_en = TextAreaField(_l("Giải thích, tiếng Anh"), validators=said(_l("Giải thích bằng tiếng Anh.")))

    def offer(self) -> "RefuseForm":
        """The coded reasons, in words."""
        self.reason.choices = [(one.value, str(INADMISSIBLE[one])) for one in Inadmissible]
        return self


class DeclareForm(Form):
    """The question before the file opens."""

    answer = RadioField(
        _l("Câu trả lời của bạn"),
        choices=[(NONE, _l("Không có")), (SOME, _l("Có: tôi không tham gia"))],
        validators=[InputRequired(message=_l("Chọn câu trả lời."))],
    )
    kind = RadioField(_l("Nếu có, đó là"), choices=KINDS, validate_choice=False)  # validate_kind asks only when due
    note = TextAreaField(_l("Ghi thêm"), validators=[Length(max=1000)])

    def validate_kind(self, field: RadioField) -> None:
        """An interest is of some kind."""
        if self.answer.data == SOME and field.data not in set(InterestKind):
            raise ValidationError(_("Chọn loại lợi ích liên quan."))


class StandAsideForm(Form):
    """An interest that comes to mind after the file was opened."""

    kind = RadioField(
        _l("Lợi ích liên quan là gì"),
        choices=KINDS,
        validators=[InputRequired(message=_l("Chọn loại lợi ích liên quan."))],
    )
    remark = StringField(_l("Ghi thêm"), validators=[Optional(), Length(max=1000)])


class RuleForm(Form):
    """What a hearer proposes."""

    outcome = RadioField(_l("Kết quả đề xuất"), validators=[InputRequired(message=_l("Chọn kết quả."))])
    reasons_vi = TextAreaField(_l("Lý do, tiếng Việt"), validators=said(_l("Ghi lý do bằng tiếng Việt.")))
    reasons_en = TextAreaField(_l("Lý do, tiếng Anh"), validators=said(_l("Ghi lý do bằng tiếng Anh.")))

    def offer(self) -> "RuleForm":
        """The two outcomes, in words."""
        self.outcome.choices = [(one.value, str(RULINGS[one])) for one in Ruling]
        return self


class AgreeForm(Form):
    """The second hearer agrees with the ruling of this number."""

    number = IntegerField(widget=HiddenInput(), validators=[InputRequired()])


class DisagreeForm(Form):
    """The second hearer disagrees, and says why."""

    number = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    why = TextAreaField(_l("Vì sao không đồng ý"), validators=said(_l("Ghi lý do không đồng ý."), LONGEST_NOTE))
