"""Auditors: their part in an application, their notes, and the case files they take away."""

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime
from assessments.people import Part

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KINDS = sa.Enum(
    "sampling", "observation", "recommendation", name="auditkind", native_enum=False, create_constraint=True, length=40
)
STATES = sa.Enum(
    *("waiting", "making", "ready", "failed", "over"),
    name="casestate",
    native_enum=False,
    create_constraint=True,
    length=40,
)
RUNNING = sa.text("state IN ('waiting', 'making')")


def upgrade() -> None:
    _allow_parts([one.value for one in Part])
    op.create_table(
        "audit_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("kind", KINDS, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closing_note", sa.String(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_audit_note_text")),
        sa.CheckConstraint("(owner_id IS NULL) = (due_on IS NULL)", name=op.f("ck_audit_note_owner_with_a_day")),
        sa.CheckConstraint(
            "kind <> 'recommendation' OR owner_id IS NOT NULL", name=op.f("ck_audit_note_recommendation_has_owner")
        ),
        sa.CheckConstraint("answered_at IS NULL OR owner_id IS NOT NULL", name=op.f("ck_audit_note_answered_by_owner")),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_audit_note_closed_by_somebody")),
        sa.CheckConstraint(
            "closed_by IS NULL OR owner_id IS NULL OR closed_by <> owner_id",
            name=op.f("ck_audit_note_closed_by_another"),
        ),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_audit_note_application_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_audit_note_owner_id")),
        sa.ForeignKeyConstraint(["written_by"], ["user.id"], name=op.f("fk_audit_note_written_by")),
        sa.ForeignKeyConstraint(["closed_by"], ["user.id"], name=op.f("fk_audit_note_closed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_note")),
    )
    with op.batch_alter_table("audit_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_note_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_note_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "case_export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("state", STATES, nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=False),
        sa.Column("held_until", UtcDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("manifest", sa.JSON(), nullable=False),
        sa.Column("ready_at", UtcDateTime(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state <> 'ready' OR (sha256 <> '' AND expires_at IS NOT NULL)", name=op.f("ck_case_export_whole")
        ),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_case_export_tries")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_case_export_application_id")),
        sa.ForeignKeyConstraint(["requested_by"], ["user.id"], name=op.f("fk_case_export_requested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_export")),
    )
    with op.batch_alter_table("case_export", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_export_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_export_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_case_export_running",
            ["application_id"],
            unique=True,
            sqlite_where=RUNNING,
            postgresql_where=RUNNING,
        )

    op.create_table(
        "case_reading",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["export_id"], ["case_export.id"], name=op.f("fk_case_reading_export_id")),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name=op.f("fk_case_reading_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_reading")),
        sa.UniqueConstraint(
            "export_id", "person_id", "window", name=op.f("uq_case_reading_export_id_person_id_window")
        ),
    )
    with op.batch_alter_table("case_reading", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_reading_export_id"), ["export_id"], unique=False)


def downgrade() -> None:
    op.drop_table("case_reading")
    op.drop_table("case_export")
    op.drop_table("audit_note")
    op.execute("DELETE FROM participation WHERE part = 'auditor'")
    _allow_parts([one.value for one in Part if one is not Part.AUDITOR])


def _allow_parts(words: list[str]) -> None:
    """Which parts there are. Taken from the code, so that other migrations that add some need no order among them."""
    allowed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_participation_part"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_participation_part"), f"part IN ({allowed})")
