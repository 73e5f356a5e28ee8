"""GET /healthz and /readyz tell the truth."""

from datetime import timedelta

import pytest

from assessments.clock import now
from registry import storage
from registry.mail.models import WORKER, Heartbeat, Letter


@pytest.fixture
def worker(session):
    """A worker that was seen just now."""
    session.add(Heartbeat(name=WORKER, at=now()))
    session.commit()


def checks(browser):
    page = browser.get("/readyz")
    return page.status_code, {name: passed for name, passed in page.json["checks"].items() if not passed}


def letter(session, **fields):
    session.add(Letter(event="x", recipient="a@b.example", subject="x", body="x", **fields))
    session.commit()


def test_the_process_answers(browser):
    page = browser.get("/healthz")
    assert (page.status_code, page.json) == (200, {"status": "ok"})
    assert page.headers["Cache-Control"] == "no-store"


def test_everything_works(browser, worker):
    assert checks(browser) == (200, {})
    assert browser.get("/readyz").json["status"] == "ready"
    assert "Set-Cookie" not in browser.get("/readyz").headers


def test_no_worker(browser, app):
    assert checks(browser) == (503, {"worker": False})


def test_a_worker_that_fell_silent(browser, session):
    session.add(Heartbeat(name=WORKER, at=now() - timedelta(minutes=3)))
    session.commit()
    assert checks(browser) == (503, {"worker": False})


def test_a_letter_that_waits_too_long(browser, session, worker):
    letter(session, due_at=now() - timedelta(minutes=40))
    assert checks(browser) == (503, {"outbox": False})


@pytest.mark.parametrize("done", ["sent_at", "given_up_at"])
def test_a_letter_that_is_done_with(browser, session, worker, done):
    letter(session, due_at=now() - timedelta(days=1), **{done: now()})
    assert checks(browser) == (200, {})


def test_a_storage_that_takes_nothing(browser, worker, app):
    blocked = app.extensions["storage"].root
    blocked.mkdir(parents=True, exist_ok=True)
    (blocked / "incoming").touch()  # a file where the folder should be
    assert checks(browser) == (503, {"storage": False})


def test_looking_leaves_nothing_behind(browser, worker, app):
    browser.get("/readyz")
    with app.app_context():
        kept = storage.current()
    assert list(kept.names()) == []
    assert kept.leftovers(timedelta(0)) == []


def test_a_database_that_is_gone(browser, worker, app, monkeypatch):
    monkeypatch.setattr("registry.db.open_session", _gone)
    code, failing = checks(browser)
    assert code == 503
    assert failing == {"database": False, "worker": False, "outbox": False}


def _gone(**_options):
    raise ConnectionError("no database")
