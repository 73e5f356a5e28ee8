"""An application as a workbook: whatever is written in it is text, and comes back as it was."""

import io
import tempfile

import pytest
from hypothesis import HealthCheck, example, given, settings
from openpyxl import load_workbook

from assessments import interchange
from registry.applications import sheets, workbooks
from tests.assessments.test_interchange import DOCUMENTS, EDITION, written
from tests.world import PROFILE

TRICKY = ["=1+1", "+84 912", "-1", "@SUM(A1)", "_x0041_", "_x005F_x0041_", "#N/A", "a\nb", "'x", "1e5", "001", "true"]


@pytest.fixture
def request_context(app):
    with app.test_request_context("/"):
        yield app


def back(content: bytes):
    with tempfile.TemporaryFile() as source:
        source.write(content)
        source.flush()
        raw, formulas = sheets.read(source)
    assert formulas == []
    return interchange.read(raw, EDITION)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DOCUMENTS)
@example({"answers": {code.code: {"claim": text} for code, text in zip(EDITION.criteria, TRICKY, strict=False)}})
@example({"profile": PROFILE})
def test_a_document_is_the_same_after_a_trip_as_a_workbook(request_context, parts):
    read = interchange.read(written(**parts))
    assert back(workbooks.write(read, EDITION)) == read


def test_no_cell_is_a_formula_and_every_cell_stays_text(request_context):
    answers = {code.code: {"claim": text} for code, text in zip(EDITION.criteria, TRICKY, strict=False)}
    book = load_workbook(io.BytesIO(workbooks.write(interchange.read(written(answers=answers)), EDITION)))
    for sheet in book:
        for row in sheet.iter_rows():
            assert {cell.data_type for cell in row if cell.value is not None} <= {"s"}
            assert all(cell.quotePrefix for cell in row if cell.value is not None)


def test_the_layout_is_the_one_that_blank_forms_have(request_context):
    book = load_workbook(io.BytesIO(workbooks.write(interchange.read(written()), EDITION)))
    heads = {sheet.title: tuple(cell.value for cell in sheet[1]) for sheet in book}
    assert heads == {
        "Answers": ("code", "title", "claim", "not_applicable", "not_applicable_reason"),
        "Profile": ("field", "label", "value"),
        "Links": ("criterion", "url", "title", "kind", "language"),
        "Guide": ("guide",),
    }
    codes = [row[0] for row in book["Answers"].iter_rows(min_row=3, values_only=True)]
    assert codes == [one.code for one in EDITION.criteria]
