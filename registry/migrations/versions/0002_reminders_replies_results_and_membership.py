"""Reminders, answers kept by round, results that wait for their day, and membership that the office confirms."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATES = (
    *("draft", "submitted", "returned", "refused", "accepted", "in_review", "consensus"),
    *("correction", "in_decision", "minded_to", "certified", "declined", "withdrawn", "lapsed"),
)
LISTING = sa.table("listing", sa.column("certificate_id", sa.Uuid()), sa.column("content", sa.JSON()))


def upgrade() -> None:
    op.create_table(
        "reminder",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_reminder_application_id")),
        sa.PrimaryKeyConstraint("application_id", "state", "due_at", "days", name=op.f("pk_reminder")),
    )
    op.create_table(
        "finding_reply",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("correction_round", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("correction_round >= 1", name=op.f("ck_finding_reply_correction_round")),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_finding_reply_finding_id")),
        sa.ForeignKeyConstraint(["written_by"], ["user.id"], name=op.f("fk_finding_reply_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_reply")),
        sa.UniqueConstraint(
            "finding_id", "correction_round", name=op.f("uq_finding_reply_finding_id_correction_round")
        ),
    )
    # Plain ALTER TABLE on both databases: these tables are referred to, and SQLite must not copy them.
    op.add_column("application", sa.Column("announce_at", UtcDateTime(), nullable=True))
    op.add_column("application", sa.Column("announced_at", UtcDateTime(), nullable=True))
    op.create_index(op.f("ix_application_announce_at"), "application", ["announce_at"], unique=False)
    op.add_column("vendor", sa.Column("membership_claimed_at", UtcDateTime(), nullable=True))
    op.add_column("vendor", sa.Column("membership_claimed_since", sa.Date(), nullable=True))
    _membership_becomes_a_claim()


def downgrade() -> None:
    op.execute(
        "UPDATE vendor SET club_member = true, club_member_since = membership_claimed_since "
        "WHERE membership_claimed_at IS NOT NULL"
    )
    op.drop_column("vendor", "membership_claimed_since")
    op.drop_column("vendor", "membership_claimed_at")
    op.drop_index(op.f("ix_application_announce_at"), table_name="application")
    op.drop_column("application", "announced_at")
    op.drop_column("application", "announce_at")
    op.drop_table("finding_reply")
    op.drop_table("reminder")


def _membership_becomes_a_claim() -> None:
    """What stood there was the company's own word: it waits for the office, and leaves the public pages until then."""
    op.execute(
        "UPDATE vendor SET membership_claimed_at = created_at, membership_claimed_since = club_member_since, "
        "club_member = false, club_member_since = NULL WHERE club_member"
    )
    connection = op.get_bind()
    for certificate_id, content in connection.execute(sa.select(LISTING.c.certificate_id, LISTING.c.content)).all():
        if content.get("vendor", {}).get("club_member"):
            _write(connection, certificate_id, content)


def _write(connection: sa.Connection, certificate_id: Any, content: dict[str, Any]) -> None:
    vendor = {**content["vendor"], "club_member": False, "club_member_since": "", "club_member_claimed": True}
    changed = LISTING.update().where(LISTING.c.certificate_id == certificate_id)
    connection.execute(changed.values(content={**content, "vendor": vendor}))
