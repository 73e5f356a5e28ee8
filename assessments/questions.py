"""A reviewer asks the vendor, by letter; while somebody waits for an answer the clock of the reviews stands still.

What a reviewer asks before their review is final can tell the company nobody's score: they know only their own. The
other reviewers read it once all are final. The company is written to a while later, once for all that was asked by
then; a question that was taken back before that reaches nobody's mailbox.
"""

from uuid import UUID

from sqlmodel import Session

from assessments import clock, history
from assessments.desks import criterion_of, open_review
from assessments.errors import N_, Invalid, NotFound, WrongState
from assessments.models import Application, Question, Review
from assessments.people import Actor
from assessments.policy import Permission, require
from assessments.queries import questions, reviews
from assessments.queries.standings import standing_of
from assessments.states import Event, State

LONGEST = 2_000  # characters of a question
LONGEST_ANSWER = 5_000
MOST = 5  # open questions of one reviewer: more of them is a finding, or a talk for the office
MOST_A_DAY = 8  # of one reviewer in one application and legal day, those taken back among them


def ask(session: Session, actor: Actor, application: Application, code: str, text: str) -> Question:
    """Ask the company about one criterion, and stop the clock of the reviews until it answers.

    Refuses who does not review it (NotFound, NotAllowed), another state and a final review (WrongState), a criterion
    that does not apply (NotFound), an empty or too long text, a second question about a criterion while the first one
    waits, and more questions than MOST at once or MOST_A_DAY (Invalid).
    """
    review = open_review(session, actor, application)
    criterion_of(session, application, code)
    if not text.strip():
        raise Invalid(N_("Viết câu hỏi."))
    if len(text) > LONGEST:
        raise Invalid(N_("Câu hỏi dài quá %(max)d ký tự."), max=LONGEST)
    _refuse_too_many(session, review, code)
    question = Question(application_id=application.id, review_id=review.id, criterion=code, text=text.strip())
    question.asked_at = clock.now()
    session.add(question)
    application.paused_at = application.paused_at or clock.now()
    session.add(application)
    session.flush()
    history.record(session, actor, history.Step(Event.ASK_QUESTION, note=code), application)
    return question


def tell(session: Session, application: Application) -> list[Question]:
    """Write to the company, as the clock, about everything that waits and was not written about; the letter goes with
    the history row. Refuses (WrongState) when nothing does, or it is not time yet: see queries.questions.to_tell.
    """
    session.refresh(application, with_for_update=True)
    if application.id not in questions.to_tell(session, clock.now()):
        raise WrongState(N_("Chưa đến lúc báo."))
    found = [one for one in questions.waiting(session, application.id) if one.told_at is None]
    for question in found:
        question.told_at = clock.now()
        session.add(question)
    session.flush()
    codes = ", ".join(sorted({one.criterion for one in found}))
    history.record(session, None, history.Step(Event.TELL_QUESTIONS, note=codes), application)
    return found


def answer(session: Session, actor: Actor, application: Application, question_id: UUID, text: str) -> Question:
    """Answer a question, once and for all; with the last answer the clock of the reviews goes on.

    Refuses strangers (NotFound) and everybody but the company's people (NotAllowed), a question of another
    application (NotFound), one that does not wait any more (WrongState), and an empty or too long text (Invalid).
    """
    require(standing_of(session, actor, application), Permission.EDIT)
    question = _of(session, application, question_id)
    if application.state is not State.IN_REVIEW or not question.waits:
        raise WrongState(N_("Câu hỏi này đã được trả lời, đã rút, hoặc việc đánh giá đã xong nên không trả lời nữa."))
    if not text.strip():
        raise Invalid(N_("Viết câu trả lời."))
    if len(text) > LONGEST_ANSWER:
        raise Invalid(N_("Câu trả lời dài quá %(max)d ký tự."), max=LONGEST_ANSWER)
    question.answer, question.answered_by, question.answered_at = text.strip(), actor.id, clock.now()
    session.add(question)
    session.flush()
    history.record(session, actor, history.Step(Event.ANSWER_QUESTION, note=question.criterion), application)
    _go_on(session, application)
    return question


def withdraw(session: Session, actor: Actor, application: Application, question_id: UUID) -> Question:
    """Take one's own question back; it stays to be read, and nobody answers it any more.

    Refuses as ask() does, somebody else's question (NotFound), and one that does not wait any more (WrongState).
    """
    review = open_review(session, actor, application)
    question = _of(session, application, question_id)
    if question.review_id != review.id:
        raise NotFound
    if not question.waits:
        raise WrongState(N_("Câu hỏi này không còn chờ trả lời."))
    question.closed_at = clock.now()
    session.add(question)
    session.flush()
    history.record(session, actor, history.Step(Event.WITHDRAW_QUESTION, note=question.criterion), application)
    _go_on(session, application)
    return question


def close_of(session: Session, application: Application, review: Review) -> None:
    """Close what a reviewer still waits for: the review is final, or does not count any more."""
    _close(session, application, questions.waiting_of(session, review))


def close_all(session: Session, application: Application) -> None:
    """Close everything that waits: every review that counts is final."""
    _close(session, application, questions.waiting(session, application.id))


def _close(session: Session, application: Application, waiting: list[Question]) -> None:
    for question in waiting:
        question.closed_at = clock.now()
        session.add(question)
    session.flush()
    _go_on(session, application)


def _go_on(session: Session, application: Application) -> None:
    """Start the clock again once nobody waits, and move the deadlines by the days waited; written down as such."""
    if application.paused_at is None or questions.waiting(session, application.id):
        return
    days = questions.running(application)
    application.paused_at = None
    application.paused_days += days
    session.add(application)
    if not days or application.state is not State.IN_REVIEW:
        return
    for review in reviews.active(session, application.id):
        if review.final_at is None:
            review.due_at = questions.moved(review.due_at, days)
            session.add(review)
    if application.due_at is not None:
        application.due_at = questions.moved(application.due_at, days)
        note = f"{clock.legal_day(application.due_at):%d/%m/%Y}"
        history.record(session, None, history.Step(Event.EXTEND_DEADLINE, note=note), application)


def _refuse_too_many(session: Session, review: Review, code: str) -> None:
    waiting = questions.waiting_of(session, review)
    if any(one.criterion == code for one in waiting):
        raise Invalid(N_("Bạn đang chờ trả lời một câu ở %(code)s. Chờ, hoặc rút câu ấy rồi hỏi lại."), code=code)
    if len(waiting) >= MOST:
        raise Invalid(N_("Bạn đang chờ trả lời %(most)d câu hỏi. Chờ hoặc rút bớt rồi hỏi tiếp."), most=MOST)
    if questions.asked_today(session, review) >= MOST_A_DAY:
        raise Invalid(N_("Hôm nay bạn đã hỏi %(most)d câu trong hồ sơ này. Mai hỏi tiếp."), most=MOST_A_DAY)


def _of(session: Session, application: Application, question_id: UUID) -> Question:
    question = session.get(Question, question_id)
    if question is None or question.application_id != application.id:
        raise NotFound
    return question
