"""One reviewer's independent scores: saved by criterion, made final once, voided with a record."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlmodel import Session

from assessments import findings, questions, versions
from assessments.clock import now
from assessments.desks import criterion_of, open_review
from assessments.errors import N_, Conflict, Invalid, Missing, NotFound, NotReady, Version
from assessments.models import AgreedScore, Application, Review, Score, ScoreVersion
from assessments.people import Actor
from assessments.queries import questions as asked
from assessments.queries import reviews, test_records
from assessments.queries.consensus import applicable_criteria, claimed_not_applicable
from assessments.queries.laboratory_reports import accepted_by
from assessments.queries.submissions import evidence_ids
from assessments.readiness import to_open_consensus
from assessments.states import Action, Basis, State
from assessments.versions import BY_HAND, Saving
from assessments.workflow import move
from criteria.model import Criterion

LONGEST = 5_000  # characters of one text
NOT_SHOWN = "not_shown"
NOT_APPLICABLE = "not_applicable"
VALUES = ("4", "3", "2", "1", "0")
NEEDS_NO_WORDS = 3  # "met": every other mark needs a rationale
VERIFIED = 4  # "met and verified": needs a basis
MET = N_("Mục này vừa được lưu ở nơi khác. Chưa có gì bị ghi đè.")
WAITS = N_("Câu hỏi của bạn ở %(code)s chưa có trả lời: chờ, hoặc rút câu hỏi.")

_VOIDABLE = (State.IN_REVIEW, State.CONSENSUS, State.CORRECTION)


@dataclass(frozen=True)
class Marking:
    """What a reviewer says of one criterion; `mark` is "0" to "4", NOT_SHOWN, NOT_APPLICABLE, or "" for not yet.

    `relied_on` are ids of the pieces of evidence it rests on; `later`: the reviewer wants to come back to it.
    """

    mark: str = ""
    basis: Basis | None = None  # what a 4 rests on; dropped with any other mark
    rationale: str = ""
    to_vendor: str = ""
    panel_only: str = ""
    relied_on: tuple[str, ...] = ()
    later: bool = False
    saving: Saving = field(default=BY_HAND, compare=False)

    @property
    def content(self) -> dict[str, Any]:
        """What a version keeps of it: everything but the wish to come back."""
        basis = self.basis.value if self.basis else None
        return {**self.fields(), "basis": basis, "relied_on": list(self.relied_on)}

    def fields(self) -> dict[str, str]:
        """The typed content, for showing two versions side by side."""
        return {
            "mark": self.mark,
            "rationale": self.rationale,
            "panel_only": self.panel_only,
            "to_vendor": self.to_vendor,
        }


@dataclass(frozen=True)
class Grounds:
    """The criteria for which a 4 has something to rest on: a test of one's own, a report one has accepted."""

    tested: Collection[str]
    reported: Collection[str]


def save_score(
    session: Session, actor: Actor, application: Application, code: str, marking: Marking, version: int
) -> Score:
    """Keep what a reviewer says of one criterion; `version` is that of the text they started from (0: none).

    A save by hand always leaves a version, autosaves one for each ten minutes: see assessments.versions. Refuses who
    does not review it (NotFound, NotAllowed), another state and a final review (WrongState), a criterion that does
    not apply (NotFound), a mark that cannot be given and evidence that is not of the criterion (Invalid), and a text
    saved elsewhere meanwhile (Conflict, with both).
    """
    review = open_review(session, actor, application)
    criterion = criterion_of(session, application, code)
    check_mark(session, application, criterion, marking.mark)
    _check(session, application, code, marking)
    score = reviews.score_of(session, review, code) or Score(review_id=review.id, criterion=code)
    given = marking if marking.mark == str(VERIFIED) else replace(marking, basis=None)
    if score.version == 0 or marking_of(score) != given:
        if not _has_seen(score, given, version):
            theirs = Version(marking_of(score).fields(), actor.name, score.saved_at)
            raise Conflict(MET, theirs, Version(marking.fields()))
        _write(score, given)
        versions.keep_score(session, score, given.content, given.saving)
    elif not given.saving.auto:
        versions.seal_score(session, score)
    session.add(score)
    session.flush()
    return score


def give_way(
    session: Session, actor: Actor, application: Application, code: str, marking: Marking, version: int
) -> Score:
    """Keep what was saved elsewhere, and this text as the version before it. Refuses as save_score() does."""
    review = open_review(session, actor, application)
    stored = reviews.score_of(session, review, code)
    theirs = marking_of(stored) if stored else Marking()
    mine = save_score(session, actor, application, code, marking, stored.version if stored else version)
    return save_score(session, actor, application, code, theirs, mine.version)


def restore(session: Session, actor: Actor, application: Application, code: str, earlier: tuple[UUID, int]) -> Score:
    """Make an earlier version of one's own score the present one, as a new version; what stands there now stays.

    `earlier` names the version and the number of the one the actor saw as the present. Refuses as save_score() does,
    and (NotFound) a version of another score.
    """
    review = open_review(session, actor, application)
    version_id, seen = earlier
    row, score = session.get(ScoreVersion, version_id), reviews.score_of(session, review, code)
    if row is None or score is None or row.score_id != score.id:
        raise NotFound
    return save_score(session, actor, application, code, replace(marking_in(row.content), later=score.later), seen)


