"""Renewals and changes stand on a certificate; companies take their data away and close their account."""

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

RUNNING = sa.text("state IN ('waiting', 'making')")


def upgrade() -> None:
    op.create_table(
        "company_export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "making",
                "ready",
                "failed",
                "over",
                name="exportstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("holder", sa.String(length=32), nullable=False),
        sa.Column("held_until", UtcDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("ready_at", UtcDateTime(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state <> 'ready' OR (sha256 <> '' AND expires_at IS NOT NULL)", name=op.f("ck_company_export_whole")
        ),
        sa.ForeignKeyConstraint(["requested_by"], ["user.id"], name=op.f("fk_company_export_requested_by")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_company_export_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_export")),
    )
    with op.batch_alter_table("company_export", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_company_export_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_company_export_vendor_id"), ["vendor_id"], unique=False)
        batch_op.create_index(
            "uq_company_export_running", ["vendor_id"], unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING
        )

    op.create_table(
        "company_export_reading",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["export_id"], ["company_export.id"], name=op.f("fk_company_export_reading_export_id")),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name=op.f("fk_company_export_reading_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_export_reading")),
        sa.UniqueConstraint(
            "export_id", "person_id", "window", name=op.f("uq_company_export_reading_export_id_person_id_window")
        ),
    )
    with op.batch_alter_table("company_export_reading", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_company_export_reading_export_id"), ["export_id"], unique=False)

    op.create_table(
        "answer_confirmation",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(length=20), nullable=False),
        sa.Column("edition_id", sa.String(length=40), nullable=False),
        sa.Column("one_by_one", sa.Boolean(), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_answer_confirmation_application_id")
        ),
        sa.ForeignKeyConstraint(["confirmed_by"], ["user.id"], name=op.f("fk_answer_confirmation_confirmed_by")),
        sa.PrimaryKeyConstraint("application_id", "criterion", name=op.f("pk_answer_confirmation")),
    )
    op.create_table(
        "basis",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_basis_application_id")),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_basis_certificate_id")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_basis")),
    )
    with op.batch_alter_table("basis", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_basis_certificate_id"), ["certificate_id"], unique=False)

    op.add_column("certificate", sa.Column("superseded_on", sa.Date(), nullable=True))

    op.add_column("vendor", sa.Column("closed_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("vendor", "closed_at")  # a batch would copy the table and lose what points to it

    op.drop_column("certificate", "superseded_on")  # a batch would copy the table and lose what points to it

    with op.batch_alter_table("basis", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_basis_certificate_id"))

    op.drop_table("basis")
    op.drop_table("answer_confirmation")
    with op.batch_alter_table("company_export_reading", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_company_export_reading_export_id"))

    op.drop_table("company_export_reading")
    with op.batch_alter_table("company_export", schema=None) as batch_op:
        batch_op.drop_index("uq_company_export_running", sqlite_where=RUNNING, postgresql_where=RUNNING)
        batch_op.drop_index(batch_op.f("ix_company_export_vendor_id"))
        batch_op.drop_index(batch_op.f("ix_company_export_state"))

    op.drop_table("company_export")
