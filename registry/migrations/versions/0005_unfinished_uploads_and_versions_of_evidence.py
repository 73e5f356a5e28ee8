"""Uploads that arrive over several requests; language, audience, versions and warnings of evidence.

Revision ID: 0005
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Plain statements, the same on both databases: SQLite would copy the whole table for a constraint, and other tables
# refer to this one.
COLUMNS = {
    "language": "VARCHAR(5) NOT NULL DEFAULT 'vi'",
    "audience": "VARCHAR(40) NOT NULL DEFAULT 'club' CONSTRAINT ck_evidence_audience "
    "CHECK (audience IN ('club', 'reviewers'))",
}


def upgrade() -> None:
    """Add the tables and the columns."""
    for name, kind in COLUMNS.items():
        op.execute(f"ALTER TABLE evidence ADD COLUMN {name} {kind}")
    op.create_index("ix_evidence_valid_until", "evidence", ["valid_until"], unique=False)
    op.create_table(
        "upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.String(length=1024), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("metadata_header", sa.String(length=4000), nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("criterion", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=False),
        sa.Column("held_until", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("length > 0", name=op.f("ck_upload_length")),
        sa.CheckConstraint("received >= 0 AND received <= length", name=op.f("ck_upload_received")),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name=op.f("fk_upload_person_id")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_upload_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    for column in ("expires_at", "person_id", "vendor_id"):
        op.create_index(op.f(f"ix_upload_{column}"), "upload", [column], unique=False)
    op.create_table(
        "replacement",
        sa.Column("old_id", sa.Uuid(), nullable=False),
        sa.Column("new_id", sa.Uuid(), nullable=False),
        sa.Column("replaced_by", sa.Uuid(), nullable=False),
        sa.Column("replaced_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["new_id"], ["evidence.id"], name=op.f("fk_replacement_new_id")),
        sa.ForeignKeyConstraint(["old_id"], ["evidence.id"], name=op.f("fk_replacement_old_id")),
        sa.ForeignKeyConstraint(["replaced_by"], ["user.id"], name=op.f("fk_replacement_replaced_by")),
        sa.PrimaryKeyConstraint("old_id", name=op.f("pk_replacement")),
        sa.UniqueConstraint("new_id", name=op.f("uq_replacement_new_id")),
    )
    op.create_table(
        "evidence_warning",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("stage IN ('expiring', 'expired')", name=op.f("ck_evidence_warning_stage")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_warning_evidence_id")),
        sa.PrimaryKeyConstraint("evidence_id", "stage", "valid_until", name=op.f("pk_evidence_warning")),
    )


def downgrade() -> None:
    """Take them away; bytes of unfinished uploads stay for fsck to sweep."""
    op.drop_table("evidence_warning")
    op.drop_table("replacement")
    op.drop_table("upload")
    op.drop_index("ix_evidence_valid_until", table_name="evidence")
    for name in reversed(COLUMNS):
        op.execute(f"ALTER TABLE evidence DROP COLUMN {name}")
