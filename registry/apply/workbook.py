"""A blank application as a spreadsheet, in the layout that the import of an application reads.

The sheets are known by the machine names in their hidden row, not by their titles: `code, title, claim,
not_applicable, not_applicable_reason` for the answers and `field, label, value` for the profile.
"""

from functools import lru_cache

from flask_babel import gettext as _
from flask_babel import pgettext

from criteria.digest import digest
from criteria.model import Edition
from registry.apply import questions
from registry.apply.questions import Question
from registry.criteria.words import applies_to, evidence_of
from registry.criteria.workbook import notice
from registry.documents.spreadsheet import Column, Sheet, workbook
from registry.i18n import lang
from registry.templating import bi

EMPTY_ROWS = 12  # of a table to fill in by hand


def blank_workbook(edition: Edition) -> bytes:
    """The file; made once for each content and language, because anyone may ask for it as often as they like."""
    return _written(digest(edition), lang(), edition)


@lru_cache(maxsize=8)
def _written(_digest: str, _language: str, edition: Edition) -> bytes:
    asked = [one for part in questions.parts(edition) for one in part.questions]
    tables = [_table(edition, one) for one in asked if one.kind == "table"]
    title = _("Hồ sơ trống, %(edition)s", edition=bi(edition.name))
    return workbook([_answers(edition), _profile(edition, asked), *tables], title)


def _answers(edition: Edition) -> Sheet:
    columns = (
        Column(_("Mã"), 9, "code"),
        Column(_("Tiêu chí"), 34, "title"),
        Column(_("Nội dung đơn vị trình bày"), 70, "claim", open=True),
        Column(_("Đề nghị không áp dụng (ghi x)"), 14, "not_applicable", open=True, options=("x",)),
        Column(_("Lý do không áp dụng"), 36, "not_applicable_reason", open=True),
        Column(_("Yêu cầu"), 60, "requirement"),
        Column(_("Áp dụng cho"), 40, "applies_to"),
        Column(_("Bằng chứng được nhận"), 40, "evidence"),
    )
    rows = [
        (
            criterion.code,
            _named(bi(criterion.title), critical=criterion.critical),
            "",
            "",
            "",
            bi(criterion.requirement),
            applies_to(edition, criterion),
            evidence_of(edition, criterion),
        )
        for _group, criteria in edition.by_group()
        for criterion in criteria
    ]
    return Sheet(pgettext("spreadsheet", "Trả lời"), notice(edition), columns, rows)


def _named(title: str, *, critical: bool) -> str:
    return f"{title} (★ {_('bắt buộc đạt')})" if critical else title


def _profile(edition: Edition, asked: list[Question]) -> Sheet:
    columns = (
        Column("", 20, "field"),
        Column(_("Thông tin sản phẩm"), 44, "label"),
        Column(_("Trả lời"), 60, "value", open=True),
        Column(_("Cách điền"), 70, "how"),
    )
    rows = [(one.field, one.label, "", _how(one)) for one in asked if one.kind not in {"table", "tick"}]
    answered = _("Đã xem hết các câu về đặc điểm của sản phẩm")
    rows.append(("flags_answered", answered, "", _("Ghi “có” khi mọi đặc điểm không ghi ở ô trên đều là “Không”.")))
    return Sheet(pgettext("spreadsheet", "Hồ sơ"), notice(edition), columns, rows)


def _how(one: Question) -> str:
    if one.kind in {"line", "text"}:
        return ""
    several = _("Ghi các mã đúng với sản phẩm, mỗi mã một dòng trong ô (Alt+Enter để xuống dòng):")
    first = _("Ghi một mã:") if one.kind == "one" else several
    return "\n".join([first, *(f"{code} = {words}" for code, words in one.choices)])


def _table(edition: Edition, one: Question) -> Sheet:
    """A table to gather facts in; the import does not read it, the pages ask for it row by row."""
    columns = [Column(label, max(16, min(40, len(label) + 4)), open=True) for label in one.columns]
    rows = [[""] * len(columns) for _row in range(EMPTY_ROWS)]
    words = _("Bảng này để gom thông tin; khi làm hồ sơ, điền lại vào trang “%(label)s”.", label=one.label)
    return Sheet(one.label, f"{words} {notice(edition)}", columns, rows)
