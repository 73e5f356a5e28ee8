"""flask audit: whatever was changed past the triggers, the first bad row is named, and a database put back is found."""

import json

import pytest
from sqlalchemy import delete, update
from sqlmodel import col, select

from assessments import history, log, merkle
from assessments.models import ChainHead, HistoryEntry, HistoryText, LogEntry, LogTile
from assessments.queries import log as queries
from assessments.states import Event
from registry.audit import trail_commands
from registry.log import checkpoints
from tests import log_entries
from tests.tampering import tamper

WHOLE = "whole: 9 steps, 7 entries"


def step(session, world, note="lời"):
    return history.record(session, world.an, history.Step(Event.START, note=note))


@pytest.fixture
def written(app, world, session):
    """Nine steps; a log of seven entries that took the end of the history after the third, the sixth and the ninth."""
    for _ in range(3):
        for _ in range(3):
            step(session, world)
        log.note_history(session)
        log_entries.edition(session, queries.head(session).size)
    with app.app_context():
        log_entries.edition(session, "last")
        checkpoints.renew(session)
    session.commit()
    return session


def audit(app, *args):
    """Exit code and lines of a command, both streams."""
    result = app.test_cli_runner().invoke(args=["audit", *args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output.splitlines()


def rehashed(session, seq, **changes):
    """Change a step and give it the hash that fits, as somebody would who knows how it is made."""
    entry = session.get(HistoryEntry, seq)
    values = {**entry.model_dump(), **changes}
    digest = history.entry_hash(HistoryEntry(**values))
    session.expunge(entry)
    return update(HistoryEntry).where(col(HistoryEntry.seq) == seq).values(hash=digest, **changes), digest


# --- whole ---


def test_what_is_whole_is_said_to_be(app, written):
    assert audit(app, "verify") == (0, [WHOLE])


def test_an_empty_registry_is_whole(app, session):
    assert audit(app, "verify") == (0, ["whole: 0 steps, 0 entries"])


def test_words_erased_by_law_break_nothing(app, written):
    tamper(written, "DELETE FROM history_text WHERE seq = 4")
    assert audit(app, "verify") == (0, [WHOLE])


# --- the history ---


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE history_entry SET action = 'other' WHERE seq = 4", "Step 4 of the history was changed."),
        ("UPDATE history_entry SET to_state = 'x' WHERE seq >= 4", "Step 4 of the history was changed."),
        ("UPDATE history_entry SET actor_id = NULL WHERE seq = 2", "Step 2 of the history was changed."),
        ("UPDATE history_text SET note = 'khác' WHERE seq = 5", "The words of step 5 of the history were changed."),
        ("UPDATE history_text SET actor_name = '' WHERE seq = 1", "The words of step 1 of the history were changed."),
        ("UPDATE history_entry SET previous_hash = 'x' WHERE seq = 1", "Step 1 of the history was changed."),
        ("UPDATE chain_head SET seq = 8", "Step 9 of the history was put in: the head knows nothing of it."),
        ("UPDATE chain_head SET hash = 'x'", "Step 9 of the history was changed: the head remembers another one."),
        ("UPDATE chain_head SET seq = 10", "Step 10 of the history is missing."),
    ],
)
def test_the_first_changed_step_is_named(app, written, statement, sentence):
    tamper(written, statement)
    assert audit(app, "verify") == (1, [f"history: {sentence}"])


@pytest.mark.parametrize("seq", [1, 5, 9])
def test_a_step_taken_away_is_named(app, written, seq):
    tamper(written, *(delete(table).where(col(table.seq) == seq) for table in (HistoryText, HistoryEntry)))
    code, lines = audit(app, "verify")
    assert (code, lines[0]) == (1, f"history: Step {seq} of the history is missing.")


def test_two_steps_in_each_others_place_are_named(app, written):
    tamper(
        written,
        "DELETE FROM history_text",
        "UPDATE history_entry SET seq = 100 WHERE seq = 4",
        "UPDATE history_entry SET seq = 4 WHERE seq = 5",
        "UPDATE history_entry SET seq = 5 WHERE seq = 100",
    )
    assert audit(app, "verify")[1][0] == "history: Step 4 of the history was changed."


@pytest.mark.parametrize(
    ("seq", "sentence"),
    [
        (0, "Step 0 of the history was put in."),
        (10, "Step 10 of the history was put in: the head knows nothing of it."),
    ],
)
def test_a_step_put_in_is_named(app, written, seq, sentence):
    last = written.get(HistoryEntry, 9)
    made = HistoryEntry(**{**last.model_dump(), "seq": seq, "previous_hash": last.hash})
    made.hash = history.entry_hash(made)
    written.add(made)
    written.commit()
    assert audit(app, "verify") == (1, [f"history: {sentence}"])


