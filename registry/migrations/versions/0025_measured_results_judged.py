"""What the reviewers found of measured blocking results, and results of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What was recommended before has no judgement: {} says that nothing was judged one by one.
    op.add_column("recommendation", sa.Column("measured", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.alter_column("measured", server_default=None)


def downgrade() -> None:
    op.drop_column("recommendation", "measured")
