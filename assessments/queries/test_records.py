"""Questions about reviewers' own tests. Whose tests may be read is answered here, once: `visible_to`."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from assessments.models import Review, Score, StoredFile, TestRecord, TestRecordFile
from assessments.policy import Permission, Standing, allows
from assessments.queries import reviews

LABEL = re.compile(r"\b([A-Z])-(\d{1,3})\b")  # how a comment quotes a test: B-1


@dataclass(frozen=True)
class Comment:
    """What the reviewer with a letter writes to the company about one criterion."""

    letter: str
    code: str
    text: str


@dataclass(frozen=True)
class Item:
    """One test with the letter of its reviewer and its files in their order."""

    record: TestRecord
    letter: str
    files: tuple[tuple[TestRecordFile, StoredFile], ...] = ()

    @property
    def label(self) -> str:
        """What it is called: B-1."""
        return f"{self.letter}-{self.record.number}"


def visible_to(session: Session, standing: Standing, team: Sequence[Review], person_id: UUID) -> list[Item]:
    """The tests of an application's reviews that a person may read, in one statement; `team`: the reviews that count.

    Reviewers always read their own. Everybody's are read by reviewers, deciders and auditors once all reviews are
    final; the company reads none of them here: see `quoted`.
    """
    if not allows(standing, Permission.READ_TESTS):
        return []
    if reviews.all_final(team):
        return of_reviews(session, team)
    return of_reviews(session, [review for review in team if review.reviewer_id == person_id])


def of_reviews(session: Session, team: Iterable[Review]) -> list[Item]:
    """The tests of reviews, by letter and number, in one statement. The caller decides whose may be read."""
    letters = {review.id: review.letter for review in team}
    question = (
        select(TestRecord, TestRecordFile, StoredFile)
        .outerjoin(TestRecordFile, col(TestRecordFile.record_id) == col(TestRecord.id))
        .outerjoin(StoredFile, col(StoredFile.id) == col(TestRecordFile.file_id))
        .where(col(TestRecord.review_id).in_(letters))
        .order_by(col(TestRecord.number), col(TestRecordFile.number))
    )
    found: dict[UUID, tuple[TestRecord, list[tuple[TestRecordFile, StoredFile]]]] = {}
    for record, link, file in session.exec(question).all():
        _record, files = found.setdefault(record.id, (record, []))
        if link is not None:
            files.append((link, file))
    items = [Item(record, letters[record.review_id], tuple(files)) for record, files in found.values()]
    return sorted(items, key=lambda one: (one.letter, one.record.number))


def tested(session: Session, review_id: UUID) -> set[str]:
    """The criteria that a reviewer has tested and written down."""
    found = session.exec(select(TestRecord.criteria).where(TestRecord.review_id == review_id)).all()
    return {code for codes in found for code in codes}


def numbers_of(session: Session, review_id: UUID) -> list[int]:
    """The numbers a review's tests have."""
    return list(session.exec(select(TestRecord.number).where(TestRecord.review_id == review_id)).all())


def files_of(session: Session, record_id: UUID) -> list[tuple[TestRecordFile, StoredFile]]:
    """The files of one test, in their order."""
    question = (
        select(TestRecordFile, StoredFile)
        .join(StoredFile, col(StoredFile.id) == col(TestRecordFile.file_id))
        .where(TestRecordFile.record_id == record_id)
        .order_by(col(TestRecordFile.number))
    )
    return list(session.exec(question).all())


def bytes_of(session: Session, review_id: UUID) -> int:
    """How many bytes the files of one reviewer's tests take."""
    question = (
        select(func.sum(StoredFile.size))
        .join(TestRecordFile, col(TestRecordFile.file_id) == col(StoredFile.id))
        .join(TestRecord, col(TestRecord.id) == col(TestRecordFile.record_id))
        .where(TestRecord.review_id == review_id)
    )
    return int(session.exec(question).one() or 0)


def quoted(session: Session, application_id: UUID, comments: Iterable[Comment]) -> dict[tuple[str, str], list[Item]]:
    """(letter, criterion) of a comment -> the tests that it names: with the comment they were given to the company.

    A comment gives nothing but its writer's own tests of its own criterion, whatever else it names, and none of a
    review that is not final. The caller passes comments that are released; files are never given.
    """
    said = list(comments)
    naming = {one.letter for one in said if any(letter == one.letter for letter, _number in LABEL.findall(one.text))}
    team = reviews.active(session, application_id) if naming else []
    own = [review for review in team if review.letter in naming and review.final_at is not None]
    items = of_reviews(session, own) if own else []
    return {
        (one.letter, one.code): [Item(item.record, item.letter) for item in items if _names(one, item)] for one in said
    }


def named_by(items: Iterable[Item], letter: str, scores: Iterable[Score]) -> list[tuple[str, Item]]:
    """(criterion, test) of every own test that somebody's comments to the company name, as quoted() will give them."""
    said = [Comment(letter, score.criterion, score.to_vendor) for score in scores]
    return sorted(((one.code, item) for item in items for one in said if _names(one, item)), key=lambda found: found[0])


def _names(comment: Comment, item: Item) -> bool:
    own = comment.letter == item.letter and comment.code in item.record.criteria
    return own and (item.letter, str(item.record.number)) in LABEL.findall(comment.text)
