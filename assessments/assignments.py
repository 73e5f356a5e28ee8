"""Who reviews an application: chosen by the office among people without an interest, one of them the lead."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from string import ascii_uppercase
from uuid import UUID

from sqlmodel import Session, col, delete

from assessments import clock, findings, history, questions
from assessments.declarations import ask_again
from assessments.errors import N_, Invalid, NotAllowed, NotFound, WrongState
from assessments.models import AgreedScore, Application, Review
from assessments.participation import take_part
from assessments.people import Actor, Part
from assessments.policy import Permission, require
from assessments.queries import competences, reviews
from assessments.queries.calibrations import standings
from assessments.queries.competences import Subject
from assessments.queries.participation import free_reviewers
from assessments.queries.standings import standing_of
from assessments.states import Action, Event, State
from assessments.workflow import move
from criteria import store

LONGEST_REASON = 1_000  # characters
EXTENDABLE = (State.RETURNED, State.IN_REVIEW, State.CORRECTION)


class Uncovered(Invalid):
    """A team lacks competence or calibration, and no reason was written: `lacking` names what, `untried` counts who."""

    def __init__(self, lacking: tuple[Subject, ...], untried: int = 0) -> None:
        super().__init__(N_("Nhóm này còn thiếu. Ghi lý do vẫn giao, hoặc chọn người khác."))
        self.lacking = lacking
        self.untried = untried


class Uncalibrated(Invalid):
    """Work is to go to `untried` people who have not passed calibration, and no reason was written."""

    def __init__(self, untried: int) -> None:
        super().__init__(
            N_("Có %(n)d người chưa qua chấm thử của bản tiêu chí này. Ghi lý do vẫn giao hồ sơ cho họ."), n=untried
        )
        self.untried = untried


@dataclass(frozen=True)
class Team:
    """Who is to review, who leads, the last legal day for it, and why where competence or calibration is wanting."""

    reviewers: tuple[UUID, ...]
    lead: UUID | None
    due_on: date
    reason: str = ""  # nobody's name: the committee reads it


@dataclass(frozen=True)
class Newcomer:
    """Who takes another's place, why, and why somebody who has not passed calibration."""

    person_id: UUID
    reason: str = ""  # for the office only
    waiver: str = ""  # nobody's name: the committee reads it


@dataclass(frozen=True)
class Seat:
    """A reviewer's place: the letter that stands for the name, whether it leads, and until when."""

    letter: str
    lead: bool
    due_at: datetime


def assign(session: Session, actor: Actor, application: Application, team: Team) -> None:
    """Give an accepted application to its reviewers; the letters are shuffled, so that they tell nothing.

    Refuses who may not (NotFound, NotAllowed), another state (WrongState), fewer reviewers than the quorum or no
    lead (NotReady), a lead from outside or a day that has passed (Invalid), people with an interest or another
    part (NotAllowed), and a team that lacks competence or calibration without a written reason (Uncovered).
    """
    _take_office(session, actor, application)
    if application.state is not State.ACCEPTED:
        raise WrongState(N_("Hồ sơ không chờ phân công."))
    if team.lead is not None and team.lead not in team.reviewers:
        raise Invalid(N_("Trưởng nhóm phải là một trong những người được chọn."))
    due_at = _end_of(team.due_on)
    people = list(dict.fromkeys(team.reviewers))
    secrets.SystemRandom().shuffle(people)
    for person_id, letter in zip(people, ascii_uppercase, strict=False):
        _add(session, application, person_id, Seat(letter, person_id == team.lead, due_at))
    move(session, actor, application, Action.ASSIGN)
    application.due_at = due_at
    session.add(application)
    _account_for_lack(session, actor, application, team.reason)


