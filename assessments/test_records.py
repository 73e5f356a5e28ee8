"""A reviewer's own hands-on test: what was tried on which device, and what came out (ISO/IEC 17065, 7.4.4).

It belongs to one review: written while that is open, read by the panel once all are final, never by the company
unless a comment of the same reviewer to it, on a criterion that was tested, names the test.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from assessments import clock, history
from assessments.desks import open_review
from assessments.errors import N_, Conflict, Invalid, NotFound, TooLarge, Version
from assessments.evidence import MEGABYTE, Kept
from assessments.models import Application, Review, StoredFile, TestRecord, TestRecordFile
from assessments.people import Actor
from assessments.queries import test_records as queries
from assessments.queries.consensus import applicable_criteria
from assessments.states import Event

LONGEST = 5_000  # characters of the steps, of the result
LONGEST_LINE = 200
LONGEST_VERSION = 60
MOST = 80  # tests of one reviewer: more than there are criteria
MOST_FILES = 10  # of one test
MOST_BYTES = 2048 * MEGABYTE  # of all files of one review: the club's storage is everybody's


@dataclass(frozen=True)
class Facts:
    """What a reviewer writes down of one test; `criteria` are the codes of what it tests."""

    criteria: tuple[str, ...]
    device: str
    system: str
    product_version: str
    tested_on: date
    steps: str
    result: str


def add(session: Session, actor: Actor, application: Application, facts: Facts) -> TestRecord:
    """Write a test down under the next number.

    Refuses who does not review it (NotFound, NotAllowed), another state and a final review (WrongState), facts that
    are missing or cannot be, and more tests than MOST (Invalid).
    """
    review = open_review(session, actor, application)
    _check(session, application, facts)
    had = queries.numbers_of(session, review.id)
    if len(had) >= MOST:
        raise Invalid(N_("Một người ghi tối đa %(most)d lần tự thử trong một hồ sơ."), most=MOST)
    record = TestRecord(review_id=review.id, number=max(had, default=0) + 1, **_columns(facts))
    session.add(record)
    session.flush()
    _write_down(session, actor, application, Event.ADD_TEST_RECORD, review, record)
    return record


def change(
    session: Session, actor: Actor, application: Application, record_id: UUID, facts: Facts, version: int
) -> TestRecord:
    """Write something else down of one's own test; `version` is that of the text the actor began from.

    Refuses as add() does, somebody else's test (NotFound), and a text saved elsewhere meanwhile (Conflict).
    """
    review = open_review(session, actor, application)
    record = own(session, review, record_id)
    _check(session, application, facts)
    if record.version != version and facts_of(record) != facts:
        theirs = Version({"steps": record.steps, "result": record.result}, actor.name, record.saved_at)
        yours = Version({"steps": facts.steps, "result": facts.result})
        raise Conflict(N_("Mục này vừa được lưu ở nơi khác. Chưa có gì bị ghi đè."), theirs, yours)
    for name, value in _columns(facts).items():
        setattr(record, name, value)
    record.version += 1
    record.saved_at = clock.now()
    session.add(record)
    session.flush()
    _write_down(session, actor, application, Event.CHANGE_TEST_RECORD, review, record)
    return record


def remove(session: Session, actor: Actor, application: Application, record_id: UUID) -> list[str]:
    """Take one's own test back with its files; returns the sha256 of bytes that its rows no longer need.

    Refuses as change() does. Its number is not given again as long as a later one stands.
    """
    review = open_review(session, actor, application)
    record = own(session, review, record_id)
    _write_down(session, actor, application, Event.REMOVE_TEST_RECORD, review, record)
    files = queries.files_of(session, record.id)
    for link, _file in files:
        session.delete(link)
    session.flush()
    for _link, file in files:
        session.delete(file)
    session.delete(record)
    session.flush()
    return [file.sha256 for _link, file in files]


def add_file(session: Session, actor: Actor, application: Application, record_id: UUID, kept: Kept) -> StoredFile:
    """Put a stored file to one's own test, on the actor's word that no child's data is in it.

    The name it came with is dropped: the file is called by letter and numbers. Refuses as change() does, more files
    than MOST_FILES (Invalid), and more bytes than MOST_BYTES (TooLarge).
    """
    review = open_review(session, actor, application)
    record = own(session, review, record_id)
    numbers = [link.number for link, _file in queries.files_of(session, record.id)]
    if len(numbers) >= MOST_FILES:
        raise Invalid(N_("Một lần tự thử có tối đa %(most)d tệp."), most=MOST_FILES)
    if queries.bytes_of(session, review.id) + kept.size > MOST_BYTES:
        raise TooLarge(
            N_("Tệp của các lần tự thử trong một hồ sơ có tối đa %(max)d MB. Gỡ tệp không cần rồi tải lên lại."),
            max=MOST_BYTES // MEGABYTE,
        )
    number = max(numbers, default=0) + 1
    extension = kept.name.rpartition(".")[2].lower()
    file = StoredFile(
        vendor_id=None,
        sha256=kept.sha256,
        size=kept.size,
        media_type=kept.media_type,
        name=f"{application.ref}-{review.letter}-{record.number}-{number}.{extension}",
        flags=list(kept.flags),
        scan=kept.scan,
        uploaded_by=actor.id,
    )
    session.add(file)
    session.flush()
    session.add(TestRecordFile(file_id=file.id, record_id=record.id, number=number))
    session.flush()
    return file


def remove_file(session: Session, actor: Actor, application: Application, record_id: UUID, file_id: UUID) -> str:
    """Take a file off one's own test; returns the sha256 of its bytes. Refuses as change() does."""
    review = open_review(session, actor, application)
    record = own(session, review, record_id)
    for link, file in queries.files_of(session, record.id):
        if link.file_id == file_id:
            session.delete(link)
            session.flush()
            session.delete(file)
            session.flush()
            return file.sha256
    raise NotFound


