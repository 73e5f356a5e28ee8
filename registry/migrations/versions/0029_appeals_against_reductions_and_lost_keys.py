"""Reductions that are set aside on appeal, keys that were lost to others, and letters once a day."""

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime
from assessments.models.immutable import triggers

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_BEFORE = ("grant", "suspend", "reinstate", "lift", "reduce", "withdraw", "terminate", "supersede", "expire")
WORDS = {  # (table, column, constraint): the words there were, and those that come
    ("publication", "kind", "publicationkind"): ((*_BEFORE, "edition", "key"), ("restore", "reissue")),
    ("log_entry", "kind", "logkind"): ((*_BEFORE, "edition", "key", "head"), ("restore", "reissue")),
    ("change", "kind", "registerkind"): ((*_BEFORE, "edition"), ("restore",)),
    ("certificate_event", "action", "certificateaction"): (
        tuple(one for one in _BEFORE if one != "lift"),
        ("restore",),
    ),
    ("appeal", "kind", "appealkind"): (
        ("refusal", "decline", "level", "suspension", "withdrawal"),
        ("reduction",),
    ),
}
EVENTS = "(kind IN ({kinds})) = (event_id IS NOT NULL)"


def upgrade() -> None:
    for (table, column, name), (before, added) in WORDS.items():
        _allow(table, column, name, (*before, *added))
    _events("'suspension', 'withdrawal', 'reduction'")
    with op.batch_alter_table("signing_key", schema=None) as batch_op:
        batch_op.add_column(sa.Column("compromised_from", UtcDateTime(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_signing_key_compromised_is_retired"), "compromised_from IS NULL OR retired_at IS NOT NULL"
        )
    op.add_column("surveillance", sa.Column("pool", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("subscription", sa.Column("daily", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("subscription", "daily")
    op.drop_column("surveillance", "pool")
    with op.batch_alter_table("signing_key", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_signing_key_compromised_is_retired"), type_="check")
        batch_op.drop_column("compromised_from")
    for (table, column, name), (before, _added) in reversed(WORDS.items()):
        _allow(table, column, name, before)
    _events("'suspension', 'withdrawal'")


def _allow(table: str, column: str, name: str, words: tuple[str, ...]) -> None:
    allowed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"ck_{table}_{name}"), type_="check")
        batch_op.create_check_constraint(batch_op.f(f"ck_{table}_{name}"), f"{column} IN ({allowed})")
    if table == "log_entry" and op.get_bind().dialect.name == "sqlite":  # the table was made anew, without its triggers
        for statement in triggers("sqlite", table):
            op.execute(statement)


def _events(kinds: str) -> None:
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_appeal_event_where_due"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_appeal_event_where_due"), EVENTS.format(kinds=kinds))
