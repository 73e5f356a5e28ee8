"""Votes on proposals, conditions of decisions with their reminders, and the minutes of each decision."""

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CONFIRMER = sa.Enum(
    *("coordinator", "reviewer", "proposer", "confirmer"),
    name="part",
    native_enum=False,
    create_constraint=True,
    length=40,
)
PARTICIPATION = ["participation.application_id", "participation.person_id", "participation.part"]


def upgrade() -> None:
    # Plain ALTER TABLE: proposals are referred to, and SQLite must not copy them.
    op.add_column("proposal", sa.Column("fell", sa.Boolean(), nullable=False, server_default=sa.false()))
    _vote()
    _condition()
    op.create_table(
        "minutes",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(sha256 IS NULL) = (size IS NULL) AND (sha256 IS NULL) = (made_at IS NULL)", name=op.f("ck_minutes_made")
        ),
        sa.CheckConstraint("size IS NULL OR size > 0", name=op.f("ck_minutes_size")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_minutes_decision_id")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_minutes")),
    )
    op.create_index(op.f("ix_minutes_sha256"), "minutes", ["sha256"], unique=False)
    _what_was_decided_has_votes_and_minutes()


def _vote() -> None:
    op.create_table(
        "vote",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("voter_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("proposer_id", sa.Uuid(), nullable=False),
        sa.Column("part", CONFIRMER, nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("fell_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("part = 'confirmer'", name=op.f("ck_vote_part_is_confirmer")),
        sa.CheckConstraint("voter_id <> proposer_id", name=op.f("ck_vote_two_people")),
        sa.CheckConstraint("agrees OR note <> ''", name=op.f("ck_vote_disagreement_has_a_reason")),
        sa.ForeignKeyConstraint(
            ["application_id", "voter_id", "part"], PARTICIPATION, name=op.f("fk_vote_application_id_voter_id_part")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id", "proposer_id"],
            ["proposal.id", "proposal.proposer_id"],
            name=op.f("fk_vote_proposal_id_proposer_id"),
        ),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_vote_application_id")),
        sa.ForeignKeyConstraint(["voter_id"], ["user.id"], name=op.f("fk_vote_voter_id")),
        sa.PrimaryKeyConstraint("proposal_id", "voter_id", name=op.f("pk_vote")),
    )
    op.create_index(op.f("ix_vote_application_id"), "vote", ["application_id"], unique=False)


def _condition() -> None:
    op.create_table(
        "condition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=20), nullable=False),
        sa.Column("text_vi", sa.String(), nullable=False),
        sa.Column("text_en", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("fulfilled_at", UtcDateTime(), nullable=True),
        sa.Column("fulfilled_by", sa.Uuid(), nullable=True),
        sa.Column("fulfilled_note", sa.String(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_condition_number")),
        sa.CheckConstraint("text_vi <> '' AND text_en <> ''", name=op.f("ck_condition_both_languages")),
        sa.CheckConstraint(
            "(fulfilled_at IS NULL) = (fulfilled_by IS NULL)", name=op.f("ck_condition_fulfilled_by_somebody")
        ),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_condition_application_id")),
        sa.ForeignKeyConstraint(["fulfilled_by"], ["user.id"], name=op.f("fk_condition_fulfilled_by")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_condition_proposal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition")),
        sa.UniqueConstraint("proposal_id", "number", name=op.f("uq_condition_proposal_id_number")),
    )
    op.create_index(op.f("ix_condition_application_id"), "condition", ["application_id"], unique=False)
    op.create_table(
        "condition_reminder",
        sa.Column("condition_id", sa.Uuid(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["condition_id"], ["condition.id"], name=op.f("fk_condition_reminder_condition_id")),
        sa.PrimaryKeyConstraint("condition_id", "days", name=op.f("pk_condition_reminder")),
    )


def _what_was_decided_has_votes_and_minutes() -> None:
    """One confirmed each decision until now; the worker makes the minutes of every one."""
    op.execute(
        "INSERT INTO vote (proposal_id, voter_id, application_id, proposer_id, part, agrees, note, at) "
        "SELECT proposal_id, confirmer_id, application_id, proposer_id, part, true, '', decided_at FROM decision"
    )
    op.execute("INSERT INTO minutes (decision_id, people) SELECT id, '[]' FROM decision")


def downgrade() -> None:
    op.drop_table("minutes")
    op.drop_table("condition_reminder")
    op.drop_table("condition")
    op.drop_table("vote")
    op.drop_column("proposal", "fell")