def own(session: Session, review: Review, record_id: UUID) -> TestRecord:
    """A test of this review. Refuses every other (NotFound)."""
    record = session.get(TestRecord, record_id)
    if record is None or record.review_id != review.id:
        raise NotFound
    return record


def facts_of(record: TestRecord) -> Facts:
    """What is written down of a test."""
    line = record.device, record.system, record.product_version, record.tested_on
    return Facts(tuple(record.criteria), *line, record.steps, record.result)


def _columns(facts: Facts) -> dict[str, Any]:
    return {**vars(facts), "criteria": list(facts.criteria)}


def _check(session: Session, application: Application, facts: Facts) -> None:
    applies = {one.code for one in applicable_criteria(session, application)}
    if not facts.criteria or not set(facts.criteria) <= applies:
        raise Invalid(N_("Chọn tiêu chí mà lần thử này kiểm tra."))
    lines = (facts.device, facts.system, facts.product_version)
    if not all(text.strip() for text in (*lines, facts.steps, facts.result)):
        raise Invalid(N_("Ghi đủ thiết bị, hệ điều hành, phiên bản, các bước và kết quả."))
    if max(map(len, lines[:2])) > LONGEST_LINE or len(facts.product_version) > LONGEST_VERSION:
        raise Invalid(N_("Tên thiết bị, hệ điều hành hoặc phiên bản quá dài."))
    if max(len(facts.steps), len(facts.result)) > LONGEST:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST)
    if facts.tested_on > clock.today():
        raise Invalid(N_("Ngày thử không thể ở sau hôm nay."))


def _write_down(
    session: Session, actor: Actor, application: Application, event: Event, review: Review, record: TestRecord
) -> None:
    note = f"{review.letter}-{record.number}: {', '.join(record.criteria)}"
    history.record(session, actor, history.Step(event, note=note), application)
