"""The case file on paper: values of any length fit, and nothing of them is lost."""

import io

import pypdf
import pytest

from assessments.clock import now
from registry.audit import readable
from registry.audit.readable import Document, Part


@pytest.mark.parametrize(
    "value",
    ["x" * 30_000, "một dòng\n" * 900, "một từ " * 6_000, "", "ngắn", "\n" * 200],
    ids=["one word", "lines", "words", "empty", "short", "blank lines"],
)
def test_a_value_of_any_length(app, value):
    pieces = list(readable.cells("Lý do", value))
    assert "".join(text for _, text in pieces).replace("\n", "") == value.replace("\n", "")
    assert [label for label, _ in pieces] == ["Lý do", *[""] * (len(pieces) - 1)]
    document = Document("vi", "HS-2026-0001", now(), [], [Part("reviews", "Đánh giá", [[("Lý do", value)]])])
    with app.app_context():
        paper = readable.paper(document)
    assert len(pypdf.PdfReader(io.BytesIO(paper)).pages) >= 1
