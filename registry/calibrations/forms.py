"""The forms of calibration."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from assessments.calibrations import HUNDRED, LONGEST, MOST_POINTS, Marking
from criteria.calibration import Bar
from registry.forms import Form

POINTS = _l("Nhập số từ 0 đến 4. Ví dụ: 0,75")


class ScoreForm(Form):
    """What somebody says of one criterion."""

    mark = StringField(_l("Điểm"))
    rationale = TextAreaField(
        _l("Lý do"),
        description=_l("Cần điền, trừ khi chấm 3. Dẫn đúng trang, phút, mục của bằng chứng."),
        validators=[Length(max=LONGEST)],
    )
    version = IntegerField(widget=HiddenInput(), default=0)

    def marking(self) -> Marking:
        """The form as the procedure takes it."""
        return Marking(self.mark.data or "", self.rationale.data or "")


class BarForm(Form):
    """What a reviewer has to reach."""

    max_deviation = StringField(
        _l("Độ lệch trung bình nhiều nhất, tính bằng điểm"), validators=[InputRequired(POINTS), Length(max=6)]
    )
    min_within = IntegerField(
        _l("Ít nhất bao nhiêu phần trăm tiêu chí lệch không quá 1 điểm"),
        validators=[InputRequired(_l("Nhập số từ 0 đến 100.")), NumberRange(0, HUNDRED, _l("Nhập số từ 0 đến 100."))],
    )
    files = IntegerField(_l("Số hồ sơ phải qua"), validators=[InputRequired(_l("Nhập số hồ sơ phải qua."))])

    def validate_max_deviation(self, field: StringField) -> None:
        """Points with a comma or a point."""
        points = _points(field.data or "")
        if points is None or not 0 <= points <= MOST_POINTS:
            raise ValidationError(POINTS)

    def bar(self) -> Bar:
        """The form as the procedure takes it."""
        return Bar(_points(self.max_deviation.data or "") or 0.0, self.min_within.data or 0, self.files.data or 0)


class PlainForm(Form):
    """A button: nothing but the token."""


def _points(text: str) -> float | None:
    plain = text.strip().replace(",", ".")
    if not plain.replace(".", "", 1).isdecimal() or not plain.isascii():
        return None
    return float(plain)
