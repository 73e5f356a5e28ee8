"""What fails in the worker, so that a machine can be told; and accounts that people closed."""

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_failure",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("error", sa.String(length=200), nullable=False),
        sa.Column("mended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("times > 0", name=op.f("ck_job_failure_times")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_failure")),
    )
    op.add_column("user", sa.Column("closed_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("user", "closed_at")
    op.drop_table("job_failure")
