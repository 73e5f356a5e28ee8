"""Questions about who hears of changes, and what is still to be sent to them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_
from sqlmodel import Session, col, select

from assessments.clock import legal_day, today
from assessments.columns import is_reached
from assessments.models import Change, Delivery, Product, Subscription, ToldChange
from assessments.publishing import SubscriptionWay

TOLD_WITHIN = timedelta(days=30)  # older lines are history: nobody is told of them any more
AT_ONCE = 100


def by_mark(session: Session, mark: str) -> Subscription | None:
    """The same asking, made earlier; its row is held."""
    return session.exec(select(Subscription).where(Subscription.mark == mark).with_for_update()).one_or_none()


def held(session: Session, subscription_id: UUID) -> Subscription | None:
    """A subscription, its row held."""
    question = select(Subscription).where(Subscription.id == subscription_id).with_for_update()
    return session.exec(question.execution_options(populate_existing=True)).one_or_none()


def untold(session: Session, now: datetime) -> list[Change]:
    """The lines that have happened lately and of which nobody was told, in their order."""
    told = exists().where(col(ToldChange.key) == col(Change.key))
    question = (
        select(Change)
        .where(Change.at <= now, Change.day <= legal_day(now), Change.at >= now - TOLD_WITHIN, ~told)
        .order_by(col(Change.at), col(Change.key))
        .limit(AT_ONCE)
    )
    return list(session.exec(question).all())


def hearing_of(session: Session, change: Change) -> list[tuple[UUID, SubscriptionWay]]:
    """Who is to be told of a line: who has confirmed before it happened, for its product or for all."""
    question = select(Subscription.id, Subscription.way).where(
        col(Subscription.confirmed_at) <= change.at,
        col(Subscription.disabled_at).is_(None),
        or_(col(Subscription.product_id).is_(None), col(Subscription.product_id) == change.product_id),
    )
    return [(one, SubscriptionWay(way)) for one, way in session.exec(question).all()]


def daily(session: Session) -> set[UUID]:
    """The subscriptions whose letters come together, once a day."""
    return set(session.exec(select(Subscription.id).where(col(Subscription.daily))).all())


def waiting(session: Session, way: SubscriptionWay, now: datetime, limit: int) -> list[UUID]:
    """The subscriptions for which something is to be sent now, who has waited longest first."""
    question = (
        select(Delivery.subscription_id)
        .where(Delivery.way == way, is_reached(col(Delivery.due_at), now), *_open())
        .order_by(col(Delivery.due_at))
        .limit(limit * 20)
    )
    return list(dict.fromkeys(session.exec(question).all()))[:limit]


def due(session: Session, subscription_id: UUID, way: SubscriptionWay, now: datetime) -> list[Delivery]:
    """What is to be sent now for one subscription, in its order, the rows held; another worker's are left to it."""
    question = (
        select(Delivery)
        .where(Delivery.subscription_id == subscription_id, Delivery.way == way, *_open())
        .where(is_reached(col(Delivery.due_at), now))
        .order_by(col(Delivery.written_at), col(Delivery.event))
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return list(session.exec(question).all())


def deliveries(session: Session, ids: Sequence[UUID]) -> list[Delivery]:
    """These deliveries, their rows held; what was erased meanwhile is not among them."""
    question = select(Delivery).where(col(Delivery.id).in_(ids)).with_for_update()
    return list(session.exec(question.execution_options(populate_existing=True)).all())


def public_product(session: Session, slug: str) -> tuple[UUID, dict[str, str]] | None:
    """The id of a product that the register speaks of, and its names in the newest line; None for another."""
    public = (Change.slug == slug, Change.day <= today())
    question = select(Change.product_id, Change.text).where(*public).order_by(col(Change.at).desc())
    found = session.exec(question).first()
    return (found[0], found[1]["name"]) if found and found[0] else None


def product_name(session: Session, product_id: UUID | None) -> dict[str, str] | None:
    """The names of what a subscription is for; None for all."""
    if product_id is None:
        return None
    product = session.get_one(Product, product_id)
    return {"vi": product.name, "en": product.name_en or product.name}


def _open() -> list[ColumnElement[bool]]:
    return [col(Delivery.done_at).is_(None), col(Delivery.given_up_at).is_(None)]
