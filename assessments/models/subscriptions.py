"""Who wants to hear of changes, and what is still to be sent to them."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.publishing import SubscriptionWay


class Subscription(SQLModel, table=True):
    """One asking for the changes of a product, or of all; nothing is sent before the mailbox has confirmed it.

    The address, the address of a webhook and its secret are sealed; the row goes when somebody unsubscribes.
    """

    __table_args__ = (
        CheckConstraint("(way = 'webhook') = (url <> '')", name="where_to"),
        CheckConstraint("secret = '' OR (way = 'webhook' AND confirmed_at IS NOT NULL)", name="secret"),
        CheckConstraint("failures >= 0", name="failures"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    way: SubscriptionWay = Field(sa_type=choice(SubscriptionWay))
    product_id: UUID | None = Field(default=None, foreign_key="product.id", index=True)  # empty: of every product
    language: str = Field(default="vi", max_length=2)
    daily: bool = False  # letters come together, once a day
    mark: str = Field(unique=True, max_length=64)  # keyed hash of all that was asked: finds it again, tells nothing
    address: str  # sealed: the mailbox that confirms, and that letters go to
    url: str = ""  # sealed: where a webhook goes
    secret: str = ""  # sealed: what a webhook is signed with
    asked_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    failures: int = 0  # in a row
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Delivery(SQLModel, table=True):
    """One thing to tell a subscriber; `event` is the key of a change, or what the letter is about."""

    __table_args__ = (UniqueConstraint("subscription_id", "event"), CheckConstraint("attempts >= 0", name="attempts"))

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    subscription_id: UUID = Field(foreign_key="subscription.id", index=True)
    event: str = Field(max_length=120)
    way: SubscriptionWay = Field(sa_type=choice(SubscriptionWay))  # letters about a webhook go by mail
    written_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    due_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)
    attempts: int = 0
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    given_up_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_error: str = Field(default="", max_length=200)
