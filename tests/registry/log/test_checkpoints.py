"""Checkpoints: signed as the log grows, waiting without a key, and never for two logs at once."""

import json
from dataclasses import replace

import pytest
from sqlmodel import select

from assessments import clock, history, log, merkle
from assessments.models import LogHead
from assessments.publishing import KeyPurpose
from assessments.queries import log as queries
from assessments.states import Event
from registry import keys
from registry.keys import making
from registry.log import checkpoints, notes, upkeep
from registry.log.checkpoints import Checkpoint, Forked
from registry.log.notes import Unreadable
from tests import log_entries
from tests.counting import statements
from tests.rows import rows
from tests.tampering import begin_log_anew


@pytest.fixture(autouse=True)
def _empty_log(session):
    begin_log_anew(session)


def test_a_checkpoint_is_signed_when_the_log_grew(app, session):
    log_entries.fill(app, session, 3)
    head = queries.head(session)
    with app.app_context():
        known = checkpoints.verifiers(session)
        origin = keys.identity(session).log_origin
        assert not checkpoints.renew(session)
    assert checkpoints.opened(head.checkpoint, known) == Checkpoint(origin, 3, bytes.fromhex(head.root))
    assert (head.signed_size, head.signed_at is not None) == (3, True)
    assert [one.name for one in known] == [origin]
    lines = head.checkpoint.split("\n")
    assert lines[:2] == [origin, "3"]
    assert lines[3] == ""
    assert lines[4].startswith(f"— {origin} ")


def test_every_old_checkpoint_is_the_beginning_of_the_newest(app, session):
    saved = []
    for count in (1, 1, 5, 250, 20):
        log_entries.fill(app, session, count)
        saved.append(queries.head(session).checkpoint)
    trees = [checkpoints.parsed(notes.text_of(one)).tree for one in saved]
    for old in trees:
        assert merkle.verify_consistency(old, trees[-1], queries.consistency(session, old[0], trees[-1][0]))


def test_signing_asks_few_things(app, session):
    log_entries.fill(app, session, 300)
    with app.app_context(), statements(app) as seen:
        log_entries.edition(session, "more")
        appended = len(seen)
        checkpoints.renew(session)
        session.commit()
    assert (appended, len(seen)) == (6, 10)  # the key, the head with its row, the tiles of the proof, the new head


def test_without_a_key_the_log_grows_and_its_checkpoint_waits(app, session, tmp_path):
    log_entries.fill(app, session, 2)
    signed = queries.head(session).checkpoint
    object.__setattr__(app.config["SETTINGS"], "keys_dir", str(tmp_path / "elsewhere"))
    log_entries.fill(app, session, 2)
    session.expire_all()
    head = queries.head(session)
    assert (head.size, head.signed_size, head.checkpoint) == (4, 2, signed)


def test_the_worker_takes_the_history_once_an_hour_and_signs_what_waited(app, world, session):
    log_entries.edition(session, 1)
    history.record(session, world.an, history.Step(Event.START))
    session.commit()
    with app.app_context():
        assert (upkeep.note_history(), upkeep.note_history()) == (1, 0)
        assert (upkeep.sign(), upkeep.sign()) == (1, 0)
    assert rows(app, select(LogHead.signed_size)) == [2]
    history.record(session, world.an, history.Step(Event.START))
    session.commit()
    with app.app_context():
        assert upkeep.note_history() == 0
        with clock.at(clock.now() + log.HEADS_EVERY):
            assert upkeep.note_history() == 1


def test_a_rotated_key_signs_on_and_the_retired_one_still_counts(app, session):
    log_entries.fill(app, session, 2)
    first = queries.head(session).checkpoint
    with app.app_context():
        making.rotate(session, KeyPurpose.LOG)
        session.commit()
        log_entries.fill(app, session, 1)
        known = checkpoints.verifiers(session)
    head = queries.head(session)
    assert len(known) == 2
    assert checkpoints.opened(first, known).size == 2
    assert checkpoints.opened(head.checkpoint, known[1:]).size > 3  # what happened to the keys stands there too
    assert checkpoints.opened(first, known).origin == checkpoints.opened(head.checkpoint, known).origin


@pytest.mark.parametrize("change", [{"root": bytes(32)}, {"size": 2}, {"origin": "elsewhere/log"}])
def test_a_fork_is_never_signed(app, session, change):
    log_entries.fill(app, session, 3)
    head = log.held(session)
    other = replace(checkpoints.current(head), **change)
    head.checkpoint = f"{other.text}\n— {other.origin} AAAAAAAAAAAA\n"
    log_entries.edition(session, "more")
    with app.app_context(), pytest.raises(Forked, match="nothing is signed"):
        checkpoints.renew(session)
    session.commit()
    assert rows(app, select(LogHead.signed_size)) == [3]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        "a\n1\nAAAA\n",
        "a\n01\n" + "A" * 43 + "=\n",
        "a\nx\n" + "A" * 43 + "=\n",
        "\n1\n" + "A" * 43 + "=\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(Unreadable):
        checkpoints.parsed(text)


def test_lines_that_we_do_not_know_are_allowed():
    root = "A" * 43 + "="
    assert checkpoints.parsed(f"a\n1\n{root}\nmore\n") == Checkpoint("a", 1, bytes(32))


def test_what_the_log_takes_of_the_history_says_nothing_of_people(world, session):
    history.record(session, world.an, history.Step(Event.START, note="lời riêng"))
    noted = log.note_history(session)
    assert sorted(json.loads(noted.body)) == ["at", "format", "hash", "kind", "seq"]
    assert [word for word in (world.an.name, "lời riêng", str(world.an.id)) if word in noted.body] == []
