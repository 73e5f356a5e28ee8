"""Whom complaints pass by; when companies were told of questions; minutes without names; first attempts that pass."""

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

SUBJECTS = ("treatment", "process", "delay", "reviewers", "mark", "other")
BODIES = ("auditors", "impartiality")


def upgrade() -> None:
    op.add_column("question", sa.Column("told_at", UtcDateTime(), nullable=True))
    op.execute("UPDATE question SET told_at = asked_at")  # every question was written about when it was asked
    with op.batch_alter_table("minutes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("masked_sha256", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("masked_size", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_minutes_masked"), "(masked_sha256 IS NULL) = (masked_size IS NULL)"
        )
        batch_op.create_index(batch_op.f("ix_minutes_masked_sha256"), ["masked_sha256"], unique=False)
    op.execute("UPDATE calibration_attempt SET passed = false WHERE number > 1")  # they had read the agreed scores
    with op.batch_alter_table("calibration_attempt", schema=None) as batch_op:
        batch_op.create_check_constraint(
            batch_op.f("ck_calibration_attempt_passed_at_first"), "NOT passed OR number = 1"
        )
    _allow_subjects(*SUBJECTS, *BODIES)
    op.create_table(
        "complaint_aside",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_aside_complaint_id")),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name=op.f("fk_complaint_aside_person_id")),
        sa.ForeignKeyConstraint(["said_by"], ["user.id"], name=op.f("fk_complaint_aside_said_by")),
        sa.PrimaryKeyConstraint("complaint_id", "person_id", name=op.f("pk_complaint_aside")),
    )


def downgrade() -> None:
    op.drop_table("complaint_aside")
    op.execute("UPDATE complaint SET subject = 'other' WHERE subject IN ('auditors', 'impartiality')")
    _allow_subjects(*SUBJECTS)
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_column("told_at")
    with op.batch_alter_table("minutes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_minutes_masked_sha256"))
        batch_op.drop_constraint(batch_op.f("ck_minutes_masked"), type_="check")
        batch_op.drop_column("masked_size")
        batch_op.drop_column("masked_sha256")
    with op.batch_alter_table("calibration_attempt", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_calibration_attempt_passed_at_first"), type_="check")


def _allow_subjects(*words: str) -> None:
    allowed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_complaint_complaintsubject"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_complaint_complaintsubject"), f"subject IN ({allowed})")
