"""The receipt: made once by the worker, kept by its hash, sent once, and right in every Vietnamese letter."""

import hashlib
import io
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlmodel import select

from assessments import applications, clock, corrections, manifest
from assessments.models import Finding, Receipt, Submission
from registry import fsck, jobs, storage
from registry.documents import making, receipt
from registry.mail.models import Attachment, Letter
from tests.assessments.test_corrections import in_correction
from tests.drafting import file_piece, ready
from tests.mailbox import opened
from tests.rows import row, rows

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


def test_many_files_with_long_names_go_on_overleaf(context, session, handed_in, settings):
    many = with_files(handed_in, 120)
    content = receipt.render(making.facts_of(session, many), settings)
    pages = PdfReader(io.BytesIO(content)).pages
    assert len(pages) > 4
    said = text_of(content).replace("\n", "")
    assert all(one.sha256 in said for one in manifest.files_of(many.content))
    assert f"{len(pages)}/{len(pages)}" in pages[-1].extract_text()


# --- made by the worker ---

RECEIPTS = select(Receipt)
LETTERS = select(Letter).where(Letter.event.like("receipt:%"))


def test_the_worker_makes_it_once_and_tells_each_owner_once(app, context, world, handed_in):
    for _n in range(3):
        jobs.turn()
    made = row(app, RECEIPTS)
    assert (made.submission_id, made.size) == (handed_in.id, len(bytes_of(made.sha256)))
    assert hashlib.sha256(bytes_of(made.sha256)).hexdigest() == made.sha256
    letter = row(app, LETTERS)
    assert (letter.recipient, letter.subject) == (world.an.email, "Biên nhận hồ sơ HS-2026-0001, lần nộp thứ 1")
    assert f"sha256:{manifest.file_set_digest(handed_in.content)}" in letter.body
    assert "http://localhost/applications/HS-2026-0001/submissions/1" in letter.body
    kept = row(app, select(Attachment))
    assert (kept.letter_id, kept.sha256, kept.name) == (letter.id, made.sha256, "HS-2026-0001-1.pdf")


def test_the_attachment_is_the_stored_receipt_byte_for_byte(app, settings, world, handed_in):
    with opened() as box:
        app.config["SETTINGS"] = settings.__class__(**{**settings.__dict__, "mail_url": box.url})
        with app.app_context():
            jobs.turn()
            jobs.turn()
            stored = bytes_of(row(app, RECEIPTS).sha256)
    receipts = [one for one in box.messages if one.is_multipart()]
    assert [one["To"] for one in receipts] == [world.an.email]
    [attached] = list(receipts[0].iter_attachments())
    assert attached.get_content() == stored
    assert (attached.get_content_type(), attached.get_filename()) == ("application/pdf", "HS-2026-0001-1.pdf")
    assert stored.startswith(b"%PDF-")
    assert len(box.messages) == len(rows(app, select(Letter).where(Letter.sent_at.is_not(None))))


def test_a_worker_killed_between_bytes_and_row_makes_the_same_again(app, context, handed_in, monkeypatch):
    class Killed(BaseException):
        """As SIGKILL would: nothing of ours runs after it."""

    def die(*_args):
        raise Killed

    monkeypatch.setattr(making, "_tell", die)
    with pytest.raises(Killed):
        jobs.turn()
    monkeypatch.undo()
    assert rows(app, RECEIPTS) == []
    left = set(storage.current().names())
    assert len(left) == 1
    jobs.turn()
    assert {row(app, RECEIPTS).sha256} == left == set(storage.current().names())
    assert len(rows(app, LETTERS)) == 1


def test_bytes_that_are_gone_fail_the_letter_and_not_the_worker(app, context, handed_in):
    making.receipts()
    made = row(app, RECEIPTS)
    storage.current().remove(made.sha256)
    jobs.turn()
    letter = row(app, LETTERS)
    assert (letter.sent_at, letter.attempts) == (None, 1)
    assert letter.last_error.startswith("FileNotFoundError")


