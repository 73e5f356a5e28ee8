"""The forms of intake rounds; hours are typed and shown in Viet Nam time."""

from datetime import UTC, datetime
from typing import cast

from flask_babel import lazy_gettext as _l
from wtforms import DateField, DateTimeLocalField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from assessments.clock import VIETNAM
from assessments.rounds import RoundFacts
from registry.forms import Form

FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"]
DAYS = ["%Y-%m-%d", "%d/%m/%Y"]


class ClosingForm(Form):
    """When a round closes."""

    closes_at = DateTimeLocalField(
        _l("Giờ đóng"),
        description=_l("Giờ Việt Nam. Để trống nếu đợt tiếp nhận thường xuyên. Ví dụ: 22/11/2026 23:59"),
        format=FORMATS,
        validators=[Optional()],
    )


class RoundForm(ClosingForm):
    """A new round."""

    code = StringField(
        _l("Mã đợt"),
        description=_l("Chữ thường không dấu, chữ số và gạch nối. Ví dụ: 2026-dot-1"),
        validators=[InputRequired(_l("Nhập mã đợt.")), Length(max=40)],
    )
    edition = SelectField(_l("Bản tiêu chí"))
    categories = SelectMultipleField(
        _l("Loại sản phẩm"),
        description=_l("Không chọn loại nào là nhận mọi loại."),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    opens_at = DateTimeLocalField(
        _l("Giờ mở"),
        description=_l("Giờ Việt Nam. Ví dụ: 22/11/2026 08:00"),
        format=FORMATS,
        validators=[InputRequired(_l("Nhập giờ mở."))],
    )
    announce_on = DateField(
        _l("Ngày công bố kết quả"),
        description=_l("Để trống nếu công bố ngay khi có quyết định."),
        format=DAYS,
        validators=[Optional()],
    )
    fee_text_vi = TextAreaField(_l("Lời về phí, tiếng Việt"), validators=[Length(max=500)])
    fee_text_en = TextAreaField(_l("Lời về phí, tiếng Anh"), validators=[Length(max=500)])

    def facts(self) -> RoundFacts:
        """The form as the procedure takes it."""
        return RoundFacts(
            code=self.code.data or "",
            edition_id=self.edition.data or "",
            opens_at=in_utc(cast("datetime", self.opens_at.data)),
            categories=tuple(self.categories.data or ()),
            closes_at=in_utc(self.closes_at.data) if self.closes_at.data else None,
            announce_on=self.announce_on.data,
            fee_text_vi=self.fee_text_vi.data or "",
            fee_text_en=self.fee_text_en.data or "",
        )


class PlainForm(Form):
    """A button: nothing but the token."""


def in_utc(typed: datetime) -> datetime:
    """A moment typed in Viet Nam time."""
    return typed.replace(tzinfo=VIETNAM).astimezone(UTC)


def in_vietnam(moment: datetime) -> datetime:
    """A moment as the field shows it."""
    return moment.astimezone(VIETNAM).replace(tzinfo=None)
