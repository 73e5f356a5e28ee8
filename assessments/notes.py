"""A reviewer's notes on pages of evidence: written, changed and thrown away while the review is not final."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from assessments.clock import now
from assessments.errors import N_, Conflict, Invalid, NotFound, Version, WrongState
from assessments.models import Application, Note, Review
from assessments.people import Actor
from assessments.policy import Permission, require
from assessments.queries import evidence, notes, reviews
from assessments.queries.consensus import applicable_criteria
from assessments.queries.standings import standing_of
from assessments.states import State

LONGEST = 2_000  # characters
LAST_PAGE = 100_000  # of any document or text

CHANGED = N_("Ghi chú này vừa được sửa ở nơi khác. Chưa có gì bị ghi đè.")

CLOSED = N_("Phần đánh giá của bạn đã chốt, hoặc hồ sơ đã qua bước này, nên ghi chú không đổi được nữa.")


@dataclass(frozen=True)
class Remark:
    """What a note says: of which page, about which criterion, in which words."""

    page: int
    criterion: str
    text: str


def add(session: Session, actor: Actor, application: Application, evidence_id: UUID, remark: Remark) -> Note:
    """Write a note on a piece of the submission; only its writer reads it until all reviews are final.

    Refuses who does not review the application (NotFound, NotAllowed), a review that is final and another state
    (WrongState), evidence that was not handed in and criteria that do not apply (NotFound), and words that are none
    or too many (Invalid).
    """
    review = _open_review(session, actor, application)
    if not evidence.is_submitted(session, evidence_id, application.id):
        raise NotFound
    _check(session, application, remark)
    note = Note(
        review_id=review.id,
        evidence_id=evidence_id,
        page=remark.page,
        criterion=remark.criterion,
        text=remark.text.strip(),
    )
    session.add(note)
    session.flush()
    return note


def edit(session: Session, actor: Actor, application: Application, note_id: UUID, remark: Remark, version: int) -> Note:
    """Say something else in a note of one's own; `version` is that of the text one started from.

    Refuses as add() does, a note that is not one's own (NotFound), and one that was changed elsewhere meanwhile
    (Conflict, with both texts).
    """
    note = current(session, actor, application, note_id)
    _check(session, application, remark)
    if note.version != version and remark_of(note) != remark:
        theirs = Version({"text": note.text, "criterion": note.criterion}, actor.name, note.saved_at)
        raise Conflict(CHANGED, theirs, Version({"text": remark.text, "criterion": remark.criterion}))
    note.page, note.criterion, note.text = remark.page, remark.criterion, remark.text.strip()
    note.version += 1
    note.saved_at = now()
    session.add(note)
    session.flush()
    return note


def remove(session: Session, actor: Actor, application: Application, note_id: UUID, version: int) -> Note:
    """Throw a note of one's own away; returns what it was. Refuses as edit() does."""
    note = current(session, actor, application, note_id)
    if note.version != version:
        raise Conflict(CHANGED, Version({"text": note.text}, actor.name, note.saved_at), Version({}))
    session.delete(note)
    session.flush()
    return note


def current(session: Session, actor: Actor, application: Application, note_id: UUID) -> Note:
    """A note of one's own that can still be changed; refuses as edit() does."""
    note = notes.own(session, _open_review(session, actor, application), note_id)
    if note is None:
        raise NotFound
    return note


def remark_of(note: Note) -> Remark:
    """What a stored note says."""
    return Remark(note.page, note.criterion, note.text)


def may_write(application: Application, review: Review | None) -> bool:
    """Whether a reviewer can write notes now: their review counts, is not final, and the scoring goes on."""
    return review is not None and review.final_at is None and application.state is State.IN_REVIEW


def _open_review(session: Session, actor: Actor, application: Application) -> Review:
    require(standing_of(session, actor, application), Permission.REVIEW)
    review = reviews.review_of(session, application.id, actor.id)
    if review is None:
        raise NotFound
    if not may_write(application, review):
        raise WrongState(
            N_("Phần đánh giá của bạn đã chốt, hoặc hồ sơ đã qua bước này, nên ghi chú không đổi được nữa.")
        )
    return review


def _check(session: Session, application: Application, remark: Remark) -> None:
    if remark.criterion not in {one.code for one in applicable_criteria(session, application)}:
        raise NotFound
    if not 1 <= remark.page <= LAST_PAGE:
        raise Invalid(N_("Không có trang này."))
    if not remark.text.strip():
        raise Invalid(N_("Ghi nội dung ghi chú."))
    if len(remark.text) > LONGEST:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST)
