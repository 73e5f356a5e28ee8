"""Papers of certificates, kept by their hash, and reports that a certificate or the mark is misused."""

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _papers()
    _misuse()


def _papers() -> None:
    op.create_table(
        "certificate_paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            _words("certificatestatus", "scheduled active suspended withdrawn terminated expired superseded"),
            nullable=False,
        ),
        sa.Column("state_since", sa.Date(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("language IN ('vi', 'en')", name=op.f("ck_certificate_paper_language")),
        sa.CheckConstraint("status <> 'scheduled'", name=op.f("ck_certificate_paper_announced")),
        sa.CheckConstraint("size > 0", name=op.f("ck_certificate_paper_size")),
        sa.ForeignKeyConstraint(
            ["certificate_id", "revision"],
            ["credential.certificate_id", "credential.revision"],
            name=op.f("fk_certificate_paper_certificate_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_paper")),
        sa.UniqueConstraint(
            *("certificate_id", "language", "revision", "status", "state_since"),
            name=op.f("uq_certificate_paper_one_each"),
        ),
    )
    with op.batch_alter_table("certificate_paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_paper_sha256"), ["sha256"], unique=False)


def _misuse() -> None:
    op.create_table(
        "misuse_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", _words("misusekind", "false ended beyond misleading other"), nullable=False),
        sa.Column("place", sa.String(length=1000), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("contact_given", sa.Boolean(), nullable=False),
        sa.Column("contact_erased_at", UtcDateTime(), nullable=True),
        sa.Column("edition_id", sa.String(length=40), nullable=False),
        sa.Column("state", _words("misusestate", "received in_hand closed"), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("handler_id", sa.Uuid(), nullable=True),
        sa.Column("taken_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", _words("misuseoutcome", "stopped acted no_misuse unclear"), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("serial >= 1", name=op.f("ck_misuse_report_serial")),
        sa.CheckConstraint(
            "contact IS NULL OR contact_erased_at IS NULL", name=op.f("ck_misuse_report_sealed_or_erased")
        ),
        sa.CheckConstraint("state = 'received' OR handler_id IS NOT NULL", name=op.f("ck_misuse_report_in_a_hand")),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)"
            " AND (state <> 'closed' OR (outcome IS NOT NULL AND note <> ''))",
            name=op.f("ck_misuse_report_closed_with_a_note"),
        ),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_misuse_report_certificate_id")),
        sa.ForeignKeyConstraint(["handler_id"], ["user.id"], name=op.f("fk_misuse_report_handler_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_misuse_report")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_misuse_report_code_hash")),
        sa.UniqueConstraint("number", name=op.f("uq_misuse_report_number")),
        sa.UniqueConstraint("year", "serial", name=op.f("uq_misuse_report_year_serial")),
    )
    with op.batch_alter_table("misuse_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_misuse_report_certificate_id"), ["certificate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_misuse_report_handler_id"), ["handler_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_misuse_report_state"), ["state"], unique=False)


def downgrade() -> None:
    op.drop_table("misuse_report")
    op.drop_table("certificate_paper")


def _words(name: str, words: str) -> sa.Enum:
    return sa.Enum(*words.split(), name=name, native_enum=False, create_constraint=True, length=40)
