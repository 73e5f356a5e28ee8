"""A certificate's life: surveillance, change notices, reductions as revisions, and what the clock has said."""

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime
from assessments.states import CertificateAction

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

FIRST = ("grant", "suspend", "reinstate", "withdraw")  # the changes there were before
ALONE = "action IN ('grant', 'suspend', 'terminate', 'supersede', 'expire')"
BEFORE = "action IN ('grant', 'suspend')"


def _choice(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.add_column("certificate", sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("application", sa.Column("asked", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("certificate_event", sa.Column("reduction", sa.JSON(), nullable=False, server_default="{}"))
    _allow([one.value for one in CertificateAction], ALONE)
    _change_notices()
    _surveillance()
    _revisions()


def downgrade() -> None:
    for table in ("certificate_reminder", "certificate_revision", "proposed_measure", "surveillance", "change_notice"):
        op.drop_table(table)
    op.execute("DELETE FROM certificate_event WHERE action NOT IN ('grant', 'suspend', 'reinstate', 'withdraw')")
    _allow(list(FIRST), BEFORE)
    for table, column in (("certificate_event", "reduction"), ("application", "asked"), ("certificate", "revision")):
        op.drop_column(table, column)


def _allow(words: list[str], alone: str) -> None:
    """Which changes there are (from the code, so that other migrations need no order), and which need one person."""
    allowed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table("certificate_event", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_certificate_event_certificateaction"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_certificate_event_confirmed"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_certificate_event_certificateaction"), f"action IN ({allowed})")
        batch_op.create_check_constraint(
            batch_op.f("ck_certificate_event_confirmed"),
            f"{alone} OR effective_on IS NULL OR confirmed_by IS NOT NULL",
        )


def _change_notices() -> None:
    op.create_table(
        "change_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("size", _choice("changesize", "minor", "major"), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("judged_by", sa.Uuid(), nullable=True),
        sa.Column("judged_at", UtcDateTime(), nullable=True),
        sa.Column("apply_by", sa.Date(), nullable=True),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_change_notice_number")),
        sa.CheckConstraint("text <> ''", name=op.f("ck_change_notice_text")),
        sa.CheckConstraint("(judged_at IS NULL) = (size IS NULL)", name=op.f("ck_change_notice_judged")),
        sa.CheckConstraint(
            "size IS NULL OR (reason <> '' AND judged_by IS NOT NULL)",
            name=op.f("ck_change_notice_judged_with_a_reason"),
        ),
        sa.CheckConstraint("size <> 'major' OR apply_by IS NOT NULL", name=op.f("ck_change_notice_major_has_a_day")),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_change_notice_certificate_id")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_change_notice_vendor_id")),
        sa.ForeignKeyConstraint(["given_by"], ["user.id"], name=op.f("fk_change_notice_given_by")),
        sa.ForeignKeyConstraint(["judged_by"], ["user.id"], name=op.f("fk_change_notice_judged_by")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_change_notice_application_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_notice")),
        sa.UniqueConstraint("certificate_id", "number", name=op.f("uq_change_notice_certificate_id_number")),
    )
    for column in ("certificate_id", "vendor_id", "size"):
        op.create_index(op.f(f"ix_change_notice_{column}"), "change_notice", [column])


def _surveillance() -> None:
    measures = ("keep", "reduce", "suspend", "withdraw")
    op.create_table(
        "surveillance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "trigger", _choice("trigger", "schedule", "concern", "change_notice", "store_version"), nullable=False
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("planned_at", UtcDateTime(), nullable=False),
        sa.Column("planned_by", sa.Uuid(), nullable=True),
        sa.Column("begun_at", UtcDateTime(), nullable=True),
        sa.Column("begun_by", sa.Uuid(), nullable=True),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("measure", _choice("measure", *measures), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ending", sa.String(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_surveillance_number")),
        sa.CheckConstraint(
            "(begun_at IS NULL) = (application_id IS NULL)", name=op.f("ck_surveillance_begun_with_an_application")
        ),
        sa.CheckConstraint("(begun_at IS NULL) = (nonce = '')", name=op.f("ck_surveillance_drawn_when_begun")),
        sa.CheckConstraint(
            "ended_at IS NULL OR measure IS NULL OR begun_at IS NOT NULL",
            name=op.f("ck_surveillance_judged_after_it_began"),
        ),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_surveillance_certificate_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["change_notice.id"], name=op.f("fk_surveillance_notice_id")),
        sa.ForeignKeyConstraint(["planned_by"], ["user.id"], name=op.f("fk_surveillance_planned_by")),
        sa.ForeignKeyConstraint(["begun_by"], ["user.id"], name=op.f("fk_surveillance_begun_by")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_surveillance_application_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveillance")),
        sa.UniqueConstraint("application_id", name=op.f("uq_surveillance_application_id")),
        sa.UniqueConstraint("certificate_id", "number", name=op.f("uq_surveillance_certificate_id_number")),
    )
    for column in ("certificate_id", "due_on", "ended_at"):
        op.create_index(op.f(f"ix_surveillance_{column}"), "surveillance", [column])
    op.create_table(
        "proposed_measure",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("measure", _choice("measure", *measures), nullable=False),
        sa.Column("condition_vi", sa.String(), nullable=False),
        sa.Column("condition_en", sa.String(), nullable=False),
        sa.Column("restore_by", sa.Date(), nullable=True),
        sa.Column("reduction", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "measure <> 'suspend' OR (condition_vi <> '' AND condition_en <> '' AND restore_by IS NOT NULL)",
            name=op.f("ck_proposed_measure_suspension_can_be_restored"),
        ),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_proposed_measure_proposal_id")),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_proposed_measure")),
    )


def _revisions() -> None:
    op.create_table(
        "certificate_revision",
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.CheckConstraint("number >= 2", name=op.f("ck_certificate_revision_number")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_revision_certificate_id")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["certificate_event.id"], name=op.f("fk_certificate_revision_event_id")),
        sa.PrimaryKeyConstraint("certificate_id", "number", name=op.f("pk_certificate_revision")),
        sa.UniqueConstraint("event_id", name=op.f("uq_certificate_revision_event_id")),
    )
    op.create_table(
        "certificate_reminder",
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column(
            "about",
            _choice("clocked", "renewal", "expiry", "suspension", "restoring", "change"),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_reminder_certificate_id")
        ),
        sa.PrimaryKeyConstraint("certificate_id", "about", "due_on", "days", name=op.f("pk_certificate_reminder")),
    )