def test_a_step_rewritten_with_its_hash_is_named_by_the_one_after_it(app, written):
    statement, _digest = rehashed(written, 4, action="other")
    tamper(written, statement)
    assert audit(app, "verify") == (
        1,
        ["history: Step 4 of the history was changed: the step after it was written after another one."],
    )


def rewrite(session, first):
    """Change a step and make everything after it fit again, head included: the chain alone shows nothing."""
    statements, previous = [], None
    for seq in range(first, 10):
        changes = {"action": "other"} if seq == first else {"previous_hash": previous}
        statement, previous = rehashed(session, seq, **changes)
        statements.append(statement)
    tamper(session, *statements, update(ChainHead).values(hash=previous))


@pytest.mark.parametrize(
    ("first", "sentence"),
    [
        (2, "The history was rewritten between the steps 1 and 3: entry 0 of the log remembers step 3 as another one."),
        (5, "The history was rewritten between the steps 4 and 6: entry 2 of the log remembers step 6 as another one."),
    ],
)
def test_a_history_rewritten_to_its_end_contradicts_the_log(app, written, first, sentence):
    rewrite(written, first)
    assert audit(app, "verify") == (3, [f"history and log: {sentence}"])


def test_a_history_put_back_contradicts_the_log(app, written):
    before = written.get(HistoryEntry, 7)
    tamper(
        written,
        "DELETE FROM history_text WHERE seq > 7",
        "DELETE FROM history_entry WHERE seq > 7",
        update(ChainHead).values(seq=7, hash=before.hash),
    )
    sentence = "The history was put back: entry 4 of the log remembers step 9, and it is gone."
    assert audit(app, "verify") == (3, [f"history and log: {sentence}"])


# --- the log ---


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        (
            "UPDATE log_entry SET body = replace(body, 'vcsc-3', 'vcsc-4') WHERE \"index\" = 3",
            "Entry 3 of the log was changed.",
        ),
        ("UPDATE log_entry SET leaf_hash = 'x' WHERE \"index\" >= 3", "Entry 3 of the log was changed."),
        ("UPDATE log_entry SET kind = 'key' WHERE \"index\" = 3", "Entry 3 of the log was changed."),
        ('DELETE FROM log_entry WHERE "index" = 5', "Entry 5 of the log is missing."),
        ("UPDATE log_head SET size = 8", "The head of the log is at 8 entries and is not that of its 7 entries."),
        ("UPDATE log_head SET root = 'x'", "The head of the log is at 7 entries and is not that of its 7 entries."),
        (
            "INSERT INTO log_tile (level, number, hashes) SELECT 1, 0, hashes FROM log_tile",
            "The log has 2 tiles instead of 1.",
        ),
        (
            "UPDATE log_head SET checkpoint = replace(checkpoint, '/log', '/fog')",
            "The checkpoint of the log is not a good one: No known key has signed this.",
        ),
    ],
)
def test_the_first_wrong_entry_of_the_log_is_named(app, written, statement, sentence):
    tamper(written, statement)
    assert audit(app, "verify") == (4, [f"log: {sentence}"])


def test_an_entry_changed_with_its_hash_is_not_that_of_the_tree(app, written):
    body = written.get(LogEntry, 3).body.replace("vcsc-3", "vcsc-4")
    digest = merkle.leaf_hash(body.encode()).hex()
    tamper(written, update(LogEntry).where(col(LogEntry.index) == 3).values(body=body, leaf_hash=digest))
    assert audit(app, "verify") == (4, ["log: Entry 3 of the log was changed."])


def test_an_entry_put_in_behind_the_tree_is_named(app, written):
    last = written.get(LogEntry, 6)
    written.add(LogEntry(**{**last.model_dump(), "index": 7, "key": "more"}))
    written.commit()
    assert audit(app, "verify") == (4, ["log: Entry 7 of the log was put in: the tree knows nothing of it."])


def rebuild(session, bodies):
    """Write the log anew from other entries, tiles and head included, and leave the signature as it was."""
    statements = ["DELETE FROM log_entry", "DELETE FROM log_tile", "UPDATE log_head SET size = signed_size"]
    tamper(session, *statements)
    tiles = {}
    for at, (key, body) in enumerate(bodies):
        leaf = merkle.leaf_hash(body.encode())
        told = json.loads(body)
        moment = history.now().fromisoformat(told["at"])
        session.add(LogEntry(index=at, key=key, kind=told["kind"], body=body, leaf_hash=leaf.hex(), at=moment))
        tiles |= merkle.grown(tiles, at, leaf)
    session.add_all(LogTile(level=place.level, number=place.number, hashes=one) for place, one in tiles.items())
    head = log.held(session)
    head.size, head.root = len(bodies), merkle.root(lambda _places: tiles, len(bodies)).hex()
    session.add(head)
    session.commit()


