"""The table of transitions and the one way through it."""

import pytest
from sqlmodel import select

from assessments.errors import NotAllowed, NotFound, NotReady, WrongState
from assessments.models import HistoryEntry
from assessments.states import Action, State
from assessments.workflow import REOPENING, TRANSITIONS, move

FINAL = {State.REFUSED, State.LAPSED, State.CERTIFIED, State.DECLINED, State.WITHDRAWN}


def test_withdrawing_changes_the_state_and_writes_it_down(world):
    application = world.application(State.SUBMITTED)

    move(world.session, world.an, application, Action.WITHDRAW, "đổi ý")
    world.session.commit()

    assert application.state is State.WITHDRAWN
    entries = world.session.exec(select(HistoryEntry)).all()
    assert [(e.action, e.actor_id, e.from_state, e.to_state) for e in entries] == [
        ("withdraw", world.an.id, "submitted", "withdrawn")
    ]


def test_a_contributor_may_not_withdraw(world):
    with pytest.raises(NotAllowed):
        move(world.session, world.anh, world.application(State.SUBMITTED), Action.WITHDRAW)


def test_a_stranger_learns_nothing(world):
    with pytest.raises(NotFound):
        move(world.session, world.bao, world.application(State.SUBMITTED), Action.WITHDRAW)


@pytest.mark.parametrize("state", sorted(FINAL))
def test_nothing_is_withdrawn_after_the_end(world, state):
    with pytest.raises(WrongState):
        move(world.session, world.an, world.application(state), Action.WITHDRAW)


def test_an_empty_application_is_not_ready(world):
    application = world.application(profile={})
    with pytest.raises(NotReady) as refusal:
        move(world.session, world.an, application, Action.SUBMIT)
    assert refusal.value.missing[0].place == "profile:name_vi"
    assert application.state is State.DRAFT


def test_every_state_but_the_final_ones_can_be_left():
    left = {source for action, step in TRANSITIONS.items() if action not in REOPENING for source in step.sources}
    assert set(State) - left == FINAL


def test_every_state_but_the_first_can_be_reached():
    assert set(State) - {step.target for step in TRANSITIONS.values()} == {State.DRAFT}


def test_every_action_is_a_row():
    assert set(TRANSITIONS) == set(Action)
