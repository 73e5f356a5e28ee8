"""Killed at every point of each step: after a restart nothing acknowledged is lost, nothing is half done or doubled.

Deciding, issuing and every change of a certificate: tests/registry/issuing/test_kill.py. A real server and its worker
killed at random moments: tests/registry/test_crash.py, in the middle of an upload: test_crash_uploads.py.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import func, inspect, text
from sqlmodel import Session, SQLModel, select

from assessments.models import (
    Application,
    Evidence,
    HistoryEntry,
    Receipt,
    Review,
    Score,
    StoredFile,
    Submission,
    Upload,
)
from assessments.states import State
from registry import create_app, db_commands, fsck, jobs
from registry.mail.models import Letter
from tests import real_products
from tests.conftest import Browser, settings_in
from tests.drafting import piece, ready
from tests.killing import killed_at
from tests.racing import Files, Hand, everything_agrees
from tests.registry.evidence import desk, samples, sender
from tests.rows import rows
from tests.world import World, build

MOST = 60  # points a step may have before the test gives up
DONE = {200, 201, 204, 302, 303}
SOME = 60  # statements of the migrations between two points that are tried


def killed_everywhere(app: Flask, acts: Iterator[Callable[[], object]], look: Callable[[int], None]) -> int:
    """Take a fresh act for each point until one comes to its end; after each, everything agrees. How many points."""
    for point in range(MOST):
        killed = killed_at(app, point, next(acts))
        everything_agrees_when_swept(app)
        look(point)
        if not killed:
            return point
    raise AssertionError("too many points")


def everything_agrees_when_swept(app: Flask) -> None:
    """What an operator does after a crash: bytes that no row needs go, and are no fault; everything else agrees."""
    with app.app_context():
        found = list(fsck.findings(fsck.Asked(repair=True, grace=timedelta(0))))
    assert found == []


def pressing(hand: Hand, path: str, **fields: str) -> Callable[[], None]:
    """Send a form; it must be taken."""

    def press() -> None:
        answer = hand.send(path, fields)
        assert answer.status in DONE, (answer.status, answer.text)

    return press


def test_handing_in(app: Flask, world: World, session: Session) -> None:
    one = piece(session, world)
    refs = [ready(world, one, ref=f"HS-2026-{number:04d}").ref for number in range(1, 25)]
    session.commit()
    hand = Hand(app, world.an)
    acts = [pressing(hand, f"/applications/{ref}/submit") for ref in refs]

    def look(point: int) -> None:
        """Handed in whole or not at all; pressed again, it is handed in, and once."""
        state = rows(app, select(Application.state).where(Application.ref == refs[point]))[0]
        again = hand.send(f"/applications/{refs[point]}/submit", {})
        assert again.status in ({302} if state is State.DRAFT else {302, 409})
        assert whole(app, refs[point]) == (State.SUBMITTED, 1, 1)

    assert killed_everywhere(app, iter(acts), look) >= 2
    told = rows(app, select(Letter.event))
    assert len(told) == len(set(told))


def whole(app: Flask, ref: str) -> tuple[State, int, int]:
    """The state of a file, how many submissions it has and how many steps its history."""
    counted = [
        select(func.count()).select_from(table).join(Application).where(Application.ref == ref)
        for table in (Submission, HistoryEntry)
    ]
    state = rows(app, select(Application.state).where(Application.ref == ref))[0]
    return (state, *(rows(app, one)[0] for one in counted))


def test_scoring_and_finishing(app: Flask, world: World, session: Session) -> None:
    refs = Files(world, State.IN_REVIEW, scored=True).write(24)
    hand = Hand(app, world.dung)

    def final(ref: str) -> bool:
        question = select(Review.final_at).join(Application).where(Application.ref == ref, Review.letter == "A")
        return rows(app, question)[0] is not None

    def mark(ref: str) -> Callable[[], None]:
        fields = {"mark": "2", "rationale": "Xem lại.", "version": "1", "then": "stay"}
        return pressing(hand, f"/reviews/{ref}/scores/TN-05", **fields)

    def look(point: int) -> None:
        """The mark that was saved is there with its text; pressed again it is an older version, and is told."""
        question = select(Score).join(Review).join(Application).where(Application.ref == refs[point])
        found = rows(app, question.where(Review.letter == "A", Score.criterion == "TN-05"))
        assert [(one.value, one.rationale, one.version) for one in found] in (
            [(3, "", 1)],
            [(2, "Xem lại.", 2)],
        )

    assert killed_everywhere(app, (mark(ref) for ref in refs), look) >= 2

    def look_again(point: int) -> None:
        """Final or not; pressed again it is final, once."""
        hand.send(f"/reviews/{refs[point]}/finish", {})
        assert final(refs[point])
        assert len(rows(app, select(HistoryEntry).join(Application).where(Application.ref == refs[point]))) >= 1

    finishing = (pressing(hand, f"/reviews/{ref}/finish") for ref in refs)
    assert killed_everywhere(app, finishing, look_again) >= 2


def test_uploading_by_a_form(app: Flask, world: World, browser: Browser) -> None:
    browser.sign_in(world.an)
    action = desk.action(browser)
    contents = [samples.PDF + f"\n% {number}".encode() for number in range(MOST)]

    def upload(content: bytes) -> Callable[[], None]:
        def send() -> None:
            assert browser.post(action, data=desk.filled(content)).status_code in DONE

        return send

    def look(point: int) -> None:
        """Row and bytes, or neither; sent again it is there once, or said to be there."""
        before = len(rows(app, select(Evidence)))
        answer = browser.post(action, data=desk.filled(contents[point]))
        assert answer.status_code in DONE | {409, 422}
        assert len(rows(app, select(Evidence))) == point + 1
        assert (answer.status_code in DONE) == (before == point)

    assert killed_everywhere(app, map(upload, contents), look) >= 8
    everything_agrees(app)
    assert len(rows(app, select(StoredFile.sha256).distinct())) == len(rows(app, select(Evidence)))


def test_uploading_in_stretches(app: Flask, world: World, browser: Browser, session: Session) -> None:
    browser.sign_in(world.an)
    content = samples.PDF + bytes(70_000)
    urls: list[str] = []

    def act() -> None:
        assert sender.patch(browser, urls[-1], content[:40_000]).status_code == 204
        assert sender.patch(browser, urls[-1], content[40_000:], 40_000).status_code == 204

    def acts() -> Iterator[Callable[[], None]]:
        while True:
            urls.append(sender.begun(browser, len(content)))
            yield act

    def look(_point: int) -> None:
        """What the server says it has is there; from that place on the upload goes to its end."""
        with sender.held(session, holder="", held_until=None):
            reached = sender.offset(browser, urls[-1])
        assert reached in {0, 40_000, len(content)}
        assert sender.patch(browser, urls[-1], content[reached:], reached).status_code == 204
        upload = rows(app, select(Upload))[0]
        assert (upload.received, upload.sha256 != "") == (len(content), True)
        assert sender.delete(browser, urls[-1]).status_code == 204

    assert killed_everywhere(app, acts(), look) >= 8


def test_the_worker_at_receipts_and_letters(app: Flask, world: World, session: Session) -> None:
    one = piece(session, world)
    refs = [ready(world, one, ref=f"HS-2026-{number:04d}").ref for number in range(1, 30)]
    session.commit()
    hand = Hand(app, world.an)

    def acts() -> Iterator[Callable[[], None]]:
        for ref in refs:
            assert hand.send(f"/applications/{ref}/submit", {}).status in DONE
            yield work

    def work() -> None:
        jobs.making.receipts()
        jobs.send_letters()

    def look(point: int) -> None:
        """The next worker does what is left; what was sent and not noted goes again under the same message id."""
        with app.app_context():
            jobs.making.receipts()
        assert len(rows(app, select(Receipt))) == point + 1
        with Session(app.extensions["engine"]) as own:
            for letter in own.exec(select(Letter).where(Letter.sent_at.is_(None))):
                letter.due_at = letter.written_at  # the lease of the worker that was killed has run out
                own.add(letter)
            own.commit()
        with app.app_context():
            jobs.send_letters()
        waiting = rows(app, select(Letter.id).where(Letter.sent_at.is_(None)))
        assert waiting == []

    assert killed_everywhere(app, acts(), look) >= 6
    sent = rows(app, select(Letter.id))
    files = {path.stem for path in (app.config["SETTINGS"].var_dir / "mail").glob("*.eml")}
    assert files == {one.hex for one in sent}


@pytest.fixture
def migrated(tmp_path) -> Iterator[Flask]:
    """An app on a database that only the migrations have touched, with somebody's product in it."""
    app = create_app(settings_in(tmp_path / "migrated"))
    engine = app.extensions["engine"]
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    with app.app_context():
        command.upgrade(db_commands.alembic_config(), "head")
        yield app
        command.upgrade(db_commands.alembic_config(), "head")
    engine.dispose()


