"""The public register of changes, what was on each day gone by, and who hears of it."""

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime, plain_order

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def _choice(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


KINDS = _choice(
    "registerkind",
    *("grant", "suspend", "lift", "reinstate", "reduce", "withdraw", "terminate", "supersede", "expire", "edition"),
)
STATUSES = _choice(
    "certificatestatus",
    *("scheduled", "active", "suspended", "withdrawn", "terminated", "expired", "superseded"),
)
WAYS = _choice("subscriptionway", "mail", "webhook")


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("key", plain_order(80), nullable=False),
        sa.Column("kind", KINDS, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("edition_id", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.CheckConstraint("(kind = 'edition') = (product_id IS NULL)", name=op.f("ck_change_of_a_product")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_change_product_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_change")),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index("ix_change_newest", ["at", "key"], unique=False)
        for column in ("day", "edition_id", "number", "product_id"):
            batch_op.create_index(batch_op.f(f"ix_change_{column}"), [column], unique=False)

    op.create_table(
        "period",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("sort_key", plain_order(400), nullable=False),
        sa.Column("status", STATUSES, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("level_rank", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("facets", sa.String(), nullable=False),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_period_days")),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_period_certificate_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_period_product_id")),
        sa.PrimaryKeyConstraint("product_id", "first_day", name=op.f("pk_period")),
    )
    with op.batch_alter_table("period", schema=None) as batch_op:
        for column in ("certificate_id", "last_day"):
            batch_op.create_index(batch_op.f(f"ix_period_{column}"), [column], unique=False)

    op.create_table(
        "told_change",
        sa.Column("key", plain_order(80), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_told_change")),
    )

    op.create_table(
        "subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("way", WAYS, nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(way = 'webhook') = (url <> '')", name=op.f("ck_subscription_where_to")),
        sa.CheckConstraint(
            "secret = '' OR (way = 'webhook' AND confirmed_at IS NOT NULL)", name=op.f("ck_subscription_secret")
        ),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_subscription_failures")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_subscription_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("mark", name=op.f("uq_subscription_mark")),
    )
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        for column in ("confirmed_at", "product_id"):
            batch_op.create_index(batch_op.f(f"ix_subscription_{column}"), [column], unique=False)

    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(length=120), nullable=False),
        sa.Column("way", WAYS, nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("given_up_at", UtcDateTime(), nullable=True),
        sa.Column("last_error", sa.String(length=200), nullable=False),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_delivery_attempts")),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscription.id"], name=op.f("fk_delivery_subscription_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("subscription_id", "event", name=op.f("uq_delivery_subscription_id_event")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        for column in ("due_at", "subscription_id"):
            batch_op.create_index(batch_op.f(f"ix_delivery_{column}"), [column], unique=False)


def downgrade() -> None:
    for table in ("delivery", "subscription", "told_change", "period", "change"):
        op.drop_table(table)
