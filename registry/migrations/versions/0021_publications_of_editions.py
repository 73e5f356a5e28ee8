"""Editions: from when one is used, by when certificates go over, the two people; and proposals to publish one."""

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

OPEN = sa.text("confirmed_at IS NULL AND closed_at IS NULL")
TRANSITION = "transition_until IS NULL OR transition_until > valid_from"
COLUMNS = (
    *("told_at", "reminded_days", "reason_en", "reason_vi"),
    *("lapses", "transition_until", "valid_from", "proposed_by"),
)
LAPSING = "transition_until IS NOT NULL OR NOT lapses"


def upgrade() -> None:
    with op.batch_alter_table("edition_publication", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proposed_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("valid_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("transition_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("lapses", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("reason_vi", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("reason_en", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("reminded_days", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("told_at", UtcDateTime(), nullable=True))
    _begin_on_the_day_of_publication()
    with op.batch_alter_table("edition_publication", schema=None) as batch_op:
        batch_op.alter_column("valid_from", existing_type=sa.Date(), nullable=False)
        for name in ("lapses", "reason_vi", "reason_en"):
            batch_op.alter_column(name, server_default=None)
        batch_op.create_foreign_key(batch_op.f("fk_edition_publication_proposed_by"), "user", ["proposed_by"], ["id"])
        batch_op.create_check_constraint(
            batch_op.f("ck_edition_publication_two_people"),
            "proposed_by IS NULL OR (published_by IS NOT NULL AND proposed_by <> published_by)",
        )
        batch_op.create_check_constraint(batch_op.f("ck_edition_publication_transition"), TRANSITION)
        batch_op.create_check_constraint(batch_op.f("ck_edition_publication_lapsing"), LAPSING)

    op.create_table(
        "edition_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("transition_until", sa.Date(), nullable=True),
        sa.Column("lapses", sa.Boolean(), nullable=False),
        sa.Column("reason_vi", sa.String(), nullable=False),
        sa.Column("reason_en", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closing_note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> proposed_by", name=op.f("ck_edition_proposal_two_people")
        ),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_edition_proposal_confirmed")
        ),
        sa.CheckConstraint("confirmed_at IS NULL OR closed_at IS NULL", name=op.f("ck_edition_proposal_one_end")),
        sa.CheckConstraint(TRANSITION, name=op.f("ck_edition_proposal_transition")),
        sa.CheckConstraint(LAPSING, name=op.f("ck_edition_proposal_lapsing")),
        sa.CheckConstraint("reason_vi <> '' AND reason_en <> ''", name=op.f("ck_edition_proposal_reasons")),
        sa.ForeignKeyConstraint(["proposed_by"], ["user.id"], name=op.f("fk_edition_proposal_proposed_by")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["user.id"], name=op.f("fk_edition_proposal_confirmed_by")),
        sa.ForeignKeyConstraint(["closed_by"], ["user.id"], name=op.f("fk_edition_proposal_closed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_proposal")),
    )
    with op.batch_alter_table("edition_proposal", schema=None) as batch_op:
        batch_op.create_index(
            "uq_edition_proposal_open", ["edition_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
        )


def downgrade() -> None:
    op.drop_table("edition_proposal")
    with op.batch_alter_table("edition_publication", schema=None) as batch_op:
        for name in ("two_people", "transition", "lapsing"):
            batch_op.drop_constraint(batch_op.f(f"ck_edition_publication_{name}"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_edition_publication_proposed_by"), type_="foreignkey")
        for name in COLUMNS:
            batch_op.drop_column(name)


def _begin_on_the_day_of_publication() -> None:
    """Editions were in force from their publication on: its day in Viet Nam, on either database."""
    day = (
        "CAST(published_at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE)"
        if op.get_bind().dialect.name == "postgresql"
        else "date(substr(published_at, 1, 19), '+7 hours')"
    )
    op.execute(f"UPDATE edition_publication SET valid_from = {day}")  # noqa: S608  one of the two above
