"""The forms of auditors, and of those who follow a note up."""

from collections.abc import Iterable
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from assessments.audit import LONGEST, LONGEST_REASON, Words
from assessments.people import InterestKind
from assessments.queries.people import Person
from assessments.states import AuditKind
from registry.audit.words import KINDS
from registry.forms import Form

NONE, SOME, UNSURE = "none", "interest", "ask"
INTERESTS = [
    (InterestKind.EMPLOYER.value, _l("Đang làm hoặc từng làm ở đó")),
    (InterestKind.SHARES.value, _l("Có cổ phần hoặc phần vốn")),
    (InterestKind.CONSULTANCY.value, _l("Đang hoặc từng tư vấn cho họ")),
    (InterestKind.COMPETITOR.value, _l("Làm cho đối thủ của họ, hoặc là đối thủ")),
    (InterestKind.FAMILY.value, _l("Người thân có một trong các lợi ích trên")),
]
DAYS = ["%Y-%m-%d", "%d/%m/%Y"]


class PlainForm(Form):
    """A button: nothing but the token."""


class DeclareForm(Form):
    """The question before the file opens."""

    answer = RadioField(
        _l("Câu trả lời của bạn"),
        choices=[
            (NONE, _l("Không có: tôi kiểm soát hồ sơ này")),
            (SOME, _l("Có: tôi không tham gia")),
            (UNSURE, _l("Không chắc: hỏi điều phối viên")),
        ],
        validators=[InputRequired(message=_l("Chọn một câu trả lời."))],
    )
    kind = RadioField(_l("Nếu có, đó là"), choices=INTERESTS, validate_choice=False)  # asked only when due
    note = TextAreaField(_l("Ghi thêm"), validators=[Length(max=1000)])

    def validate_kind(self, field: RadioField) -> None:
        """An interest is of some kind."""
        if self.answer.data == SOME and field.data not in set(InterestKind):
            raise ValidationError(_("Chọn loại lợi ích liên quan."))

    def validate_note(self, field: TextAreaField) -> None:
        """A question to the coordinator has words."""
        if self.answer.data == UNSURE and not field.data:
            raise ValidationError(_("Ghi điều bạn chưa chắc để điều phối viên trả lời."))


class NamesForm(Form):
    """Why the names are needed."""

    reason = TextAreaField(
        _l("Vì sao cần xem tên"),
        description=_l("Ví dụ: đối chiếu bản kê lợi ích với nhóm đánh giá. Lý do được ghi vào lịch sử hồ sơ."),
        validators=[InputRequired(message=_l("Ghi lý do cần xem tên.")), Length(max=LONGEST_REASON)],
    )


class NoteForm(Form):
    """A note, and who follows it up until when."""

    kind = RadioField(
        _l("Loại ghi chú"),
        choices=[(kind.value, text) for kind, text in KINDS.items()],
        validators=[InputRequired(message=_l("Chọn loại ghi chú."))],
    )
    text = TextAreaField(_l("Nội dung"), validators=[InputRequired(message=_l("Viết nội dung.")), Length(max=LONGEST)])
    owner = SelectField(_l("Người theo dõi"), validate_choice=False)  # the verb says why somebody cannot be one
    due_on = DateField(_l("Hạn, hết ngày"), format=DAYS, validators=[Optional()])

    def offer(self, people: Iterable[Person]) -> "NoteForm":
        """Name who can follow a note up."""
        self.owner.choices = [("", _("Không cần theo dõi")), *((str(one.id), one.name) for one in people)]
        return self

    def words(self) -> Words:
        """What was typed."""
        return Words(AuditKind(self.kind.data), self.text.data or "", _person(self.owner.data), self.due_on.data)


class CloseForm(Form):
    """What was found when a note is closed."""

    found = TextAreaField(
        _l("Đã kiểm lại thấy gì"), validators=[InputRequired(message=_l("Viết nội dung.")), Length(max=LONGEST)]
    )


class AnswerForm(Form):
    """What the owner of a note has done."""

    done = TextAreaField(_l("Đã làm gì"), validators=[InputRequired(message=_l("Viết nội dung.")), Length(max=LONGEST)])


def _person(value: str | None) -> UUID | None:
    """The person chosen; a value that is no id is nobody we know."""
    try:
        return UUID(value) if value else None
    except ValueError:
        return UUID(int=0)
