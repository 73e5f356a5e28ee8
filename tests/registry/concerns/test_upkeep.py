"""What the clock erases, what fsck finds, and a key of its own in the settings."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from assessments import clock, concerns, openings, referrals
from assessments.concerns import Said
from assessments.models import Concern, ConcernMessage, ConcernOpening, ConcernStep
from assessments.recourse import ConcernKind, ConcernOutcome, ConcernState, Referral, Voice
from registry import jobs
from registry.concerns import checks, contacts
from registry.config import BadSetting, from_environment
from tests.conftest import CONCERN_KEY, SECRET
from tests.rows import row, rows

WORDS = "Chuyện chỉ mình tôi biết."


@pytest.fixture
def concern(app, world):
    """One with a contact, a message and an opening that waits; acknowledged."""
    session, chi = world.session, world.chi
    with app.app_context():
        told = Said(ConcernKind.OTHER, WORDS, about="Một ứng dụng", contact="a@example.net")
        made = concerns.receive(session, uuid4(), uuid4().hex, told, contacts.seal)
        concerns.hear(session, made, uuid4(), "Viết thêm.")
        concerns.acknowledge(session, chi, made)
        openings.ask(session, chi, made, "Hỏi kiểu máy.", contacts.half_of_who_asks)
        session.commit()
    return made


def closed(world, concern):
    concerns.close(world.session, world.chi, concern, ConcernOutcome.UNCLEAR, "Không tìm ra.")
    world.session.commit()


def found(world):
    sentences = list(checks.concerns(world.session))
    world.session.rollback()
    return sentences


def test_everything_that_was_said_is_erased_in_time(app, world, concern):
    closed(world, concern)
    with app.app_context():
        assert jobs.concerns_upkeep.erase() == 0
        with clock.at(clock.now() + timedelta(days=91)):
            assert [jobs.concerns_upkeep.erase() for _ in range(2)] == [1, 0]
    left = row(app, select(Concern))
    assert (left.text, left.about, left.contact, left.state, left.closing) == (
        "",
        "",
        None,
        ConcernState.CLOSED,
        "Không tìm ra.",
    )
    assert rows(app, select(ConcernMessage)) == []
    assert [(one.reason, one.asked_half) for one in rows(app, select(ConcernOpening))] == [("", None)]
    assert rows(app, select(ConcernStep))[-1].to_state is ConcernState.CLOSED
    assert found(world) == []


def test_a_sound_registry_is_clean(app, world, concern):
    assert found(world) == []
    referrals.refer(world.session, world.chi, concern, Referral.HELPLINE, passed_on=True)
    world.session.commit()
    assert found(world) == []
    assert app.test_cli_runner().invoke(args=["fsck", "--quick"]).stdout.splitlines()[-1] == "clean"


def test_what_was_not_erased_is_found(world, concern):
    closed(world, concern)
    with clock.at(clock.now() + timedelta(days=92)):
        assert found(world) == [f"{concern.number} was closed long ago and still holds what was said."]


def test_words_left_of_what_was_passed_on_are_found(world, concern):
    referrals.refer(world.session, world.chi, concern, Referral.HELPLINE, passed_on=True)
    world.session.add(ConcernMessage(concern_id=concern.id, voice=Voice.REPORTER, text=WORDS))
    one = world.session.exec(select(ConcernOpening)).one()
    one.asked_half = "sealed"
    world.session.add(one)
    world.session.commit()
    assert found(world) == [
        f"{concern.number} was erased and still has messages.",
        f"{concern.number} has an opening that is over and still holds its halves.",
    ]


def test_a_state_that_no_step_led_to_is_found(world, concern):
    concern.state, concern.handler_id = ConcernState.INVESTIGATING, world.chi.id
    world.session.add(concern)
    world.session.commit()
    assert found(world) == [f"{concern.number} is in investigating, its steps end in acknowledged."]


@pytest.mark.parametrize("key", ["short", SECRET, f"{CONCERN_KEY},{SECRET}"])
def test_the_key_is_long_and_another_one(key):
    with pytest.raises(BadSetting, match="CONCERN_KEY"):
        from_environment({"SECRET_KEY": SECRET, "CONCERN_KEY": key})
    assert from_environment({"SECRET_KEY": SECRET, "CONCERN_KEY": CONCERN_KEY}).concern_key == (CONCERN_KEY,)


def test_a_demonstration_makes_one_of_its_own(tmp_path):
    made = [from_environment({"DEMONSTRATION": "1", "VAR_DIR": str(tmp_path)}) for _ in range(2)]
    assert made[0].concern_key == made[1].concern_key != (made[0].secret_key,)
