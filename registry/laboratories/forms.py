"""The forms of the register of laboratories."""

from datetime import date, timedelta
from typing import Any, cast

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from assessments.clock import today
from assessments.laboratories import LONGEST_NAME, LONGEST_NUMBER, LONGEST_REASON, Facts
from criteria.model import Edition
from registry.forms import Form
from registry.templating import bi

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]
USUAL_DAYS = 365


class Boxes(SelectMultipleField):
    """Several of a few, each with its own box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def said(message: Any, longest: int) -> list[Any]:
    """Required, and not too long."""
    return [InputRequired(message), Length(max=longest)]


class LaboratoryForm(Form):
    """What the register says of a laboratory."""

    name = StringField(_l("Tên phòng thử nghiệm"), validators=said(_l("Nhập tên."), LONGEST_NAME))
    name_en = StringField(_l("Tên tiếng Anh"), validators=[Optional(), Length(max=LONGEST_NAME)])
    country = StringField(_l("Nước"), validators=said(_l("Nhập tên nước."), 100))
    website = StringField(
        _l("Trang web"),
        validators=[
            Optional(),
            Length(max=400),
            Regexp(r"https://[^\s/]+\.[^\s]+", message=_l("Địa chỉ phải bắt đầu bằng https://")),
        ],
    )
    accreditation_body = StringField(
        _l("Tổ chức công nhận"),
        description=_l("Tên đầy đủ hoặc tên viết tắt."),
        validators=said(_l("Nhập tổ chức công nhận."), LONGEST_NAME),
    )
    accreditation_number = StringField(_l("Số công nhận"), validators=said(_l("Nhập số công nhận."), LONGEST_NUMBER))
    standard = StringField(
        _l("Tiêu chuẩn được công nhận"), validators=said(_l("Nhập tiêu chuẩn. Ví dụ: ISO/IEC 17025:2017"), 100)
    )
    tests_vi = TextAreaField(
        _l("Thử những gì, tiếng Việt"),
        description=_l("Ví dụ: kiểm thử xâm nhập ứng dụng di động, đo tỷ lệ chặn."),
        validators=[InputRequired(_l("Ghi phòng này thử những gì.")), Length(max=1000)],
    )
    tests_en = TextAreaField(_l("Thử những gì, tiếng Anh"), validators=[Optional(), Length(max=1000)])
    categories = Boxes(_l("Loại sản phẩm"), description=_l("Không chọn loại nào là chấp nhận mọi loại."))
    criteria = Boxes(_l("Tiêu chí"), description=_l("Không chọn tiêu chí nào là chấp nhận mọi tiêu chí."))
    accepted_from = DateField(
        _l("Chấp nhận báo cáo từ ngày"), format=DAYS, validators=[InputRequired(_l("Nhập ngày bắt đầu."))]
    )
    accepted_until = DateField(
        _l("Đến hết ngày"), format=DAYS, validators=[InputRequired(_l("Nhập ngày hết chấp nhận."))]
    )
    seen = HiddenField()

    def offer(self, edition: Edition) -> "LaboratoryForm":
        """Fill in the codes of an edition."""
        self.categories.choices = [(one.code, f"{one.code} {bi(one.short)}") for one in edition.categories]
        self.criteria.choices = [(one.code, f"{one.code} {bi(one.title)}") for one in edition.criteria]
        return self

    def facts(self) -> Facts:
        """The form as the register takes it."""
        typed = {name: self[name].data or "" for name in Facts.__dataclass_fields__ if name not in NOT_TEXT}
        return Facts(
            **typed,
            categories=tuple(self.categories.data or ()),
            criteria=tuple(self.criteria.data or ()),
            accepted_from=cast("date", self.accepted_from.data),
            accepted_until=cast("date", self.accepted_until.data),
        )


NOT_TEXT = {"categories", "criteria", "accepted_from", "accepted_until"}


def fresh(edition: Edition) -> LaboratoryForm:
    """An empty form with the usual days."""
    until = today() + timedelta(days=USUAL_DAYS)
    form = LaboratoryForm(formdata=None, accepted_from=today(), accepted_until=until, standard="ISO/IEC 17025:2017")
    return form.offer(edition)


class EndForm(Form):
    """Since when no report of a laboratory is accepted any more, and why."""

    since = DateField(
        _l("Không nhận báo cáo lập từ ngày"),
        format=DAYS,
        description=_l("Báo cáo lập trước ngày này vẫn được chấp nhận."),
        validators=[InputRequired(_l("Nhập ngày."))],
    )
    why = StringField(
        _l("Lý do"), validators=[InputRequired(_l("Ghi lý do thôi chấp nhận.")), Length(max=LONGEST_REASON)]
    )