def replace(session: Session, actor: Actor, application: Application, review_id: UUID, newcomer: Newcomer) -> Review:
    """Put somebody else in a reviewer's place; the old review is void, its scores stay as a record.

    The participation stays too: whoever was replaced comes back in no part. Refuses who may not (NotFound,
    NotAllowed), another state and a review that is final, which nobody may exchange (WrongState), a missing reason
    (Invalid), people with an interest or another part (NotAllowed), and somebody who has not passed calibration
    without a written waiver (Uncalibrated).
    """
    _take_office(session, actor, application)
    old = _review(session, application, review_id)
    if application.state is not State.IN_REVIEW or old.final_at is not None:
        raise WrongState(N_("Phần đánh giá này đã chốt nên không đổi người được."))
    if not newcomer.reason.strip():
        raise Invalid(N_("Ghi lý do đổi người đánh giá."))
    lacking = _lacking(session, application)
    old.voided_at = clock.now()
    session.add(old)
    questions.close_of(session, application, old)
    new = _add(session, application, newcomer.person_id, _next(session, application, lead=old.lead))
    history.record(session, actor, history.Step(Event.REPLACE_REVIEWER, note=newcomer.reason.strip()), application)
    _note_change(session, actor, application, lacking)
    require_calibrated(session, actor, application, [newcomer.person_id], newcomer.waiver)
    return new


def add(session: Session, actor: Actor, application: Application, person_id: UUID, waiver: str = "") -> Review:
    """Add a reviewer, above all where a late conflict has left too few; `waiver`: why one who is not calibrated.

    During the consensus this takes the application back to the review and drops what was agreed, for it was agreed
    on scores that no longer count. Refuses who may not (NotFound, NotAllowed), another state (WrongState), a
    consensus with enough reviews (NotReady), people with an interest or another part (NotAllowed), and somebody who
    has not passed calibration without a written waiver (Uncalibrated).
    """
    _take_office(session, actor, application)
    if application.state is State.CONSENSUS:
        move(session, actor, application, Action.RESUME_REVIEW)
        session.exec(delete(AgreedScore).where(col(AgreedScore.application_id) == application.id))
    if application.state is not State.IN_REVIEW:
        raise WrongState(N_("Chỉ thêm người đánh giá trong lúc đánh giá."))
    lacking = _lacking(session, application)
    leaderless = not any(one.lead for one in reviews.active(session, application.id))
    new = _add(session, application, person_id, _next(session, application, lead=leaderless))
    history.record(session, actor, history.Step(Event.REPLACE_REVIEWER), application)
    _note_change(session, actor, application, lacking)
    require_calibrated(session, actor, application, [person_id], waiver)
    return new


def make_lead(session: Session, actor: Actor, application: Application, review_id: UUID) -> None:
    """Have another reviewer lead.

    Refuses who may not (NotFound, NotAllowed), and after the recommendation (WrongState).
    """
    _take_office(session, actor, application)
    if application.state not in {State.IN_REVIEW, State.CONSENSUS, State.CORRECTION}:
        raise WrongState(N_("Hồ sơ không còn ở bước đánh giá."))
    chosen = _review(session, application, review_id)
    for review in reviews.active(session, application.id):
        review.lead = review.id == chosen.id
        session.add(review)
    history.record(session, actor, history.Step(Event.CHANGE_LEAD), application)


def extend(session: Session, actor: Actor, application: Application, until: date) -> None:
    """Give more time to whoever acts now, all reviewers alike, up to the end of a legal day.

    Refuses who may not (NotFound, NotAllowed), a state without a deadline of somebody's work (WrongState), and a
    day that is not after the present deadline (Invalid).
    """
    _take_office(session, actor, application)
    if application.state not in EXTENDABLE:
        raise WrongState(N_("Bước này không có hạn để gia hạn."))
    due_at = _end_of(until)
    if application.due_at is not None and due_at <= application.due_at:
        raise Invalid(N_("Chọn ngày sau hạn hiện nay."))
    application.due_at = due_at
    if application.state is State.IN_REVIEW:
        _move_due(session, reviews.active(session, application.id), due_at)
    if application.state is State.CORRECTION:
        findings.move_due(session, application)
    session.add(application)
    note = f"{until:%d/%m/%Y}"
    history.record(session, actor, history.Step(Event.EXTEND_DEADLINE, note=note), application)


