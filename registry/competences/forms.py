"""The forms of the register of competences."""

from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from assessments.clock import today
from assessments.competences import LONGEST_NOTE, LONGEST_REASON, Grant
from assessments.queries.competences import Line, Subject, subjects
from assessments.states import CompetenceBasis, CompetenceField
from criteria.model import Edition
from registry.competences.words import BASES
from registry.forms import Form
from registry.templating import bi

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]
USUAL_DAYS = 730  # what is proposed for a grant


class Boxes(SelectMultipleField):
    """Several of a few, each with its own box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class GrantForm(Form):
    """What somebody is competent for, on which ground, from when to when."""

    categories = Boxes(_l("Loại sản phẩm"))
    groups = Boxes(_l("Nhóm tiêu chí"))
    basis = RadioField(
        _l("Căn cứ"),
        choices=[(basis.value, word) for basis, word in BASES.items()],
        validators=[InputRequired(_l("Chọn căn cứ."))],
    )
    note = TextAreaField(
        _l("Ghi rõ căn cứ"),
        description=_l("Ví dụ: tên khóa học và ngày học, số năm kinh nghiệm, kết quả bài kiểm tra."),
        validators=[InputRequired(_l("Ghi rõ căn cứ.")), Length(max=LONGEST_NOTE)],
    )
    valid_from = DateField(_l("Từ ngày"), format=DAYS, validators=[InputRequired(_l("Nhập ngày bắt đầu."))])
    expires_on = DateField(_l("Đến hết ngày"), format=DAYS, validators=[InputRequired(_l("Nhập ngày hết hạn."))])

    def offer(self, edition: Edition) -> "GrantForm":
        """Fill in the codes of an edition."""
        self.categories.choices = [(one.code, f"{one.code} {bi(one.short)}") for one in edition.categories]
        self.groups.choices = [(group.code, f"{group.code} {bi(group.name)}") for group, _all in edition.by_group()]
        return self

    def grant(self, person_id: UUID) -> Grant:
        """The form as the register takes it."""
        chosen: list[Subject] = [(CompetenceField.CATEGORY, code) for code in self.categories.data or ()]
        chosen += [(CompetenceField.GROUP, code) for code in self.groups.data or ()]
        return Grant(
            person_id,
            tuple(chosen),
            CompetenceBasis(self.basis.data),
            expires_on=cast("date", self.expires_on.data),
            valid_from=self.valid_from.data,
            note=self.note.data or "",
        )


def fresh(edition: Edition) -> GrantForm:
    """An empty form with the usual days."""
    usual = today() + timedelta(days=USUAL_DAYS)
    return GrantForm(formdata=None, valid_from=today(), expires_on=usual).offer(edition)


class EndForm(Form):
    """Why a competence ends before its last day."""

    reason = StringField(
        _l("Lý do chấm dứt"), validators=[InputRequired(_l("Ghi lý do chấm dứt.")), Length(max=LONGEST_REASON)]
    )


class FilterForm(Form):
    """What somebody looks for in the matrix; it stands in the address."""

    class Meta(Form.Meta):
        csrf = False

    subject = SelectField(_l("Có năng lực về"), validators=[Optional()])
    soon = BooleanField(_l("Chỉ người có mục sắp hết hạn hoặc đã hết hạn"))

    def __init__(self, edition: Edition) -> None:
        super().__init__(request.args)
        named = [(one.code, bi(one.short)) for one in edition.categories]
        named += [(group.code, bi(group.name)) for group, _criteria in edition.by_group()]
        keys = [f"{field}:{code}" for field, code in subjects(edition)]
        words = [f"{code} {name}" for code, name in named]
        self.subject.choices = [("", _l("Loại sản phẩm hoặc nhóm bất kỳ")), *zip(keys, words, strict=True)]

    def fits(self, line: Line) -> bool:
        """Whether a person of the matrix is one of those."""
        wanted: Any = self.subject.data
        held = {f"{field}:{code}" for (field, code), (how, _day) in line.held.items() if how in {"held", "soon"}}
        return (not wanted or wanted in held) and (not self.soon.data or line.running_out)
