"""What the club and a company have said to each other about an application, by criterion: what the company may read.

Reviewers are letters here, never names, and their comments appear only once they are released: for a correction, those
made before it was asked; for a decision, all of them, when the decision may be known.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from assessments.models import Application, Finding, FindingReply, Notice, Submission, TestRecord
from assessments.queries import decisions, findings, questions, reviews, test_records
from assessments.queries.announcements import DECIDED, is_held_back
from assessments.queries.history import TimelineRow, timeline
from assessments.queries.test_records import Comment
from assessments.states import Action, Event, Severity
from criteria.model import Bilingual


class Kind(StrEnum):
    """What somebody said."""

    QUESTION = "question"  # of the office, when it returned the application
    SUBMITTED_AGAIN = "submitted_again"
    REFUSAL = "refusal"
    FINDING = "finding"
    REPLY = "reply"
    UNSENT = "unsent"  # an answer that is written and not sent
    COMMENT = "comment"
    FACTS_ASKED = "facts_asked"
    FACTS_CHECKED = "facts_checked"
    NOTICE = "notice"
    NOTICE_COMMENT = "notice_comment"
    DECISION = "decision"
    ASKED = "asked"  # by a reviewer, while they review
    WITHDRAWN = "withdrawn"  # the same, and nobody answers it any more
    ANSWERED = "answered"
    TEST = "test"  # of a reviewer's own, that a comment names


@dataclass(frozen=True)
class Message:
    """One thing said: about which criterion ("" for the whole application), when, and by whom on the company's side.

    `number` is the round of a finding, the number of a submission or of a test; `letter` the reviewer's.
    """

    kind: Kind
    code: str
    at: datetime
    text: Bilingual
    by: UUID | None = None
    letter: str = ""
    number: int = 0
    severity: Severity | None = None
    question_id: UUID | None = None
    waits: bool = False  # a question that can be answered
    record: TestRecord | None = None


def messages_of(session: Session, application: Application) -> list[Message]:
    """Everything the company may read, the oldest first, in a fixed number of statements."""
    rows = _steps(session, application)
    asked = list(_findings(session, application, rows))
    said = {(one.code, one.text.vi) for one in asked}  # a reviewer's comment that became a finding is not said twice
    comments = list(_comments(session, application, rows))
    found = [
        *_questions(session, application, rows),
        *_asked(session, application),
        *asked,
        *(one for one in comments if (one.code, one.text.vi) not in said),
        *_tests(session, application, comments),
        *_facts(rows),
        *_notices(session, application),
        *_decision(session, application),
    ]
    return sorted(found, key=lambda one: one.at)


def released_comments(session: Session, application: Application) -> dict[str, list[tuple[str, str]]]:
    """criterion code -> (letter, what the reviewer writes to the vendor): what the company may read by now."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in _comments(session, application, _steps(session, application)):
        found.setdefault(one.code, []).append((one.letter, one.text.vi))
    return found


def _steps(session: Session, application: Application) -> list[TimelineRow]:
    return list(reversed(timeline(session, application.id)))


def _questions(session: Session, application: Application, rows: list[TimelineRow]) -> Iterator[Message]:
    """Each return with its questions, and the submission that answered it."""
    again = _submissions(session, application.id)
    for one in application.intake_notes.get("asked") or _asked_before(application, rows):
        at = datetime.fromisoformat(one["at"])
        for item in one["items"]:
            yield Message(Kind.QUESTION, item["code"], at, _same(item["text"]))
        answered = next((sent for sent in again if sent[1] > at), None)
        if answered is not None:
            number, submitted_at, by = answered
            for code in dict.fromkeys(item["code"] for item in one["items"]):
                yield Message(Kind.SUBMITTED_AGAIN, code, submitted_at, _same(""), by, number=number)
    for row in _of(rows, Action.REFUSE):
        yield Message(Kind.REFUSAL, "", row.at, _same(row.note))


def _asked_before(application: Application, rows: list[TimelineRow]) -> list[dict[str, Any]]:
    """The last return of an application of the time before every return was kept."""
    last = max((row.at for row in _of(rows, Action.RETURN)), default=None)
    items = application.intake_notes.get("items", [])
    return [{"at": last.isoformat(), "items": items}] if last is not None and items else []


def _submissions(session: Session, application_id: UUID) -> list[tuple[int, datetime, UUID]]:
    question = (
        select(Submission.number, Submission.submitted_at, Submission.submitted_by)
        .where(Submission.application_id == application_id)
        .order_by(col(Submission.number))
    )
    return [(number, at, by) for number, at, by in session.exec(question).all()]


def _asked(session: Session, application: Application) -> Iterator[Message]:
    """What reviewers asked while they reviewed, each by letter, with what the company answered."""
    for one, letter in questions.of_application(session, application.id):
        kind = Kind.WITHDRAWN if one.closed_at else Kind.ASKED
        yield Message(
            kind, one.criterion, one.asked_at, _same(one.text), letter=letter, question_id=one.id, waits=one.waits
        )
        if one.answered_at is not None:
            yield Message(Kind.ANSWERED, one.criterion, one.answered_at, _same(one.answer), one.answered_by)


