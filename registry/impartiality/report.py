"""The yearly report as tables: one source for the page, the CSV and the XLSX."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from assessments.models import Meeting, Risk
from assessments.people import InterestKind
from assessments.queries.figures import ENDED, FEW, Figures, Group
from assessments.queries.seats import Balance
from assessments.states import ConflictEffect, State
from registry.accounts.words import GROUPS, INTERESTS
from registry.documents import spreadsheet
from registry.i18n import translate
from registry.impartiality.words import EFFECTS
from registry.renewals import KINDS
from registry.surveyed import MEASURES
from registry.templating import sentence
from registry.timeline import state_word

Cell = str | int
Row = tuple[Cell, ...]
_RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take such a text for a formula


@dataclass(frozen=True)
class Table:
    """One table of the report: a title, the heads of its columns, rows of words and figures, and a note."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True)
class Report:
    """Everything a year's report is made of."""

    year: int
    figures: Figures
    balance: Balance
    risks: tuple[Risk, ...]
    meetings: tuple[Meeting, ...]


def tables(report: Report) -> list[Table]:
    """The report, table by table; no person is named, and few people are not counted out."""
    return [
        _committee(report.balance),
        _handed_in(report.figures),
        _outcomes(report.figures),
        _later(report.figures),
        _surveillances(report.figures),
        _appeals(report.figures),
        _stopped(report.figures),
        _kinds(report.figures),
        _registers(report.figures),
        _risks(report),
        _meetings(report),
    ]


def as_csv(report: Report) -> str:
    """One file: table, row, and the figures after it; for Excel and for scripts alike."""
    written = io.StringIO()
    written.write("\ufeff")
    sheet = csv.writer(written, lineterminator="\r\n")
    for table in tables(report):
        sheet.writerow(_safe([table.title, *table.columns]))
        sheet.writerows(_safe([table.title, *row]) for row in table.rows)
    return written.getvalue()


def as_xlsx(report: Report) -> bytes:
    """A sheet for each table."""
    sheets = [
        spreadsheet.Sheet(
            title=f"{place}. {table.title}",
            notice=table.note,
            columns=[spreadsheet.Column(one, 44 if first == 0 else 24) for first, one in enumerate(table.columns)],
            rows=table.rows,
        )
        for place, table in enumerate(tables(report), start=1)
    ]
    return spreadsheet.workbook(sheets, _("Báo cáo bảo đảm khách quan năm %(year)s", year=str(report.year)))


def few(count: int) -> Cell:
    """A count of what people did: not printed where so few did it that they could be told."""
    return _("dưới %(few)s", few=str(FEW)) if 0 < count < FEW else count


def _committee(balance: Balance) -> Table:
    said = {True: _("Có"), False: _("Không"), None: _("Chưa thể nói")}
    rows: list[Row] = [(sentence(str(GROUPS[group])), count) for group, count in balance.groups]
    if balance.unknown:
        rows.append((_("Chưa ghi đại diện cho ai"), balance.unknown))
    rows.append((_("Không bên nào giữ quá nửa số ghế"), said[balance.holds]))
    return Table(
        _("Ban bảo đảm khách quan"),
        (_("Bên"), _("Số ghế")),
        tuple(rows),
        _("Số ghế vào ngày lập báo cáo."),
    )


def _handed_in(figures: Figures) -> Table:
    rows = [(state_word(state), figures.states[state]) for state in State if figures.states[state]]
    return Table(
        _("Hồ sơ lần đầu nộp trong năm"),
        (_("Tình trạng hôm nay"), _("Số hồ sơ")),
        (*rows, (_("Tổng số"), figures.handed_in)),
    )


def _outcomes(figures: Figures) -> Table:
    groups = (figures.members, figures.others)
    rows: list[Row] = [(state_word(state), *(group[state] for group in groups)) for state in ENDED]
    rows.append((_("Số ngày từ khi nộp đến khi có kết quả (trung vị)"), *(_days(group) for group in groups)))
    rows.append((_("Quyết định khác với kết quả tính"), figures.departures, ""))
    return Table(
        _("Kết quả hồ sơ lần đầu trong năm"),
        (_("Kết quả"), _("Nhà cung cấp là hội viên"), _("Nhà cung cấp khác")),
        tuple(rows),
        _("Dòng “khác với kết quả tính” gồm cả hai nhóm. Kết quả chờ ngày công bố chưa được tính."),
    )