def test_migrating_down_and_up(migrated: Flask) -> None:
    """Every migration is in one transaction: the database is as it was before, or as it is to be."""
    engine = migrated.extensions["engine"]
    with Session(engine, expire_on_commit=False) as session:
        real_products.draft(build(session), real_products.load()["cboard"])
        session.commit()
    config = db_commands.alembic_config()
    before = contents(engine)
    step = SOME if engine.dialect.name == "sqlite" else SOME // 4  # SQLite takes more: it copies tables
    for act in (lambda: command.downgrade(config, "0027"), lambda: command.upgrade(config, "head")):
        at, point = tables(engine), 0
        while killed_at(migrated, point, act, statements=True):
            assert tables(engine) == at
            point += step
        assert point > step
        act_here(migrated, act)
    assert tables(engine) == set(SQLModel.metadata.tables)
    assert contents(engine) == before


def act_here(app: Flask, act: Callable[[], object]) -> None:
    """What the child did is there already: doing it again changes nothing."""
    with app.app_context():
        act()


def tables(engine: Any) -> set[str]:
    """The tables there are."""
    engine.dispose()
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def contents(engine: Any) -> list[tuple[str, str]]:
    """What somebody typed."""
    with engine.connect() as connection:
        found = connection.execute(text("SELECT ref, state FROM application ORDER BY ref"))
        return [tuple(row) for row in found]