def test_one_that_cannot_be_made_does_not_hold_up_the_others(app, context, world, session, handed_in, monkeypatch):
    second = applications.submit(session, world.an, ready(world, ref="HS-2026-0002"))
    session.commit()
    render = making.render

    def broken(facts, settings):
        if facts.ref == "HS-2026-0002":
            raise ValueError("no such letter")
        return render(facts, settings)

    monkeypatch.setattr(making, "render", broken)
    jobs.turn()
    assert [one.submission_id for one in rows(app, RECEIPTS)] == [handed_in.id]
    monkeypatch.undo()
    assert making.receipts() == 0
    app.extensions.pop("receipts that failed")
    assert making.receipts() == 1
    assert {one.submission_id for one in rows(app, RECEIPTS)} == {handed_in.id, second.id}


def test_an_old_submission_gets_its_receipt_and_nobody_a_letter(app, context, world, session):
    with clock.at(clock.now() - timedelta(days=3)):
        applications.submit(session, world.an, ready(world))
    session.commit()
    jobs.turn()
    assert (len(rows(app, RECEIPTS)), rows(app, LETTERS)) == (1, [])


def test_a_correction_has_a_receipt_of_its_own(context, world, session, settings):
    application, (finding,) = in_correction(world, "HN-01")
    session.get_one(Finding, finding.id).answer = "Đã sửa"
    session.commit()
    submission = corrections.answer_correction(session, world.an, application)
    session.commit()
    said = text_of(receipt.render(making.facts_of(session, submission), settings)).replace("\n", " ")
    assert "Nhóm đánh giá xem bản khắc phục" in said
    assert "Điều phối viên kiểm tra" not in said


def test_fsck_knows_receipts(app, context, handed_in):
    making.receipts()
    name = row(app, RECEIPTS).sha256
    told = list(fsck.findings(fsck.Asked(repair=False, grace=timedelta(0))))
    assert [one for one in told if name in one] == []
    storage.current().remove(name)
    assert f"File {name} is gone." in list(fsck.findings(fsck.Asked()))


# --- the pages ---

URL = "/applications/HS-2026-0001/submissions/1"


def test_members_download_it_and_wait_until_it_is_made(app, world, browser, handed_in):
    browser.sign_in(world.anh)
    waiting = browser.get(f"{URL}/receipt.pdf")
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (202, "20")
    assert "Biên nhận đang được lập" in waiting.text
    with app.app_context():
        jobs.turn()
        stored = bytes_of(row(app, RECEIPTS).sha256)
    answer = browser.get(f"{URL}/receipt.pdf")
    assert (answer.status_code, answer.data, answer.content_type) == (200, stored, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="HS-2026-0001-1.pdf"')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert browser.get("/applications/HS-2026-0001/submissions/2/receipt.pdf").status_code == 404


@pytest.mark.parametrize("person", ["bao", "chi", "dung"])
def test_nobody_else_reads_receipts_or_manifests(world, browser, handed_in, person):
    browser.sign_in(getattr(world, person))
    expected = 403 if person == "chi" else 404
    for path in ("receipt.pdf", "manifest.txt"):
        assert browser.get(f"{URL}/{path}").status_code == expected


def test_the_manifest_is_what_its_hash_says(world, browser, handed_in):
    browser.sign_in(world.an)
    answer = browser.get(f"{URL}/manifest.txt")
    codes = ",".join(sorted(handed_in.content["answers"]))
    assert answer.text == f"{'ab' * 32}  2150000  {codes}  bao-cao.pdf\n"
    digest = hashlib.sha256(answer.data).hexdigest()
    assert digest == manifest.file_set_digest(handed_in.content)
    assert digest in browser.get(URL).text
    assert digest in browser.get("/applications/HS-2026-0001").text


def test_a_submission_of_addresses_alone_has_an_empty_manifest(world, session, browser):
    submission = applications.submit(session, world.an, ready(world))
    session.commit()
    browser.sign_in(world.an)
    assert browser.get(f"{URL}/manifest.txt").data == b""
    assert manifest.file_set_digest(submission.content) == hashlib.sha256(b"").hexdigest()
