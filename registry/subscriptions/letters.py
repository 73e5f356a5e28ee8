"""The letters of subscriptions: made when they are sent, so that no address lies open in the outbox."""

from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from flask import current_app

from assessments.models import Change
from registry import links, register
from registry.mail import outbox, transport
from registry.mail.models import Letter
from registry.subscriptions import tokens
from registry.subscriptions.tokens import Purpose


@dataclass(frozen=True)
class Reader:
    """Who a letter goes to: the subscription, and what was sealed in it."""

    id: UUID
    address: str
    language: str
    product: dict[str, str] | None  # its names; None for everything
    url: str  # of a webhook


def about(reader: Reader, kind: str, delivery_id: UUID) -> EmailMessage:
    """The letter that asks to confirm, that says one is subscribed already, or that a webhook was switched off."""
    return _message(reader, delivery_id, f"subscription_{kind}")


def told(reader: Reader, lines: list[Change], delivery_id: UUID) -> EmailMessage:
    """What has changed: one letter for all that is due."""
    rows = [
        {
            "word": register.KINDS[line.kind],
            "day": line.day,
            "name": _in(line.text.get("name") or line.text.get("edition") or {}, reader.language),
            "reason": _in(line.text.get("reason") or {}, reader.language),
            "url": register.address(line, reader.language),
        }
        for line in lines
    ]
    return _message(reader, delivery_id, "subscription_changes", rows=rows)


def _message(reader: Reader, delivery_id: UUID, template: str, **more: Any) -> EmailMessage:
    end = links.absolute("subscriptions.end", reader.language, token=tokens.issue(Purpose.END, reader.id))
    values = {
        "name": "",
        "vendor": "",
        "product": _in(reader.product, reader.language) if reader.product else "",
        "webhook": reader.url,
        "confirm": links.absolute(
            "subscriptions.confirm", reader.language, token=tokens.issue(Purpose.CONFIRM, reader.id)
        ),
        "end": end,
        "again": links.absolute("subscriptions.new", reader.language),
        **more,
    }
    subject, body = outbox.rendered(outbox.Mail("", reader.address, reader.language, template, values))
    letter = Letter(
        id=delivery_id, event="", recipient=reader.address, subject=subject, body=body, language=reader.language
    )
    message = transport.message(letter, current_app.config["SETTINGS"])
    message["List-Unsubscribe"] = f"<{end}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message


def _in(names: dict[str, str], language: str) -> str:
    return names.get(language) or names.get("vi", "")
