"""Concerns about products: what was said both ways, and contacts that two people open."""

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

WAITING = "answered_by IS NULL"
STATES = "received acknowledged investigating referred closed"
NOTHING_LEFT = (
    "state <> 'referred' OR (referred_to IS NOT NULL AND text = '' AND about = '' AND contact IS NULL"
    " AND kind IS NULL AND product_id IS NULL AND erased_at IS NOT NULL)"
)
CLOSED = (
    "(state = 'closed') = (closed_at IS NOT NULL) AND (state <> 'closed' OR (outcome IS NOT NULL AND closing <> ''))"
)


def upgrade() -> None:
    _concerns()
    _messages()
    _openings()
    _steps()


def _concerns() -> None:
    op.create_table(
        "concern",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            _words("concernkind", "let_through blocked_wrongly got_round data advert contact other"),
            nullable=True,
        ),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("child", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("contact_given", sa.Boolean(), nullable=False),
        sa.Column("contact_erased_at", UtcDateTime(), nullable=True),
        sa.Column("erased_at", UtcDateTime(), nullable=True),
        sa.Column("edition_id", sa.String(length=40), nullable=False),
        sa.Column("state", _words("concernstate", STATES), nullable=False),
        sa.Column("danger", _words("danger", "none suspected found cleared"), nullable=False),
        sa.Column("unread", sa.Boolean(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("acknowledge_by", UtcDateTime(), nullable=False),
        sa.Column("answer_by", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("late_told", sa.Boolean(), nullable=False),
        sa.Column("acknowledged_at", UtcDateTime(), nullable=True),
        sa.Column("handler_id", sa.Uuid(), nullable=True),
        sa.Column("surveillance_id", sa.Uuid(), nullable=True),
        sa.Column("referred_to", _words("referral", "helpline police network other"), nullable=True),
        sa.Column("referred_at", UtcDateTime(), nullable=True),
        sa.Column(
            "outcome",
            _words("concernoutcome", "put_right surveillance no_fault unclear elsewhere no_concern"),
            nullable=True,
        ),
        sa.Column("closing", sa.String(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(CLOSED, name=op.f("ck_concern_closed_with_reasons")),
        sa.CheckConstraint(
            "erased_at IS NULL OR (text = '' AND about = '' AND contact IS NULL)", name=op.f("ck_concern_erased_whole")
        ),
        sa.CheckConstraint("state <> 'investigating' OR handler_id IS NOT NULL", name=op.f("ck_concern_in_a_hand")),
        sa.CheckConstraint(NOTHING_LEFT, name=op.f("ck_concern_of_a_referred_one_the_fact_is_kept")),
        sa.CheckConstraint("state = 'received' OR acknowledged_at IS NOT NULL", name=op.f("ck_concern_acknowledged")),
        sa.CheckConstraint(
            "(referred_to IS NULL) = (referred_at IS NULL)", name=op.f("ck_concern_referred_to_somebody")
        ),
        sa.CheckConstraint("contact IS NULL OR contact_erased_at IS NULL", name=op.f("ck_concern_sealed_or_erased")),
        sa.CheckConstraint("serial >= 1", name=op.f("ck_concern_serial")),
        sa.ForeignKeyConstraint(["handler_id"], ["user.id"], name=op.f("fk_concern_handler_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_concern_product_id")),
        sa.ForeignKeyConstraint(["surveillance_id"], ["surveillance.id"], name=op.f("fk_concern_surveillance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_concern_code_hash")),
        sa.UniqueConstraint("number", name=op.f("uq_concern_number")),
        sa.UniqueConstraint("surveillance_id", name=op.f("uq_concern_surveillance_id")),
        sa.UniqueConstraint("year", "serial", name=op.f("uq_concern_year_serial")),
    )
    with op.batch_alter_table("concern", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_concern_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_concern_handler_id"), ["handler_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_concern_product_id"), ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_concern_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_concern_year"), ["year"], unique=False)


def _messages() -> None:
    op.create_table(
        "concern_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("voice", _words("voice", "reporter office note"), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("(voice = 'reporter') = (author_id IS NULL)", name=op.f("ck_concern_message_whose")),
        sa.CheckConstraint("text <> ''", name=op.f("ck_concern_message_says_something")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_concern_message_author_id")),
        sa.ForeignKeyConstraint(["concern_id"], ["concern.id"], name=op.f("fk_concern_message_concern_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_message")),
    )
    with op.batch_alter_table("concern_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_concern_message_concern_id"), ["concern_id"], unique=False)


def _openings() -> None:
    op.create_table(
        "concern_opening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("asked_half", sa.String(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("confirmed_half", sa.String(), nullable=True),
        sa.Column("opens_until", UtcDateTime(), nullable=True),
        sa.Column("shown_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(answered_by IS NULL) = (answered_at IS NULL)", name=op.f("ck_concern_opening_answered_by_somebody")
        ),
        sa.CheckConstraint(
            "answered_by IS NULL OR answered_by <> asked_by", name=op.f("ck_concern_opening_two_people")
        ),
        sa.CheckConstraint(
            "confirmed_half IS NULL OR opens_until IS NOT NULL", name=op.f("ck_concern_opening_half_of_who_confirmed")
        ),
        sa.CheckConstraint("opens_until IS NULL OR answered_by IS NOT NULL", name=op.f("ck_concern_opening_confirmed")),
        sa.CheckConstraint(
            "shown_at IS NULL OR (asked_half IS NULL AND confirmed_half IS NULL)",
            name=op.f("ck_concern_opening_shown_once"),
        ),
        sa.CheckConstraint(
            "shown_at IS NULL OR opens_until IS NOT NULL", name=op.f("ck_concern_opening_shown_after_it_was_confirmed")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["user.id"], name=op.f("fk_concern_opening_answered_by")),
        sa.ForeignKeyConstraint(["asked_by"], ["user.id"], name=op.f("fk_concern_opening_asked_by")),
        sa.ForeignKeyConstraint(["concern_id"], ["concern.id"], name=op.f("fk_concern_opening_concern_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_opening")),
    )
    with op.batch_alter_table("concern_opening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_concern_opening_concern_id"), ["concern_id"], unique=False)
        batch_op.create_index(
            "uq_concern_opening_waiting",
            ["concern_id"],
            unique=True,
            sqlite_where=sa.text(WAITING),
            postgresql_where=sa.text(WAITING),
        )


def _steps() -> None:
    op.create_table(
        "concern_step",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("from_state", sa.String(length=40), nullable=False),
        sa.Column("to_state", _words("concernstate", STATES), nullable=False),
        sa.ForeignKeyConstraint(["concern_id"], ["concern.id"], name=op.f("fk_concern_step_concern_id")),
        sa.ForeignKeyConstraint(["seq"], ["history_entry.seq"], name=op.f("fk_concern_step_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_concern_step")),
    )
    with op.batch_alter_table("concern_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_concern_step_concern_id"), ["concern_id"], unique=False)


def downgrade() -> None:
    op.execute("DELETE FROM figure WHERE subject = 'concerns'")
    for table in ("concern_step", "concern_opening", "concern_message", "concern"):
        op.drop_table(table)


def _words(name: str, words: str) -> sa.Enum:
    return sa.Enum(*words.split(), name=name, native_enum=False, create_constraint=True, length=40)
