"""Keys, signed certificates, status lists, what is on its way to the public, and the issuing body."""

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime
from assessments.states import CertificateAction

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

FIRST = ("grant", "suspend", "reinstate", "withdraw")  # the changes of a certificate there were before
KINDS = (
    *("grant", "suspend", "reinstate", "lift", "reduce", "withdraw", "terminate", "supersede", "expire"),
    *("edition", "key"),
)


def _choice(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.add_column("certificate", sa.Column("published_at", UtcDateTime(), nullable=True))
    op.execute("UPDATE certificate SET published_at = issued_at")  # the public knows them already
    _allow([one.value for one in CertificateAction])
    _keys()
    _credentials()
    _publications()


def downgrade() -> None:
    for table in ("publication", "status_list", "credential", "issuing_body", "signing_key"):
        op.drop_table(table)
    op.execute("DELETE FROM certificate_event WHERE action NOT IN ('grant', 'suspend', 'reinstate', 'withdraw')")
    _allow(list(FIRST))
    op.drop_column("certificate", "published_at")


def _allow(words: list[str]) -> None:
    """Which changes of a certificate there are: from the code, so that other migrations need no order among them."""
    allowed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table("certificate_event", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_certificate_event_certificateaction"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_certificate_event_certificateaction"), f"action IN ({allowed})")


def _keys() -> None:
    op.create_table(
        "signing_key",
        sa.Column("kid", sa.String(length=40), nullable=False),
        sa.Column("purpose", _choice("keypurpose", "assertion", "log"), nullable=False),
        sa.Column("public_jwk", sa.JSON(), nullable=False),
        sa.Column("did", sa.String(length=255), nullable=False),
        sa.Column("log_origin", sa.String(length=255), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("active_from", UtcDateTime(), nullable=False),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "retired_at IS NULL OR retired_at >= active_from", name=op.f("ck_signing_key_retired_after")
        ),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_signing_key")),
    )
    op.create_index(op.f("ix_signing_key_purpose"), "signing_key", ["purpose"])
    op.create_table(
        "issuing_body",
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("name_vi", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("signatory", sa.String(), nullable=False),
        sa.Column("office_vi", sa.String(), nullable=False),
        sa.Column("office_en", sa.String(), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("name_vi <> '' AND name_en <> ''", name=op.f("ck_issuing_body_named")),
        sa.PrimaryKeyConstraint("starts_on", name=op.f("pk_issuing_body")),
    )


def _credentials() -> None:
    op.create_table(
        "credential",
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("event_number", sa.Integer(), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("kid", sa.String(length=40), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("jwt", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_credential_revision")),
        sa.CheckConstraint("status_index >= 0", name=op.f("ck_credential_status_index")),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_credential_certificate_id")),
        sa.ForeignKeyConstraint(["kid"], ["signing_key.kid"], name=op.f("fk_credential_kid")),
        sa.PrimaryKeyConstraint("certificate_id", "revision", name=op.f("pk_credential")),
        sa.UniqueConstraint("sha256", name=op.f("uq_credential_sha256")),
        sa.UniqueConstraint("status_index", name=op.f("uq_credential_status_index")),
    )
    postgresql = op.get_bind().dialect.name == "postgresql"
    for verb in ("UPDATE", "DELETE"):
        body = (
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            if postgresql
            else "BEGIN SELECT RAISE(ABORT, 'table credential is immutable'); END"
        )
        op.execute(f"CREATE TRIGGER credential_no_{verb.lower()} BEFORE {verb} ON credential {body}")
    op.create_table(
        "status_list",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("purpose", _choice("statuspurpose", "revocation", "suspension"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("bits", sa.LargeBinary(), nullable=False),
        sa.Column("kid", sa.String(length=40), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.Column("jwt", sa.String(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_status_list_number")),
        sa.ForeignKeyConstraint(["kid"], ["signing_key.kid"], name=op.f("fk_status_list_kid")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_status_list")),
        sa.UniqueConstraint("purpose", "number", name=op.f("uq_status_list_purpose_number")),
    )


def _publications() -> None:
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", _choice("publicationkind", *KINDS), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=True),
        sa.Column("event_number", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=True),
        sa.Column("logged_at", UtcDateTime(), nullable=True),
        sa.Column("log_index", sa.Integer(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("voided_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(certificate_id IS NULL) = (kind IN ('edition', 'key'))", name=op.f("ck_publication_of_a_certificate")
        ),
        sa.CheckConstraint(
            "logged_at IS NULL OR signed_at IS NOT NULL", name=op.f("ck_publication_signed_before_logged")
        ),
        sa.CheckConstraint("(logged_at IS NULL) = (log_index IS NULL)", name=op.f("ck_publication_logged")),
        sa.CheckConstraint(
            "published_at IS NULL OR logged_at IS NOT NULL", name=op.f("ck_publication_logged_before_published")
        ),
        sa.CheckConstraint("published_at IS NULL OR voided_at IS NULL", name=op.f("ck_publication_one_end")),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_publication_certificate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("key", name=op.f("uq_publication_key")),
    )
    op.create_index(op.f("ix_publication_certificate_id"), "publication", ["certificate_id"])
    op.create_index("ix_publication_open", "publication", ["published_at", "voided_at", "due_at"])