def test_a_log_written_anew_does_not_have_its_signature(app, written):
    bodies = [(one.key, one.body) for one in written.exec(select(LogEntry).order_by(col(LogEntry.index)))]
    bodies[3] = (bodies[3][0], bodies[3][1].replace("vcsc-3", "vcsc-x"))
    rebuild(written, bodies)
    assert audit(app, "verify") == (4, ["log: The checkpoint of the log is not that of its entries."])


# --- a checkpoint that was saved ---


@pytest.fixture
def saved(app, written, tmp_path):
    """The checkpoint of seven entries in a file, as somebody would keep it; the log grew since."""
    code, lines = audit(app, "checkpoint")
    assert code == 0
    path = tmp_path / "checkpoint.txt"
    path.write_text("\n".join([*lines, ""]), "utf-8")
    log_entries.fill(app, written, 4)
    return str(path)


def test_the_log_follows_a_saved_checkpoint(app, written, saved):
    assert audit(app, "verify", "--checkpoint", saved) == (
        0,
        ["whole: 9 steps, 11 entries, as the checkpoint of 7 entries has them"],
    )


def test_a_database_that_was_put_back_is_found(app, written, saved):
    bodies = [(one.key, one.body) for one in written.exec(select(LogEntry).order_by(col(LogEntry.index)))][:5]
    tamper(written, "UPDATE log_head SET signed_size = 0, checkpoint = '', signed_at = NULL")
    rebuild(written, bodies)
    assert audit(app, "verify") == (0, ["whole: 9 steps, 5 entries"])
    assert audit(app, "verify", "--checkpoint", saved) == (
        5,
        ["saved checkpoint: The saved checkpoint is of 7 entries, the log has 5: the database was put back."],
    )


def test_a_database_that_was_put_back_and_went_on_is_found(app, written, saved):
    bodies = [(one.key, one.body) for one in written.exec(select(LogEntry).order_by(col(LogEntry.index)))][:5]
    tamper(written, "UPDATE log_head SET signed_size = 0, checkpoint = '', signed_at = NULL")
    rebuild(written, bodies)
    for number in range(100, 110):
        log_entries.edition(written, number)
    with app.app_context():
        checkpoints.renew(written)
    written.commit()
    assert audit(app, "verify") == (0, ["whole: 9 steps, 15 entries"])
    sentence = "The first 7 entries are not those of the saved checkpoint: the log was put back or rewritten."
    assert audit(app, "verify", "--checkpoint", saved) == (
        5,
        [
            f"saved checkpoint: {sentence}",
        ],
    )


def test_a_checkpoint_nobody_here_has_signed_is_refused(app, written, saved, tmp_path):
    for change in (("localhost/log", "elsewhere/log"), ("7", "6"), ("\n\n", "\n")):
        other = tmp_path / "other.txt"
        with open(saved, encoding="utf-8") as source:  # noqa: PTH123
            other.write_text(source.read().replace(*change), "utf-8")
        code, lines = audit(app, "verify", "--checkpoint", str(other))
        assert (code, lines[0].startswith("The checkpoint cannot be used:")) == (6, True)
    other.write_bytes(b"\xff")
    assert audit(app, "verify", "--checkpoint", str(other))[0] == 6
    assert audit(app, "verify", "--checkpoint", str(tmp_path / "none"))[0] == 2


def test_a_saved_key_counts_more_than_those_in_the_database(app, written, saved):
    with app.app_context():
        key = checkpoints.verifiers(written)[0].text
    written.commit()
    assert audit(app, "verify", "--checkpoint", saved, "--key", key)[0] == 0
    assert audit(app, "verify", "--key", "x")[0] == 6
    other = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    assert audit(app, "verify", "--checkpoint", saved, "--key", other)[0] == 6


# --- the other commands ---


def test_there_is_no_checkpoint_before_the_first(app, session):
    assert audit(app, "checkpoint") == (1, ["No checkpoint was signed yet."])


def test_the_end_of_the_history_goes_into_the_log_by_command(app, written, world):
    assert audit(app, "head") == (0, ["the log has the end of the history already"])
    step(written, world)
    written.commit()
    assert audit(app, "head") == (0, ["entry 7"])
    written.expire_all()
    assert (queries.last_history_head(written).seq, queries.head(written).signed_size) == (10, 8)
    assert audit(app, "verify") == (0, ["whole: 10 steps, 8 entries"])


def test_every_code_is_told_in_the_help(app):
    told = app.test_cli_runner().invoke(args=["audit", "verify", "--help"]).output
    codes = (0, 1, 3, 4, 5, 6)
    assert [code for code in codes if f" {code} when" not in told] == []
    assert trail_commands.UNREADABLE == 6
