"""Script for registry.confined: what stands in the cells of a workbook, as JSON; nothing in it is run or worked out.

It is given the most bytes that the workbook may unpack to, the most rows and the most columns of a sheet. The answer
is {"sheets": [[[cell, ...], ...], ...]} or {"refused": reason}; a formula is answered as {"formula": "B3"}.
"""

import json
import sys
import zipfile
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook

MOST_PARTS = 2_000  # files in the archive
MOST_SHEETS = 8
MACROS = ("vbaProject.bin", "vbaData.xml")


def main() -> None:
    """Read the workbook on the standard input."""
    unpacked, rows, columns = (int(argument) for argument in sys.argv[1:4])
    answer = _refused(unpacked) or {"sheets": _sheets(rows, columns)}
    print(json.dumps(answer))  # noqa: T201  that is how the parent hears of it


def _refused(unpacked: int) -> dict[str, Any]:
    """Why the archive is not even opened: by its list of contents alone."""
    try:
        with zipfile.ZipFile(sys.stdin.buffer) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        return {"refused": "broken"}
    names = [part.filename for part in parts]
    if any(name.endswith(MACROS) for name in names):
        return {"refused": "macros"}
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > unpacked:
        return {"refused": "bomb"}
    return {} if "xl/workbook.xml" in names else {"refused": "broken"}


def _sheets(rows: int, columns: int) -> list[list[list[Any]]]:
    sys.stdin.buffer.seek(0)
    book = load_workbook(sys.stdin.buffer, read_only=True, keep_links=False)
    return [_rows(sheet, rows, columns) for sheet in book.worksheets[:MOST_SHEETS]]


def _rows(sheet: Any, rows: int, columns: int) -> list[list[Any]]:
    """The rows that say something, with at most so many looked at; one more tells the parent that there are others."""
    return [[_value(cell) for cell in row] for row in sheet.iter_rows(min_row=1, max_row=rows + 1, max_col=columns)]


def _value(cell: Any) -> Any:
    value = cell.value
    if cell.data_type == "f":
        return {"formula": cell.coordinate}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


if __name__ == "__main__":
    main()
