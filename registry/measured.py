"""Measured blocking results as they are typed and as they are read: the same fields and words for all who do."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.validators import Length, NumberRange, Optional

from assessments import measured
from assessments.clock import today
from assessments.errors import N_
from assessments.fields import LONGEST_CELL, LONGEST_NAME
from criteria.model import Edition
from registry.i18n import translate
from registry.templating import bi, day, number, percent

DATES = ["%Y-%m-%d", "%d/%m/%Y"]
MEASURED_BY = {
    "vendor": N_("Nhà cung cấp"),
    "laboratory": N_("Phòng thử nghiệm"),
    "club": N_("Câu lạc bộ"),
}
CHECKED = {
    measured.SHOWN: N_("Người đánh giá đã đối chiếu với bằng chứng"),
    measured.REPEATED: N_("Người đánh giá đã đo lại và thấy khớp"),
    measured.OWN: N_("Người đánh giá tự đo"),
    "": N_("Theo hồ sơ đã nộp"),
}
COUNTS = ("harmful_tried", "harmful_blocked", "harmless_tried", "harmless_blocked")
OPTIONAL = "tester"  # only a laboratory has to be named; see assessments.measured


def _counted(label: str) -> IntegerField:
    return IntegerField(label, validators=[Optional(), NumberRange(min=0, max=measured.MOST_TRIED)])


class Figures(wtforms.Form):
    """What one result is made of: half of it would say nothing, so every field is asked for."""

    test_list = StringField(_l("Bộ thử, danh sách thử"), validators=[Length(max=LONGEST_NAME)])
    tested_on = DateField(_l("Ngày đo"), format=DATES, validators=[Optional()])
    age_band = SelectField(_l("Nhóm tuổi"), validators=[Optional()])
    topic = StringField(_l("Chủ đề thử"), validators=[Length(max=LONGEST_NAME)])
    harmful_tried = _counted(_l("Số trang xấu đã thử"))
    harmful_blocked = _counted(_l("trong đó chặn được"))
    harmless_tried = _counted(_l("Số trang lành đã thử"))
    harmless_blocked = _counted(_l("trong đó chặn nhầm"))
    method = StringField(_l("Cách đo: máy, mạng, thiết lập"), validators=[Length(max=LONGEST_CELL)])
    version = StringField(_l("Phiên bản sản phẩm đã đo"), validators=[Length(max=60)])

    def figures(self) -> dict[str, Any]:
        """The result as a profile keeps it."""
        found = {name: self[name].data or "" for name in measured.NAMES if name in self and name not in COUNTS}
        counts = {name: self[name].data for name in COUNTS}
        tested = self.tested_on.data
        return found | counts | {"tested_on": tested.isoformat() if tested else ""}

    def is_whole(self) -> bool:
        """Whether every part is given and makes sense; adds the faults."""
        missing = [self[name] for name in measured.NAMES if name in self and name != OPTIONAL]
        missing = [one for one in missing if one.data in (None, "")]
        for one in missing:
            one.errors = one.errors or [_("Điền ô này, hoặc để trống cả kết quả đo.")]
        fault = None if missing else measured.fault(self.figures(), today())
        if fault:
            self[fault[0]].errors = [translate(fault[1], **fault[2])]
        return not missing and not fault


def choices_of_testers() -> list[tuple[str, str]]:
    """Who may have measured, led by the empty choice."""
    return [("", _("Chọn")), *((code, translate(word)) for code, word in MEASURED_BY.items())]


def ages_of(edition: Edition) -> list[tuple[str, str]]:
    """The age bands of an edition, led by the empty choice."""
    return [("", _("Chọn")), *((one.code, bi(one.name)) for one in edition.age_bands)]


def to_publish(profile: Mapping[str, Any], judged: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a certificate granted now would show of a stored profile, written out for a page."""
    return [row_of(one) for one in measured.published(profile, judged)]


def row_of(one: Mapping[str, Any]) -> dict[str, Any]:
    """A result in the shape of assessments.measured, written out for a page."""
    who = translate(MEASURED_BY[one["measured_by"]]) if one["measured_by"] in MEASURED_BY else one["measured_by"]
    return {
        **one,
        "test": one["test_list"],
        "age": one["age_band"],
        "when": day(date.fromisoformat(one["tested_on"])),
        "by": f"{who}: {one['tester']}" if one["tester"] else who,
        "seen": translate(CHECKED[one["checked"]]),
        "blocked": (one["must_block"]["blocked"], one["must_block"]["tried"]),
        "wrong": (one["must_pass"]["blocked"], one["must_pass"]["tried"]),
        "right_share": _share(one["must_block"]),
        "wrong_share": _share(one["must_pass"]),
    }


def _share(found: Mapping[str, Any]) -> dict[str, Any]:
    """A share in words and as a length from 0 to 100."""
    if not found["tried"]:
        return {"percent": "–", "of": "", "between": "", "score": Decimal(0)}
    exact, low, high = (Decimal(found[name]) for name in ("percent", "low", "high"))
    counts = {"blocked": number(found["blocked"]), "tried": number(found["tried"])}
    return {
        "percent": percent(exact, 1),
        "of": _("%(blocked)s trên %(tried)s trang", **counts),
        "between": _("có thể từ %(low)s đến %(high)s", low=percent(low, 1), high=percent(high, 1)),
        "score": exact,
    }
