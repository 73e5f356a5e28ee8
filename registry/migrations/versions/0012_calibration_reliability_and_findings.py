"""Calibration of reviewers, measured agreement, talk during the consensus, and who owns a finding by when."""

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

UNFINISHED = sa.text("finished_at IS NULL")
OF_EDITION = sa.text("application_id IS NULL")
OBSTACLES = sa.Enum(
    *("one_rater", "no_variation"), name="unmeasured", native_enum=False, create_constraint=True, length=40
)


def upgrade() -> None:
    _calibration()
    _reliability()
    _remarks()
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.add_column(sa.Column("owner_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("due_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("condition_until", sa.Date(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_finding_owner_id"), "user", ["owner_id"], ["id"])
        batch_op.create_check_constraint(
            batch_op.f("ck_finding_only_minor_is_a_condition"), "condition_until IS NULL OR severity = 'minor'"
        )


def _calibration() -> None:
    op.create_table(
        "calibration_bar",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.String(length=40), nullable=False),
        sa.Column("max_deviation", sa.Float(), nullable=False),
        sa.Column("min_within", sa.Integer(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("files >= 1", name=op.f("ck_calibration_bar_files")),
        sa.CheckConstraint("max_deviation >= 0 AND max_deviation <= 4", name=op.f("ck_calibration_bar_max_deviation")),
        sa.CheckConstraint("min_within BETWEEN 0 AND 100", name=op.f("ck_calibration_bar_min_within")),
        sa.ForeignKeyConstraint(["set_by"], ["user.id"], name=op.f("fk_calibration_bar_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_bar")),
    )
    with op.batch_alter_table("calibration_bar", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calibration_bar_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "calibration_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.String(length=40), nullable=False),
        sa.Column("file", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("mean_deviation", sa.Float(), nullable=True),
        sa.Column("within", sa.Integer(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "NOT (passed AND finished_at IS NULL)", name=op.f("ck_calibration_attempt_passed_when_finished")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_calibration_attempt_number")),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (mean_deviation IS NULL) AND (finished_at IS NULL) = (within IS NULL)",
            name=op.f("ck_calibration_attempt_result_when_finished"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name=op.f("fk_calibration_attempt_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_attempt")),
        sa.UniqueConstraint(
            *("person_id", "edition_id", "file", "number"),
            name=op.f("uq_calibration_attempt_person_id_edition_id_file_number"),
        ),
    )
    with op.batch_alter_table("calibration_attempt", schema=None) as batch_op:
        batch_op.create_index(
            "uq_calibration_attempt_open",
            ["person_id", "edition_id", "file"],
            unique=True,
            sqlite_where=UNFINISHED,
            postgresql_where=UNFINISHED,
        )

    op.create_table(
        "calibration_score",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("not_shown", sa.Boolean(), nullable=False),
        sa.Column("rationale", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("value IS NULL OR NOT not_shown", name=op.f("ck_calibration_score_one_mark")),
        sa.CheckConstraint("value IS NULL OR value BETWEEN 0 AND 4", name=op.f("ck_calibration_score_value")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["calibration_attempt.id"], name=op.f("fk_calibration_score_attempt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_score")),
        sa.UniqueConstraint("attempt_id", "criterion", name=op.f("uq_calibration_score_attempt_id_criterion")),
    )
    with op.batch_alter_table("calibration_score", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calibration_score_attempt_id"), ["attempt_id"], unique=False)


def _reliability() -> None:
    op.create_table(
        "reliability",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.String(length=40), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("alpha", sa.Float(), nullable=True),
        sa.Column("obstacle", OBSTACLES, nullable=True),
        sa.Column("criteria", sa.Integer(), nullable=False),
        sa.Column("raters", sa.Integer(), nullable=False),
        sa.Column("measured_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("(alpha IS NULL) = (obstacle IS NOT NULL)", name=op.f("ck_reliability_alpha_or_obstacle")),
        sa.CheckConstraint("alpha IS NULL OR alpha <= 1", name=op.f("ck_reliability_alpha")),
        sa.CheckConstraint("criteria >= 0 AND raters >= 0", name=op.f("ck_reliability_counts")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_reliability_application_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reliability")),
        sa.UniqueConstraint("application_id", name=op.f("uq_reliability_application_id")),
    )
    with op.batch_alter_table("reliability", schema=None) as batch_op:
        batch_op.create_index(
            "uq_reliability_edition",
            ["edition_id"],
            unique=True,
            sqlite_where=OF_EDITION,
            postgresql_where=OF_EDITION,
        )


def _remarks() -> None:
    op.create_table(
        "consensus_remark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_consensus_remark_text")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_consensus_remark_application_id")
        ),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_consensus_remark_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consensus_remark")),
    )
    with op.batch_alter_table("consensus_remark", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_consensus_remark_application_id_criterion"), ["application_id", "criterion"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_consensus_remark_review_id"), ["review_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_finding_only_minor_is_a_condition"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_finding_owner_id"), type_="foreignkey")
        for name in ("condition_until", "due_at", "owner_id"):
            batch_op.drop_column(name)
    for name in (*("consensus_remark", "reliability", "calibration_score", "calibration_attempt", "calibration_bar"),):
        op.drop_table(name)