def _tests(session: Session, application: Application, comments: list[Message]) -> Iterator[Message]:
    """The tests that released comments give to the company, right after the comment."""
    said = (Comment(one.letter, one.code, one.text.vi) for one in comments)
    given = test_records.quoted(session, application.id, said)
    for one in comments:
        for item in given[one.letter, one.code]:
            number, record = item.record.number, item.record
            yield Message(Kind.TEST, one.code, one.at, _same(""), letter=item.letter, number=number, record=record)


def _findings(session: Session, application: Application, rows: list[TimelineRow]) -> Iterator[Message]:
    """Each finding in each round in which it was asked, with what the company sent to it then."""
    asked_at = [row.at for row in _of(rows, Action.ASK_CORRECTION)]
    sent = len(_of(rows, Action.ANSWER_CORRECTION))
    replies = _replies(session, application.id)
    for finding in findings.all_of(session, application.id):
        given = replies.get(finding.id, {})
        for number in sorted({*given, finding.correction_round} - {0}):
            at = asked_at[number - 1] if number <= len(asked_at) else finding.raised_at
            text, severity = _same(finding.text), finding.severity
            yield Message(Kind.FINDING, finding.criterion, at, text, number=number, severity=severity)
            if number in given:
                reply = given[number]
                yield Message(
                    Kind.REPLY, finding.criterion, reply.sent_at, _same(reply.text), reply.written_by, number=number
                )
            elif finding.answer.strip():
                yield _answer(finding, number, sent=number <= sent)


def _answer(finding: Finding, number: int, *, sent: bool) -> Message:
    """The answer as it stands: not sent yet, or sent before answers were kept by round."""
    kind = Kind.REPLY if sent else Kind.UNSENT
    at = finding.answered_at or finding.raised_at
    return Message(kind, finding.criterion, at, _same(finding.answer), finding.answered_by, number=number)


def _replies(session: Session, application_id: UUID) -> dict[UUID, dict[int, FindingReply]]:
    question = (
        select(FindingReply)
        .join(Finding, col(Finding.id) == col(FindingReply.finding_id))
        .where(Finding.application_id == application_id)
    )
    found: dict[UUID, dict[int, FindingReply]] = {}
    for reply in session.exec(question).all():
        found.setdefault(reply.finding_id, {})[reply.correction_round] = reply
    return found


def _comments(session: Session, application: Application, rows: list[TimelineRow]) -> Iterator[Message]:
    """What reviewers wrote to the vendor, under the moment at which it was released."""
    releases = _releases(application, rows)
    if not releases:
        return
    team = reviews.active(session, application.id)
    given = reviews.scores_of(session, team)
    for review in team:
        at = next((one for one in releases if review.final_at is not None and review.final_at <= one), None)
        for code, score in given[review.id].items() if at is not None else ():
            if at is not None and score.to_vendor.strip():
                yield Message(Kind.COMMENT, code, at, _same(score.to_vendor), letter=review.letter)


def _releases(application: Application, rows: list[TimelineRow]) -> list[datetime]:
    """The moments at which comments became readable: each correction asked, and the decision once it may be known."""
    found = [row.at for row in _of(rows, Action.ASK_CORRECTION)]
    if application.state in DECIDED and not is_held_back(application):
        decided = [row.at for row in _of(rows, Action.CERTIFY, Action.DECLINE)]
        found += [max(at, application.announce_at or at) for at in decided]
    return found


def _facts(rows: list[TimelineRow]) -> Iterator[Message]:
    for row in _of(rows, Event.ASK_FACTS_CHECK):
        yield Message(Kind.FACTS_ASKED, "", row.at, _same(""))
    for row in _of(rows, Event.CHECK_FACTS):
        yield Message(Kind.FACTS_CHECKED, "", row.at, _same(row.note), row.actor_id)


def _notices(session: Session, application: Application) -> Iterator[Message]:
    question = select(Notice).where(Notice.application_id == application.id).order_by(col(Notice.given_at))
    for notice in session.exec(question).all():
        yield Message(Kind.NOTICE, "", notice.given_at, Bilingual(notice.reasons_vi, notice.reasons_en))
        if notice.comment and notice.ended_at is not None:
            yield Message(Kind.NOTICE_COMMENT, "", notice.ended_at, _same(notice.comment), notice.commented_by)


def _decision(session: Session, application: Application) -> Iterator[Message]:
    """The decision with its reasons, once it may be known."""
    if application.state not in DECIDED or is_held_back(application):
        return
    found = decisions.decision_of(session, application.id)
    if found is not None:
        at = max(found.decided_at, application.announce_at or found.decided_at)
        yield Message(Kind.DECISION, "", at, Bilingual(found.reasons_vi, found.reasons_en))


def _of(rows: list[TimelineRow], *actions: str) -> list[TimelineRow]:
    return [row for row in rows if row.action in actions]


def _same(text: str) -> Bilingual:
    """A text in the words of its author, whatever the reader's language."""
    return Bilingual(text, text)
