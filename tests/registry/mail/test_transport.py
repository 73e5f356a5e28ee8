"""Letters leave: as files, and over real SMTP to a real server."""

import email
from email.policy import default

import pytest
from sqlmodel import select

from registry import jobs
from registry.mail import outbox
from registry.mail.models import Heartbeat, Letter
from tests.mailbox import opened
from tests.registry.mail.test_outbox import MAIL


@pytest.fixture
def mailbox():
    with opened() as box:
        yield box


@pytest.fixture
def settings(settings, mailbox):
    return settings.__class__(**{**settings.__dict__, "mail_url": mailbox.url})


@pytest.fixture
def context(app):
    with app.app_context():
        yield app


def write(session):
    outbox.write(session, MAIL)
    session.commit()


def test_the_worker_sends_a_letter_once(context, session, mailbox):
    write(session)
    jobs.turn()
    jobs.turn()

    [message] = mailbox.messages
    assert message["To"] == "chi@club.example"
    assert message["Subject"] == "Hồ sơ HS-2026-0001 chờ kiểm tra"
    assert "Kính gửi anh/chị Phạm Linh Chi," in message.get_content()
    assert message["Auto-Submitted"] == "auto-generated"
    session.expire_all()
    assert session.exec(select(Letter)).one().sent_at is not None
    session.rollback()
    assert session.get(Heartbeat, "worker") is not None


def test_a_server_that_refuses_is_tried_again_later(context, session, mailbox):
    write(session)
    mailbox.refusing = True
    jobs.turn()

    letter = session.exec(select(Letter)).one()
    assert (letter.sent_at, letter.attempts) == (None, 1)
    assert letter.last_error.startswith("SMTPDataError: (451")
    session.rollback()

    mailbox.refusing = False
    letter = session.exec(select(Letter)).one()
    letter.due_at = letter.written_at
    session.commit()
    jobs.turn()
    assert len(mailbox.messages) == 1


def test_a_server_that_is_gone_loses_nothing(context, session, settings, mailbox):
    write(session)
    gone = settings.__class__(**{**settings.__dict__, "mail_url": "smtp://127.0.0.1:9"})
    context.config["SETTINGS"] = gone
    jobs.turn()
    session.expire_all()
    assert session.exec(select(Letter)).one().attempts == 1


def test_without_a_server_letters_are_files(context, session, settings, tmp_path):
    write(session)
    context.config["SETTINGS"] = settings.__class__(**{**settings.__dict__, "mail_url": f"file://{tmp_path}/mail"})
    jobs.send_letters()
    [path] = (tmp_path / "mail").glob("*.eml")
    assert email.message_from_bytes(path.read_bytes(), policy=default)["To"] == "chi@club.example"
