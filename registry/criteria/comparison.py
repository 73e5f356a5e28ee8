"""The differences between two editions in words: one line of values, or a text with its words marked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from criteria.compare import Change, FieldChange, compare
from criteria.model import Band, Bilingual, Criterion, Edition
from registry.differences import merged
from registry.templating import bi, number, percent

NAMES: Mapping[str, Any] = {
    "title": _l("Tên"),
    "requirement": _l("Yêu cầu"),
    "weight": _l("Trọng số"),
    "critical": _l("Bắt buộc đạt"),
    "group": _l("Nhóm tiêu chí"),
    "categories": _l("Loại sản phẩm"),
    "applies_if": _l("Chỉ khi sản phẩm có đặc điểm"),
    "applies_if_for": _l("Điều kiện theo loại sản phẩm"),
    "evidence": _l("Bằng chứng được nhận"),
    "protects_from": _l("Giúp con tránh"),
    "na_allowed": _l("Được đề nghị không áp dụng"),
    "bands": _l("Chấm điểm theo kết quả đo"),
    "name": _l("Tên"),
    "anchor": _l("Nghĩa là"),
    "explanation": _l("Giải thích"),
    "number": _l("Số mức"),
    "critical_min": _l("Tiêu chí bắt buộc đạt: ít nhất"),
    "any_min": _l("Tiêu chí khác: ít nhất"),
    "group_min": _l("Mỗi nhóm: từ"),
    "overall_min": _l("Điểm chung: từ"),
    "pass_mark": _l("Điểm được tính là đạt"),
    "validity_months": _l("Thời gian có giá trị (tháng)"),
    "validity_months_by_category": _l("Thời gian có giá trị theo loại (tháng)"),
    "surveillance_month": _l("Giám sát ở tháng thứ"),
    "renewal_opens_days": _l("Nộp lại trước khi hết hạn (ngày)"),
    "correction_days": _l("Mỗi vòng khắc phục (ngày)"),
    "correction_rounds": _l("Số vòng khắc phục"),
    "suspension_max_months": _l("Tạm đình chỉ lâu nhất (tháng)"),
    "appeal_days": _l("Yêu cầu xem xét lại trong (ngày)"),
    "appeal_decision_days": _l("Trả lời yêu cầu xem xét lại trong (ngày)"),
    "minded_to_days": _l("Ý kiến về thông báo dự kiến (ngày)"),
    "concern_acknowledge_working_days": _l("Báo đã nhận phản ánh (ngày làm việc)"),
    "interest_window_months": _l("Lợi ích liên quan được xét (tháng)"),
    "completeness_working_days": _l("Kiểm tra hồ sơ đủ hay thiếu (ngày làm việc)"),
    "returned_days": _l("Bổ sung hồ sơ được trả lại (ngày)"),
    "review_days": _l("Đánh giá (ngày)"),
    "reviewers": _l("Số người đánh giá"),
    "review_before_decision": _l("Số người xem lại trước quyết định"),
    "deciders": _l("Số người quyết định"),
    "hearers": _l("Số người xem xét lại"),
    "appeal_acknowledge_working_days": _l("Báo đã nhận yêu cầu xem xét lại (ngày làm việc)"),
    "complaint_acknowledge_working_days": _l("Báo đã nhận khiếu nại (ngày làm việc)"),
    "complaint_answer_days": _l("Trả lời khiếu nại (ngày)"),
    "complaint_contact_days": _l("Giữ cách liên hệ của người khiếu nại (ngày)"),
}
LISTS: Mapping[str, Any] = {
    "categories": _l("Loại sản phẩm"),
    "flags": _l("Đặc điểm sản phẩm"),
    "evidence_kinds": _l("Loại bằng chứng"),
    "risks": _l("Rủi ro"),
}
PERCENTS = frozenset({"group_min", "overall_min"})


@dataclass(frozen=True)
class Line:
    """One field that differs: two values, or for a text one with its words marked."""

    label: str
    before: str = ""
    after: str = ""
    text: Markup | None = None


@dataclass(frozen=True)
class Block:
    """One criterion, group, level or other entry that differs, with what is worth a line."""

    code: str
    title: str
    lines: tuple[Line, ...]
    advised: bool = False  # only its guidance or its sources were mended
    note: str = ""


@dataclass(frozen=True)
class Page:
    """Everything the page of a comparison shows."""

    added: tuple[Criterion, ...]
    removed: tuple[Criterion, ...]
    renumbered: tuple[Block, ...]
    changed: tuple[Block, ...]
    advised: tuple[Block, ...]
    measured: tuple[Block, ...]
    groups: tuple[Block, ...]
    levels: tuple[Block, ...]
    scale: tuple[Block, ...]
    lists: tuple[Block, ...]
    rules: tuple[Line, ...]

    @property
    def nothing(self) -> bool:
        """Is there no difference at all?"""
        return not any(getattr(self, name) for name in self.__dataclass_fields__)


def page_of(old: Edition, new: Edition) -> Page:
    """The differences from one edition to another, in the language of the page."""
    found = compare(old, new)
    names = _Names(old, new)
    changed = [names.criterion(change.code, change.fields) for change in found.changed]
    both = {one.code for one in old.criteria} & {one.code for one in new.criteria}
    return Page(
        added=found.added,
        removed=found.removed,
        renumbered=tuple(names.renumbered(one.new, one.old, one.fields) for one in found.renumbered),
        changed=tuple(one for one in changed if not one.advised),
        advised=tuple(one for one in changed if one.advised),
        measured=tuple(names.measured(one) for one in found.bands if one.code in both),
        groups=tuple(names.entry(one, old.groups, new.groups) for one in found.groups),
        levels=tuple(names.entry(one, old.levels, new.levels) for one in found.levels),
        scale=tuple(names.step(one) for one in found.scale),
        lists=tuple(names.listed(name, changes) for name, changes in found.lists),
        rules=tuple(_line(one, names) for one in (*found.rules, *found.periods, *found.quorum, *found.recourse)),
    )


class _Names:
    """What codes are called: by the edition they belong to, the newer one first."""

    def __init__(self, old: Edition, new: Edition) -> None:
        self.old, self.new = old, new

    def criterion(self, code: str, fields: Iterable[FieldChange]) -> Block:
        """A criterion under its new title."""
        return self._block(code, bi(self.new.criterion(code).title), fields)

    def renumbered(self, new: Criterion, old: Sequence[Criterion], fields: Iterable[FieldChange]) -> Block:
        """A criterion that has another code now."""
        before = "; ".join(f"{one.code} {bi(one.title)}" for one in old)
        block = self._block(new.code, bi(new.title), fields)
        asked = (Line(str(NAMES["requirement"]), after=bi(new.requirement)),) if len(old) > 1 else ()
        return Block(block.code, block.title, (*block.lines, *asked), note=_("Thay cho: %(before)s.", before=before))

    def measured(self, change: Change) -> Block:
        """The measured bands of a criterion."""
        return self._block(change.code, bi(self.new.criterion(change.code).title), change.fields)

    def step(self, change: Change) -> Block:
        """A step of the scale."""
        edition = self.new if int(change.code) in {one.value for one in self.new.scale} else self.old
        return self._block(change.code, bi(edition.step(int(change.code)).name), change.fields)

    def entry(self, change: Change, old: Iterable[Any], new: Iterable[Any]) -> Block:
        """A group or a level; one that only one edition has says so."""
        found = {one.code: one for one in (*old, *new)}[change.code]
        name = bi(getattr(found, "label", found.name))
        if change.fields[0].field == "code":
            return Block(change.code, name, (), note=_("Mới.") if change.fields[0].after else _("Bỏ."))
        return self._block(change.code, name, change.fields)

    def listed(self, name: str, changes: Iterable[Change]) -> Block:
        """A code list: what came, what went, what is called otherwise."""
        names = {one.code: bi(one.name) for edition in (self.old, self.new) for one in getattr(edition, name)}
        lines = []
        for change in changes:
            first = change.fields[0]
            if first.field == "code":
                label = _("Mới") if first.after else _("Bỏ")
                lines.append(Line(label, after=names[change.code]))
            else:
                lines.extend(_line(one, self) for one in change.fields if one.field == "name")
        return Block(name, str(LISTS[name]), tuple(lines), advised=not lines)

    def _block(self, code: str, title: str, fields: Iterable[FieldChange]) -> Block:
        lines = tuple(_line(one, self) for one in fields if one.field in NAMES)
        return Block(code, title, lines, advised=not lines)

    def named(self, field: str, code: str) -> str:
        """The name of a code in a field of a criterion."""
        lists = {
            "group": "groups",
            "categories": "categories",
            "applies_if": "flags",
            "evidence": "evidence_kinds",
            "protects_from": "risks",
        }
        for edition in (self.new, self.old):
            for one in getattr(edition, lists[field]):
                if one.code == code:
                    return bi(one.name)
        return code


def _line(change: FieldChange, names: _Names) -> Line:
    label = str(NAMES[change.field])
    if isinstance(change.before, Bilingual) and isinstance(change.after, Bilingual):
        return Line(label, text=merged(bi(change.before), bi(change.after)))
    before, after = (_value(change.field, value, names) for value in (change.before, change.after))
    if isinstance(change.before, tuple) or isinstance(change.after, tuple):
        return Line(label, text=merged(before, after))
    return Line(label, before, after)


def _value(field: str, value: Any, names: _Names) -> str:
    special: Mapping[str, Callable[[], str]] = {
        "bands": lambda: "; ".join(_band(one) for one in value or ()) or _("không có"),
        "group": lambda: names.named(field, value),
        "applies_if": lambda: names.named(field, value) if value else _("không có điều kiện"),
        "applies_if_for": lambda: _conditions(value, names),
        "validity_months_by_category": lambda: _by_category(value, names),
    }
    if field in special:
        return special[field]()
    if isinstance(value, bool):
        return str(_("có") if value else _("không"))
    if isinstance(value, tuple):
        return ", ".join(names.named(field, one) for one in value) or _("không có")
    return percent(value) if field in PERCENTS else str(value)


def _conditions(value: Iterable[tuple[str, str]], names: _Names) -> str:
    found = (f"{names.named('categories', code)}: {names.named('applies_if', flag)}" for code, flag in value)
    return "; ".join(found) or _("không có điều kiện")


def _by_category(value: Iterable[tuple[str, int]], names: _Names) -> str:
    return "; ".join(f"{names.named('categories', code)}: {months}" for code, months in value) or _("không có")


def _band(band: Band) -> str:
    """A band as a table writes it, in one line: 3: 95–97,9%."""
    low, high = _bound(band.at_least), _bound(band.at_most)
    note = f" ({bi(band.note)})" if band.note else ""
    if low and high:
        return f"{band.score}: {low if low == high else f'{low}–{high}'}%{note}"
    signs = (("≥", band.at_least), ("≤", band.at_most), (">", band.above), ("<", band.below))
    return (
        f"{band.score}: " + ", ".join(f"{sign} {_bound(value)}%" for sign, value in signs if value is not None) + note
    )


def _bound(value: Decimal | None) -> str:
    return "" if value is None else number(value)
