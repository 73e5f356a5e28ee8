"""flask fsck: clean on a sound registry, a sentence for each thing that is not, and a broom for leftovers."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlmodel import Session, select

from assessments import guides, history, log, workflow
from assessments.guide_checks import GuideContent
from assessments.models import Application, CommitteeSeat, HistoryEntry, StoredFile, Submission, triggers
from assessments.people import Body
from assessments.queries.submissions import digest_of
from assessments.states import Action, Event, State
from registry.storage import LocalStorage
from tests.conftest import Browser
from tests.registry.evidence import desk, samples, sender
from tests.world import World

TAMPERED = ("history_entry", "history_text", "submission")


@pytest.fixture
def sound(app: Flask, world: World, session: Session) -> Application:
    """A file, a submission that lists it, and an application withdrawn by its steps."""
    piece = desk.keep(app, session, world.an)
    file = session.exec(select(StoredFile)).one()
    application = world.application()
    history.record(session, world.an, history.Step(Event.START), application)
    described = {"id": str(piece.id), "file": {"sha256": file.sha256}}
    content = {"number": 1, "answers": {"TN-01": {"claim": "Có.", "evidence": [described]}}}
    session.add(
        Submission(
            application_id=application.id,
            number=1,
            content=content,
            digest=digest_of(content),
            submitted_by=world.an.id,
        )
    )
    workflow.move(session, world.an, application, Action.WITHDRAW, note="Đổi ý")
    session.commit()
    return application


def fsck(app: Flask, *options: str) -> tuple[int, list[str]]:
    """Exit code and sentences, without the closing line."""
    result = app.test_cli_runner().invoke(args=["fsck", *options])
    lines = result.stdout.splitlines()
    assert lines[-1] == ("clean" if len(lines) == 1 else f"{len(lines) - 1} findings")
    return result.exit_code, lines[:-1]


def test_a_sound_registry_is_clean(app: Flask, sound: Application) -> None:
    assert fsck(app) == (0, [])
    assert fsck(app, "--quick", "--all") == (0, [])


def test_an_empty_registry_is_clean(app: Flask) -> None:
    assert fsck(app, "--all") == (0, [])


def test_names_a_file_that_is_gone(app: Flask, sound: Application, session: Session) -> None:
    name = session.exec(select(StoredFile.sha256)).one()
    session.rollback()
    app.extensions["storage"].remove(name)
    assert fsck(app, "--quick") == (
        1,
        [f"File {name} is gone.", f"Submission 1 of HS-2026-0001 lists the file {name}, which is gone."],
    )


@pytest.mark.parametrize(
    ("change", "options", "sentence"),
    [
        (lambda old: old[:-1], ["--quick"], "has {short} bytes instead of {size}."),
        (lambda old: old[::-1], [], "holds other bytes than it was stored with."),
    ],
)
def test_names_a_file_that_was_changed(
    app: Flask,
    sound: Application,
    session: Session,
    change: Callable[[bytes], bytes],
    options: list[str],
    sentence: str,
) -> None:
    name, size = session.exec(select(StoredFile.sha256, StoredFile.size)).one()
    session.rollback()
    path = place(app, name)
    path.write_bytes(change(path.read_bytes()))
    assert fsck(app, *options) == (1, [f"File {name} {sentence.format(short=size - 1, size=size)}"])


def test_sweeps_orphans_when_they_are_old(app: Flask, sound: Application, session: Session) -> None:
    with app.extensions["storage"].begin() as incoming:
        incoming.write(samples.PNG)
        orphan, _ = incoming.keep()
    needed = session.exec(select(StoredFile.sha256)).one()
    session.rollback()
    assert fsck(app) == (0, [])  # young: its upload may still run
    assert fsck(app, "--all") == (1, [f"File {orphan} is needed by nobody."])
    make_old(place(app, orphan), place(app, needed))
    assert fsck(app) == (1, [f"File {orphan} is needed by nobody."])
    result = app.test_cli_runner().invoke(args=["fsck", "--repair"])
    assert (result.exit_code, result.stdout, result.stderr) == (0, "clean\n", f"Swept {orphan}.\n")
    assert desk.stored(app) == [needed]


def test_sweeps_temporary_files_when_they_are_old(app: Flask) -> None:
    cut = app.extensions["storage"].begin()
    cut.write(b"half")
    assert fsck(app) == (0, [])
    make_old(cut.path)
    assert fsck(app) == (1, [f"Temporary file {cut.path.name} was left by an upload that was cut."])
    assert fsck(app, "--repair") == (0, [])
    assert desk.stored(app) == []
    cut.discard()


def test_knows_uploads_under_way(app: Flask, browser: Browser, world: World) -> None:
    browser.sign_in(world.an)
    url = sender.begun(browser)
    sender.patch(browser, url, sender.CONTENT[:1000])
    assert fsck(app, "--all") == (0, [])
    unfinished = app.extensions["storage"].unfinished
    stray = unfinished.start("ab" * 16)
    assert fsck(app) == (0, [])  # young: its row may come
    assert fsck(app, "--all") == (1, [f"Bytes of upload {stray.name} are waited for by nobody."])
    assert fsck(app, "--all", "--repair") == (0, [])
    (kept,) = [arrived for arrived, _age in unfinished.begun()]
    unfinished.drop(kept)
    assert fsck(app) == (1, [f"Upload {sender.uuid_of(url)} has lost bytes that were acknowledged."])


@pytest.mark.parametrize(
    ("statement", "sentences"),
    [
        ("UPDATE history_entry SET action = 'accept' WHERE seq = 2", ["Step 2 of the history was changed."]),
        ("UPDATE history_text SET note = 'x' WHERE seq = 2", ["The text of step 2 of the history was changed."]),
        ("DELETE FROM history_text WHERE seq = 2", []),
        ("UPDATE chain_head SET seq = 1", ["The head of the history is at step 1, its last step is 2."]),
        ("UPDATE submission SET digest = 'sha256:x'", ["Submission 1 of HS-2026-0001 was changed."]),
        ("UPDATE submission SET number = 2", ["Submission 2 of HS-2026-0001 does not follow the one before it."]),
        (
            "UPDATE application SET state = 'certified'",
            ["HS-2026-0001 is in certified, its history ends in withdrawn."],
        ),
    ],
)
def test_names_what_was_changed_in_the_database(
    app: Flask, sound: Application, session: Session, statement: str, sentences: list[str]
) -> None:
    tamper(session, statement)
    code, found = fsck(app)
    assert [one for one in found if "came from" not in one] == sentences
    assert code == (1 if found else 0)


def test_names_a_gap_in_the_history(app: Flask, sound: Application, session: Session) -> None:
    tamper(session, "DELETE FROM history_text WHERE seq = 1", "DELETE FROM history_entry WHERE seq = 1")
    assert fsck(app) == (
        1,
        ["Step 1 of the history is missing.", "Step 2 of the history does not follow the step before it."],
    )


def test_names_a_step_the_procedure_does_not_know(
    app: Flask, sound: Application, world: World, session: Session
) -> None:
    application = world.application(ref="HS-2026-0002")
    step = history.Step(Action.CERTIFY, State.DRAFT, State.CERTIFIED)
    history.record(session, world.an, step, application)
    application.state = State.CERTIFIED
    session.add(application)
    session.commit()
    assert fsck(app) == (1, ["HS-2026-0002 came from draft to certified by certify, step 3."])


def test_names_a_submission_that_is_not_there(app: Flask, world: World, session: Session) -> None:
    world.application(edition_digest="sha256:x")
    assert fsck(app) == (1, ["HS-2026-0001 counts as submitted and has no submission."])


def test_names_a_row_that_points_nowhere(app: Flask, sound: Application, session: Session) -> None:
    engine: Any = app.extensions["engine"]
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL refuses such a row")
    session.rollback()
    connection = engine.raw_connection()
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("DELETE FROM product")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.close()
    code, found = fsck(app)
    assert code == 1
    assert found == ["Row 1 of application points to a row of product that is not there."]


def tamper(session: Session, *statements: str) -> None:
    """Change rows as somebody with the keys of the database could."""
    connection = session.connection()
    for table in TAMPERED:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        else:
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))
    for statement in statements:
        connection.execute(text(statement))
    put_triggers_back(session)
    session.commit()


def put_triggers_back(session: Session) -> None:
    """Guard the tables again, as somebody who tampers and hides it would."""
    connection = session.connection()
    for table in TAMPERED:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
        else:
            for statement in triggers("sqlite", table):
                connection.execute(text(statement))


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_names_a_trigger_that_is_gone(app: Flask, sound: Application, session: Session, verb: str) -> None:
    on = " ON history_entry" if session.get_bind().dialect.name == "postgresql" else ""
    session.execute(text(f"DROP TRIGGER history_entry_no_{verb}{on}"))
    session.commit()
    sentence = f"Nothing keeps rows of history_entry from {verb.upper()}: its trigger is gone."
    try:
        assert fsck(app) == (1, [sentence])
    finally:
        statements = [one for one in triggers(session.get_bind().dialect.name, "history_entry") if f"_no_{verb}" in one]
        session.execute(text(statements[0]))
        session.commit()


def test_names_what_postgresql_was_told_to_overlook(app: Flask, sound: Application, session: Session) -> None:
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite looks by itself: see the row that points nowhere")
    session.execute(text("ALTER TABLE history_entry DISABLE TRIGGER history_entry_no_update"))
    session.execute(text("SET LOCAL session_replication_role = replica"))
    session.execute(text("DELETE FROM product"))
    session.execute(text("ALTER TABLE vendor ADD CONSTRAINT ck_later CHECK (slug = '') NOT VALID"))
    session.commit()
    try:
        assert fsck(app) == (
            1,
            [
                "Constraint ck_later was never held against all rows.",
                "Trigger history_entry_no_update is switched off.",
                "A row of vendor breaks the constraint ck_later.",
                "A row of application points to a row of product that is not there.",
            ],
        )
    finally:
        session.execute(text("ALTER TABLE vendor DROP CONSTRAINT ck_later"))
        session.execute(text("ALTER TABLE history_entry ENABLE TRIGGER history_entry_no_update"))
        session.commit()


def test_names_a_row_that_breaks_its_constraint(app: Flask, sound: Application, session: Session) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL refuses such a row")
    session.rollback()
    connection: Any = app.extensions["engine"].raw_connection()
    connection.execute("PRAGMA ignore_check_constraints=ON")
    connection.execute("UPDATE stored_file SET size = -1")
    connection.execute("PRAGMA ignore_check_constraints=OFF")
    connection.close()
    assert "The database says: CHECK constraint failed in stored_file." in fsck(app)[1]


def test_names_a_history_that_the_log_remembers_otherwise(app: Flask, sound: Application, session: Session) -> None:
    noted = log.note_history(session)
    assert noted
    index = noted.index
    session.commit()
    first = session.exec(select(HistoryEntry.hash).where(HistoryEntry.seq == 1)).one()
    tamper(
        session,
        "DELETE FROM history_text WHERE seq = 2",
        "DELETE FROM history_entry WHERE seq = 2",
        f"UPDATE chain_head SET seq = 1, hash = '{first}'",  # noqa: S608  as somebody does who puts the history back
        "UPDATE application SET state = 'draft'",
    )
    sentence = f"The history was put back: entry {index} of the log remembers step 2, and it is gone."
    assert fsck(app) == (1, [sentence])


def place(app: Flask, name: str) -> Path:
    """Where the folder keeps a file."""
    storage = app.extensions["storage"]
    assert isinstance(storage, LocalStorage)
    return storage.root / "files" / name[:2] / name


def make_old(*paths: Path) -> None:
    """As if they had been written two days ago."""
    then = time.time() - 2 * 24 * 3600
    for path in paths:
        os.utime(path, (then, then))


def test_the_history_is_there(sound: Application, session: Session) -> None:
    assert [entry.action for entry in session.exec(select(HistoryEntry)).all()] == ["start", "withdraw"]


def test_names_a_seat_whose_holder_has_no_such_role(
    app: Flask, sound: Application, world: World, session: Session
) -> None:
    session.add_all(CommitteeSeat(person_id=one.id, body=Body.DECIDERS) for one in (world.giang, world.dung))
    session.commit()
    assert fsck(app) == (1, [f"A seat (decider) of person {world.dung.id} is public without their role."])


def test_names_a_guide_that_does_not_know_its_newest_text(app: Flask, world: World, session: Session) -> None:
    guides.start(session, world.chi, "gio-ngu", GuideContent())
    session.commit()
    assert fsck(app) == (0, [])
    session.exec(text("UPDATE guide SET version = 2, published = 1"))
    session.commit()
    assert fsck(app) == (
        1,
        [
            "Guide gio-ngu says text 2 is its newest; it is 1.",
            "Guide gio-ngu says publication 1 is its newest; it is 0.",
        ],
    )
