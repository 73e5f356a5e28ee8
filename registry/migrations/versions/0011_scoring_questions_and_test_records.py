"""Versions of scores and what they rest on, questions to the vendor, reviewers' own tests and their files."""

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("score", schema=None) as batch_op:
        batch_op.add_column(sa.Column("relied_on", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("later", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("saved_from", sa.String(length=40), nullable=False, server_default=""))
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.add_column(sa.Column("paused_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("paused_days", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_check_constraint(batch_op.f("ck_application_paused_days"), "paused_days >= 0")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.alter_column("vendor_id", existing_type=sa.Uuid(), nullable=True)
    _score_version()
    _question()
    _test_record()


def _score_version() -> None:
    op.create_table(
        "score_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("score_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["score_id"], ["score.id"], name=op.f("fk_score_version_score_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_version")),
        sa.UniqueConstraint("score_id", "version", name=op.f("uq_score_version_score_id_version")),
    )
    with op.batch_alter_table("score_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_score_version_score_id"), ["score_id"], unique=False)


def _question() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name=op.f("ck_question_answered_by")),
        sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f("ck_question_answer")),
        sa.CheckConstraint("answered_at IS NULL OR closed_at IS NULL", name=op.f("ck_question_one_end")),
        sa.ForeignKeyConstraint(["answered_by"], ["user.id"], name=op.f("fk_question_answered_by")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_question_application_id")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_question_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_review_id"), ["review_id"], unique=False)


def _test_record() -> None:
    op.create_table(
        "test_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("system", sa.String(length=200), nullable=False),
        sa.Column("product_version", sa.String(length=60), nullable=False),
        sa.Column("tested_on", sa.Date(), nullable=False),
        sa.Column("steps", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_test_record_number")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_test_record_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_record")),
        sa.UniqueConstraint("review_id", "number", name=op.f("uq_test_record_review_id_number")),
    )
    with op.batch_alter_table("test_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_test_record_review_id"), ["review_id"], unique=False)
    op.create_table(
        "test_record_file",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_test_record_file_number")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_test_record_file_file_id")),
        sa.ForeignKeyConstraint(["record_id"], ["test_record.id"], name=op.f("fk_test_record_file_record_id")),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_test_record_file")),
        sa.UniqueConstraint("record_id", "number", name=op.f("uq_test_record_file_record_id_number")),
    )
    with op.batch_alter_table("test_record_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_test_record_file_record_id"), ["record_id"], unique=False)


def downgrade() -> None:
    for table in ("test_record_file", "test_record", "question", "score_version"):
        op.drop_table(table)
    op.execute("DELETE FROM stored_file WHERE vendor_id IS NULL")  # files of the tables just dropped
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.alter_column("vendor_id", existing_type=sa.Uuid(), nullable=False)
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_application_paused_days"), type_="check")
        batch_op.drop_column("paused_days")
        batch_op.drop_column("paused_at")
    with op.batch_alter_table("score", schema=None) as batch_op:
        for name in ("saved_from", "later", "relied_on"):
            batch_op.drop_column(name)
