"""How a letter leaves: into a folder by default, over SMTP by setting."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from assessments.clock import now
from registry.config import Settings
from registry.mail.models import Attachment, Letter

TIMEOUT = 10.0  # seconds for one step of the talk with a mail server
READY = 220  # what a mail server says first
WHOLE = 20.0  # seconds for all of it, however slowly it drips
ABOUT_ONE = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)


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
        context = ssl.create_default_context()
        inside = self.url.scheme == "smtps"
        server = smtplib.SMTP_SSL(timeout=TIMEOUT, context=context) if inside else smtplib.SMTP(timeout=TIMEOUT)
        with _ended_in_time(server):
            self._connect(server, 465 if inside else 587)
            if self.url.scheme == "smtp+starttls":
                server.starttls(context=context)
            self._deliver(server, message)

    def _connect(self, server: smtplib.SMTP, usual: int) -> None:
        """Connect with the clock running: given to the class, it would do so before anybody can cut the line."""
        host = self.url.hostname or "localhost"
        server._host = host  # type: ignore[attr-defined]  # the name that TLS asks the certificate for
        code, said = server.connect(host, self.url.port or usual)
        if code != READY:
            raise smtplib.SMTPConnectError(code, said)

    def _deliver(self, server: smtplib.SMTP, message: EmailMessage) -> None:
        if self.url.username:
            server.login(unquote(self.url.username), unquote(self.url.password or ""))
        server.send_message(message)


@contextmanager
def _ended_in_time(server: smtplib.SMTP) -> Iterator[None]:
    """Cut the line when all of it takes too long; then what waits on it fails."""
    alarm = threading.Timer(WHOLE, _cut, (server,))
    alarm.daemon = True
    alarm.start()
    try:
        yield
        with suppress(OSError):  # the letter has been taken: how the talk ends changes nothing
            server.quit()
    finally:
        alarm.cancel()
        server.close()


def _cut(server: smtplib.SMTP) -> None:
    with suppress(OSError, AttributeError):
        server.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]  # None before it is connected


def is_away(error: Exception) -> bool:
    """Whether it is the server that does not work, so that the next letter need not try; else it is this letter."""
    if isinstance(error, smtplib.SMTPException):
        return not isinstance(error, ABOUT_ONE)
    return not isinstance(error, FileNotFoundError)


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
