"""The chain of history: linked, salted, erasable in its words, and closed to change on both databases."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from assessments import history
from assessments.models import ChainHead, HistoryEntry, HistoryText, Submission
from assessments.states import Event
from tests import real_products

PRODUCT = real_products.load()["cboard"]


@pytest.fixture
def written(world):
    """Three steps by two people."""
    for actor, note in ((world.an, "một"), (world.chi, "hai"), (None, "ba")):
        history.record(world.session, actor, history.Step(Event.START, note=note))
    world.session.commit()
    return world.session.exec(select(HistoryEntry).order_by(HistoryEntry.seq)).all()


def test_every_row_holds_the_hash_of_the_one_before(world, written):
    assert [one.seq for one in written] == [1, 2, 3]
    assert [one.previous_hash for one in written] == ["0" * 64, written[0].hash, written[1].hash]
    assert all(one.hash == history.entry_hash(one) for one in written)
    head = world.session.exec(select(ChainHead)).one()
    assert (head.seq, head.hash) == (3, written[-1].hash)


def test_the_chain_knows_no_name_and_no_word(written):
    stored = "".join(str(one.model_dump()) for one in written)
    assert "Nguyễn" not in stored
    assert "một" not in stored


def test_words_are_salted_and_can_be_erased_without_breaking_the_chain(world, written):
    texts = world.session.exec(select(HistoryText).order_by(HistoryText.seq)).all()
    assert [history.text_hash(one) for one in texts] == [one.text_hash for one in written]
    assert len({one.salt for one in texts}) == 3

    world.session.delete(texts[0])
    world.session.commit()
    assert all(one.hash == history.entry_hash(one) for one in written)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history_entry SET action = 'other'",
        "DELETE FROM history_entry",
        "UPDATE history_text SET note = 'other'",
        "UPDATE submission SET digest = 'other'",
        "DELETE FROM submission",
    ],
)
def test_the_database_refuses_to_rewrite_the_past(world, statement):
    real_products.carry(world, PRODUCT)
    world.session.commit()
    with pytest.raises(DBAPIError, match="immutable"):
        world.session.execute(text(statement))
    world.session.rollback()
    assert len(world.session.exec(select(Submission)).all()) == 1
