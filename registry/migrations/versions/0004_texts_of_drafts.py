"""Autosaves: the versions of profile steps, which evidence was taken when, and the page a text came from."""

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("saved_from", sa.String(length=40), nullable=False, server_default=""))
    with op.batch_alter_table("answer_text", schema=None) as batch_op:
        batch_op.add_column(sa.Column("begun_at", UtcDateTime(), nullable=True))
    op.create_table(
        "profile_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("section", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("saved_by", sa.Uuid(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("saved_from", sa.String(length=40), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_profile_text_application_id")),
        sa.ForeignKeyConstraint(["saved_by"], ["user.id"], name=op.f("fk_profile_text_saved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_text")),
        sa.UniqueConstraint(
            "application_id", "section", "number", name=op.f("uq_profile_text_application_id_section_number")
        ),
    )
    with op.batch_alter_table("profile_text", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_profile_text_application_id"), ["application_id"], unique=False)
    op.create_table(
        "evidence_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(length=20), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("attached", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_evidence_change_application_id")),
        sa.ForeignKeyConstraint(["changed_by"], ["user.id"], name=op.f("fk_evidence_change_changed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_change")),
    )
    with op.batch_alter_table("evidence_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_change_application_id"), ["application_id"], unique=False)


def downgrade() -> None:
    op.drop_table("evidence_change")
    op.drop_table("profile_text")
    op.drop_column("answer_text", "begun_at")  # not in a batch, which would drop the table that others point at
    op.drop_column("answer", "saved_from")
