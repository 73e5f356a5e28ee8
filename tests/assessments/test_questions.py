"""A reviewer's question to the vendor: by letter, answered once, with the clock of the reviews stopped meanwhile."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import clock, questions, reviews
from assessments.clock import legal_day, now
from assessments.errors import Invalid, NotAllowed, NotFound, WrongState
from assessments.models import HistoryEntry, Question
from assessments.queries import questions as queries
from assessments.queries import reviews as panels
from assessments.states import Event, State
from registry import jobs
from registry.mail.models import Letter
from tests import evaluation

CODE = "TN-05"
CODES = ("TN-05", "TL-01", "TN-01", "TN-02", "TN-03", "TN-04")


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
    for code in CODES[: questions.MOST]:
        ask(world, application, code=code)
    with pytest.raises(Invalid):
        ask(world, application, code=CODES[questions.MOST])
    ask(world, application, world.ha)


def test_a_criterion_has_one_question_of_a_reviewer_that_waits(world, application):
    first = ask(world, application)
    with pytest.raises(Invalid):
        ask(world, application)
    ask(world, application, world.ha)  # who cannot know of it
    answer(world, application, first)
    ask(world, application)


def test_asking_and_taking_back_has_an_end_on_each_day(world, application):
    for _ in range(questions.MOST_A_DAY):
        question = ask(world, application)
        questions.withdraw(world.session, world.dung, application, question.id)
    with pytest.raises(Invalid):
        ask(world, application)
    ask(world, application, world.ha)
    with later(1):
        ask(world, application)


def told(world):
    """What the worker tells companies now, by recipient and subject."""
    before = {one.id for one in world.session.exec(select(Letter))}
    world.session.commit()
    jobs.tell_of_questions()
    found = [one for one in world.session.exec(select(Letter)) if one.id not in before]
    world.session.commit()
    return sorted((one.recipient, one.subject) for one in found)


def letters_about(codes):
    subject = f"Hồ sơ HS-2026-0001: người đánh giá hỏi về {codes}"
    return [("an@hatnang.example", subject), ("anh@hatnang.example", subject)]


def test_one_letter_tells_of_everything_that_was_asked_meanwhile(app, world, application):
    with app.app_context():
        ask(world, application)
        ask(world, application, world.ha, code="TL-01")
        assert told(world) == []
        with clock.at(now() + queries.COLLECTED):
            assert told(world) == letters_about("TL-01, TN-05")
            assert told(world) == []
            ask(world, application, code="TN-01")
        with clock.at(now() + 2 * queries.COLLECTED):
            assert told(world) == []
        with clock.at(now() + queries.COLLECTED + queries.APART):
            assert told(world) == letters_about("TN-01")


def test_nobody_is_written_to_about_a_question_that_was_taken_back(app, world, application):
    with app.app_context():
        for _ in range(3):
            question = ask(world, application)
            questions.withdraw(world.session, world.dung, application, question.id)
            world.session.commit()
        with clock.at(now() + queries.COLLECTED):
            assert told(world) == []
            with pytest.raises(WrongState):
                questions.tell(world.session, application)


def test_each_reads_their_own_until_all_are_final(world, application):
    first, second = ask(world, application), ask(world, application, world.ha)
    team = panels.active(world.session, application.id)

    def seen_by(person):
        return {one.id for one, _letter in queries.visible_to(world.session, team, person.id)}

    assert [seen_by(one) for one in (world.dung, world.ha, world.lan)] == [{first.id}, {second.id}, set()]
    for person, question in ((world.dung, first), (world.ha, second)):
        answer(world, application, question)
        evaluation.finish(world, person, application)
    team = panels.active(world.session, application.id)
    assert seen_by(world.dung) == seen_by(world.ha) == {first.id, second.id}


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
