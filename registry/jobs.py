"""Periodic work: sending letters, lapsing what is overdue, sweeping, and showing a sign of life."""

import logging
import signal
import threading
from collections.abc import Callable
from types import FrameType

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from assessments import workflow
from assessments.clock import now
from assessments.errors import Refused
from assessments.models import Application
from registry import db
from registry.accounts import attempts, sessions
from registry.evidence import upkeep
from registry.mail import outbox, transport
from registry.mail.models import WORKER, Heartbeat

EVERY_SECONDS = 5.0

log = logging.getLogger("registry.worker")


def run(app: Flask, stop: threading.Event | None = None) -> None:
    """Work until told to stop; a failure of one job is logged and tried again at the next turn."""
    stopping = stop or _stopped_by_signal()
    while not stopping.is_set():
        with app.app_context():
            turn()
        stopping.wait(EVERY_SECONDS)


def turn() -> None:
    """One round of every job."""
    for job in (beat, act_on_deadlines, upkeep.warn_of_lapsing, send_letters, sweep, upkeep.sweep_uploads):
        _attempt(job)


def beat() -> None:
    """Leave a sign of life for /readyz."""
    with db.writing() as session:
        session.merge(Heartbeat(name=WORKER, at=now()))


def send_letters() -> int:
    """Send what is due; returns how many letters went out. Each letter is a transaction of its own."""
    settings = current_app.config["SETTINGS"]
    carrier = transport.open_transport(settings)
    count = 0
    while _send_one(carrier):
        count += 1
    return count


def _send_one(carrier: transport.Transport) -> bool:
    with db.writing() as session:
        letters = outbox.due(session, limit=1)
        for letter in letters:
            try:
                carrier.send(transport.message(letter, current_app.config["SETTINGS"]))
            except OSError as error:  # smtplib's exceptions are OSErrors
                log.warning("letter %s not sent: %s", letter.id, error)
                outbox.failed(letter, error)
            else:
                outbox.sent(letter)
            session.add(letter)
        return bool(letters)


def act_on_deadlines() -> int:
    """Let the clock take its steps; returns how many were taken. Each step is a transaction of its own."""
    with db.reading() as session:
        overdue = session.exec(
            select(Application.id).where(col(Application.state).in_(workflow.WAITING), col(Application.due_at) < now())
        ).all()
    return sum(_take_step(application_id) for application_id in overdue)


def _take_step(application_id: object) -> bool:
    try:
        with db.writing() as session:
            application = session.get_one(Application, application_id)
            workflow.on_deadline(session, application)
    except Refused:  # somebody was faster
        return False
    return True


def sweep() -> None:
    """Forget what nobody needs any more: counters of tries, and sessions that nobody could use for a month."""
    with db.writing() as session:
        attempts.sweep(session)
        sessions.sweep(session)


def _attempt(job: Callable[[], object]) -> None:
    try:
        job()
    except SQLAlchemyError:
        log.exception("%s failed", job.__name__)


def _stopped_by_signal() -> threading.Event:
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return stopping
