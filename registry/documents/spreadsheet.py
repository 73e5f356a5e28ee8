"""Spreadsheets (XLSX) to read, print and fill in: text is always text, never a formula, whatever it begins with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767  # characters, by the format itself
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    """One column: its width in characters, what stands above it, its machine name, and whether people write in it."""

    label: str
    width: int
    key: str = ""
    open: bool = False
    options: tuple[str, ...] = ()  # what may be chosen; more than this may be typed


@dataclass(frozen=True)
class Sheet:
    """One sheet: a word of caution on top, machine names in a hidden row where columns have them, labels, rows."""

    title: str
    notice: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[str | int]]


def workbook(sheets: Iterable[Sheet], title: str) -> bytes:
    """The sheets as one file; equal sheets give equal bytes."""
    from registry.documents import sheets_written  # noqa: PLC0415  large: a web process loads it when somebody asks

    return sheets_written.workbook(sheets, title)
