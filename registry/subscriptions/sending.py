"""What the worker does for subscribers: spreads what has changed, sends letters and messages, erases in time.

Something is taken in one transaction, sent outside of any, and noted in another: a slow receiver holds no lock. After a
crash between the two it is sent again with the same Message-ID or webhook-id, by which a receiver knows it.
"""

import json
import logging
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID

from flask import current_app
from sqlmodel import Session

from assessments import subscriptions
from assessments.clock import now
from assessments.models import Change, Delivery
from assessments.publishing import RegisterKind, SubscriptionWay
from assessments.queries import register as lines_of
from assessments.queries import subscriptions as queries
from registry import db, register, sealed
from registry.mail import transport
from registry.subscriptions import letters, outgoing, signing
from registry.subscriptions.letters import Reader

AT_ONCE = 50  # subscriptions served in one turn
TURN_SECONDS = 30.0  # webhooks may keep the worker so long; the others wait for the next turn
HARD = 500  # SMTP: what will not change by trying again

log = logging.getLogger("registry.worker")


@dataclass
class Parcel:
    """What was taken to be sent to one subscriber, and what of it has left."""

    reader: Reader
    secret: str
    letters: list[tuple[UUID, str]]  # letters about the subscription: the delivery, and which
    lines: list[tuple[UUID, Change]]
    ids: list[UUID]
    sent: list[UUID] = field(default_factory=list)


def spread() -> int:
    """Put what has changed into the deliveries of those who want to hear of it; returns of how many lines."""
    with db.reading() as session:
        if not queries.untold(session, now()):
            return 0
    with db.writing() as session:
        return subscriptions.spread(session)


def send_mail() -> int:
    """Send the letters that are due; returns to how many subscribers something was sent."""
    carrier = transport.open_transport(current_app.config["SETTINGS"])
    return _each(SubscriptionWay.MAIL, lambda parcel: _mail(carrier, parcel))


def send_webhooks() -> int:
    """Send the messages that are due; returns to how many subscribers something was sent."""
    return _each(SubscriptionWay.WEBHOOK, _post)


def sweep() -> None:
    """Erase what nobody confirmed and what is long over."""
    with db.writing() as session:
        subscriptions.sweep(session)


def _each(way: SubscriptionWay, send: Callable[[Parcel], None]) -> int:
    with db.reading() as session:
        found = queries.waiting(session, way, now(), AT_ONCE)
    count, until = 0, time.monotonic() + TURN_SECONDS
    for subscription_id in found:
        if time.monotonic() > until:
            break
        count += _one(subscription_id, way, send)
    return count


def _one(subscription_id: UUID, way: SubscriptionWay, send: Callable[[Parcel], None]) -> bool:
    with db.writing() as session:
        taken = subscriptions.take(session, subscription_id, way)
        parcel = _wrapped(session, taken) if taken else None
    if parcel is None:
        return False
    try:
        _open(parcel)
        send(parcel)
    except (OSError, outgoing.Refused, outgoing.Failed, sealed.Unreadable) as error:  # smtplib's are OSErrors
        _note(subscription_id, parcel, error)
        return False
    with db.writing() as session:
        subscriptions.arrived(session, subscription_id, parcel.ids)
    return True


def _note(subscription_id: UUID, parcel: Parcel, error: Exception) -> None:
    """Write down what went wrong, in words that name no address; what had left before is done."""
    ours = isinstance(error, outgoing.Refused | outgoing.Failed)
    text = f"{type(error).__name__}: {error}" if ours else type(error).__name__
    log.warning("subscription %s: %s", subscription_id, text)
    left = [one for one in parcel.ids if one not in parcel.sent]
    with db.writing() as session:
        if parcel.sent:
            subscriptions.arrived(session, subscription_id, parcel.sent)
        subscriptions.failed(session, subscription_id, left, text, gone=_is_gone(error))


def _wrapped(session: Session, taken: subscriptions.Taken) -> Parcel:
    """What is due, read while it is held; one that is in the register no more counts as told."""
    row = taken.subscription
    about = [(one.id, one.event.partition(":")[0]) for one in taken.due if ":" in one.event]
    by_key: dict[str, Delivery] = {one.event: one for one in taken.due if ":" not in one.event}
    lines = [(by_key[line.key].id, line) for line in lines_of.lines_by_key(session, by_key)]
    for _id, line in lines:
        session.expunge(line)
    reader = Reader(row.id, row.address, row.language, queries.product_name(session, row.product_id), row.url)
    return Parcel(reader, row.secret, about, lines, [one.id for one in taken.due])


def _open(parcel: Parcel) -> None:
    """Open what is sealed. Raises sealed.Unreadable."""
    ring, place, reader = sealed.ring(sealed.SUBSCRIPTION), str(parcel.reader.id), parcel.reader
    url = ring.open(reader.url, place) if reader.url else ""
    parcel.reader = replace(reader, address=ring.open(reader.address, place), url=url)
    parcel.secret = ring.open(parcel.secret, place) if parcel.secret else ""


def _mail(carrier: transport.Transport, parcel: Parcel) -> None:
    for delivery_id, kind in parcel.letters:
        carrier.send(letters.about(parcel.reader, kind, delivery_id))
        parcel.sent.append(delivery_id)
    if parcel.lines:
        carrier.send(letters.told(parcel.reader, [line for _, line in parcel.lines], parcel.lines[0][0]))


def _post(parcel: Parcel) -> None:
    at_home = current_app.config["SETTINGS"].webhooks_at_home
    for delivery_id, line in parcel.lines:
        body = message_of(line)
        signed = signing.headers(parcel.secret, f"msg_{delivery_id.hex}", int(now().timestamp()), body)
        headers = {"Content-Type": "application/json", "User-Agent": "vcsc-register-webhook/1", **signed}
        outgoing.post(parcel.reader.url, body, headers, at_home=at_home)
        parcel.sent.append(delivery_id)


def message_of(line: Change) -> bytes:
    """The message about a line: the same bytes at every try."""
    kind = "edition.published" if line.kind is RegisterKind.EDITION else f"certificate.{line.kind}"
    message = {"type": kind, "timestamp": register.stamp(line.at), "data": register.described(line)}
    return json.dumps(message, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _is_gone(error: Exception) -> bool:
    """Whether whoever is there said that nothing more is wanted: a webhook by 410, a mail server for good."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= HARD for code, _text in error.recipients.values())
    return isinstance(error, outgoing.Failed) and error.gone
