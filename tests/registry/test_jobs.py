"""What the worker does at each turn beside letters and deadlines."""

from datetime import timedelta

from sqlmodel import select

from assessments.clock import now
from registry import jobs
from registry.accounts.models import Attempts, LoginSession
from tests.rows import rows


def test_counters_and_sessions_that_serve_nobody_are_forgotten(app, world, session):
    for key, ended in {
        "running": -timedelta(days=1),
        "just over": timedelta(days=29),
        "old": timedelta(days=31),
    }.items():
        session.add(LoginSession(key_hash=key, user_id=world.an.id, expires_at=now() - ended, ended_at=None))
    session.add(Attempts(bucket="over", count=3, resets_at=now() - timedelta(seconds=1)))
    session.add(Attempts(bucket="counting", count=3, resets_at=now() + timedelta(minutes=5)))
    session.commit()
    with app.app_context():
        jobs.turn()
    assert set(rows(app, select(LoginSession.key_hash))) == {"running", "just over"}
    assert rows(app, select(Attempts.bucket)) == ["counting"]
