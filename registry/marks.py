"""A mark as pages and papers say it: one sign, a few letters, words for those who hear a page, and a rubric's lines."""

from typing import Any

from flask_babel import gettext as _

from criteria.model import Edition
from criteria.verdict import NOT_APPLICABLE, NOT_SHOWN
from registry.templating import bi

FIGURES = {NOT_SHOWN: "?", NOT_APPLICABLE: "×", "": "–"}


def figure(mark: str) -> str:
    """A mark as one sign: 0 to 4, ? for "evidence does not show", × for "not applicable", – for none yet."""
    return FIGURES.get(mark, mark)


def spoken(mark: str) -> str:
    """A mark in words."""
    words: dict[str, str] = {
        NOT_SHOWN: _("bằng chứng chưa cho thấy"),
        NOT_APPLICABLE: _("không áp dụng"),
        "": _("chưa chấm"),
    }
    return words.get(mark, mark)


def short(score: object) -> str:
    """The mark of a score, of whatever kind, in a few letters: its figure, or what stands in place of one."""
    if getattr(score, "not_applicable", False):
        return str(_("không áp dụng"))
    if getattr(score, "not_shown", False):
        return str(_("chưa cho thấy"))
    value = getattr(score, "value", None)
    return FIGURES[""] if value is None else str(value)


def rubric(edition: Edition, *, not_applicable: bool = False) -> list[dict[str, Any]]:
    """The lines of the rubric: 4 to 0, then what stands in place of a score."""
    lines: list[dict[str, Any]] = [
        {"value": str(step.value), "figure": step.value, "word": bi(step.name), "anchor": bi(step.anchor)}
        for step in sorted(edition.scale, key=lambda step: -step.value)
    ]
    anchor = _("Không phải điểm 0: 0 là biết rõ không đạt, còn mục này là chưa đủ căn cứ để chấm. Ghi rõ còn thiếu gì.")
    lines.append(_line(NOT_SHOWN, _("Bằng chứng chưa cho thấy"), anchor))
    if not_applicable:
        anchor = _("Nhà cung cấp đề nghị như vậy. Ghi vì sao bạn đồng ý.")
        lines.append(_line(NOT_APPLICABLE, _("Đồng ý không áp dụng"), anchor))
    return lines


def _line(mark: str, word: str, anchor: str) -> dict[str, Any]:
    return {"value": mark, "figure": FIGURES[mark], "word": word, "anchor": anchor}
