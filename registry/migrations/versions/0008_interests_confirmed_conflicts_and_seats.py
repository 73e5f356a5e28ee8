"""Interests that are confirmed or reported, late conflicts, risks and meetings, and who sits on the committees."""

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INTERESTGROUP = sa.Enum(
    "parents",
    "children",
    "schools",
    "companies",
    "experts",
    "authorities",
    name="interestgroup",
    native_enum=False,
    create_constraint=True,
    length=40,
)
BODY = sa.Enum("decider", "impartiality", name="body", native_enum=False, create_constraint=True, length=40)
INTERESTKIND = sa.Enum(
    "employer",
    "shares",
    "consultancy",
    "competitor",
    "family",
    name="interestkind",
    native_enum=False,
    create_constraint=True,
    length=40,
)
CONFLICTORIGIN = sa.Enum(
    "declared",
    "registered",
    "reported",
    "joined",
    name="conflictorigin",
    native_enum=False,
    create_constraint=True,
    length=40,
)
CONFLICTEFFECT = sa.Enum(
    "access_ended",
    "review_voided",
    "proposal_fell",
    "after_recommendation",
    "after_decision",
    name="conflicteffect",
    native_enum=False,
    create_constraint=True,
    length=40,
)

SEATS = """INSERT INTO committee_seat (person_id, body, name, affiliation, interests)
SELECT user_id, role, '', '', '[]' FROM user_role JOIN "user" ON id = user_id
WHERE role IN ('decider', 'impartiality') AND disabled_at IS NULL"""  # nobody has agreed to be named yet


def upgrade() -> None:
    op.create_table(
        "background",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("affiliation", sa.String(length=200), nullable=False),
        sa.Column("outside", sa.Boolean(), nullable=False),
        sa.Column("represents", INTERESTGROUP, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name=op.f("fk_background_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_background")),
    )
    op.create_table(
        "committee_seat",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("body", BODY, nullable=False),
        sa.Column("represents", INTERESTGROUP, nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("affiliation", sa.String(length=200), nullable=False),
        sa.Column("interests", sa.JSON(), nullable=False),
        sa.Column("agreed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(agreed_at IS NULL) = (name = '')", name=op.f("ck_committee_seat_named_with_consent")),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name=op.f("fk_committee_seat_person_id")),
        sa.PrimaryKeyConstraint("person_id", "body", name=op.f("pk_committee_seat")),
    )
    op.create_table(
        "meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("present", sa.String(length=1000), nullable=False),
        sa.Column("notes", sa.String(length=20000), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("present <> '' AND notes <> ''", name=op.f("ck_meeting_said")),
        sa.ForeignKeyConstraint(["written_by"], ["user.id"], name=op.f("fk_meeting_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_held_on"), ["held_on"], unique=False)

    op.create_table(
        "risk",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("measure", sa.String(length=2000), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closing", sa.String(length=1000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("closed_on IS NULL OR closing <> ''", name=op.f("ck_risk_closed_with_words")),
        sa.CheckConstraint("title <> '' AND measure <> '' AND owner <> ''", name=op.f("ck_risk_said")),
        sa.ForeignKeyConstraint(["written_by"], ["user.id"], name=op.f("fk_risk_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk")),
    )
    with op.batch_alter_table("risk", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_risk_due_on"), ["due_on"], unique=False)

    op.create_table(
        "conflict",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("kind", INTERESTKIND, nullable=True),
        sa.Column("origin", CONFLICTORIGIN, nullable=False),
        sa.Column("effect", CONFLICTEFFECT, nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.Column("handling", sa.String(length=2000), nullable=False),
        sa.Column("handled_at", UtcDateTime(), nullable=True),
        sa.Column("handled_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(handled_at IS NULL) = (handling = '')", name=op.f("ck_conflict_handled_with_words")),
        sa.CheckConstraint("(handled_at IS NULL) = (handled_by IS NULL)", name=op.f("ck_conflict_handled_by_somebody")),
        sa.CheckConstraint(
            "handled_by IS NULL OR handled_by <> person_id", name=op.f("ck_conflict_handled_by_another")
        ),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_conflict_application_id")),
        sa.ForeignKeyConstraint(["handled_by"], ["user.id"], name=op.f("fk_conflict_handled_by")),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name=op.f("fk_conflict_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
        sa.UniqueConstraint(
            "application_id", "person_id", "effect", name=op.f("uq_conflict_application_id_person_id_effect")
        ),
    )
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conflict_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conflict_found_at"), ["found_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_conflict_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("interest", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirmed_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("confirmed_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("reported_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("source", sa.String(length=500), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("answer", sa.String(length=1000), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("answered_at", UtcDateTime(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_interest_confirmed_by"), "user", ["confirmed_by"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_interest_reported_by"), "user", ["reported_by"], ["id"])
        batch_op.create_check_constraint(
            batch_op.f("ck_interest_confirmed_by_somebody"), "(confirmed_at IS NULL) = (confirmed_by IS NULL)"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_interest_confirmed_by_another"), "confirmed_by IS NULL OR confirmed_by <> person_id"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_interest_confirmed_by_a_third"), "confirmed_by IS NULL OR confirmed_by <> reported_by"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_interest_reported_by_another"), "reported_by IS NULL OR reported_by <> person_id"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_interest_reported_with_source"), "(reported_by IS NULL) = (source = '')"
        )

    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("affiliation", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("outside", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_check_constraint(
            batch_op.f("ck_invitation_outside_experts_review"), "NOT outside OR roles = 'reviewer'"
        )

    op.execute(SEATS)


def downgrade() -> None:
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_invitation_outside_experts_review"), type_="check")
        batch_op.drop_column("outside")
        batch_op.drop_column("affiliation")

    with op.batch_alter_table("interest", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_interest_confirmed_by_somebody"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_interest_confirmed_by_another"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_interest_confirmed_by_a_third"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_interest_reported_by_another"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_interest_reported_with_source"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_interest_reported_by"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_interest_confirmed_by"), type_="foreignkey")
        batch_op.drop_column("answered_at")
        batch_op.drop_column("answer")
        batch_op.drop_column("source")
        batch_op.drop_column("reported_by")
        batch_op.drop_column("confirmed_by")
        batch_op.drop_column("confirmed_at")

    op.drop_table("conflict")
    op.drop_table("risk")
    op.drop_table("meeting")
    op.drop_table("committee_seat")
    op.drop_table("background")
