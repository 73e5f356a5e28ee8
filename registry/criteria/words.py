"""What a criterion says of itself where a whole edition is printed, and how far a certificate is on its way to one."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from assessments.queries.transitions import Stage
from criteria.model import Criterion, Edition
from registry.templating import bi

STAGES: Mapping[Stage, Any] = {
    Stage.NOT_STARTED: _l("Chưa bắt đầu"),
    Stage.WRITING: _l("Đang soạn"),
    Stage.HANDED_IN: _l("Đã nộp, chờ kết quả"),
}


def applies_to(edition: Edition, criterion: Criterion) -> str:
    """For which products a criterion is meant, in one sentence or two."""
    found = [_categories(edition, criterion)]
    if criterion.applies_if:
        found.append(_("Chỉ khi sản phẩm có đặc điểm: %(flag)s.", flag=bi(edition.flag(criterion.applies_if).name)))
    return " ".join(found)


def evidence_of(edition: Edition, criterion: Criterion) -> str:
    """The kinds of evidence it takes, as a list in one line."""
    return "; ".join(bi(edition.evidence_kind(code).name) for code in criterion.evidence)


def _categories(edition: Edition, criterion: Criterion) -> str:
    conditional = any(criterion.condition_for(code) for code in criterion.categories)
    if len(criterion.categories) == len(edition.categories) and not conditional:
        return str(_("Mọi loại sản phẩm."))
    named = "; ".join(_category(edition, criterion, code) for code in criterion.categories)
    return str(_("Loại sản phẩm: %(categories)s.", categories=named))


def _category(edition: Edition, criterion: Criterion, code: str) -> str:
    name, flag = bi(edition.category(code).short), criterion.condition_for(code)
    if not flag:
        return name
    return str(_("%(category)s (chỉ khi: %(flag)s)", category=name, flag=bi(edition.flag(flag).name)))
