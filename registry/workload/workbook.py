"""The figures as a file to reckon with: XLSX, and CSV that spreadsheets open with every Vietnamese letter right."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask_babel import gettext as _

from assessments.queries.workload import STEPS, WHOLE, Load, Quarter, Waiting
from registry.documents.spreadsheet import STARTS_FORMULA, Column, Sheet, workbook
from registry.timeline import state_word
from registry.workload.words import step_word

Rows = Sequence[Sequence[str | int]]


def xlsx(loads: Iterable[Load], queue: Iterable[Waiting], quarters: Iterable[Quarter]) -> bytes:
    """Everything of the page, a sheet each."""
    return workbook(sheets(loads, queue, quarters), _("Khối lượng và thời gian"))


def text(sheets_: Iterable[Sheet]) -> bytes:
    """The same sheets one under the other; what would begin a formula is made text."""
    written = io.StringIO()
    writer = csv.writer(written)
    for sheet in sheets_:
        writer.writerow([sheet.title])
        writer.writerow([column.label for column in sheet.columns])
        writer.writerows([[_harmless(cell) for cell in row] for row in sheet.rows])
        writer.writerow([])
    return ("\ufeff" + written.getvalue()).encode()


def sheets(loads: Iterable[Load], queue: Iterable[Waiting], quarters: Iterable[Quarter]) -> list[Sheet]:
    """The tables of the page."""
    return [
        Sheet(
            _("Người đánh giá"),
            "",
            [Column(_("Họ và tên"), 30), *(Column(label, 14) for label in load_labels())],
            [[one.name, one.open, one.late, one.finished, one.voided, days(one.days)] for one in loads],
        ),
        Sheet(
            _("Đang chờ"),
            "",
            [Column(_("Trạng thái"), 34), Column(_("Số hồ sơ"), 12), Column(_("Chờ lâu nhất từ"), 22)],
            [[state_word(one.state), one.count, one.oldest.isoformat(timespec="minutes")] for one in queue],
        ),
        Sheet(
            _("Số ngày từng bước"),
            "",
            [Column(_("Quý"), 12), *(Column(step_word(one.name), 18) for one in (*STEPS, WHOLE))],
            [[one.label, *(days(one.days[step.name]) for step in (*STEPS, WHOLE))] for one in quarters],
        ),
    ]


def load_labels() -> list[str]:
    """The columns beside a reviewer's name."""
    return [_("Đang chấm"), _("Trễ hạn"), _("Đã chốt trong 12 tháng"), _("Không được tính"), _("Số ngày, trung vị")]


def days(value: float | None) -> str:
    """Days with one digit; nothing where there is nothing to count."""
    return "" if value is None else f"{value:.1f}"


def _harmless(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(STARTS_FORMULA) else cell
