"""The laboratory of a report in the forms of evidence: uploaded, linked and edited."""

import pytest
from sqlmodel import select

from assessments.models import Evidence, LaboratoryReport
from tests.assessments.test_laboratories import listed
from tests.registry.evidence.desk import send
from tests.rows import row, rows

REPORT = {"kind": "LAB", "issued_on": "2026-03-01", "report_number": "12/2026"}
LINK = {"title": "Báo cáo", "address": "https://dennha.example/bao-cao", "promise": "y"}


def test_a_file_names_a_laboratory_of_the_register(app, world, browser):
    one = listed(world)
    browser.sign_in(world.an)
    assert one.name in browser.get("/evidence/new").text
    assert send(browser, **REPORT, laboratory=str(one.id)).status_code == 303
    told = row(app, select(LaboratoryReport))
    assert (told.laboratory_id, told.laboratory_name, told.number) == (one.id, "", "12/2026")


def test_a_link_names_another_one_and_the_edit_form_begins_with_it(app, world, browser):
    browser.sign_in(world.an)
    page = "/evidence/link"
    said = {**REPORT, **LINK, "laboratory": "other", "laboratory_name": "Xưởng Bến Nghé"}
    assert browser.press(page, page, **said).status_code == 303
    told = row(app, select(LaboratoryReport))
    assert (told.laboratory_id, told.laboratory_name) == (None, "Xưởng Bến Nghé")
    address = f"/evidence/{told.evidence_id}"
    assert "Xưởng Bến Nghé, số 12/2026" in browser.get(address).text
    form = browser.get(f"{address}/edit").text
    assert 'value="Xưởng Bến Nghé"' in form
    assert '<option selected value="other">' in form
    saved = {"title": "Báo cáo", "kind": "LAB", "laboratory": ""}
    assert browser.press(f"{address}/edit", f"{address}/edit", **saved).status_code == 303
    assert rows(app, select(LaboratoryReport)) == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"laboratory": "other"}, "Chọn phòng thử nghiệm trong danh mục hoặc ghi tên phòng khác."),
        ({"laboratory_name": "Xưởng"}, "Chọn phòng thử nghiệm trong danh mục hoặc ghi tên phòng khác."),
        ({"laboratory": "other", "laboratory_name": "Xưởng", "report_number": ""}, "Nhập số của báo cáo."),
        ({"laboratory": "other", "laboratory_name": "Xưởng", "issued_on": ""}, "Nhập ngày lập của báo cáo."),
        (
            {"laboratory": "other", "laboratory_name": "Xưởng", "kind": "DOC"},
            "Chỉ ghi phòng thử nghiệm khi loại bằng chứng là báo cáo thử nghiệm độc lập.",
        ),
    ],
)
def test_half_a_report_comes_back_with_what_was_typed(app, world, browser, fields, sentence):
    browser.sign_in(world.an)
    page = browser.press("/evidence/link", "/evidence/link", **{**REPORT, **LINK, **fields})
    assert page.status_code == 422
    assert sentence in page.text
    assert "https://dennha.example/bao-cao" in page.text
    assert rows(app, select(Evidence)) == []


def test_an_unknown_laboratory_is_refused(app, world, browser):
    browser.sign_in(world.an)
    unknown = "00000000-0000-4000-8000-000000000000"
    answer = browser.press("/evidence/link", "/evidence/link", **REPORT, **LINK, laboratory=unknown)
    assert answer.status_code == 422
    assert rows(app, select(Evidence)) == []
