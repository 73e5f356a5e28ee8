"""Declarations, before the file opens and later, by reviewers and by deciders."""

import pytest
from sqlmodel import select

from assessments import declarations
from assessments.errors import Invalid, NotAllowed, NotFound
from assessments.models import Declaration, HistoryEntry, Interest
from assessments.people import InterestKind
from assessments.policy import Permission, allows
from assessments.queries.standings import standing_of
from assessments.states import State
from tests import evaluation


def test_no_interest_opens_the_file_to_a_reviewer(world):
    application = evaluation.assigned(world)
    assert not allows(standing_of(world.session, world.dung, application), Permission.READ_FILE)
    declarations.declare(world.session, world.dung, application, has_interest=False)
    assert allows(standing_of(world.session, world.dung, application), Permission.READ_FILE)


def test_a_decider_is_asked_too_and_has_no_review_to_lose(world):
    application = evaluation.handed_in(world, State.IN_DECISION)
    declarations.declare(world.session, world.giang, application, has_interest=True, kind=InterestKind.COMPETITOR)
    assert not allows(standing_of(world.session, world.giang, application), Permission.KNOW)
    assert world.session.exec(select(HistoryEntry.action)).all() == ["declare_interest"]


def test_the_same_word_twice_is_written_once(world):
    application = evaluation.assigned(world)
    for _ in range(2):
        declarations.declare(world.session, world.dung, application, has_interest=False)
    assert len(world.session.exec(select(Declaration)).all()) == 1
    assert world.session.exec(select(HistoryEntry.action)).all().count("declare_no_interest") == 1


def test_whoever_stood_aside_cannot_come_back_by_another_word(world):
    application = evaluation.assigned(world)
    declarations.declare(world.session, world.dung, application, has_interest=True, kind=InterestKind.FAMILY)
    with pytest.raises(NotFound):
        declarations.declare(world.session, world.dung, application, has_interest=False)


def test_an_interest_has_a_kind(world):
    application = evaluation.assigned(world)
    with pytest.raises(Invalid):
        declarations.declare(world.session, world.dung, application, has_interest=True)
    assert world.session.exec(select(Interest).where(Interest.person_id == world.dung.id)).all() == []


@pytest.mark.parametrize(("who", "refusal"), [("bao", NotFound), ("khanh", NotFound), ("an", NotAllowed)])
def test_who_is_not_asked_cannot_declare(world, who, refusal):
    application = evaluation.assigned(world)
    with pytest.raises(refusal):
        declarations.declare(world.session, getattr(world, who), application, has_interest=False)
