"""The cells of a workbook that a person filled in, read by a limited child process: plain values, never a formula."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from assessments.errors import N_, Invalid
from registry import confined
from registry.confined import MEGABYTE, Busy, Limits, Overrun

Cells = list[list[Any]]

SCRIPT = Path(__file__).parent / "cells.py"
MOST_UNPACKED = 30 * MEGABYTE
MOST_ROWS = 1_000
MOST_COLUMNS = 12
LIMITS = Limits(cpu_seconds=10, seconds=30, memory=768 * MEGABYTE, answer=8 * MEGABYTE)
REFUSALS = {
    "macros": N_("Tệp Excel này có macro nên không nhận. Lưu lại dạng .xlsx rồi tải lên."),
    "bomb": N_("Tệp Excel này bung ra quá lớn nên không nhận. Chỉ giữ các trang của mẫu rồi lưu lại."),
    "busy": N_("Máy chủ đang đọc nhiều tệp khác. Tải lên lại sau ít phút."),
    "broken": N_("Tệp Excel này bị hỏng hoặc quá lớn nên không đọc được. Mở tệp, lưu lại rồi tải lên."),
}

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def sheets(source: BinaryIO) -> list[Cells]:
    """What stands in each sheet; a formula as {"formula": "B3"}.

    Refuses (Invalid) workbooks with macros, broken and oversized ones.
    """
    try:
        arguments = [str(MOST_UNPACKED), str(MOST_ROWS), str(MOST_COLUMNS)]
        with confined.turn():
            answer = confined.run(SCRIPT, source, arguments, LIMITS)
    except Busy as error:
        raise Invalid(REFUSALS["busy"]) from error
    except Overrun as error:
        raise Invalid(REFUSALS["broken"]) from error
    if refused := answer.get("refused"):
        raise Invalid(REFUSALS[refused])
    found: list[Cells] = answer["sheets"]
    return found


def require_few(sheet: Cells) -> None:
    """Refuse (Invalid) a sheet with more rows than are read."""
    if len(sheet) > MOST_ROWS:
        raise Invalid(N_("Trang tính có quá nhiều dòng: nhiều nhất %(max)d."), max=MOST_ROWS)


def plain(row: Sequence[Any], formulas: list[str]) -> Iterator[Any]:
    """The values of a row; the places of its formulas are added to `formulas`, and they are nothing."""
    for cell in row:
        if isinstance(cell, dict):
            formulas.append(str(cell["formula"]))
            yield None
        else:
            yield _ESCAPED.sub(_sign, cell) if isinstance(cell, str) else cell


def _sign(found: re.Match[str]) -> str:
    """Workbooks write signs that XML cannot hold as _x000D_, and the underscore of such a text as _x005F_.

    Half of a character is none: it could be written on no page.
    """
    return chr(int(found[1], 16)).encode("utf-8", "ignore").decode()
