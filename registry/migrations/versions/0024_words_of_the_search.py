"""What a product is found by stands with its listing, and when it was written last: the search keeps a copy in memory.

The worker's next turn writes the words of what is listed already; until then products are found by filters alone.
"""

import sqlalchemy as sa
from alembic import op

from assessments.columns import plain_order

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("listing_word")
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("words", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.alter_column("words", server_default=None)
    op.create_table(
        "relisting",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_relisting_product_id")),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_relisting")),
    )
    with op.batch_alter_table("relisting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_relisting_revision"), ["revision"], unique=False)


def downgrade() -> None:
    op.drop_table("relisting")
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_column("words")
    op.create_table(
        "listing_word",
        sa.Column("word", plain_order(60), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.certificate_id"], name=op.f("fk_listing_word_listing_id")),
        sa.PrimaryKeyConstraint("word", "listing_id", name=op.f("pk_listing_word")),
    )
    with op.batch_alter_table("listing_word", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listing_word_listing_id"), ["listing_id"], unique=False)
