"""Writes letters in the transaction of the change they tell of; the worker sends them later."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import current_app, render_template
from flask_babel import force_locale
from sqlmodel import Session, col, select

from assessments.clock import now
from assessments.columns import is_reached
from registry import identity, wording
from registry.mail.models import Attachment, Letter

BACKOFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
GIVE_UP_AFTER = timedelta(hours=24)
LEASE = timedelta(minutes=5)  # so long one that was taken is nobody else's; sent again after a crash in between


@dataclass(frozen=True)
class Enclosure:
    """A file to go with a letter: bytes that the storage keeps, and what to call them."""

    name: str
    media_type: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Mail:
    """What to tell whom: `event` is unique for the occasion and the person, so that nothing is told twice.

    The words are in templates/mail/<template>.<language>.txt: a line "Subject: ...", an empty line, the body.
    """

    event: str
    recipient: str
    language: str
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    enclosed: tuple[Enclosure, ...] = ()


def write(session: Session, mail: Mail) -> Letter | None:
    """Add a letter to the outbox; None when this event was told already. The caller commits."""
    if session.exec(select(Letter.id).where(Letter.event == mail.event)).first():
        return None
    subject, body = rendered(mail)
    letter = Letter(event=mail.event, recipient=mail.recipient, subject=subject, body=body, language=mail.language)
    session.add(letter)
    session.flush()
    session.add_all(Attachment(letter_id=letter.id, **vars(one)) for one in mail.enclosed)
    return letter


def rendered(mail: Mail) -> tuple[str, str]:
    """Subject and body in the reader's language, inside the frame every letter has."""
    settings, club = current_app.config["SETTINGS"], identity.on(language=mail.language)
    frame = {
        "w": wording.words(club.wording, mail.language),
        "issuer": club.name,
        "office_email": club.email,
        "demonstration": settings.demonstration,
    }
    with force_locale(mail.language):
        words = render_template(f"mail/{mail.template}.{mail.language}.txt", **frame, **mail.values)
        head, _, text = words.strip().partition("\n\n")
        subject = " ".join(head.removeprefix("Subject:").split())
        body = render_template(f"mail/frame.{mail.language}.txt", text=text.strip(), **frame, **mail.values)
    return subject, body.strip() + "\n"


def due(session: Session, limit: int = 50) -> list[Letter]:
    """The letters to send now, the oldest first; on PostgreSQL two workers never take the same one."""
    question = (
        select(Letter)
        .where(
            col(Letter.sent_at).is_(None),
            col(Letter.given_up_at).is_(None),
            is_reached(col(Letter.due_at), now()),
        )
        .order_by(col(Letter.due_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(session.exec(question).all())


def enclosed(session: Session, letter: Letter) -> list[Attachment]:
    """What goes with a letter."""
    question = select(Attachment).where(Attachment.letter_id == letter.id).order_by(col(Attachment.name))
    return list(session.exec(question).all())


def take(session: Session) -> Letter | None:
    """The letter to send next, taken for a while so that nobody else sends it. The caller commits, then sends."""
    for letter in due(session, limit=1):
        letter.due_at = now() + LEASE
        session.add(letter)
        return letter
    return None


def sent(letter: Letter) -> None:
    """Note that a letter went out."""
    letter.attempts += 1
    letter.sent_at = now()
    letter.last_error = ""


def failed(letter: Letter, error: Exception) -> None:
    """Note a failure and when to try again; after a day nobody tries any more."""
    letter.last_error = f"{type(error).__name__}: {error}"[:400]
    letter.due_at = now() + BACKOFF[min(letter.attempts, len(BACKOFF) - 1)]
    letter.attempts += 1
    if letter.due_at - letter.written_at > GIVE_UP_AFTER:
        letter.given_up_at = now()
