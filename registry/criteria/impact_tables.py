"""The simulation of a new edition as files: a line for each certificate, the sums, and what was assumed."""

import csv as csv_format
import io
from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _

from assessments.queries.impacts import Effect, Impact
from criteria.model import Criterion, Edition, Level
from registry.catalogue import status_word
from registry.documents.spreadsheet import STARTS_FORMULA, Column, Sheet, workbook
from registry.i18n import lang
from registry.templating import bi, day

Cells = Sequence[str | int]


def xlsx(edition: Edition, impact: Impact, until: date | None) -> bytes:
    """Certificates, sums and criteria, a sheet each."""
    notice = " ".join([_("Bản %(name)s (%(id)s).", name=bi(edition.name), id=edition.id), *assumptions(edition)])
    sheets = [
        Sheet(_("Giấy"), notice, _columns(), [_row(one, until) for one in impact.effects]),
        Sheet(_("Tổng"), notice, (Column("", 60), Column(_("Số"), 12)), _sums(impact)),
        Sheet(
            _("Tiêu chí phải trả lời"),
            notice,
            (Column(_("Mã"), 12), Column(_("Tiêu chí"), 60), Column(_("Số giấy"), 12)),
            [(one.code, bi(one.title), count) for one, count in impact.asked],
        ),
    ]
    return workbook(sheets, _("Bản %(edition)s: ảnh hưởng đến các giấy", edition=edition.id))


def csv(_edition: Edition, impact: Impact, until: date | None) -> bytes:
    """The certificates; what would begin a formula is made text."""
    written = io.StringIO()
    writer = csv_format.writer(written)
    writer.writerow([column.label for column in _columns()])
    writer.writerows([[_harmless(cell) for cell in _row(one, until)] for one in impact.effects])
    return ("\ufeff" + written.getvalue()).encode()


def assumptions(edition: Edition) -> list[str]:
    """What the reckoning takes for granted, in sentences."""
    return [
        _("Tính từ điểm thống nhất của lần đánh giá trước và từ đặc điểm sản phẩm ghi trên giấy."),
        _("Điểm của tiêu chí đã thay đổi được giữ như cũ; đánh giá lại có thể cho điểm khác."),
        _("“Giữ được”: tiêu chí mới coi như chưa trả lời (0 điểm)."),
        _("“Nếu trả lời đủ”: mỗi tiêu chí mới được %(mark)s điểm.", mark=edition.pass_mark),
        _("Đây là tính thử, không phải kết quả đánh giá, và không làm thay đổi giấy nào."),
    ]


def level_word(level: Level | None) -> str:
    """A level, or that there is none."""
    return bi(level.label) if level else _("không đạt mức nào")


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("Số giấy"), 18),
        Column(_("Đơn vị"), 36),
        Column(_("Sản phẩm"), 30),
        Column(_("Tình trạng"), 18),
        Column(_("Có giá trị đến"), 16),
        Column(_("Bản đã cấp"), 14),
        Column(_("Mức đang có"), 26),
        Column(_("Giữ được"), 26),
        Column(_("Nếu trả lời đủ"), 26),
        Column(_("Tiêu chí mới"), 40),
        Column(_("Tiêu chí đã thay đổi"), 40),
        Column(_("Trả lời trước hết ngày"), 18),
        Column(_("Mã không còn trong bản mới"), 24),
    )


def _row(one: Effect, until: date | None) -> Cells:
    live = one.live
    return (
        live.number,
        live.vendor,
        live.product_en if lang() == "en" and live.product_en else live.product,
        status_word(live.status.value),
        day(live.valid_until),
        live.edition_id,
        level_word(one.had),
        level_word(one.kept),
        level_word(one.reachable),
        _codes(one.new),
        _codes(one.changed),
        day(until) if until and one.to_answer else "",
        ", ".join(one.unknown),
    )


def _sums(impact: Impact) -> list[Cells]:
    return [
        (_("Giấy được tính"), len(impact.effects)),
        (_("Giấy không phải trả lời gì"), impact.untouched),
        (_("Giấy xuống mức nếu không ai trả lời"), impact.losing),
        (_("Đơn vị phải trả lời"), impact.companies),
        (_("Câu trả lời phải viết"), impact.answers),
    ]


def _codes(criteria: Sequence[Criterion]) -> str:
    return ", ".join(one.code for one in criteria)


def _harmless(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(STARTS_FORMULA) else cell
