"""Versions of one's own score: autosaves folded, two tabs never overwritten, gone when the file is over."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import applications, clock, reviews
from assessments.clock import now
from assessments.errors import Conflict, Invalid, NotFound, WrongState
from assessments.models import Score, ScoreVersion
from assessments.reviews import Marking
from assessments.versions import FOLDED, Saving
from tests import evaluation

CODE = "TN-05"
PIECE = evaluation.answer()["evidence"][0]["id"]
TAB, OTHER = Saving("một", auto=True), Saving("hai", auto=True)


@pytest.fixture
def application(world):
    """Dũng and Hà review."""
    return evaluation.in_review(world)


def save(world, application, version=0, person=None, **said):
    marking = Marking(**{"mark": "2", **said})
    score = reviews.save_score(world.session, person or world.dung, application, CODE, marking, version)
    world.session.commit()
    return score


def texts(world):
    rows = world.session.exec(select(ScoreVersion).order_by(ScoreVersion.version)).all()
    return [(one.version, one.content["rationale"], one.begun_at is not None) for one in rows]


def test_a_save_by_hand_is_a_version_and_autosaves_fold_into_one(world, application):
    save(world, application, rationale="a", saving=TAB)
    save(world, application, 1, rationale="ab", saving=TAB)
    save(world, application, 2, rationale="abc")
    save(world, application, 3, rationale="abcd", saving=TAB)
    assert texts(world) == [(2, "ab", True), (3, "abc", False), (4, "abcd", True)]


def test_an_autosave_after_a_while_is_a_version_of_its_own(world, application):
    save(world, application, rationale="a", saving=TAB)
    with clock.at(now() + FOLDED + timedelta(seconds=1)):
        save(world, application, 1, rationale="ab", saving=TAB)
    assert [number for number, _text, _auto in texts(world)] == [1, 2]


def test_an_autosave_that_takes_much_away_leaves_what_was_there(world, application):
    save(world, application, rationale="x" * 300, saving=TAB)
    save(world, application, 1, rationale="y", saving=TAB)
    assert [len(text) for _number, text, _auto in texts(world)] == [300, 1]


def test_pressing_the_button_makes_what_autosaves_left_a_version(world, application):
    save(world, application, rationale="a", saving=TAB)
    save(world, application, 1, rationale="a")
    save(world, application, 1, rationale="ab", saving=TAB)
    assert texts(world) == [(1, "a", False), (2, "ab", True)]


def test_a_page_goes_on_when_an_answer_was_lost_and_another_page_does_not(world, application):
    save(world, application, rationale="a", saving=TAB)
    save(world, application, 0, rationale="ab", saving=TAB)
    with pytest.raises(Conflict) as met:
        save(world, application, 0, rationale="khác", saving=OTHER)
    assert (met.value.theirs.fields["rationale"], met.value.yours.fields["rationale"]) == ("ab", "khác")
    assert world.session.exec(select(Score)).one().rationale == "ab"


def test_giving_way_keeps_the_other_text_and_ones_own_among_the_versions(world, application):
    save(world, application, rationale="kia")
    reviews.give_way(world.session, world.dung, application, CODE, Marking("1", rationale="tôi"), 0)
    assert world.session.exec(select(Score)).one().rationale == "kia"
    assert [text for _number, text, _auto in texts(world)] == ["kia", "tôi", "kia"]


def test_an_earlier_version_comes_back_as_a_new_one(world, application):
    save(world, application, rationale="cũ", relied_on=(PIECE,))
    score = save(world, application, 1, mark="1", rationale="mới", later=True)
    first = world.session.exec(select(ScoreVersion).order_by(ScoreVersion.version)).first()
    reviews.restore(world.session, world.dung, application, CODE, (first.id, 2))
    assert (score.value, score.rationale, score.relied_on, score.later, score.version) == (2, "cũ", [PIECE], True, 3)


def test_nobody_brings_back_a_version_of_somebody_else(world, application):
    save(world, application, rationale="của Dũng")
    save(world, application, person=world.ha, rationale="của Hà")
    row = next(one for one in world.session.exec(select(ScoreVersion)) if one.content["rationale"] == "của Dũng")
    with pytest.raises(NotFound):
        reviews.restore(world.session, world.ha, application, CODE, (row.id, 1))


def test_nothing_comes_back_after_final(world, application):
    evaluation.finish(world, world.dung, application)
    row = world.session.exec(select(ScoreVersion)).first()
    with pytest.raises(WrongState):
        reviews.restore(world.session, world.dung, application, CODE, (row.id, 1))


def test_a_score_rests_on_evidence_of_its_criterion_only(world, application):
    assert save(world, application, relied_on=(PIECE,)).relied_on == [PIECE]
    with pytest.raises(Invalid):
        save(world, application, 1, relied_on=("0b1f7a0e-0000-4d2e-9a8e-3a5b6d8f1c11",))


def test_the_versions_go_when_the_file_is_over(world, application):
    save(world, application, rationale="a")
    applications.withdraw(world.session, world.an, application, "Thôi")
    world.session.commit()
    assert texts(world) == []
    assert world.session.exec(select(Score)).one().rationale == "a"
