"""An application read back from a workbook that people filled in; registry.applications.workbooks writes one.

Sheets are known by the keys in one of their first rows, whatever they are called and whatever stands above: code,
title, claim, not_applicable, not_applicable_reason (answers); field, label, value (profile); criterion, url, title,
kind, language (links). The row below says the same in words for people. A field with several entries has several
rows, or several lines in one cell; an entry of data, permissions or results is JSON.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from assessments.errors import N_, Invalid
from assessments.interchange import FORMAT, VERSION
from assessments.profile import DENIED
from registry import confined
from registry.confined import MEGABYTE, Busy, Limits, Overrun

ANSWERS = ("code", "title", "claim", "not_applicable", "not_applicable_reason")
PROFILE = ("field", "label", "value")
LINKS = ("criterion", "url", "title", "kind", "language")
EDITION = "edition"  # in the place of a field: which edition the workbook was written for
LISTS = ("store_links", "categories", "platforms", "ages", "languages", "flags", DENIED)
TABLES = ("data", "permissions", "blocking")

SCRIPT = Path(__file__).parent / "cells.py"
MOST_ABOVE = 5  # rows that may stand above the keys: a notice, such as that of the blank application
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
_KEYS = {"code": re.compile(r"[A-Z]+-\d+"), "field": re.compile(r"[a-z_]+"), "url": re.compile(r"\S+://.*")}

Cells = list[list[Any]]
Rows = list[dict[str, Any]]


def read(source: BinaryIO) -> tuple[dict[str, Any], list[str]]:
    """What a workbook says, as interchange.read() takes it, and the cells left out because they hold formulas.

    Refuses (Invalid) workbooks with macros, broken and oversized ones, and those without any sheet of ours.
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
    formulas: list[str] = []
    return _document(answer["sheets"], formulas), formulas


def _document(sheets: Iterable[Cells], formulas: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {"format": FORMAT, "version": VERSION, "profile": {}, "answers": {}, "links": []}
    known = [_take(found, sheet, formulas) for sheet in sheets if sheet]
    if not any(known):
        raise Invalid(N_("Tệp Excel này không có trang nào theo mẫu hồ sơ. Tải mẫu về, điền rồi tải lên."))
    return found


def _take(found: dict[str, Any], sheet: Cells, formulas: list[str]) -> bool:
    """Add what one sheet says; False for a sheet that is none of ours."""
    for place in range(min(len(sheet), MOST_ABOVE + 1)):
        heads = ["" if isinstance(head, dict) else str(head or "").strip() for head in sheet[place]]
        if _take_below(found, heads, sheet[place:], formulas):
            return True
    return False


def _take_below(found: dict[str, Any], heads: Sequence[str], sheet: Cells, formulas: list[str]) -> bool:
    """Add what stands below the row of keys; False when that row is none."""
    if {"code", "claim"} <= set(heads):
        found["answers"] |= {str(row["code"]).strip(): _answer(row) for row in _rows(sheet, heads, "code", formulas)}
    elif {"field", "value"} <= set(heads):
        _take_fields(found, _rows(sheet, heads, "field", formulas))
    elif {"criterion", "url"} <= set(heads):
        found["links"] += _rows(sheet, heads, "url", formulas)
    else:
        return False
    return True


def _rows(sheet: Cells, heads: Sequence[str], key: str, formulas: list[str]) -> Rows:
    """The rows that have their key, without the one that is for people only."""
    if len(sheet) > MOST_ROWS:
        raise Invalid(N_("Trang tính có quá nhiều dòng: nhiều nhất %(max)d."), max=MOST_ROWS)
    rows = [dict(zip(heads, _plain(row, formulas), strict=False)) for row in sheet[1:]]
    if rows and not _KEYS[key].fullmatch(str(rows[0].get(key) or "").strip()):
        rows = rows[1:]
    return [row for row in rows if row.get(key) not in (None, "")]


def _plain(row: Sequence[Any], formulas: list[str]) -> Iterator[Any]:
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


def _answer(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ANSWERS[2:] if row.get(name) is not None}


def _take_fields(found: dict[str, Any], rows: Rows) -> None:
    fields: dict[str, list[Any]] = {}
    for row in rows:
        if row["value"] not in (None, ""):
            fields.setdefault(str(row["field"]).strip(), []).append(row["value"])
    if named := fields.pop(EDITION, None):
        found["edition"] = named[0]
    for name, values in fields.items():
        found["profile"][name] = _several(values) if name in LISTS + TABLES else values[0]


def _several(values: Iterable[Any]) -> list[Any]:
    return [line for value in values for line in (value.splitlines() if isinstance(value, str) else [value]) if line]
