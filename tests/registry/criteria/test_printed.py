"""A whole edition at once: to print, and as a spreadsheet."""

import io
import re

import pytest
from openpyxl import load_workbook

from registry.documents.spreadsheet import MIMETYPE
from tests.self_checking import EDITION, read

LANGUAGES = [("", "vi"), ("/en", "en")]
WHOLE = "/criteria/vcsc-2026"


@pytest.mark.parametrize(("prefix", "lang"), LANGUAGES)
def test_the_print_holds_everything_and_may_be_cached(browser, world, prefix, lang):
    page = browser.get(f"{prefix}{WHOLE}/print")
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    assert re.fullmatch(r"public, max-age=\d+", page.headers["Cache-Control"])
    text = read(page.text)
    texts = [
        *(criterion.requirement for criterion in EDITION.criteria),
        *(group.explanation for group in EDITION.groups),
        *(step.anchor for step in EDITION.scale),
        *(level.label for level in EDITION.levels),
        EDITION.notice,
    ]
    assert [one.get(lang) for one in texts if one.get(lang) not in text] == []
    assert ("Bộ tiêu chí dựng tạm." if lang == "vi" else "Stand-in criteria.") in re.sub(r"<[^>]+>", "", page.text)


@pytest.mark.parametrize(("prefix", "lang"), LANGUAGES)
def test_the_spreadsheet_holds_everything(browser, world, prefix, lang):
    page = browser.get(f"{prefix}{WHOLE}.xlsx")
    assert (page.status_code, page.mimetype) == (200, MIMETYPE)
    assert page.headers["Content-Disposition"] == "attachment; filename=criteria-vcsc-2026.xlsx"
    book = load_workbook(io.BytesIO(page.data))
    assert len(book.worksheets) == 4
    sheet = book.worksheets[0]
    lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=3)]
    assert [line[0] for line in lines] == [one.code for one in EDITION.criteria]
    assert [line[2] for line in lines] == [one.title.get(lang) for one in EDITION.criteria]
    assert [line[3] for line in lines] == [one.requirement.get(lang) for one in EDITION.criteria]
    assert [line[5] for line in lines] == [one.weight for one in EDITION.criteria]
    assert sheet.freeze_panes == "A3"
    assert sheet.column_dimensions["D"].width == 64
    assert all(cell.alignment.wrap_text for line in sheet.iter_rows(min_row=2) for cell in line)
    assert {cell.data_type for page in book.worksheets for line in page.iter_rows() for cell in line} <= {"s", "n"}


def test_the_same_edition_gives_the_same_bytes(browser, world):
    first, again = (browser.get(f"{WHOLE}.xlsx") for _ in range(2))
    assert first.data == again.data
    assert browser.get(f"/en{WHOLE}.xlsx").headers["ETag"] != first.headers["ETag"]
    same = browser.get(f"{WHOLE}.xlsx", headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")


@pytest.mark.parametrize("path", ["/criteria/vcsc-1999.xlsx", "/criteria/vcsc-1999/print", "/criteria/...xlsx"])
def test_what_no_edition_has_is_not_there(browser, world, path):
    assert browser.get(path).status_code == 404
