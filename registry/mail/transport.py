"""How a letter leaves: into a folder by default, over SMTP by setting."""

import smtplib
import ssl
from collections.abc import Iterable
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from assessments.clock import now
from registry.config import Settings
from registry.mail.models import Attachment, Letter

TIMEOUT = 20  # seconds a mail server may take


class Transport(Protocol):
    """Something that takes a message, or raises."""

    def send(self, message: EmailMessage) -> None: ...


class Folder:
    """One file a letter, named by its message id: for demonstrations and for machines without mail."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def send(self, message: EmailMessage) -> None:
        """Write the message as a file that mail programs open."""
        self.path.mkdir(parents=True, exist_ok=True)
        name = message["Message-ID"].strip("<>").split("@")[0]
        (self.path / f"{name}.eml").write_bytes(message.as_bytes(policy=SMTP))


class Smtp:
    """A mail server: smtp://, smtp+starttls:// or smtps://user:password@host:port."""

    def __init__(self, url: str) -> None:
        self.url = urlsplit(url)

    def send(self, message: EmailMessage) -> None:
        """Hand the message over; raises smtplib.SMTPException or OSError when that fails."""
        host, port = self.url.hostname or "localhost", self.url.port
        context = ssl.create_default_context()
        if self.url.scheme == "smtps":
            with smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT, context=context) as server:
                self._deliver(server, message)
            return
        with smtplib.SMTP(host, port or 587, timeout=TIMEOUT) as server:
            if self.url.scheme == "smtp+starttls":
                server.starttls(context=context)
            self._deliver(server, message)

    def _deliver(self, server: smtplib.SMTP, message: EmailMessage) -> None:
        if self.url.username:
            server.login(unquote(self.url.username), unquote(self.url.password or ""))
        server.send_message(message)


def open_transport(settings: Settings) -> Transport:
    """The transport the settings name."""
    if settings.mail_url.startswith("file://"):
        return Folder(Path(settings.mail_url.removeprefix("file://")))
    return Smtp(settings.mail_url)


def message(letter: Letter, settings: Settings, enclosed: Iterable[tuple[Attachment, bytes]] = ()) -> EmailMessage:
    """A letter as plain-text mail, with the bytes of what goes with it.

    The same letter has the same Message-ID, so that servers see a repeat as one.
    """
    mail = EmailMessage()
    mail["From"] = settings.mail_from
    mail["To"] = letter.recipient
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = f"<{letter.id.hex}@{settings.log_origin}>" if letter.id else make_msgid()
    mail["Content-Language"] = letter.language
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.body)
    for one, content in enclosed:
        kind, _, subtype = one.media_type.partition("/")
        mail.add_attachment(content, maintype=kind, subtype=subtype, filename=one.name)
    return mail