def require_calibrated(
    session: Session, actor: Actor, application: Application, people: Iterable[UUID], reason: str = ""
) -> None:
    """Ask for a written reason before work goes to somebody who has not passed calibration in this edition.

    With a reason it is written into the history; the committee reads it. Refuses without one (Uncalibrated) and an
    overlong one (Invalid).
    """
    untried = _untried(session, application, people)
    if not untried:
        return
    if not reason.strip():
        raise Uncalibrated(untried)
    _check_length(reason)
    history.record(session, actor, history.Step(Event.WAIVE_CALIBRATION, note=reason.strip()), application)


def _untried(session: Session, application: Application, people: Iterable[UUID]) -> int:
    """How many of these people have not passed calibration."""
    return sum(not one.passed for one in standings(session, application.edition_id, people).values())


def _check_length(reason: str) -> None:
    if len(reason) > LONGEST_REASON:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST_REASON)


def _move_due(session: Session, team: Iterable[Review], due_at: datetime) -> None:
    for review in team:
        if review.final_at is None:
            review.due_at = due_at
            session.add(review)


def _account_for_lack(session: Session, actor: Actor, application: Application, reason: str) -> None:
    """Write down what the team is not competent or calibrated for, and why it reviews (ISO/IEC 17065, 6.1.2)."""
    lacking = _lacking(session, application)
    team = [one.reviewer_id for one in reviews.active(session, application.id)]
    untried = _untried(session, application, team)
    if not reason.strip() and (lacking or untried):
        raise Uncovered(lacking, untried)
    _check_length(reason)
    if lacking:
        _note_lack(session, actor, application, lacking, reason.strip())
    require_calibrated(session, actor, application, team, reason)


def _note_change(session: Session, actor: Actor, application: Application, before: tuple[Subject, ...]) -> None:
    """After a change of the team: what is wanting now, where that is something else; why is said to the office only."""
    lacking = _lacking(session, application)
    if lacking != before:
        _note_lack(session, actor, application, lacking)


def _note_lack(
    session: Session, actor: Actor, application: Application, lacking: tuple[Subject, ...], reason: str = ""
) -> None:
    note = ": ".join(part for part in (", ".join(code for _field, code in lacking), reason) if part)
    history.record(session, actor, history.Step(Event.LACK_COMPETENCE, note=note), application)


def _lacking(session: Session, application: Application) -> tuple[Subject, ...]:
    """What nobody of the team is competent for today."""
    team = [one.reviewer_id for one in reviews.active(session, application.id)]
    return competences.lacking(session, application, team)


def _take_office(session: Session, actor: Actor, application: Application) -> None:
    require(standing_of(session, actor, application), Permission.ASSIGN)
    take_part(session, application, actor.id, Part.COORDINATOR)


def _add(session: Session, application: Application, person_id: UUID, seat: Seat) -> Review:
    if person_id not in free_reviewers(session, application):
        raise NotAllowed(N_("Người này không được giao hồ sơ: có lợi ích liên quan hoặc đã giữ một vai khác."))
    take_part(session, application, person_id, Part.REVIEWER)
    ask_again(session, application, person_id=person_id)
    review = Review(application_id=application.id, reviewer_id=person_id, **vars(seat))
    session.add(review)
    session.flush()
    return review


def _next(session: Session, application: Application, *, lead: bool) -> Seat:
    """A further place under the next letter nobody has had, with the period of the edition before it."""
    had = {review.letter for review in reviews.ever(session, application.id)}
    letter = next(letter for letter in ascii_uppercase if letter not in had)
    fresh = clock.deadline(store.load(application.edition_id).periods.review_days)
    return Seat(letter, lead, max(fresh, application.due_at or fresh))


def _review(session: Session, application: Application, review_id: UUID) -> Review:
    for review in reviews.active(session, application.id):
        if review.id == review_id:
            return review
    raise NotFound


def _end_of(day: date) -> datetime:
    if day < clock.today():
        raise Invalid(N_("Chọn một ngày từ hôm nay trở đi."))
    return clock.end_of_day(day)
