"""What the database holds now, looked at without holding it."""

import re
from typing import Any

from flask import Flask
from sqlmodel import Session, select

from registry.mail.models import Letter


def rows(app: Flask, question: Any) -> list[Any]:
    """The rows of a question, detached."""
    with Session(app.extensions["engine"].execution_options(reading=True)) as session:
        return list(session.exec(question).all())


def row(app: Flask, question: Any) -> Any:
    """The one row of a question."""
    found = rows(app, question)
    assert len(found) == 1
    return found[0]


def letters(app: Flask, recipient: str) -> list[Letter]:
    """The letters to somebody, the oldest first."""
    return rows(app, select(Letter).where(Letter.recipient == recipient).order_by(Letter.written_at))


def link(letter: Letter) -> str:
    """The path of the first link in a letter."""
    return re.findall(r"http://localhost(/\S+)", letter.body)[0]
