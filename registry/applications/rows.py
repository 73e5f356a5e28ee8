"""Repeatable rows of the profile form: data taken, permissions asked, measured results. Empty rows are no rows."""

from collections.abc import Iterable
from typing import Any, ClassVar

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField
from wtforms.validators import Length, NumberRange, Optional

from assessments.errors import N_
from assessments.profile import MOST_ROWS
from criteria.model import Code, Edition
from registry.forms import Form
from registry.i18n import translate
from registry.templating import bi

EMPTY_ROWS = 3
DATES = ["%Y-%m-%d", "%d/%m/%Y"]
NOT_TAKEN = "none"  # the edition's code for "takes nothing": a tick of its own here
MEASURED_BY = {
    "vendor": N_("Nhà cung cấp"),
    "laboratory": N_("Phòng thử nghiệm"),
    "club": N_("Câu lạc bộ"),
}


class Row(wtforms.Form):
    """One row: left empty it is skipped, ticked `drop` it goes away."""

    class Meta(Form.Meta):
        csrf = False  # the form around it carries the token

    TICKS: ClassVar[frozenset[str]] = frozenset({"drop", "optional"})

    drop = BooleanField(_l("Bỏ dòng này khi lưu"))

    @property
    def skipped(self) -> bool:
        """Whether nothing was typed, or the row shall go."""
        typed = (field for field in self if field.name.rpartition("-")[2] not in self.TICKS)
        return bool(self.drop.data) or not any(_given(field) for field in typed)

    def validate(self, extra_validators: Any = None) -> bool:
        """A skipped row is right whatever it holds."""
        return self.skipped or (super().validate(extra_validators) and self.whole())

    def whole(self) -> bool:
        """Whether the row says what it must; adds its faults."""
        return True

    def offer(self, edition: Edition) -> None:
        """Set the choices that come from the edition."""

    def stored(self) -> dict[str, Any]:
        """The row as the profile keeps it."""
        raise NotImplementedError


class Taken(Row):
    """One kind of data the product takes."""

    kind = SelectField(_l("Loại dữ liệu"), validators=[Optional()])
    purpose_vi = StringField(_l("Dùng để làm gì (tiếng Việt)"), validators=[Length(max=300)])
    purpose_en = StringField(_l("Dùng để làm gì (tiếng Anh)"), validators=[Length(max=300)])
    kept_days = IntegerField(_l("Giữ bao nhiêu ngày"), validators=[Optional(), NumberRange(min=0, max=36_500)])
    shared_with = StringField(_l("Chia sẻ với ai"), validators=[Length(max=300)])
    optional = BooleanField(_l("Người dùng có thể từ chối mà vẫn dùng được sản phẩm"))

    def offer(self, edition: Edition) -> None:
        self.kind.choices = chosen_from(one for one in edition.data_taken if one.code != NOT_TAKEN)

    def whole(self) -> bool:
        return _require(self.kind, _("Chọn loại dữ liệu của dòng này, hoặc để trống cả dòng."))

    def stored(self) -> dict[str, Any]:
        return {
            "kind": self.kind.data,
            "purpose_vi": self.purpose_vi.data or "",
            "purpose_en": self.purpose_en.data or "",
            "optional": bool(self.optional.data),
            "kept_days": self.kept_days.data,
            "shared_with": self.shared_with.data or "",
        }


class Asked(Row):
    """One permission the product asks of the device."""

    name = StringField(_l("Tên quyền"), validators=[Length(max=100)])
    reason_vi = StringField(_l("Cần để làm gì (tiếng Việt)"), validators=[Length(max=300)])
    reason_en = StringField(_l("Cần để làm gì (tiếng Anh)"), validators=[Length(max=300)])

    def whole(self) -> bool:
        return _require(self.name, _("Nhập tên quyền của dòng này, hoặc để trống cả dòng."))

    def stored(self) -> dict[str, Any]:
        return {
            "name": self.name.data,
            "reason_vi": self.reason_vi.data or "",
            "reason_en": self.reason_en.data or "",
        }


class Measured(Row):
    """One measured blocking result: half of it would say nothing, so every field is asked for."""

    test_list = StringField(_l("Bộ thử, danh sách thử"), validators=[Length(max=200)])
    tested_on = DateField(_l("Ngày đo"), format=DATES, validators=[Optional()])
    age_band = SelectField(_l("Nhóm tuổi"), validators=[Optional()])
    topic = StringField(_l("Chủ đề thử"), validators=[Length(max=200)])
    harmful_tried = IntegerField(_l("Số trang xấu đã thử"), validators=[Optional(), NumberRange(min=0)])
    harmful_blocked = IntegerField(_l("trong đó chặn được"), validators=[Optional(), NumberRange(min=0)])
    harmless_tried = IntegerField(_l("Số trang lành đã thử"), validators=[Optional(), NumberRange(min=0)])
    harmless_blocked = IntegerField(_l("trong đó chặn nhầm"), validators=[Optional(), NumberRange(min=0)])
    measured_by = SelectField(_l("Ai đo"), validators=[Optional()])

    def offer(self, edition: Edition) -> None:
        self.age_band.choices = chosen_from(edition.age_bands)
        self.measured_by.choices = [
            ("", _("Chọn")),
            *((code, translate(word)) for code, word in MEASURED_BY.items()),
        ]

    def whole(self) -> bool:
        asked = [field for field in self if field is not self.drop]
        message = _("Điền ô này, hoặc để trống cả kết quả đo.")
        given = [_require(field, message) for field in asked]
        counted = [
            _at_most(self.harmful_blocked, self.harmful_tried),
            _at_most(self.harmless_blocked, self.harmless_tried),
        ]
        return all(given) and all(counted)

    def stored(self) -> dict[str, Any]:
        values = {field.name.rpartition("-")[2]: field.data for field in self if field is not self.drop}
        return values | {"tested_on": self.tested_on.data.isoformat() if self.tested_on.data else ""}


def chosen_from(codes: Iterable[Code]) -> list[tuple[str, str]]:
    """The choices of a code list, led by the empty one."""
    return [("", _("Chọn")), *((one.code, bi(one.name)) for one in codes)]


def filled(rows: Any) -> list[dict[str, Any]]:
    """The rows that say something, as the profile keeps them."""
    return [entry.form.stored() for entry in rows if not entry.form.skipped]


def shown(stored: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is stored, with a few empty rows beneath."""
    return [*stored, *({} for _n in range(EMPTY_ROWS))][:MOST_ROWS]


def _given(field: wtforms.Field) -> bool:
    raw = field.raw_data
    return bool(str(raw[0]).strip()) if raw else raw is None and field.data not in (None, "")


def _require(field: wtforms.Field, message: str) -> bool:
    if field.data not in (None, "") or field.errors:
        return not field.errors
    field.errors = [message]
    return False


def _at_most(part: wtforms.Field, whole: wtforms.Field) -> bool:
    if part.data is None or whole.data is None or part.data <= whole.data:
        return True
    part.errors = [_("Số này không thể lớn hơn số đã thử (%(n)d).", n=whole.data)]
    return False
