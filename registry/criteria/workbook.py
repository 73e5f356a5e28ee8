"""A whole edition as a spreadsheet: criteria, groups, scale and levels, in the language of the page."""

from functools import lru_cache

from flask_babel import gettext as _

from criteria.digest import digest
from criteria.guidance import as_text
from criteria.model import Edition
from registry.criteria.words import applies_to, evidence_of
from registry.documents.spreadsheet import Column, Sheet, workbook
from registry.i18n import lang
from registry.templating import bi, percent


def edition_workbook(edition: Edition) -> bytes:
    """The file; made once for each content and language, because anyone may ask for it as often as they like."""
    return _written(edition.id, digest(edition), lang(), edition)


@lru_cache(maxsize=8)
def _written(_edition_id: str, _digest: str, _language: str, edition: Edition) -> bytes:
    return workbook([_criteria(edition), _groups(edition), _scale(edition), _levels(edition)], bi(edition.name))


def notice(edition: Edition) -> str:
    """What stands on top of every sheet made from an edition: its name, and that it is a stand-in where it is."""
    named = _("%(name)s, bản %(version)s.", name=bi(edition.name), version=edition.version)
    return f"{named} {bi(edition.notice)}" if edition.reconstruction else named


def _criteria(edition: Edition) -> Sheet:
    columns = (
        Column(_("Mã"), 9),
        Column(_("Nhóm tiêu chí"), 24),
        Column(_("Tiêu chí"), 34),
        Column(_("Yêu cầu"), 64),
        Column(_("Bắt buộc đạt"), 12),
        Column(_("Trọng số"), 10),
        Column(_("Áp dụng cho"), 44),
        Column(_("Bằng chứng được nhận"), 44),
        Column(_("Hướng dẫn"), 64),
        Column(_("Dựa trên"), 40),
    )
    rows = [
        (
            criterion.code,
            bi(group.name),
            bi(criterion.title),
            bi(criterion.requirement),
            _("có") if criterion.critical else "",
            criterion.weight,
            applies_to(edition, criterion),
            evidence_of(edition, criterion),
            bi(as_text(criterion.guidance)) if criterion.guidance else "",
            "; ".join(criterion.sources),
        )
        for group, criteria in edition.by_group()
        for criterion in criteria
    ]
    return Sheet(_("Tiêu chí"), notice(edition), columns, rows)


def _groups(edition: Edition) -> Sheet:
    columns = (
        Column(_("Mã"), 9),
        Column(_("Nhóm tiêu chí"), 34),
        Column(_("Trọng số"), 12),
        Column(_("Số tiêu chí"), 12),
        Column(_("Giải thích"), 80),
    )
    rows = [
        (group.code, bi(group.name), percent(group.weight), len(criteria), bi(group.explanation))
        for group, criteria in edition.by_group()
    ]
    return Sheet(_("Nhóm"), notice(edition), columns, rows)


def _scale(edition: Edition) -> Sheet:
    columns = (Column(_("Điểm"), 9), Column(_("Tên"), 28), Column(_("Nghĩa là"), 90))
    return Sheet(
        _("Thang điểm"),
        notice(edition),
        columns,
        [(step.value, bi(step.name), bi(step.anchor)) for step in edition.scale],
    )


def _levels(edition: Edition) -> Sheet:
    columns = (
        Column(_("Mức"), 30),
        Column(_("Tiêu chí bắt buộc đạt: ít nhất"), 22),
        Column(_("Tiêu chí khác: ít nhất"), 22),
        Column(_("Mỗi nhóm: từ"), 18),
        Column(_("Điểm chung: từ"), 18),
    )
    rows = [
        (
            bi(level.label),
            level.critical_min,
            level.any_min,
            percent(level.group_min),
            percent(level.overall_min),
        )
        for level in edition.levels
    ]
    return Sheet(_("Mức đạt"), notice(edition), columns, rows)
