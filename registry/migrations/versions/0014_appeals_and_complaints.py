"""Appeals, who hears them and what they rule; complaints about the club; the public figures of a year."""

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

PARTS = "part IN ('coordinator', 'reviewer', 'proposer', 'confirmer')"
PARTS_AND_HEARER = "part IN ('coordinator', 'reviewer', 'proposer', 'confirmer', 'hearer')"


def upgrade() -> None:
    op.create_table(
        "figure",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", "subject", "name", name=op.f("pk_figure")),
    )
    op.create_table(
        "complaint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "treatment",
                "process",
                "delay",
                "reviewers",
                "mark",
                "other",
                name="complaintsubject",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("contact_given", sa.Boolean(), nullable=False),
        sa.Column("contact_erased_at", UtcDateTime(), nullable=True),
        sa.Column("complainant_id", sa.Uuid(), nullable=True),
        sa.Column("vendor_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "acknowledged",
                "in_hand",
                "decided",
                "closed",
                name="complaintstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("edition_id", sa.String(length=40), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("answer_by", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("late_told", sa.Boolean(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        sa.Column("classified", sa.String(length=40), nullable=False),
        sa.Column("handler_id", sa.Uuid(), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "upheld",
                "partly",
                "not_upheld",
                "elsewhere",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("closing", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('decided', 'closed') OR (verdict IS NOT NULL AND answer <> '' AND reasons <> '')",
            name=op.f("ck_complaint_decided_with_reasons"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('in_hand', 'decided', 'closed') OR handler_id IS NOT NULL",
            name=op.f("ck_complaint_in_a_hand"),
        ),
        sa.CheckConstraint("contact IS NULL OR contact_erased_at IS NULL", name=op.f("ck_complaint_sealed_or_erased")),
        sa.CheckConstraint(
            "handler_id IS NULL OR complainant_id IS NULL OR handler_id <> complainant_id",
            name=op.f("ck_complaint_another"),
        ),
        sa.CheckConstraint("serial >= 1", name=op.f("ck_complaint_serial")),
        sa.ForeignKeyConstraint(["complainant_id"], ["user.id"], name=op.f("fk_complaint_complainant_id")),
        sa.ForeignKeyConstraint(["handler_id"], ["user.id"], name=op.f("fk_complaint_handler_id")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_complaint_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_complaint_code_hash")),
        sa.UniqueConstraint("number", name=op.f("uq_complaint_number")),
        sa.UniqueConstraint("year", "serial", name=op.f("uq_complaint_year_serial")),
    )
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaint_complainant_id"), ["complainant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_handler_id"), ["handler_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "appeal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "refusal",
                "decline",
                "level",
                "suspension",
                "withdrawal",
                name="appealkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("against_seq", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "lodged",
                "acknowledged",
                "under_hearing",
                "confirmed",
                "set_aside",
                "withdrawn",
                "inadmissible",
                name="appealstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("wanted", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("lodged_by", sa.Uuid(), nullable=False),
        sa.Column("lodged_at", UtcDateTime(), nullable=False),
        sa.Column("notified_at", UtcDateTime(), nullable=False),
        sa.Column("decide_by", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("reminded", sa.Integer(), nullable=True),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        sa.Column(
            "inadmissible",
            sa.Enum(
                "late",
                "not_the_owner",
                "no_grounds",
                "decided_before",
                name="inadmissible",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("reasons_vi", sa.String(), nullable=False),
        sa.Column("reasons_en", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(kind IN ('decline', 'level')) = (decision_id IS NOT NULL)", name=op.f("ck_appeal_decision_where_due")
        ),
        sa.CheckConstraint(
            "(kind IN ('suspension', 'withdrawal')) = (event_id IS NOT NULL)", name=op.f("ck_appeal_event_where_due")
        ),
        sa.CheckConstraint(
            "state <> 'inadmissible' OR (inadmissible IS NOT NULL AND reasons_vi <> '')",
            name=op.f("ck_appeal_inadmissible_has_reasons"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'set_aside') OR (reasons_vi <> '' AND reasons_en <> '')",
            name=op.f("ck_appeal_ruling_has_reasons"),
        ),
        sa.CheckConstraint("serial >= 1", name=op.f("ck_appeal_serial")),
        sa.ForeignKeyConstraint(["against_seq"], ["history_entry.seq"], name=op.f("fk_appeal_against_seq")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_appeal_application_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_appeal_decision_id")),
        sa.ForeignKeyConstraint(["event_id"], ["certificate_event.id"], name=op.f("fk_appeal_event_id")),
        sa.ForeignKeyConstraint(["lodged_by"], ["user.id"], name=op.f("fk_appeal_lodged_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("id", "application_id", name=op.f("uq_appeal_id_application_id")),
        sa.UniqueConstraint("number", name=op.f("uq_appeal_number")),
        sa.UniqueConstraint("year", "serial", name=op.f("uq_appeal_year_serial")),
    )
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeal_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeal_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeal_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_appeal_against",
            ["against_seq"],
            unique=True,
            sqlite_where=sa.text("state <> 'withdrawn'"),
            postgresql_where=sa.text("state <> 'withdrawn'"),
        )

    op.create_table(
        "complaint_step",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("from_state", sa.String(length=40), nullable=False),
        sa.Column(
            "to_state",
            sa.Enum(
                "received",
                "acknowledged",
                "in_hand",
                "decided",
                "closed",
                name="complaintstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_step_complaint_id")),
        sa.ForeignKeyConstraint(["seq"], ["history_entry.seq"], name=op.f("fk_complaint_step_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_complaint_step")),
    )
    with op.batch_alter_table("complaint_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaint_step_complaint_id"), ["complaint_id"], unique=False)

    op.create_table(
        "appeal_step",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("from_state", sa.String(length=40), nullable=False),
        sa.Column(
            "to_state",
            sa.Enum(
                "lodged",
                "acknowledged",
                "under_hearing",
                "confirmed",
                "set_aside",
                "withdrawn",
                "inadmissible",
                name="appealstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_step_appeal_id")),
        sa.ForeignKeyConstraint(["seq"], ["history_entry.seq"], name=op.f("fk_appeal_step_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_appeal_step")),
    )
    with op.batch_alter_table("appeal_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeal_step_appeal_id"), ["appeal_id"], unique=False)

    op.create_table(
        "hearing",
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "coordinator",
                "reviewer",
                "proposer",
                "confirmer",
                "hearer",
                name="part",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("assigned_by", sa.Uuid(), nullable=False),
        sa.Column("assigned_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("part = 'hearer'", name=op.f("ck_hearing_part_is_hearer")),
        sa.ForeignKeyConstraint(
            ["appeal_id", "application_id"],
            ["appeal.id", "appeal.application_id"],
            name=op.f("fk_hearing_appeal_id_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id", "person_id", "part"],
            ["participation.application_id", "participation.person_id", "participation.part"],
            name=op.f("fk_hearing_application_id_person_id_part"),
        ),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_hearing_application_id")),
        sa.ForeignKeyConstraint(["assigned_by"], ["user.id"], name=op.f("fk_hearing_assigned_by")),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name=op.f("fk_hearing_person_id")),
        sa.PrimaryKeyConstraint("appeal_id", "person_id", name=op.f("pk_hearing")),
        sa.UniqueConstraint("appeal_id", "letter", name=op.f("uq_hearing_appeal_id_letter")),
    )
    with op.batch_alter_table("hearing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hearing_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hearing_person_id"), ["person_id"], unique=False)

    op.create_table(
        "appeal_ruling",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("proposer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("confirmed", "set_aside", name="ruling", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("reasons_vi", sa.String(), nullable=False),
        sa.Column("reasons_en", sa.String(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("confirmer_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("rejection", sa.String(), nullable=False),
        sa.CheckConstraint("reasons_vi <> '' AND reasons_en <> ''", name=op.f("ck_appeal_ruling_has_reasons")),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmer_id IS NULL)", name=op.f("ck_appeal_ruling_confirmed_by_somebody")
        ),
        sa.CheckConstraint(
            "confirmer_id IS NULL OR confirmer_id <> proposer_id", name=op.f("ck_appeal_ruling_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["appeal_id", "confirmer_id"], ["hearing.appeal_id", "hearing.person_id"], name="fk_appeal_ruling_confirmer"
        ),
        sa.ForeignKeyConstraint(
            ["appeal_id", "proposer_id"],
            ["hearing.appeal_id", "hearing.person_id"],
            name=op.f("fk_appeal_ruling_appeal_id_proposer_id"),
        ),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_ruling_appeal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_ruling")),
        sa.UniqueConstraint("appeal_id", "number", name=op.f("uq_appeal_ruling_appeal_id_number")),
    )
    with op.batch_alter_table("appeal_ruling", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeal_ruling_appeal_id"), ["appeal_id"], unique=False)
        batch_op.create_index(
            "uq_appeal_ruling_confirmed",
            ["appeal_id"],
            unique=True,
            sqlite_where=sa.text("confirmed_at IS NOT NULL"),
            postgresql_where=sa.text("confirmed_at IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_appeal_ruling_open",
            ["appeal_id"],
            unique=True,
            sqlite_where=sa.text("confirmed_at IS NULL AND closed_at IS NULL"),
            postgresql_where=sa.text("confirmed_at IS NULL AND closed_at IS NULL"),
        )

    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_unique_constraint(
            batch_op.f("uq_decision_application_id_confirmer_id"), ["application_id", "confirmer_id"]
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_decision_application_id_proposer_id"), ["application_id", "proposer_id"]
        )

    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("spent_at", UtcDateTime(), nullable=True))
        batch_op.drop_constraint(batch_op.f("ck_participation_part"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_participation_part"), PARTS_AND_HEARER)


def downgrade() -> None:
    with op.batch_alter_table("appeal_ruling", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_appeal_ruling_open",
            sqlite_where=sa.text("confirmed_at IS NULL AND closed_at IS NULL"),
            postgresql_where=sa.text("confirmed_at IS NULL AND closed_at IS NULL"),
        )
        batch_op.drop_index(
            "uq_appeal_ruling_confirmed",
            sqlite_where=sa.text("confirmed_at IS NOT NULL"),
            postgresql_where=sa.text("confirmed_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_appeal_ruling_appeal_id"))

    op.drop_table("appeal_ruling")
    with op.batch_alter_table("hearing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hearing_person_id"))
        batch_op.drop_index(batch_op.f("ix_hearing_application_id"))

    op.drop_table("hearing")
    with op.batch_alter_table("appeal_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appeal_step_appeal_id"))

    op.drop_table("appeal_step")
    with op.batch_alter_table("complaint_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaint_step_complaint_id"))

    op.drop_table("complaint_step")
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_appeal_against",
            sqlite_where=sa.text("state <> 'withdrawn'"),
            postgresql_where=sa.text("state <> 'withdrawn'"),
        )
        batch_op.drop_index(batch_op.f("ix_appeal_state"))
        batch_op.drop_index(batch_op.f("ix_appeal_due_at"))
        batch_op.drop_index(batch_op.f("ix_appeal_application_id"))

    op.drop_table("appeal")
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaint_vendor_id"))
        batch_op.drop_index(batch_op.f("ix_complaint_state"))
        batch_op.drop_index(batch_op.f("ix_complaint_handler_id"))
        batch_op.drop_index(batch_op.f("ix_complaint_due_at"))
        batch_op.drop_index(batch_op.f("ix_complaint_complainant_id"))

    op.drop_table("complaint")
    op.drop_table("figure")

    op.execute("DELETE FROM participation WHERE part = 'hearer'")
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.drop_column("spent_at")
        batch_op.drop_constraint(batch_op.f("ck_participation_part"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_participation_part"), PARTS)

    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_decision_application_id_proposer_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("uq_decision_application_id_confirmer_id"), type_="unique")
