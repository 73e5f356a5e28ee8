"""The receipt: made once by the worker, kept by its hash, sent once, and right in every Vietnamese letter."""

import hashlib
import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from assessments import applications, clock, manifest
from assessments.models import Submission
from registry import storage
from registry.documents import making, receipt
from tests.drafting import file_piece, ready

LONG = "báo-cáo-thử-nghiệm-lọc-nội-dung-trên-thiết-bị-của-trẻ-từ-sáu-đến-mười-một-tuổi-bản-đầy-đủ-có-phụ-lục.pdf"


@pytest.fixture
def context(app):
    with app.app_context():
        yield app


@pytest.fixture
def handed_in(world):
    """A submission with one file."""
    submission = applications.submit(world.session, world.an, ready(world, file_piece(world.session, world)))
    world.session.commit()
    return submission


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def bytes_of(sha256: str) -> bytes:
    with storage.current().open(sha256) as source:
        return source.read()


def with_files(submission: Submission, count: int) -> Submission:
    """The same submission with many files under its first criterion."""
    content = {**submission.content}
    code = next(iter(content["answers"]))
    pieces = [
        {
            "id": str(n),
            "kind": "DOC",
            "title": f"Tệp {n}",
            "file": {
                "id": str(n),
                "sha256": hashlib.sha256(str(n).encode()).hexdigest(),
                "size": 1000 + n,
                "media_type": "application/pdf",
                "name": f"{n:03d}-{LONG}",
            },
        }
        for n in range(count)
    ]
    content["answers"] = {**content["answers"], code: {**content["answers"][code], "evidence": pieces}}
    return Submission(**{**submission.model_dump(), "content": content})


def test_it_says_what_was_handed_in(context, session, world, handed_in, settings):
    facts = making.facts_of(session, handed_in)
    said = text_of(receipt.render(facts, settings))
    for words in (
        "Biên nhận nộp hồ sơ HS-2026-0001",
        "Đèn Nhà",
        "Công ty CP Hạt Nắng",
        world.an.name,
        "bao-cao.pdf",
        "ab" * 32,
        settings.issuer_vi,
        settings.issuer_en,
    ):
        assert words in said.replace("\n", " "), words
    joined = said.replace("\n", "")
    assert handed_in.digest in joined
    assert manifest.file_set_digest(handed_in.content) in joined
    assert handed_in.content["edition"]["digest"] in joined


def test_every_vietnamese_letter_is_there(context, session, handed_in, settings):
    letters = "ăâđêôơư ắằẳẵặ ấầẩẫậ ếềểễệ ốồổỗộ ớờởỡợ ứừửữự ỳýỷỹỵ ÀÁẢÃẠ ĐƯỜNG NGHIỆM"
    content = {**handed_in.content, "vendor": {**handed_in.content["vendor"], "name": letters}}
    named = Submission(**{**handed_in.model_dump(), "content": content})
    facts = making.facts_of(session, named)
    assert letters in text_of(receipt.render(facts, settings)).replace("\n", " ")


def test_the_same_facts_give_the_same_bytes_whenever_they_are_written(context, session, handed_in, settings):
    facts = making.facts_of(session, handed_in)
    first = receipt.render(facts, settings)
    with clock.at(clock.now() + timedelta(days=400)):
        assert receipt.render(facts, settings) == first


def test_many_files_with_long_names_go_on_overleaf(context, session, handed_in, settings, tmp_path):
    many = with_files(handed_in, 120)
    content = receipt.render(making.facts_of(session, many), settings)
    pages = PdfReader(io.BytesIO(content)).pages
    assert len(pages) > 4
    said = text_of(content).replace("\n", "")
    assert all(one.sha256 in said for one in manifest.files_of(many.content))
    assert f"{len(pages)}/{len(pages)}" in pages[-1].extract_text()
    (tmp_path / "many.pdf").write_bytes(content)