def finish(session: Session, actor: Actor, application: Application) -> None:
    """Make one's review final; the last one opens the consensus.

    Refuses who does not review it (NotFound, NotAllowed), another state and a final review (WrongState), and
    with what is missing (NotReady): see `gaps`.
    """
    review = open_review(session, actor, application)
    if missing := gaps(session, application, review):
        raise NotReady(missing)
    review.final_at = now()
    session.add(review)
    questions.close_of(session, application, review)
    move(session, actor, application, Action.FINISH_REVIEW)
    open_consensus_when_ready(session, application)


def gaps(session: Session, application: Application, review: Review) -> list[Missing]:
    """What a review lacks before it can be final.

    That is a mark everywhere, a rationale but for a 3, a basis for a 4 that is there (a test record of one's own, or an
    independent report that one has accepted for the criterion), and the answers one still waits for.
    """
    given = reviews.scores_of(session, [review])[review.id]
    on_report = any(score.basis is Basis.INDEPENDENT_REPORT for score in given.values())
    grounds = Grounds(test_records.tested(session, review.id), accepted_by(session, review) if on_report else ())
    codes = [criterion.code for criterion in applicable_criteria(session, application)]
    found = [(code, _gap(given.get(code), grounds)) for code in codes]
    found += [(code, WAITS) for code in asked.waited_for(session, application, review)]
    return [Missing(sentence, f"score:{code}", {"code": code}) for code, sentence in found if sentence]


def void(session: Session, application: Application, person_id: UUID) -> Review | None:
    """Take a person's review out of the count; the scores stay as a record. After the recommendation nothing changes.

    Where the others are already final and enough, the consensus opens.
    """
    review = reviews.review_of(session, application.id, person_id)
    if review is None or not is_voidable(application):
        return None
    review.voided_at = now()
    session.add(review)
    session.flush()
    questions.close_of(session, application, review)
    open_consensus_when_ready(session, application)
    return review


def is_voidable(application: Application) -> bool:
    """Whether a review can still be taken out of the count: until the recommendation."""
    return application.state in _VOIDABLE


def open_consensus_when_ready(session: Session, application: Application) -> None:
    """Open the consensus once every review that counts is final, and write down what evidence does not show."""
    session.flush()
    if application.state is State.IN_REVIEW and not to_open_consensus(session, application):
        questions.close_all(session, application)
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
    texts = score.rationale, score.to_vendor, score.panel_only
    return Marking(mark_of(score), score.basis, *texts, tuple(score.relied_on), later=score.later)


def marking_in(content: dict[str, Any]) -> Marking:
    """What a version of a score says."""
    basis = Basis(content["basis"]) if content["basis"] else None
    texts = content["rationale"], content["to_vendor"], content["panel_only"]
    return Marking(content["mark"], basis, *texts, tuple(content["relied_on"]))


def mark_of(score: Score | AgreedScore) -> str:
    """The mark of a stored score, "" where there is none yet."""
    if score.not_shown:
        return NOT_SHOWN
    if score.not_applicable:
        return NOT_APPLICABLE
    return "" if score.value is None else str(score.value)


def _has_seen(score: Score, marking: Marking, version: int) -> bool:
    return score.version == version or versions.from_the_same_page(marking.saving, score.saved_from)


def _write(score: Score, marking: Marking) -> None:
    score.value = int(marking.mark) if marking.mark in VALUES else None
    score.not_shown = marking.mark == NOT_SHOWN
    score.not_applicable = marking.mark == NOT_APPLICABLE
    score.basis = marking.basis
    score.rationale, score.to_vendor, score.panel_only = marking.rationale, marking.to_vendor, marking.panel_only
    score.relied_on, score.later = list(marking.relied_on), marking.later
    score.version += 1
    score.saved_at = now()
    score.saved_from = marking.saving.page if marking.saving.auto else ""


def _gap(score: Score | None, grounds: Grounds) -> str:
    if score is None or not score.marked:
        return N_("Chấm %(code)s.")
    if score.value != NEEDS_NO_WORDS and not score.rationale.strip():
        return N_("Ghi lý do của %(code)s.")
    return _gap_of_basis(score, grounds) if score.value == VERIFIED else ""


def _gap_of_basis(score: Score, grounds: Grounds) -> str:
    if score.basis is None:
        return N_("Chọn căn cứ của điểm 4 ở %(code)s.")
    if score.basis is Basis.OWN_TEST and score.criterion not in grounds.tested:
        return N_("Ghi lần tự thử làm căn cứ cho điểm 4 ở %(code)s.")
    if score.basis is Basis.INDEPENDENT_REPORT and score.criterion not in grounds.reported:
        return N_("Chấp nhận một báo cáo độc lập ở %(code)s, hoặc đổi căn cứ của điểm 4.")
    return ""


def _check(session: Session, application: Application, code: str, marking: Marking) -> None:
    if max(len(marking.rationale), len(marking.to_vendor), len(marking.panel_only)) > LONGEST:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST)
    if not set(marking.relied_on) <= evidence_ids(session, application.id, code):
        raise Invalid(N_("Bằng chứng bạn đánh dấu không thuộc %(code)s. Tải lại trang rồi chọn lại."), code=code)
