"""The blank application, filled in by hand in a spreadsheet, becomes a draft that says all of it."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from assessments.models import Answer, AnswerText, Application, ProfileText
from tests.registry.applications.test_imports import carried, preview
from tests.rows import row, rows
from tests.self_checking import EDITION
from tests.world import PROFILE

NEW = "/applications/import"
FLAGS = ["has_accounts", "has_install"]
WRITTEN = {  # as people fill a cell in: texts, lines, codes, a number and a day as the program makes them
    **{name: PROFILE[name] for name in ("name_vi", "name_en", "short_vi", "short_en", "support_contact", "website")},
    "description_vi": "Dòng một.\nDòng hai.",
    "description_en": "Line one.\nLine two.",
    "categories": "PC\nKP",
    "flags": "\n".join(FLAGS),
    "version": 5.2,
    "version_date": date(2026, 5, 12),
    "platforms": "android\nios",
    "ages": "7-11\n12-15",
    "languages": "vi\nen",
    "store_links": "https://store.example/den-nha\nhttps://other.example/den-nha",
    "price_model": "free",
    "price_note_vi": "=1+1 là miễn phí",
    "adverts": "none",
    "made_in_vietnam": "yes",
    "made_in_ground": "Phát triển tại Hà Nội.",
    "removal_vi": "Gỡ trong phần cài đặt.",
    "removal_en": "Remove it in settings.",
}


def filled(content, yes):
    """The workbook with every kind of cell filled in."""
    book = load_workbook(io.BytesIO(content))
    answers, profile = book.worksheets[:2]
    for line in profile.iter_rows(min_row=1):
        name = line[0].value
        if name in WRITTEN or name == "flags_answered":
            line[2].value = yes if name == "flags_answered" else WRITTEN[name]
            line[2].data_type = "s" if isinstance(WRITTEN.get(name, ""), str) else line[2].data_type
    for line in answers.iter_rows(min_row=1):
        if line[0].value == "HN-01":
            line[2].value = "Chặn 96,8% trang xấu.\nĐo ngày 01/10/2026."
        if line[0].value == "RT-01":
            line[3].value, line[4].value = "x", "Không lấy dữ liệu."
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize(("prefix", "yes"), [("", "có"), ("/en", "yes")])
def test_a_blank_application_filled_in_becomes_a_draft(app, world, browser, prefix, yes):
    blank = browser.get(f"{prefix}/apply/blank.xlsx").data
    browser.sign_in(world.anh)
    page = preview(browser, NEW, filled(blank, yes))
    assert page.status_code == 200
    assert "Chặn 96,8% trang xấu." in page.text
    assert "không áp dụng" in page.text
    assert rows(app, select(Application)) == []
    form = {**carried(page), "name_vi": PROFILE["name_vi"], "name_en": PROFILE["name_en"]}
    done = browser.post(f"{NEW}/confirm", data={"csrf_token": browser.token("/account"), **form})
    assert done.status_code == 302, done.text
    application = row(app, select(Application))
    kept = {name: value for name, value in application.profile.items() if name in WRITTEN}
    assert kept == {
        **WRITTEN,
        "version": "5.2",
        "version_date": "2026-05-12",
        "categories": ["PC", "KP"],
        "flags": [one.code for one in EDITION.flags if one.code in FLAGS],
        "platforms": ["android", "ios"],
        "ages": ["7-11", "12-15"],
        "languages": ["vi", "en"],
        "store_links": ["https://store.example/den-nha", "https://other.example/den-nha"],
    }
    assert application.profile["flags_answered"] is True
    given = row(app, select(Answer))  # nothing of this edition may be left out, and the preview said so
    assert (given.criterion, given.version, given.saved_by) == ("HN-01", 1, world.anh.id)
    assert given.claim == "Chặn 96,8% trang xấu.\nĐo ngày 01/10/2026."
    assert row(app, select(AnswerText)).claim == given.claim
    assert {one.saved_by for one in rows(app, select(ProfileText))} == {world.anh.id}
