"""The marks of the self-check as a page shows them: figure, word and anchor."""

from collections.abc import Mapping

from flask_babel import gettext as _

from criteria.model import Criterion, Edition
from criteria.verdict import NOT_APPLICABLE, NOT_SHOWN
from registry.apply.self_check import choices
from registry.templating import bi


def rubric(edition: Edition, criterion: Criterion) -> list[Mapping[str, str]]:
    """What a criterion can be given, as templates/components/rubric.html draws it."""
    return [{"value": mark, **shown(edition, mark)} for mark in choices(edition, criterion)]


def shown(edition: Edition, mark: str) -> Mapping[str, str]:
    """One mark: what is printed large, its word, and the sentence that anchors it; "" is no mark yet."""
    if mark.isdecimal():
        step = edition.step(int(mark))
        return {"figure": mark, "word": bi(step.name), "anchor": bi(step.anchor)}
    words: dict[str, tuple[str, str, str]] = {
        NOT_SHOWN: (
            "?",
            _("Chưa có bằng chứng"),
            _("Có thể đã làm, nhưng chưa có gì cho người đánh giá xem. Tính như 0 điểm."),
        ),
        NOT_APPLICABLE: (
            "×",
            _("Đề nghị không áp dụng"),
            _("Khi nộp hồ sơ phải nêu lý do; người đánh giá quyết định."),
        ),
        "": ("–", _("Chưa chấm"), _("Tính như 0 điểm.")),
    }
    figure, word, anchor = words[mark]
    return {"figure": figure, "word": word, "anchor": anchor}
