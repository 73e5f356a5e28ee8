"""Runs what has to be published, step by step, each step a transaction of its own.

It runs right after the commit that wrote the decision, in every turn of the worker and so at its start. Whatever was
cut off in between goes on from the row; two that run at once hold the row in turn, and the second finds the step done.
"""

import logging
from contextlib import nullcontext
from contextvars import Context, ContextVar
from datetime import datetime

from flask import Flask, current_app
from sqlmodel import Session

from assessments import publications
from assessments.clock import at, is_held, now, today
from assessments.models import EditionPublication
from assessments.queries import publications as queries
from registry import db
from registry.credentials import lists
from registry.issuing.steps import held, next_step
from registry.keys.ring import KeyUnavailable

log = logging.getLogger("registry.issuing")

A_FEW = 10  # at once, while somebody waits for an answer

_running: ContextVar[bool] = ContextVar("running", default=False)


def init_app(app: Flask) -> None:
    """Have every transaction that decided something followed by what makes it public."""
    db.after_commit(app, follow)


def follow(session: Session) -> None:
    """Publish what this transaction has written down, and a little more. A failure is logged and left to the worker.

    It happens apart from the request: what a request has loaded would be loaded anew after its commit, by a session
    that waits for the one that publishes.
    """
    noted: list[int] | None = session.info.pop(publications.NOTED, None)
    if noted is None or _running.get():
        return
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # Flask's way to the app itself
    Context().run(_apart, app, noted, now() if is_held() else None)


def _apart(app: Flask, noted: list[int], moment: datetime | None) -> None:
    with app.app_context(), at(moment) if moment else nullcontext():
        try:
            _published(noted)
        except Exception:  # whatever fails: the decision stands, and the worker goes on with it
            log.exception("publishing after a commit failed")


def run() -> int:
    """Take everything that is due as far as it goes; returns how much has gone out.

    What waits for a key or fails holds up nothing but what comes after it about the same certificate.
    """
    token = _running.set(True)
    try:
        return _run()
    finally:
        _running.reset(token)


def _published(noted: list[int]) -> None:
    """Those first, then what they have led to and what else is due: a few, for somebody waits for an answer."""
    token = _running.set(True)
    try:
        for publication_id in noted:
            _finish(publication_id)
        with db.reading() as session:
            more = [
                *queries.due(session, now(), A_FEW, after=max(noted, default=0)),
                *queries.due(session, now(), A_FEW),
            ]
        for publication_id in dict.fromkeys(more):
            _finish(publication_id)
    finally:
        _running.reset(token)


def _run() -> int:
    last = count = 0
    while found := _due(last):
        count += sum(_finish(publication_id) for publication_id in found)
        last = found[-1]
    return count


def due(session: Session) -> list[int]:
    """What may go out now and has not, in the order in which it goes."""
    return queries.due(session, now())


def _due(after: int) -> list[int]:
    with db.reading() as session:
        return queries.due(session, now(), after=after)


def _finish(publication_id: int) -> bool:
    """All steps of one publication; whether it has gone out just now."""
    taken = 0
    try:
        while step(publication_id):
            taken += 1
    except KeyUnavailable as error:
        _say_once(str(error))
        return False
    except Exception:
        log.exception("publication %s failed; tried again at the next turn", publication_id)
        return False
    return taken > 0


def step(publication_id: int) -> bool:
    """The next step of one publication; False when there is none to take. Raises KeyUnavailable."""
    with db.writing() as session:
        publication = queries.held(session, publication_id)
        act = next_step(publication)
        if act is None or publication.due_at > now() or not queries.comes_first(session, publication):
            return False
        act(session, publication)
    return True


def play(session: Session) -> None:
    """Take everything that is due as far as it goes in the caller's transaction: for a past that is played at once.

    Raises KeyUnavailable.
    """
    for certificate_id in queries.certificates_to_note(session, today()):
        publications.note(session, held(session, certificate_id))
    while found := queries.due(session, now()):
        for publication_id in found:
            publication = queries.held(session, publication_id)
            while act := next_step(publication):
                act(session, publication)


def catch_up() -> int:
    """Write down what should be on its way and is not: old certificates, editions, and what the calendar ended."""
    with db.reading() as session:
        certificates = queries.certificates_to_note(session, today())
        editions = queries.editions_to_note(session)
    for certificate_id in certificates:
        with db.writing() as session:
            publications.note(session, held(session, certificate_id))
            session.info.pop(publications.NOTED, None)
    for edition_id in editions:
        with db.writing() as session:
            session.get_one(EditionPublication, edition_id, with_for_update=True)
            publications.tell_of_edition(session, edition_id)
            session.info.pop(publications.NOTED, None)
    return len(certificates) + len(editions)


def turn() -> int:
    """What the worker does: catch up, publish what is due, and sign the status lists again when a day has passed."""
    while catch_up():
        pass
    count = run()
    with db.reading() as session:
        old = lists.old(session)
    if old:
        _sign_lists()
    return count


def _sign_lists() -> None:
    try:
        with db.writing() as session:
            lists.sign_again(session)
    except KeyUnavailable as error:
        _say_once(str(error))


def _say_once(sentence: str) -> None:
    """The same complaint is not written into the log at every turn."""
    said: set[str] = current_app.extensions.setdefault("said of publications", set())
    if sentence not in said:
        said.add(sentence)
        log.warning("publications wait: %s", sentence)
