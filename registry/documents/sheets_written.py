"""How spreadsheets are written: cells, their looks, and bytes that are the same for the same content."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from registry.documents.spreadsheet import LONGEST_CELL, STARTS_FORMULA, Column, Sheet

LONGEST_TITLE = 31  # of a sheet
MOMENT = (1980, 1, 1, 0, 0, 0)  # of every part inside the file: the same content gives the same bytes
CHANGED = datetime(2000, 1, 1)  # noqa: DTZ001  the format knows no zone; fixed for the same reason

HEAD = PatternFill("solid", fgColor="17396B")
QUIET = PatternFill("solid", fgColor="F3ECDD")
OPEN = PatternFill("solid", fgColor="FFFDF5")
LINE = Side(style="thin", color="B9AE97")
EDGES = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
WRAPPED = Alignment(wrap_text=True, vertical="top")


def workbook(sheets: Iterable[Sheet], title: str) -> bytes:
    """The sheets as one file; equal sheets give equal bytes."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _write(book.create_sheet(sheet.title[:LONGEST_TITLE]), sheet)
    book.properties.title = title
    book.properties.creator = "VCSC"
    book.properties.created = CHANGED
    written = io.BytesIO()
    book.save(written)
    return _settled(written.getvalue())


def put(cell: Cell, value: str | int) -> None:
    """A number as a number, a text as a text: one that would begin a formula is stored and shown as it is."""
    if isinstance(value, int):
        cell.value = value
        return
    text = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL]
    cell.value = text or None
    if text:
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(STARTS_FORMULA)


def _write(page: Worksheet, sheet: Sheet) -> None:
    width = len(sheet.columns)
    top = 1
    if sheet.notice:
        page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
        _notice(page.cell(1, 1), sheet.notice)
        page.row_dimensions[1].height = 48
        top = 2
    if any(column.key for column in sheet.columns):
        _keys(page, top, sheet.columns)
        top += 1
    _labels(page, top, sheet.columns)
    last = top
    for last, row in enumerate(sheet.rows, start=top + 1):
        _row(page, last, sheet.columns, row)
    _choices(page, top + 1, last, sheet.columns)
    _set_up(page, top, sheet.columns)


def _notice(cell: Any, text: str) -> None:
    put(cell, text)
    cell.fill, cell.alignment, cell.font = QUIET, WRAPPED, Font(bold=True)


def _keys(page: Worksheet, number: int, columns: Sequence[Column]) -> None:
    for place, column in enumerate(columns, start=1):
        put(_cell(page, number, place), column.key)
    page.row_dimensions[number].hidden = True


def _labels(page: Worksheet, number: int, columns: Sequence[Column]) -> None:
    for place, column in enumerate(columns, start=1):
        cell = _cell(page, number, place)
        put(cell, column.label)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), HEAD
        cell.alignment, cell.border = WRAPPED, EDGES


def _row(page: Worksheet, number: int, columns: Sequence[Column], row: Sequence[str | int]) -> None:
    for place, (column, value) in enumerate(zip(columns, row, strict=True), start=1):
        cell = _cell(page, number, place)
        put(cell, value)
        cell.alignment, cell.border = WRAPPED, EDGES
        if column.open:
            cell.fill = OPEN
    page.row_dimensions[number].height = _height(columns, row)


def _height(columns: Sequence[Column], row: Sequence[str | int]) -> float:
    """Room for the longest cell: programs that open a file do not measure wrapped text by themselves."""
    lines = 1
    for column, value in zip(columns, row, strict=True):
        parts = str(value).split("\n")
        lines = max(lines, sum(1 + len(part) // max(1, column.width - 2) for part in parts))
    return min(400.0, 15.0 * lines + 4)


def _choices(page: Worksheet, first: int, last: int, columns: Sequence[Column]) -> None:
    for place, column in enumerate(columns, start=1):
        if not column.options or last < first:
            continue
        offered = DataValidation(type="list", formula1='"' + ",".join(column.options) + '"', allow_blank=True)
        offered.showErrorMessage = False
        offered.add(f"{get_column_letter(place)}{first}:{get_column_letter(place)}{last}")
        page.add_data_validation(offered)


def _set_up(page: Worksheet, labels: int, columns: Sequence[Column]) -> None:
    for place, column in enumerate(columns, start=1):
        page.column_dimensions[get_column_letter(place)].width = column.width
    page.freeze_panes = f"A{labels + 1}"
    page.print_title_rows = f"{labels}:{labels}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9  # A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _cell(page: Worksheet, row: int, column: int) -> Cell:
    cell = page.cell(row, column)
    assert isinstance(cell, Cell)  # noqa: S101  only the notice is merged, and it stands in another row
    return cell


def _settled(written: bytes) -> bytes:
    """The same file without the hour it was made at, so that caches can tell that nothing changed."""
    settled = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written)) as source, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _without_hour(content)
            target.writestr(zipfile.ZipInfo(name, MOMENT), content, zipfile.ZIP_DEFLATED)
    return settled.getvalue()


def _without_hour(core: bytes) -> bytes:
    """The properties with the fixed time where openpyxl writes the present one."""
    start = core.index(b"<dcterms:modified")
    opened = core.index(b">", start) + 1
    return core[:opened] + CHANGED.strftime("%Y-%m-%dT%H:%M:%SZ").encode() + core[core.index(b"<", opened) :]
