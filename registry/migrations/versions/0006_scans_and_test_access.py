"""What the scanner says of a file, what was noticed in it, and the test accounts of an application."""

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

LONG_AGO = "1970-01-01 00:00:00"  # files from before are scanned as soon as there is a scanner

SCANS = sa.Enum(
    *("unscanned", "waiting", "clean", "quarantined"),
    name="scanstate",
    native_enum=False,
    create_constraint=True,
    length=40,
)
TROUBLES = sa.Enum(
    *("unreachable", "too_large"), name="scantrouble", native_enum=False, create_constraint=True, length=40
)


def upgrade() -> None:
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.add_column(sa.Column("flags", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("scan", SCANS, nullable=False, server_default="unscanned"))
        batch_op.add_column(sa.Column("scan_trouble", TROUBLES, nullable=True))
        batch_op.add_column(sa.Column("scan_tries", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("scan_due_at", UtcDateTime(), nullable=False, server_default=LONG_AGO))
        batch_op.add_column(sa.Column("scanned_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("signature", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("erased_at", UtcDateTime(), nullable=True))
        batch_op.create_index(batch_op.f("ix_stored_file_scan"), ["scan"], unique=False)
        batch_op.create_check_constraint(
            batch_op.f("ck_stored_file_erased"), "erased_at IS NULL OR scan = 'quarantined'"
        )

    op.create_table(
        "test_access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("sealed", sa.String(), nullable=True),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(sealed IS NULL) = (erased_at IS NOT NULL)", name=op.f("ck_test_access_sealed_or_erased")),
        sa.ForeignKeyConstraint(["added_by"], ["user.id"], name=op.f("fk_test_access_added_by")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_test_access_application_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_access")),
    )
    with op.batch_alter_table("test_access", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_test_access_application_id"), ["application_id"], unique=False)

    op.create_table(
        "test_access_reading",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("test_access_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name=op.f("fk_test_access_reading_person_id")),
        sa.ForeignKeyConstraint(
            ["test_access_id"], ["test_access.id"], name=op.f("fk_test_access_reading_test_access_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_access_reading")),
    )
    with op.batch_alter_table("test_access_reading", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_test_access_reading_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_test_access_reading_test_access_id"), ["test_access_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("test_access_reading", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_test_access_reading_test_access_id"))
        batch_op.drop_index(batch_op.f("ix_test_access_reading_person_id"))

    op.drop_table("test_access_reading")
    with op.batch_alter_table("test_access", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_test_access_application_id"))

    op.drop_table("test_access")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_stored_file_erased"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_stored_file_scantrouble"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_stored_file_scanstate"), type_="check")
        batch_op.drop_index(batch_op.f("ix_stored_file_scan"))
        for name in (
            *("erased_at", "signature", "scanned_at", "scan_due_at", "scan_tries", "scan_trouble", "scan", "flags"),
        ):
            batch_op.drop_column(name)
