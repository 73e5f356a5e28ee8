"""Spreadsheets: text stays text, equal content gives equal bytes."""

import io

import pytest
from openpyxl import load_workbook

from registry.documents.spreadsheet import LONGEST_CELL, Column, Sheet, workbook

FORMULAS = [
    "=1+1",
    '=HYPERLINK("https://evil.example")',
    "+1",
    "-1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "\t=1",
    "=1\n+2",
]


def cells(text, **column):
    """The one cell of a sheet with this text in it, as it is read back."""
    sheet = Sheet("Tờ", "Lưu ý", (Column("Nhãn", 20, **column),), [(text,)])
    return load_workbook(io.BytesIO(workbook([sheet], "Sổ"))).worksheets[0]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula(text):
    cell = cells(text)["A3"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix


@pytest.mark.parametrize("text", FORMULAS)
def test_nor_does_a_title_a_label_or_a_notice(text):
    sheet = Sheet("Tờ", text, (Column(text, 20, key=text),), [])
    page = load_workbook(io.BytesIO(workbook([sheet], text))).worksheets[0]
    assert [(page[f"A{n}"].value, page[f"A{n}"].data_type) for n in (1, 2, 3)] == [(text, "s")] * 3


def test_signs_that_the_format_cannot_hold_are_left_out():
    assert cells("a\x00b\x0bc\x1f d")["A3"].value == "abc d"
    assert cells("Tiếng Việt, “dấu”\nhai dòng")["A3"].value == "Tiếng Việt, “dấu”\nhai dòng"
    assert len(cells("a" * 40_000)["A3"].value) == LONGEST_CELL


def test_numbers_stay_numbers_and_nothing_stays_nothing():
    assert (cells(12)["A3"].value, cells(12)["A3"].data_type) == (12, "n")
    assert cells("")["A3"].value is None


def test_machine_names_are_hidden_and_the_head_stands_still():
    page = cells("x", key="claim", options=("x",))
    assert (page["A2"].value, page.row_dimensions[2].hidden, page["A3"].value) == ("claim", True, "Nhãn")
    assert page.freeze_panes == "A4"
    (offered,) = page.data_validations.dataValidation
    assert (str(offered.sqref), offered.formula1) == ("A4", '"x"')


def test_equal_content_gives_equal_bytes_whenever_it_is_made(monkeypatch):
    sheet = Sheet("Tờ", "", (Column("Nhãn", 20),), [("a",)])
    first = workbook([sheet], "Sổ")
    monkeypatch.setattr("time.localtime", lambda *_: (2031, 1, 2, 3, 4, 5, 0, 2, 0))
    assert workbook([sheet], "Sổ") == first
    assert b"2031" not in first
