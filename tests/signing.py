"""The keys of the tests: made once, their files in one folder."""

import tempfile
from functools import cache
from pathlib import Path

from flask import Flask, current_app
from sqlmodel import Session, delete, select

from assessments import history, publications
from assessments.models import Publication, SigningKey
from assessments.publishing import KeyPurpose
from registry import db, issuing, keys, notices
from registry.keys import making


@cache
def folder() -> Path:
    """Where the private keys of this process's tests are."""
    return Path(tempfile.mkdtemp(prefix="keys-"))


def set_up() -> None:
    """Make the keys of a fresh database, or take those that were made for another, in the context of an app."""
    with db.writing() as session:
        if session.exec(select(SigningKey)).first() is None:
            make(session)
            session.info.pop(publications.NOTED, None)
            session.exec(delete(Publication))  # the log of a test begins empty


def make(session: Session) -> list[SigningKey]:
    """A key for every purpose."""
    return [making.create(session, purpose, keys.usual_identity()) for purpose in KeyPurpose]


class Published(Session):
    """A session of a test whose commits are followed by what makes decisions public, as those of requests are.

    The steps are taken in this very session, so that the rows which the test holds are those of the database.
    """

    app: Flask

    def commit(self) -> None:
        """Write everything, then publish what it has decided."""
        silent = bool(self.info.get(history.WRITTEN))  # the test writes no letters: it does not commit as the site does
        super().commit()
        if self.info.pop(publications.NOTED, None) is not None:
            self.info[notices.SILENT] = silent
            publish(self)
            del self.info[notices.SILENT]


def publish(session: Session) -> None:
    """Take everything that is due as far as it goes, in one session: what the worker does."""
    app: Flask = getattr(session, "app", None) or current_app
    with app.app_context():
        issuing.play(session)
    Session.commit(session)
