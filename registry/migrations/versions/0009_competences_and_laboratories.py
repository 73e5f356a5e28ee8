"""The registers of competences and of laboratories, the reports of the latter, and what reviewers say of them."""

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

FIELDS = sa.Enum("category", "group", name="competencefield", native_enum=False, create_constraint=True, length=40)
BASES = sa.Enum(
    *("training", "experience", "test"), name="competencebasis", native_enum=False, create_constraint=True, length=40
)


def upgrade() -> None:
    _competence()
    _laboratory()
    op.create_table(
        "laboratory_report",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("laboratory_id", sa.Uuid(), nullable=True),
        sa.Column("laboratory_name", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.CheckConstraint(
            "(laboratory_id IS NULL) <> (laboratory_name = '')", name=op.f("ck_laboratory_report_listed_or_named")
        ),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_laboratory_report_evidence_id")),
        sa.ForeignKeyConstraint(["laboratory_id"], ["laboratory.id"], name=op.f("fk_laboratory_report_laboratory_id")),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_laboratory_report")),
    )
    _index("laboratory_report", "laboratory_id")
    _judgement()


def _competence() -> None:
    op.create_table(
        "competence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.String(length=40), nullable=False),
        sa.Column("field", FIELDS, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("basis", BASES, nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=False),
        sa.Column("granted_at", UtcDateTime(), nullable=False),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("expires_on >= valid_from", name=op.f("ck_competence_expires_after_beginning")),
        sa.CheckConstraint("granted_by <> person_id", name=op.f("ck_competence_granted_by_another")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_competence_ended_by_somebody")),
        sa.CheckConstraint("ended_at IS NULL OR ended_reason <> ''", name=op.f("ck_competence_ended_with_a_reason")),
        *(
            sa.ForeignKeyConstraint([name], ["user.id"], name=op.f(f"fk_competence_{name}"))
            for name in ("person_id", "granted_by", "ended_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competence")),
    )
    _index("competence", "person_id")
    _index("competence", "expires_on")


def _laboratory() -> None:
    op.create_table(
        "laboratory",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(
            sa.Column(name, sa.String(length=length), nullable=False)
            for name, length in (
                *(("name", 200), ("name_en", 200), ("country", 100), ("website", 400), ("accreditation_body", 200)),
                *(("accreditation_number", 100), ("standard", 100), ("tests_vi", 1000), ("tests_en", 1000)),
            )
        ),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("accepted_from", sa.Date(), nullable=False),
        sa.Column("accepted_until", sa.Date(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("accepted_until >= accepted_from", name=op.f("ck_laboratory_accepted_until")),
        sa.CheckConstraint("(ended_on IS NULL) = (ended_by IS NULL)", name=op.f("ck_laboratory_ended_by_somebody")),
        sa.CheckConstraint("ended_on IS NULL OR ended_reason <> ''", name=op.f("ck_laboratory_ended_with_a_reason")),
        sa.ForeignKeyConstraint(["added_by"], ["user.id"], name=op.f("fk_laboratory_added_by")),
        sa.ForeignKeyConstraint(["ended_by"], ["user.id"], name=op.f("fk_laboratory_ended_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_laboratory")),
        sa.UniqueConstraint("name", name=op.f("uq_laboratory_name")),
    )
    _index("laboratory", "accepted_until")


def _judgement() -> None:
    op.create_table(
        "report_judgement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(length=20), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("standing", sa.String(length=40), nullable=False),
        sa.Column("judged_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_report_judgement_reason")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_report_judgement_review_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_report_judgement_evidence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_judgement")),
        sa.UniqueConstraint(
            *("review_id", "criterion", "evidence_id"),
            name=op.f("uq_report_judgement_review_id_criterion_evidence_id"),
        ),
    )
    _index("report_judgement", "review_id")
    _index("report_judgement", "evidence_id")


def _index(table: str, column: str) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def downgrade() -> None:
    for table in ("report_judgement", "laboratory_report", "laboratory", "competence"):
        op.drop_table(table)
