"""API tokens of companies, and what happened to the accounts of people."""

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

KINDS = (
    *("signed_in", "new_device", "failed", "signed_out", "session_ended", "sessions_ended", "sessions_stopped"),
    *("password_changed", "password_reset", "roles_changed", "disabled", "enabled", "left_company"),
    *("token_made", "token_ended", "factor_added", "factor_removed", "factor_failed"),
    *("recovery_codes_made", "recovery_code_used"),
)


def upgrade() -> None:
    _api_token()
    _security_event()


def downgrade() -> None:
    op.drop_index(op.f("ix_security_event_at"), table_name="security_event")
    op.drop_index("ix_security_event_user_id_at", table_name="security_event")
    op.drop_table("security_event")
    for name in ("expires_at", "made_by", "vendor_id"):
        op.drop_index(op.f(f"ix_api_token_{name}"), table_name="api_token")
    op.drop_table("api_token")


def _choice(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _api_token() -> None:
    ends = _choice("tokenend", ("revoked", "exposed", "left", "disabled", "closed"))
    op.create_table(
        "api_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("ending", sa.String(length=4), nullable=False),
        sa.Column("scopes", sa.String(length=200), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_as", ends, nullable=True),
        sa.Column("warned_at", UtcDateTime(), nullable=True),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("name <> '' AND scopes <> ''", name=op.f("ck_api_token_named")),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_api_token_lasts")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name=op.f("ck_api_token_ended")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_api_token_vendor_id")),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_api_token_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_token_key_hash")),
    )
    for name in ("vendor_id", "made_by", "expires_at"):
        op.create_index(op.f(f"ix_api_token_{name}"), "api_token", [name])


def _security_event() -> None:
    op.create_table(
        "security_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _choice("securitykind", KINDS), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_security_event_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_event")),
    )
    op.create_index(op.f("ix_security_event_at"), "security_event", ["at"])
    op.create_index("ix_security_event_user_id_at", "security_event", ["user_id", "at"])
    body = (
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        if op.get_bind().dialect.name == "postgresql"
        else "BEGIN SELECT RAISE(ABORT, 'table security_event is immutable'); END"
    )
    op.execute(f"CREATE TRIGGER security_event_no_update BEFORE UPDATE ON security_event {body}")
