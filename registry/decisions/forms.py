"""Forms of the committee; reasons that are published are asked for in both languages."""

from collections.abc import Collection
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, FormField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from assessments import conditions
from assessments.clock import today
from assessments.conditions import Wanted
from assessments.decisions import Proposing
from assessments.findings import NOT_SHOWN_TEXT
from assessments.models import Finding
from assessments.people import InterestKind
from assessments.queries.findings import going_along
from assessments.states import Outcome
from criteria.model import Edition
from registry.forms import Form, Rows, tidy
from registry.i18n import form_translations, translate
from registry.templating import bi

LONGEST = 5000
ROWS = 2  # empty rows for conditions, beside one for each minor finding
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


class ConditionForm(PlainForm):
    """One condition that goes with a certificate; a row without words and without a day is none."""

    class Meta:
        def get_translations(self, _form: Any) -> Any:
            """Our own catalogues, as the form round it has."""
            return form_translations()

    criterion = SelectField(_l("Về tiêu chí"), validate_choice=False)
    text_vi = TextAreaField(_l("Phải làm gì, tiếng Việt"), filters=[tidy], validators=[Length(max=conditions.LONGEST)])
    text_en = TextAreaField(_l("Phải làm gì, tiếng Anh"), filters=[tidy], validators=[Length(max=conditions.LONGEST)])
    due_on = DateField(_l("Hạn, đến hết ngày"), format=["%Y-%m-%d", "%d/%m/%Y"], validators=[Optional()])

    set_aside = False  # offered by the page, untouched, and a decline was chosen

    @property
    def filled(self) -> bool:
        """Whether anything but the criterion was given."""
        return not self.set_aside and bool(
            self.text_vi.data or self.text_en.data or self.due_on.data or self.due_on.errors
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """A row that says something says all of it."""
        right: bool = super().validate(extra_validators)
        if not self.filled:
            return right
        if not self.text_vi.data:
            self.text_vi.errors = [_("Ghi điều kiện bằng tiếng Việt.")]
        if not self.text_en.data:
            self.text_en.errors = [_("Ghi điều kiện bằng tiếng Anh.")]
        if not self.due_on.errors and (self.due_on.data is None or self.due_on.data <= today()):
            self.due_on.errors = [_("Chọn hạn sau hôm nay.")]
        return not self.errors

    def wanted(self) -> Wanted:
        """The row as the procedure takes it."""
        day = self.due_on.data
        return Wanted(self.text_vi.data or "", self.text_en.data or "", day or today(), self.criterion.data or "")


class ProposeForm(Form):
    """Certify at a level, or decline. Reasons are due for a decline and for every departure from the verdict."""

    choice = RadioField(_l("Đề xuất"), validators=[InputRequired(message=_l("Chọn đề xuất."))])
    reasons_vi = TextAreaField(_l("Lý do, tiếng Việt"), validators=[Length(max=LONGEST)])
    reasons_en = TextAreaField(_l("Lý do, tiếng Anh"), validators=[Length(max=LONGEST)])
    conditions = Rows(FormField(ConditionForm), min_entries=ROWS, label=_l("Điều kiện kèm theo"))

    def offer(
        self, edition: Edition, computed: str, words: dict[str, str], offered: Collection[str] = ()
    ) -> "ProposeForm":
        """Fill in the choices: the computed outcome first and named so, the others as departures.

        `offered`: the Vietnamese texts the page put into rows by itself; a decline does not stumble over them.
        """
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
        about = [("", _("Cả sản phẩm")), *((one.code, f"{one.code} {bi(one.title)}") for one in edition.criteria)]
        declines = self.choice.data == Outcome.DECLINE.value
        for entry in self.conditions.entries:
            entry.form.criterion.choices = about
            entry.form.set_aside = declines and not entry.form.text_en.data and entry.form.text_vi.data in offered
        return self

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """The conditions that were filled in."""
        return tuple(entry.form.wanted() for entry in self.conditions.entries if entry.form.filled)

    def proposing(self) -> Proposing:
        """What was chosen, as the procedure takes it."""
        return Proposing(self.outcome, self.level, self.reasons_vi.data or "", self.reasons_en.data or "", self.wanted)

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

    def validate_conditions(self, _field: Rows) -> None:
        """Only a certificate has conditions."""
        if self.choice.data == Outcome.DECLINE.value and self.wanted:
            raise ValidationError(_("Chỉ đề xuất cấp giấy mới có điều kiện kèm theo. Xóa các điều kiện đã ghi."))

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


def rows_for(findings: list[Finding]) -> list[dict[str, Any]]:
    """What the empty form offers as conditions: a row for each finding that goes along as one, and some more."""
    return [*(_row(one) for one in going_along(findings)[: conditions.MOST - ROWS]), *({} for _row in range(ROWS))]


def _row(finding: Finding) -> dict[str, Any]:
    """A finding as a condition: its words, in English where they are ours, and its day while that lies ahead."""
    with force_locale("en"):
        english = translate(finding.text) if finding.text == NOT_SHOWN_TEXT else ""
    ahead = finding.condition_until is not None and finding.condition_until > today()
    return {
        "criterion": finding.criterion,
        "text_vi": finding.text,
        "text_en": english,
        "due_on": finding.condition_until if ahead else None,
    }