def _later(figures: Figures) -> Table:
    """What follows a certificate is not counted with first applications: it would make the club look generous."""
    rows: list[Row] = [
        (sentence(translate(KINDS[kind])), *(group[state] for state in ENDED)) for kind, group in figures.later.items()
    ]
    return Table(
        _("Hồ sơ của sản phẩm đã có giấy, có kết quả trong năm"),
        (_("Loại hồ sơ"), *(state_word(state) for state in ENDED)),
        tuple(rows),
    )


def _surveillances(figures: Figures) -> Table:
    return Table(
        _("Giám sát kết thúc trong năm"),
        (_("Kết quả"), _("Số lần")),
        tuple((translate(word), figures.surveillances[measure]) for measure, word in MEASURES.items()),
        _("Giám sát không cấp giấy mới nên không tính vào kết quả ở trên."),
    )


def _appeals(figures: Figures) -> Table:
    appeals = figures.appeals
    return Table(
        _("Yêu cầu xem xét lại"),
        (_("Việc"), _("Số yêu cầu")),
        (
            (_("Gửi trong năm"), appeals.lodged),
            (_("Xem xét xong trong năm: giữ nguyên quyết định"), appeals.confirmed),
            (_("Xem xét xong trong năm: hủy quyết định"), appeals.set_aside),
        ),
    )


def _stopped(figures: Figures) -> Table:
    stopped = figures.stopped
    rows: list[Row] = [(str(EFFECTS[effect]), few(stopped.by_effect[effect])) for effect in ConflictEffect]
    return Table(
        _("Lợi ích liên quan đã chặn được gì"),
        (_("Việc"), _("Số lần")),
        (
            *_told(rows, stopped.by_effect.values()),
            (_("Tổng số"), few(stopped.conflicts)),
            (_("Phần đánh giá không được tính, vì mọi lý do"), few(stopped.voided)),
        ),
        _("Số lần nhỏ hơn %(few)s không ghi rõ, để không ai đoán ra người đánh giá.", few=str(FEW)),
    )


def _kinds(figures: Figures) -> Table:
    by_kind = figures.stopped.by_kind
    rows: list[Row] = [(str(INTERESTS[kind]), few(by_kind[kind])) for kind in InterestKind]
    rows.append((_("Là người của nhà cung cấp"), few(by_kind[None])))
    return Table(
        _("Loại lợi ích"),
        (_("Loại"), _("Số lần")),
        _told(rows, by_kind.values()),
        _("Chỉ ghi từng loại khi mọi loại có từ %(few)s lần trở lên.", few=str(FEW)),
    )


def _told(rows: Iterable[Row], counts: Iterable[int]) -> tuple[Row, ...]:
    """The rows where nobody can be told from them: a hidden cell could be reckoned from the others and the total."""
    return () if any(0 < count < FEW for count in counts) else tuple(rows)


def _registers(figures: Figures) -> Table:
    registers = figures.registers
    return Table(
        _("Bản kê lợi ích"),
        (_("Việc"), _("Số mục")),
        (
            (_("Mục ghi trong năm"), few(registers.written)),
            (_("Trong đó do Câu lạc bộ ghi"), few(registers.reported)),
            (_("Mục chờ xác nhận hôm nay"), few(registers.waiting)),
        ),
    )


def _risks(report: Report) -> Table:
    rows = [
        (
            risk.title,
            risk.measure,
            risk.owner,
            f"{risk.due_on:%d/%m/%Y}",
            _("Đã đóng: %(why)s", why=risk.closing) if risk.closed_on else _("Đang theo"),
        )
        for risk in report.risks
    ]
    return Table(
        _("Rủi ro đối với tính khách quan"),
        (_("Rủi ro"), _("Việc làm"), _("Người phụ trách"), _("Hạn"), _("Tình trạng")),
        tuple(rows),
    )


def _meetings(report: Report) -> Table:
    rows: list[Row] = [(f"{one.held_on:%d/%m/%Y}", one.present) for one in report.meetings]
    return Table(_("Cuộc họp của ban"), (_("Ngày"), _("Người dự")), tuple(rows))


def _days(group: Group) -> Cell:
    return "" if group.median_days is None else round(group.median_days)


def _safe(cells: Iterable[Cell]) -> list[Cell]:
    return [f"'{cell}" if isinstance(cell, str) and cell.startswith(_RISKY) else cell for cell in cells]
