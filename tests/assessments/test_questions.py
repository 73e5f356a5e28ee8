"""A reviewer's question to the vendor: by letter, answered once, with the clock of the reviews stopped meanwhile."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import clock, questions, reviews
from assessments.clock import legal_day, now
from assessments.errors import Invalid, NotAllowed, NotFound, WrongState
from assessments.models import HistoryEntry, Question
from assessments.queries import questions as queries
from assessments.states import Event, State
from tests import evaluation

CODE = "TN-05"


@pytest.fixture
def application(world):
    """Dũng and Hà review."""
    return evaluation.in_review(world)


def ask(world, application, person=None, text="Đo trên máy nào?", code=CODE):
    question = questions.ask(world.session, person or world.dung, application, code, text)
    world.session.commit()
    return question


def answer(world, application, question, text="Máy A54.", person=None):
    return questions.answer(world.session, person or world.anh, application, question.id, text)


def days_of(world, application):
    """The legal days until which everybody has time."""
    return [legal_day(evaluation.review_by(world, application, one).due_at) for one in (world.dung, world.ha)]


def later(days):
    return clock.at(now() + timedelta(days=days))


def test_a_contributor_answers_and_the_days_waited_are_given_back(world, application):
    before, due = days_of(world, application), legal_day(application.due_at)
    question = ask(world, application)
    assert application.paused_at is not None
    with later(3):
        answer(world, application, question)
        world.session.commit()
    assert (question.answer, question.answered_by) == ("Máy A54.", world.anh.id)
    assert days_of(world, application) == [day + timedelta(days=3) for day in before]
    assert legal_day(application.due_at) == due + timedelta(days=3)
    assert (application.paused_at, application.paused_days) == (None, 3)
    steps = world.session.exec(select(HistoryEntry).order_by(HistoryEntry.seq.desc()).limit(3)).all()
    assert [(one.action, one.actor_id) for one in reversed(steps)] == [
        (Event.ASK_QUESTION, world.dung.id),
        (Event.ANSWER_QUESTION, world.anh.id),
        (Event.EXTEND_DEADLINE, None),
    ]


def test_an_answer_of_the_same_day_moves_nothing(world, application):
    before = days_of(world, application)
    answer(world, application, ask(world, application))
    world.session.commit()
    assert days_of(world, application) == before
    assert world.session.exec(select(HistoryEntry).where(HistoryEntry.action == Event.EXTEND_DEADLINE)).all() == []


def test_the_clock_waits_for_the_last_of_several_and_counts_each_day_once(world, application):
    before = days_of(world, application)
    first = ask(world, application)
    with later(2):
        second = ask(world, application, world.ha)
        answer(world, application, first)
        assert application.paused_at is not None
    with later(5):
        answer(world, application, second)
        world.session.commit()
    assert days_of(world, application) == [day + timedelta(days=5) for day in before]


def test_the_waiting_has_an_end(world, application):
    before = days_of(world, application)
    assert queries.waits_until(application) is None
    question = ask(world, application)
    most = queries.most(application)
    assert queries.waits_until(application) == clock.deadline(most)
    review = evaluation.review_by(world, application, world.dung)
    assert queries.waited_for(world.session, application, review) == [CODE]
    with later(most + 10):
        assert queries.running(application) == most
        assert queries.waited_for(world.session, application, review) == []
        answer(world, application, question)
        world.session.commit()
    assert days_of(world, application) == [day + timedelta(days=most) for day in before]
    assert queries.room(application) == 0


def test_meanwhile_nobody_is_late(world, application):
    review = evaluation.review_by(world, application, world.dung)
    ask(world, application)
    with later(29):
        assert queries.due_with_pause(application, review.due_at) > now() > review.due_at


def test_an_answer_is_given_once(world, application):
    question = ask(world, application)
    answer(world, application, question)
    with pytest.raises(WrongState):
        answer(world, application, question, "Nghĩ lại rồi.", world.an)
    assert question.answer == "Máy A54."


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001])
def test_a_question_has_words_and_an_end(world, application, text):
    with pytest.raises(Invalid):
        ask(world, application, text=text)
    assert world.session.exec(select(Question)).all() == []


def test_a_reviewer_waits_for_so_many_answers_at_once(world, application):
    for _ in range(questions.MOST):
        ask(world, application)
    with pytest.raises(Invalid):
        ask(world, application)
    ask(world, application, world.ha)


@pytest.mark.parametrize(("who", "refusal"), [("bao", NotFound), ("chi", NotAllowed), ("an", NotAllowed)])
def test_others_ask_nothing(world, application, who, refusal):
    with pytest.raises(refusal):
        ask(world, application, getattr(world, who))


@pytest.mark.parametrize(("who", "refusal"), [("bao", NotFound), ("ha", NotAllowed), ("chi", NotAllowed)])
def test_others_answer_nothing(world, application, who, refusal):
    question = ask(world, application)
    with pytest.raises(refusal):
        answer(world, application, question, person=getattr(world, who))


def test_a_criterion_that_does_not_apply_is_not_asked_about(world, application):
    with pytest.raises(NotFound):
        ask(world, application, code="XX-99")


def test_ones_own_question_can_be_taken_back(world, application):
    question = ask(world, application)
    with pytest.raises(NotFound):
        questions.withdraw(world.session, world.ha, application, question.id)
    questions.withdraw(world.session, world.dung, application, question.id)
    assert not question.waits
    assert application.paused_at is None
    with pytest.raises(WrongState):
        answer(world, application, question)
    with pytest.raises(WrongState):
        questions.withdraw(world.session, world.dung, application, question.id)


def test_a_review_is_not_final_while_its_reviewer_waits(world, application):
    question = ask(world, application)
    evaluation.score_all(world, world.dung, application)
    review = evaluation.review_by(world, application, world.dung)
    assert [one.place for one in reviews.gaps(world.session, application, review)] == [f"score:{CODE}"]
    with later(queries.most(application) + 1):
        reviews.finish(world.session, world.dung, application)
    assert question.closed_at is not None


def test_a_final_reviewer_who_has_seen_everything_asks_nothing(world, application):
    evaluation.finish(world, world.dung, application)
    with pytest.raises(WrongState):
        ask(world, application)


def test_the_questions_of_a_reviewer_who_leaves_end_with_the_review(world, application):
    question = ask(world, application)
    reviews.void(world.session, application, world.dung.id)
    assert question.closed_at is not None
    assert application.paused_at is None


def test_leaving_the_review_stops_the_waiting(world, application):
    question = ask(world, application)
    with later(1):
        evaluation.score_all(world, world.dung, application)
        questions.withdraw(world.session, world.dung, application, question.id)
        reviews.finish(world.session, world.dung, application)
        evaluation.finish(world, world.ha, application)
    assert application.state is State.CONSENSUS
    assert application.paused_at is None
