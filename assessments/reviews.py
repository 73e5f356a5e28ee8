"""One reviewer's independent scores: saved by criterion, made final once, voided with a record."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from assessments import findings
from assessments.clock import now
from assessments.errors import N_, Conflict, Invalid, Missing, NotFound, NotReady, Version, WrongState
from assessments.models import AgreedScore, Application, Review, Score
from assessments.people import Actor
from assessments.policy import Permission, require
from assessments.queries import reviews
from assessments.queries.consensus import applicable_criteria, claimed_not_applicable
from assessments.queries.standings import standing_of
from assessments.readiness import to_open_consensus
from assessments.states import Action, Basis, State
from assessments.workflow import move
from criteria.model import Criterion

LONGEST = 5_000  # characters of one text
NOT_SHOWN = "not_shown"
NOT_APPLICABLE = "not_applicable"
VALUES = ("4", "3", "2", "1", "0")
NEEDS_NO_WORDS = 3  # "met": every other mark needs a rationale
VERIFIED = 4  # "met and verified": needs a basis

_VOIDABLE = (State.IN_REVIEW, State.CONSENSUS, State.CORRECTION)


@dataclass(frozen=True)
class Marking:
    """What a reviewer says of one criterion; `mark` is "0" to "4", NOT_SHOWN, NOT_APPLICABLE, or "" for not yet."""

    mark: str = ""
    basis: Basis | None = None  # what a 4 rests on; dropped with any other mark
    rationale: str = ""
    to_vendor: str = ""
    panel_only: str = ""

    def fields(self) -> dict[str, str]:
        """The typed content, for showing two versions side by side."""
        return {
            "mark": self.mark,
            "rationale": self.rationale,
            "panel_only": self.panel_only,
            "to_vendor": self.to_vendor,
        }


def save_score(
    session: Session, actor: Actor, application: Application, code: str, marking: Marking, version: int
) -> Score:
    """Keep what a reviewer says of one criterion; `version` is that of the text they started from (0: none).

    Refuses who does not review it (NotFound, NotAllowed), another state and a final review (WrongState), a
    criterion that does not apply (NotFound), a mark that cannot be given (Invalid), and a text saved elsewhere
    meanwhile (Conflict, with both).
    """
    review = require_open(session, actor, application)
    criterion = _criterion(session, application, code)
    check_mark(session, application, criterion, marking.mark)
    _check_lengths(marking)
    score = reviews.score_of(session, review, code) or Score(review_id=review.id, criterion=code)
    if score.version != version and marking_of(score) != marking:
        theirs = Version(marking_of(score).fields(), actor.name, score.saved_at)
        raise Conflict(N_("Mục này vừa được lưu ở nơi khác. Chưa có gì bị ghi đè."), theirs, Version(marking.fields()))
    _write(score, marking)
    session.add(score)
    session.flush()
    return score


def finish(session: Session, actor: Actor, application: Application) -> None:
    """Make one's review final; the last one opens the consensus.

    Refuses who does not review it (NotFound, NotAllowed), another state and a final review (WrongState), and
    with what is missing (NotReady): see `gaps`.
    """
    review = require_open(session, actor, application)
    if missing := gaps(session, application, review):
        raise NotReady(missing)
    review.final_at = now()
    session.add(review)
    move(session, actor, application, Action.FINISH_REVIEW)
    open_consensus_when_ready(session, application)


def gaps(session: Session, application: Application, review: Review) -> list[Missing]:
    """What a review lacks before it can be final: a mark everywhere, a rationale but for a 3, a basis for a 4."""
    given = reviews.scores_of(session, [review])[review.id]
    missing: list[Missing] = []
    for criterion in applicable_criteria(session, application):
        if sentence := _gap(given.get(criterion.code)):
            missing.append(Missing(sentence, f"score:{criterion.code}", {"code": criterion.code}))
    return missing


def void(session: Session, application: Application, person_id: UUID) -> Review | None:
    """Take a person's review out of the count; the scores stay as a record. After the recommendation nothing changes.

    Where the others are already final and enough, the consensus opens.
    """
    review = reviews.review_of(session, application.id, person_id)
    if review is None or application.state not in _VOIDABLE:
        return None
    review.voided_at = now()
    session.add(review)
    session.flush()
    open_consensus_when_ready(session, application)
    return review


def open_consensus_when_ready(session: Session, application: Application) -> None:
    """Open the consensus once every review that counts is final, and write down what evidence does not show."""
    session.flush()
    if application.state is State.IN_REVIEW and not to_open_consensus(session, application):
        move(session, None, application, Action.OPEN_CONSENSUS)
        findings.raise_for_what_is_not_shown(session, application)


def check_mark(session: Session, application: Application, criterion: Criterion, mark: str) -> None:
    """Refuse (Invalid) what is no mark, and "not applicable" where it was not claimed or is not allowed."""
    if mark in {*VALUES, NOT_SHOWN, ""}:
        return
    claimed = criterion.na_allowed and criterion.code in claimed_not_applicable(session, application)
    if mark != NOT_APPLICABLE or not claimed:
        raise Invalid(N_("Không chấm được như vậy cho %(code)s. Chọn lại điểm."), code=criterion.code)


def marking_of(score: Score) -> Marking:
    """What a stored score says."""
    return Marking(mark_of(score), score.basis, score.rationale, score.to_vendor, score.panel_only)


def mark_of(score: Score | AgreedScore) -> str:
    """The mark of a stored score, "" where there is none yet."""
    if score.not_shown:
        return NOT_SHOWN
    if score.not_applicable:
        return NOT_APPLICABLE
    return "" if score.value is None else str(score.value)


def _write(score: Score, marking: Marking) -> None:
    score.value = int(marking.mark) if marking.mark in VALUES else None
    score.not_shown = marking.mark == NOT_SHOWN
    score.not_applicable = marking.mark == NOT_APPLICABLE
    score.basis = marking.basis if score.value == VERIFIED else None
    score.rationale, score.to_vendor, score.panel_only = marking.rationale, marking.to_vendor, marking.panel_only
    score.version += 1
    score.saved_at = now()


def _gap(score: Score | None) -> str:
    if score is None or not score.marked:
        return N_("Chấm %(code)s.")
    if score.value != NEEDS_NO_WORDS and not score.rationale.strip():
        return N_("Ghi lý do của %(code)s.")
    if score.value == VERIFIED and score.basis is None:
        return N_("Chọn căn cứ của điểm 4 ở %(code)s.")
    return ""


def require_open(session: Session, actor: Actor, application: Application) -> Review:
    """One's own review while it can be written in.

    Refuses who does not review it (NotFound, NotAllowed), another state and a final review (WrongState).
    """
    require(standing_of(session, actor, application), Permission.REVIEW)
    review = reviews.review_of(session, application.id, actor.id)
    if review is None:
        raise NotFound
    if review.final_at is not None:
        raise WrongState(N_("Phần đánh giá của bạn đã chốt nên không sửa được nữa."))
    if application.state is not State.IN_REVIEW:
        raise WrongState(N_("Hồ sơ không còn ở bước đánh giá."))
    return review


def _criterion(session: Session, application: Application, code: str) -> Criterion:
    for criterion in applicable_criteria(session, application):
        if criterion.code == code:
            return criterion
    raise NotFound


def _check_lengths(marking: Marking) -> None:
    if max(len(marking.rationale), len(marking.to_vendor), len(marking.panel_only)) > LONGEST:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST)
