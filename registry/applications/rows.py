"""Repeatable rows of the profile form: data taken, permissions asked, measured results. Empty rows are no rows."""

from collections.abc import Iterable
from typing import Any, ClassVar

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import Length, NumberRange, Optional

from assessments.fields import LONGEST_NAME
from assessments.profile import MOST_ROWS
from criteria.model import Code, Edition
from registry.forms import Form
from registry.measured import Figures, ages_of, choices_of_testers
from registry.templating import bi

EMPTY_ROWS = 3
NOT_TAKEN = "none"  # the edition's code for "takes nothing": a tick of its own here


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


class Measured(Figures, Row):
    """One measured blocking result, and who measured it."""

    measured_by = SelectField(_l("Ai đo"), validators=[Optional()])
    tester = StringField(_l("Tên phòng thử nghiệm, nếu có"), validators=[Length(max=LONGEST_NAME)])

    def offer(self, edition: Edition) -> None:
        self.age_band.choices = ages_of(edition)
        self.measured_by.choices = choices_of_testers()

    def whole(self) -> bool:
        return self.is_whole()

    def stored(self) -> dict[str, Any]:
        return self.figures()


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
