"""An application read back from a workbook that people filled in; registry.applications.workbooks writes one.

Sheets are known by the keys in one of their first rows, whatever they are called and whatever stands above: code,
title, claim, not_applicable, not_applicable_reason (answers); field, label, value (profile); criterion, url, title,
kind, language (links). The row below says the same in words for people. A field with several entries has several
rows, or several lines in one cell; an entry of data, permissions or results is JSON.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO

from assessments.errors import N_, Invalid
from assessments.interchange import FORMAT, VERSION
from assessments.profile import DENIED
from registry.documents import filled_in
from registry.documents.filled_in import Cells

ANSWERS = ("code", "title", "claim", "not_applicable", "not_applicable_reason")
PROFILE = ("field", "label", "value")
LINKS = ("criterion", "url", "title", "kind", "language")
EDITION = "edition"  # in the place of a field: which edition the workbook was written for
LISTS = ("store_links", "categories", "platforms", "ages", "languages", "flags", DENIED)
TABLES = ("data", "permissions", "blocking")

MOST_ABOVE = 5  # rows that may stand above the keys: a notice, such as that of the blank application

_KEYS = {"code": re.compile(r"[A-Z]+-\d+"), "field": re.compile(r"[a-z_]+"), "url": re.compile(r"\S+://.*")}

Rows = list[dict[str, Any]]


def read(source: BinaryIO) -> tuple[dict[str, Any], list[str]]:
    """What a workbook says, as interchange.read() takes it, and the cells left out because they hold formulas.

    Refuses (Invalid) workbooks with macros, broken and oversized ones, and those without any sheet of ours.
    """
    found = filled_in.sheets(source)
    formulas: list[str] = []
    return _document(found, formulas), formulas


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
    filled_in.require_few(sheet)
    rows = [dict(zip(heads, filled_in.plain(row, formulas), strict=False)) for row in sheet[1:]]
    if rows and not _KEYS[key].fullmatch(str(rows[0].get(key) or "").strip()):
        rows = rows[1:]
    return [row for row in rows if row.get(key) not in (None, "")]


def _answer(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ANSWERS[2:] if row.get(name) is not None}


def _take_fields(found: dict[str, Any], rows: Rows) -> None:
    fields: dict[str, list[Any]] = {}
    for row in rows:
        if row.get("value") not in (None, ""):  # a row may be shorter than its heads
            fields.setdefault(str(row["field"]).strip(), []).append(row["value"])
    if named := fields.pop(EDITION, None):
        found["edition"] = named[0]
    for name, values in fields.items():
        found["profile"][name] = _several(values) if name in LISTS + TABLES else values[0]


def _several(values: Iterable[Any]) -> list[Any]:
    return [line for value in values for line in (value.splitlines() if isinstance(value, str) else [value]) if line]
