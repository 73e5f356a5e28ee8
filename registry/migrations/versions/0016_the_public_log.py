"""The public log: its entries, the tiles of its tree, and its head."""

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KINDS = sa.Enum(
    *("grant", "suspend", "reinstate", "lift", "reduce", "withdraw", "terminate", "supersede", "expire"),
    *("edition", "key", "head"),
    name="logkind",
    native_enum=False,
    create_constraint=True,
    length=40,
)
IMMUTABLE = {"log_entry": ("UPDATE", "DELETE"), "log_tile": ("DELETE",), "log_head": ("DELETE",)}


def upgrade() -> None:
    op.create_table(
        "log_entry",
        sa.Column("index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", KINDS, nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("leaf_hash", sa.String(length=64), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint('"index" >= 0', name=op.f("ck_log_entry_index")),
        sa.CheckConstraint("body <> ''", name=op.f("ck_log_entry_body")),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_log_entry_certificate_id")),
        sa.PrimaryKeyConstraint("index", name=op.f("pk_log_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_log_entry_key")),
    )
    with op.batch_alter_table("log_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_log_entry_certificate_id"), ["certificate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_log_entry_kind"), ["kind"], unique=False)

    op.create_table(
        "log_tile",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("level BETWEEN 0 AND 7 AND number >= 0", name=op.f("ck_log_tile_place")),
        sa.CheckConstraint(
            "length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0", name=op.f("ck_log_tile_hashes")
        ),
        sa.PrimaryKeyConstraint("level", "number", name=op.f("pk_log_tile")),
    )

    op.create_table(
        "log_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("signed_size", sa.Integer(), nullable=False),
        sa.Column("checkpoint", sa.String(), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_log_head_one")),
        sa.CheckConstraint("signed_size BETWEEN 0 AND size", name=op.f("ck_log_head_signed")),
        sa.CheckConstraint("(checkpoint = '') = (signed_at IS NULL)", name=op.f("ck_log_head_checkpoint")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_head")),
    )
    for table, verbs in IMMUTABLE.items():
        for verb in verbs:
            _refuse(verb, table)


def downgrade() -> None:
    for table in reversed(IMMUTABLE):
        op.drop_table(table)


def _refuse(verb: str, table: str) -> None:
    """A trigger that refuses a statement; the function on PostgreSQL is there since the first release."""
    name = f"{table}_no_{verb.lower()}"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'table {table} is immutable'); END"
        )
