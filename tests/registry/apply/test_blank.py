"""The blank application, on paper and as a spreadsheet that an import can read."""

import io
import re

import pytest
from openpyxl import load_workbook

from registry.documents.spreadsheet import MIMETYPE
from tests.self_checking import EDITION, read

LANGUAGES = [("", "vi"), ("/en", "en")]
ANSWERS = ("code", "title", "claim", "not_applicable", "not_applicable_reason")
PROFILE = ("field", "label", "value")


def opened(browser, path):
    page = browser.get(path)
    assert (page.status_code, page.mimetype) == (200, MIMETYPE)
    assert "Set-Cookie" not in page.headers
    assert re.fullmatch(r"public, max-age=\d+", page.headers["Cache-Control"])
    assert browser.get(path, headers={"If-None-Match": page.headers["ETag"]}).status_code == 304
    return load_workbook(io.BytesIO(page.data))


def keyed(sheet):
    """The row of machine names and the rows beneath its labels, by those names."""
    row = next(n for n in range(1, 5) if {"code", "field"} & {cell.value for cell in sheet[n]})
    keys = [cell.value for cell in sheet[row]]
    found = [dict(zip(keys, (cell.value for cell in line), strict=True)) for line in sheet.iter_rows(min_row=row + 2)]
    return row, keys, found


@pytest.mark.parametrize(("prefix", "lang"), LANGUAGES)
def test_the_spreadsheet_has_every_criterion_and_room_for_answers(browser, world, prefix, lang):
    book = opened(browser, f"{prefix}/apply/blank.xlsx")
    assert book.sheetnames[:2] == [["Trả lời", "Hồ sơ"], ["Answers", "Profile"]][lang == "en"]
    sheet = book.worksheets[0]
    row, keys, found = keyed(sheet)
    assert tuple(keys[:5]) == ANSWERS
    assert sheet.row_dimensions[row].hidden
    assert sheet.freeze_panes == f"A{row + 2}"
    assert [one["code"] for one in found] == [criterion.code for criterion in EDITION.criteria]
    assert all(one["claim"] is one["not_applicable"] is one["not_applicable_reason"] is None for one in found)
    assert [one["requirement"] for one in found] == [one.requirement.get(lang) for one in EDITION.criteria]


@pytest.mark.parametrize(("prefix", "lang"), LANGUAGES)
def test_the_profile_sheet_asks_for_the_fields_of_a_profile(browser, world, prefix, lang):
    _row, keys, found = keyed(opened(browser, f"{prefix}/apply/blank.xlsx").worksheets[1])
    assert tuple(keys[:3]) == PROFILE
    fields = [one["field"] for one in found]
    assert fields[:6] == ["name_vi", "name_en", "short_vi", "short_en", "description_vi", "description_en"]
    assert {"categories", "flags", "flags_answered", "platforms", "ages", "languages", "price_model"} <= set(fields)
    assert {"adverts", "made_in_vietnam", "version_date", "store_links", "support_contact", "removal_vi"} <= set(fields)
    how = {one["field"]: one["how"] for one in found}
    assert all(f"{one.code} = " in how["categories"] for one in EDITION.categories)
    assert all(f"{one.code} = " in how["flags"] for one in EDITION.flags)
    assert all(one["label"] and one["value"] is None for one in found)


@pytest.mark.parametrize(("prefix", "lang"), LANGUAGES)
def test_every_sheet_says_that_the_edition_is_a_stand_in(browser, world, prefix, lang):
    for path in ("/apply/blank.xlsx", "/criteria/vcsc-2026.xlsx"):
        for sheet in opened(browser, f"{prefix}{path}").worksheets:
            assert EDITION.notice.get(lang) in sheet["A1"].value, sheet.title


@pytest.mark.parametrize(("prefix", "lang"), LANGUAGES)
def test_on_paper_every_question_and_criterion_has_its_room(browser, world, prefix, lang):
    page = browser.get(f"{prefix}/apply/blank")
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    assert "Cookie" not in page.headers["Vary"]
    assert "csrf" not in page.text
    assert re.fullmatch(r"public, max-age=\d+", page.headers["Cache-Control"])
    text = read(page.text)
    names = [one.name for one in (*EDITION.platforms, *EDITION.age_bands, *EDITION.price_models)]
    texts = [*(one.requirement for one in EDITION.criteria), *(one.title for one in EDITION.criteria), *names]
    assert [one.get(lang) for one in texts if one.get(lang) not in text] == []
    assert page.text.count('class="room') >= len(EDITION.criteria)
    assert len(browser.get(f"{prefix}/apply/blank", headers={"Accept-Encoding": "gzip"}).data) < 20_000
