"""The public log: entries once and for all, tiles that grow, proofs of every old head, and two who append at once."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, func, select

from assessments import clock, history, log, merkle
from assessments.merkle import Place
from assessments.models import LogEntry, LogHead, LogTile
from assessments.queries import log as queries
from assessments.states import Event
from tests.counting import statements


def edition(session, number):
    return log.append(session, "edition", f"edition:{number}", {"id": f"vcsc-{number}", "digest": "0" * 64})


def fill(session, count, first=0):
    for number in range(first, first + count):
        edition(session, number)
    session.commit()


# --- appending ---


def test_an_entry_is_written_in_one_way(session):
    with clock.at(clock.start_of_day(clock.today())):
        entry = log.append(session, "head", "head:7", {"seq": 7, "hash": "ab" * 32})
        moment = clock.now()
    assert entry.body == (
        '{"at":"'
        + moment.isoformat(timespec="microseconds")
        + '","format":1,"hash":"'
        + "ab" * 32
        + '","kind":"head","seq":7}'
    )
    assert (entry.index, entry.at) == (0, moment)
    assert entry.leaf_hash == merkle.leaf_hash(entry.body.encode()).hex()
    head = queries.head(session)
    assert (head.size, head.root) == (1, entry.leaf_hash)


def test_what_is_told_twice_stands_there_once(session):
    first = edition(session, 1)
    edition(session, 2)
    assert edition(session, 1) is first
    session.commit()
    assert [one.index for one in session.exec(select(LogEntry).order_by(col(LogEntry.index)))] == [0, 1]
    with pytest.raises(ValueError, match="is no head"):
        log.append(session, "head", "edition:1", {"seq": 1, "hash": ""})


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("grant", {"certificate": "VCSC-26-0001-K", "why": "words of somebody"}),
        ("edition", {"certificate": "VCSC-26-0001-K"}),
        ("head", {"seq": 1, "hash": "", "format": 2}),
        ("edition", {"id": "x" * 65_400}),
        ("rumour", {}),
        ("head", {"seq": float("nan")}),
    ],
)
def test_what_does_not_belong_in_an_entry_is_refused(session, kind, body):
    with pytest.raises(ValueError):  # noqa: PT011  each has words of its own
        log.append(session, kind, "a", body)
    session.commit()
    assert session.exec(select(LogEntry)).all() == []


def test_a_transaction_that_fails_leaves_nothing(session):
    fill(session, 3)
    edition(session, 3)
    session.rollback()
    assert queries.head(session).size == 3
    fill(session, 1, 4)
    assert [json.loads(one)["id"] for one in queries.bodies(session, 0, 9)] == ["vcsc-0", "vcsc-1", "vcsc-2", "vcsc-4"]


def test_the_database_refuses_to_rewrite_the_log(session):
    fill(session, 2)
    for statement in (
        "UPDATE log_entry SET body = 'other'",
        "DELETE FROM log_entry",
        "DELETE FROM log_tile",
        "DELETE FROM log_head",
    ):
        with pytest.raises(DBAPIError, match="immutable"):
            session.execute(text(statement))
        session.rollback()


# --- the tree ---


def test_every_entry_and_every_old_head_is_proved(session):
    heads = []
    for number in range(70):
        edition(session, number)
        head = queries.head(session)
        heads.append((head.size, bytes.fromhex(head.root)))
    session.commit()
    leaves = [bytes.fromhex(one) for one in session.exec(select(LogEntry.leaf_hash).order_by(col(LogEntry.index)))]
    for size, root in heads:
        assert queries.root(session, size) == root
        assert merkle.verify_consistency((size, root), heads[-1], queries.consistency(session, size, 70))
        proof = queries.inclusion(session, size - 1, 70)
        assert merkle.verify_inclusion(leaves[size - 1], size - 1, heads[-1], proof)


def test_a_full_tile_opens_the_level_above(session):
    fill(session, 258)
    rows = {Place(one.level, one.number): len(one.hashes) // 32 for one in session.exec(select(LogTile))}
    assert rows == {Place(0, 0): 256, Place(0, 1): 2, Place(1, 0): 1}
    leaves = {at: bytes.fromhex(entry.leaf_hash) for at in (0, 255, 256, 257) if (entry := queries.entry(session, at))}
    tree = (258, bytes.fromhex(queries.head(session).root))
    for at, leaf in leaves.items():
        assert merkle.verify_inclusion(leaf, at, tree, queries.inclusion(session, at, 258))


def test_appending_and_proving_ask_few_things(app, session):
    fill(session, 300)
    head = (300, bytes.fromhex(queries.head(session).root))
    session.commit()
    counts = []
    for number in range(300, 304):
        with statements(app) as seen:
            fill(session, 1, number)
        counts.append(len(seen))
    assert counts == [6, 6, 6, 6]
    with statements(app) as seen:
        proof = queries.inclusion(session, 17, 300)
    assert len(seen) == 1
    entry = queries.entry(session, 17)
    assert merkle.verify_inclusion(bytes.fromhex(entry.leaf_hash), 17, head, proof)
    with statements(app) as seen:
        queries.consistency(session, 123, 300)
    assert len(seen) == 1


# --- two at once ---


def work(engine, line, mine):
    """Append twenty entries of one's own, and twenty that the other one appends too."""
    line.wait(60)
    for number in range(20):
        with Session(engine) as own:
            edition(own, f"{mine}-{number}")
            edition(own, f"both-{number}")
            own.commit()


def test_two_who_append_at_once_take_their_turns(app, session):
    line = threading.Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(work, app.extensions["engine"], line, mine) for mine in ("a", "b")]:
            one.result(60)
    entries = session.exec(select(LogEntry).order_by(col(LogEntry.index))).all()
    assert [one.index for one in entries] == list(range(60))
    tiles = {}
    for at, entry in enumerate(entries):
        tiles |= merkle.grown(tiles, at, bytes.fromhex(entry.leaf_hash))
    head = session.exec(select(LogHead)).one()
    assert (head.size, head.root) == (60, merkle.root(lambda _places: tiles, 60).hex())
    assert queries.tiles(session, list(tiles)) == tiles


# --- the history in the log ---


def test_the_log_takes_the_end_of_the_history_when_it_grew(world, session):
    assert log.note_history(session) is None

    step = history.record(session, world.an, history.Step(Event.START))
    noted = log.note_history(session)
    assert json.loads(noted.body) | {"at": ""} == {"format": 1, "kind": "head", "seq": 1, "hash": step.hash, "at": ""}
    assert log.note_history(session) is None

    history.record(session, world.an, history.Step(Event.START))
    hour = timedelta(hours=1)
    assert log.note_history(session, every=hour) is None
    with clock.at(clock.now() + hour):
        assert log.note_history(session, every=hour) is not None
    last = queries.last_history_head(session)
    assert (last.index, last.seq) == (1, 2)
    assert session.exec(select(func.count()).select_from(LogEntry)).one() == 2


# --- asking ---


def test_entries_come_newest_first_and_page_by_page(session, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 3)
    fill(session, 5)
    assert [one.index for one in queries.entries(session)] == [4, 3, 2, 1]
    assert [one.index for one in queries.entries(session, before=2)] == [1, 0]
