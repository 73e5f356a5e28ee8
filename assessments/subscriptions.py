"""Subscriptions to changes of certificates: asked for, confirmed by the mailbox, told of, ended, erased.

What is sent leaves through the table `delivery`: written in the transaction of what it tells of, sent by the worker,
tried again later, given up in the end. Sources: RFC 8058 (one click ends it), the Standard Webhooks specification.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from assessments.clock import now, start_of_day, today
from assessments.errors import N_, NotFound
from assessments.models import Delivery, Subscription, ToldChange
from assessments.publishing import SubscriptionWay
from assessments.queries import subscriptions as queries

CONFIRM_DAYS = 3  # an asking nobody confirms is erased after so many days
KEPT_DAYS = 30  # what was sent, and who was given up, is erased after so many days
MORNING = timedelta(hours=7)  # of the legal day: letters that come together, once a day
LEASE = timedelta(minutes=10)  # whoever takes something to send has so long before another tries
BACKOFF = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 5 * 60, 10 * 60, 14 * 60, 20 * 60, 24 * 60)
)
MOST_FAILURES = 20  # in a row: then a webhook is switched off, before its messages are given up one by one

Seal = Callable[[str, str], str]


@dataclass(frozen=True)
class Asking:
    """What somebody asks for; `mark` is the same for the same asking and tells nobody what it is."""

    way: SubscriptionWay
    product_id: UUID | None
    address: str
    url: str
    language: str
    mark: str
    daily: bool = False  # letters come together, once a day


def ask(session: Session, asking: Asking, seal: Seal) -> None:
    """Remember what somebody asks for and have a letter sent to that mailbox, which alone learns whether it is new.

    The same asking made again sends the link again; one that was confirmed sends the way to end it. Nothing is
    returned, so that no answer can tell whether an address is known.
    """
    found = queries.by_mark(session, asking.mark)
    if found is not None and found.disabled_at is not None:
        end(session, found.id)
        found = None
    if found is None:
        found = _added(session, asking, seal)
    if found.confirmed_at is None:
        found.daily = asking.daily
        session.add(found)
    letter = "already" if found.confirmed_at else "confirm"
    _write(session, found.id, f"{letter}:{uuid4().hex}")


def confirm(session: Session, subscription_id: UUID, sealed_secret: str = "") -> bool:
    """Begin to tell: the mailbox has agreed. False when it had before; then the secret stays the one it was.

    Refuses (NotFound) one that was erased meanwhile. `sealed_secret` is that of a webhook.
    """
    found = queries.held(session, subscription_id)
    if found is None:
        raise NotFound(N_("Yêu cầu nhận tin này đã quá hạn hoặc đã bị hủy. Đăng ký lại để nhận tin."))
    if found.confirmed_at is not None:
        return False
    found.confirmed_at = now()
    found.secret = sealed_secret if found.way is SubscriptionWay.WEBHOOK else ""
    session.add(found)
    return True


def end(session: Session, subscription_id: UUID) -> None:
    """Erase a subscription with all that was to be sent; nothing happens when it is gone already."""
    session.exec(delete(Delivery).where(col(Delivery.subscription_id) == subscription_id))
    session.exec(delete(Subscription).where(col(Subscription.id) == subscription_id))
    session.flush()


def spread(session: Session) -> int:
    """Put every line nobody was told of into the deliveries of those who want to hear; returns how many lines.

    Lines and deliveries are written in one transaction, so that nothing is told twice and nothing is left out.
    """
    fresh, daily = queries.untold(session, now()), queries.daily(session)
    for change in fresh:
        for subscription_id, way in queries.hearing_of(session, change):
            due = _next_morning() if subscription_id in daily else now()
            session.add(Delivery(subscription_id=subscription_id, event=change.key, way=way, due_at=due))
        session.add(ToldChange(key=change.key, at=now()))
    session.flush()
    return len(fresh)


@dataclass(frozen=True)
class Taken:
    """What one worker has taken to send: the subscription as it was then, and what is due."""

    subscription: Subscription
    due: list[Delivery]


def take(session: Session, subscription_id: UUID, way: SubscriptionWay) -> Taken | None:
    """Take what is due for one subscription, for a while; None when another was faster. The caller commits."""
    found = queries.held(session, subscription_id)
    taken = queries.due(session, subscription_id, way, now()) if found else []
    for one in taken:
        one.due_at, one.attempts = now() + LEASE, one.attempts + 1
        session.add(one)
    session.flush()
    return Taken(found, taken) if found and taken else None


def arrived(session: Session, subscription_id: UUID, ids: Sequence[UUID]) -> None:
    """Note that what was taken has arrived."""
    for one in queries.deliveries(session, ids):
        one.done_at, one.last_error = now(), ""
        session.add(one)
    found = queries.held(session, subscription_id)
    if found is not None:
        found.failures = 0
        session.add(found)


def failed(session: Session, subscription_id: UUID, ids: Sequence[UUID], error: str, *, gone: bool = False) -> None:
    """Note that it has not, and when to try again; after days, or many failures in a row, it is given up.

    A webhook that is given up is switched off and its owner written to. `gone`: whoever is there said that nothing
    more is to come; of a mailbox that is no more everything is erased.
    """
    given_up = [_tried(session, one, error) for one in queries.deliveries(session, ids)]
    found = queries.held(session, subscription_id)
    if found is None:
        return
    found.failures += 1
    session.add(found)
    session.flush()
    if found.way is SubscriptionWay.MAIL and gone:
        end(session, found.id)
    elif found.way is SubscriptionWay.WEBHOOK and (gone or any(given_up) or found.failures >= MOST_FAILURES):
        _switch_off(session, found)


def sweep(session: Session) -> None:
    """Erase askings nobody confirmed, webhooks switched off long ago, and what was sent long ago."""
    asked, kept = now() - timedelta(days=CONFIRM_DAYS), now() - timedelta(days=KEPT_DAYS)
    unconfirmed = (col(Subscription.confirmed_at).is_(None)) & (col(Subscription.asked_at) < asked)
    over = unconfirmed | (col(Subscription.disabled_at) < kept)
    for subscription_id in session.exec(select(Subscription.id).where(over)).all():
        end(session, subscription_id)
    session.exec(delete(Delivery).where((col(Delivery.done_at) < kept) | (col(Delivery.given_up_at) < kept)))
    session.exec(delete(ToldChange).where(col(ToldChange.at) < now() - 2 * queries.TOLD_WITHIN))


def _next_morning() -> datetime:
    """The next time at which letters that come together leave: at seven in Viet Nam."""
    morning = start_of_day(today()) + MORNING
    return morning if morning > now() else morning + timedelta(days=1)


def _tried(session: Session, one: Delivery, error: str) -> bool:
    """Note a failure; True when this was the last try."""
    one.last_error = error[:200]
    one.due_at = now() + BACKOFF[min(one.attempts, len(BACKOFF)) - 1]
    if one.attempts > len(BACKOFF):
        one.given_up_at = now()
    session.add(one)
    return one.given_up_at is not None


def _added(session: Session, asking: Asking, seal: Seal) -> Subscription:
    """The row of an asking; where two came at the same moment, that of the other."""
    made = uuid4()
    row = Subscription(
        id=made,
        way=asking.way,
        product_id=asking.product_id,
        language=asking.language,
        daily=asking.daily,
        mark=asking.mark,
        address=seal(asking.address, str(made)),
        url=seal(asking.url, str(made)) if asking.url else "",
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return session.exec(select(Subscription).where(Subscription.mark == asking.mark)).one()
    return row


def _switch_off(session: Session, subscription: Subscription) -> None:
    if subscription.disabled_at is not None:
        return
    subscription.disabled_at = now()
    subscription.secret = ""
    session.add(subscription)
    session.exec(
        delete(Delivery).where(
            col(Delivery.subscription_id) == subscription.id, col(Delivery.way) == SubscriptionWay.WEBHOOK
        )
    )
    _write(session, subscription.id, f"disabled:{uuid4().hex}")


def _write(session: Session, subscription_id: UUID, event: str) -> None:
    """A letter to the mailbox behind a subscription, whatever its way."""
    session.add(Delivery(subscription_id=subscription_id, event=event, way=SubscriptionWay.MAIL))
    session.flush()
