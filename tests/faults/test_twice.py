"""Delivered twice, run twice: forms, jobs and whole workers do each thing once.

A second click on every form of a company: tests/test_vendor_troubles.py. Two people at the same moment: test_races.py.
"""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlmodel import Session, SQLModel, func, select

from assessments import applications, decisions
from assessments.models import Application, Certificate, Credential, LogEntry, Receipt, Score, Submission, Vote
from assessments.states import State
from registry import db, issuing, jobs
from registry.mail.models import Letter
from tests import mailbox
from tests.deciding import ISSUER
from tests.drafting import piece, ready
from tests.racing import Files, Race, everything_agrees, post
from tests.rows import rows
from tests.world import World

FEW = 6
MOVING = {"heartbeat", "attempts", "login_session"}  # what goes on by itself


def together(*acts: Callable[[], object]) -> None:
    """Begin all of them at one moment, each in a thread of its own, and wait until all are done."""
    line, broken = threading.Barrier(len(acts)), []

    def begin(act: Callable[[], object]) -> None:
        try:
            line.wait(60)
            act()
        except BaseException as error:  # raised again by the thread that waits
            broken.append(error)

    threads = [threading.Thread(target=begin, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []


def counted(app: Flask) -> dict[str, int]:
    """How many rows each table has."""
    with Session(app.extensions["engine"]) as session:
        tables = [table for table in SQLModel.metadata.sorted_tables if table.name not in MOVING]
        return {table.name: session.execute(select(func.count()).select_from(table)).scalar_one() for table in tables}


def in_the_app(app: Flask, act: Callable[[], object]) -> Callable[[], object]:
    """The same act as one process does it."""

    def inside() -> None:
        with app.app_context():
            act()

    return inside


def test_two_workers_at_once_do_each_job_once(app: Flask, world: World, session: Session) -> None:
    """Receipts, signatures, log, pages and letters of a decision and of what was handed in; and nothing more later."""
    decided = Files(world, State.IN_DECISION, deciders=(world.giang, world.hung)).write(2)
    one = piece(session, world)
    handed_in = [ready(world, one, ref=f"HS-2027-000{number}").ref for number in range(1, 4)]
    session.commit()
    with app.app_context():
        for ref in handed_in:
            with db.writing() as own:
                application = own.exec(select(Application).where(Application.ref == ref)).one()
                applications.submit(own, world.an, application)
        with pytest.MonkeyPatch.context() as patch, db.writing() as own:
            patch.setattr(issuing.chain, "_apart", lambda *_whatever: None)  # the worker has it to do
            for ref in decided:
                application = own.exec(select(Application).where(Application.ref == ref)).one()
                decisions.confirm(own, world.hung, application, 1, ISSUER)
            db.commit(own)
    assert rows(app, select(Credential)) == []
    with mailbox.opened() as box:
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], mail_url=box.url)
        together(*[in_the_app(app, jobs.turn)] * 3)
        in_the_app(app, jobs.turn)()
        before = counted(app)
        in_the_app(app, jobs.turn)()
        sent = Counter(message["Message-ID"] for message in box.messages)
    assert counted(app) == before
    assert set(sent.values()) == {1}
    assert len(sent) == len(rows(app, select(Letter)))
    assert {one.sent_at is not None for one in rows(app, select(Letter))} == {True}
    assert len(rows(app, select(Receipt))) == len(decided) + len(handed_in)
    assert len(rows(app, select(Credential))) == len(rows(app, select(Certificate))) == len(decided)
    told = Counter(rows(app, select(LogEntry.key)))
    assert set(told.values()) == {1}
    everything_agrees(app)


def test_a_form_that_comes_twice_at_once_is_handed_in_once(app: Flask, world: World, session: Session) -> None:
    one = piece(session, world)
    refs = [ready(world, one, ref=f"HS-2026-{number:04d}").ref for number in range(1, FEW + 1)]
    session.commit()
    submit = post("/applications/{ref}/submit")
    told = Race(app, refs).run((world.an, submit), (world.an, submit))
    assert {answer.status for both in told for answer in both} <= {302, 409}
    assert len(rows(app, select(Submission))) == FEW
    assert {one.state for one in rows(app, select(Application))} == {State.SUBMITTED}
    everything_agrees(app)


def test_an_agreement_that_comes_twice_at_once_counts_once(app: Flask, world: World) -> None:
    refs = Files(world, State.IN_DECISION, deciders=(world.giang, world.hung)).write(FEW)
    confirm = post("/decisions/{ref}/confirm", number=1)
    told = Race(app, refs).run((world.hung, confirm), (world.hung, confirm))
    assert all(302 in {first.status, second.status} <= {302, 404, 409} for first, second in told)
    assert len(rows(app, select(Certificate))) == len(rows(app, select(Credential))) == FEW
    assert len(rows(app, select(Vote))) == FEW
    everything_agrees(app)


def test_a_mark_that_comes_twice_at_once_is_saved_once(app: Flask, world: World) -> None:
    refs = Files(world, State.IN_REVIEW, scored=True).write(FEW)
    mark = post("/reviews/{ref}/scores/TN-05", mark="2", rationale="Xem lại.", version="1", then="stay")
    told = Race(app, refs).run((world.dung, mark), (world.dung, mark))
    assert {answer.status for both in told for answer in both} <= {302, 409}
    saved = rows(app, select(Score).where(Score.rationale == "Xem lại."))
    assert [one.version for one in saved] == [2] * FEW
    everything_agrees(app)
