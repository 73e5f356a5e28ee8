"""Every table of the first release."""

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


IMMUTABLE = (
    ("history_entry", "UPDATE"),
    ("history_entry", "DELETE"),
    ("history_text", "UPDATE"),
    ("submission", "UPDATE"),
    ("submission", "DELETE"),
)


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("bucket", sa.String(length=80), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("resets_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_attempts")),
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempts_resets_at"), ["resets_at"], unique=False)

    op.create_table(
        "chain_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_head")),
    )
    op.create_table(
        "deployment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("log_origin", sa.String(length=200), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment")),
    )
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "intake_round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("edition_id", sa.String(length=40), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("opens_at", UtcDateTime(), nullable=False),
        sa.Column("closes_at", UtcDateTime(), nullable=True),
        sa.Column("announce_on", sa.Date(), nullable=True),
        sa.Column("fee_text_vi", sa.String(length=500), nullable=False),
        sa.Column("fee_text_en", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "closes_at IS NULL OR closes_at > opens_at", name=op.f("ck_intake_round_closes_after_opening")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_round")),
        sa.UniqueConstraint("code", name=op.f("uq_intake_round_code")),
    )
    with op.batch_alter_table("intake_round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_intake_round_opens_at"), ["opens_at"], unique=False)

    op.create_table(
        "letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(length=120), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("given_up_at", UtcDateTime(), nullable=True),
        sa.Column("last_error", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("event", name=op.f("uq_letter_event")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_sent_at"), ["sent_at"], unique=False)

    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    op.create_table(
        "user",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("email_verified_at", UtcDateTime(), nullable=True),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("language IN ('vi', 'en')", name=op.f("ck_user_language")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
    )
    op.create_table(
        "vendor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("registration_number", sa.String(length=40), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("website", sa.String(length=400), nullable=False),
        sa.Column("representative", sa.String(length=200), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=False),
        sa.Column("club_member", sa.Boolean(), nullable=False),
        sa.Column("club_member_since", sa.Date(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor")),
        sa.UniqueConstraint("country", "registration_number", name=op.f("uq_vendor_country_registration_number")),
        sa.UniqueConstraint("slug", name=op.f("uq_vendor_slug")),
    )
    op.create_table(
        "edition_publication",
        sa.Column("edition_id", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["published_by"], ["user.id"], name=op.f("fk_edition_publication_published_by")),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_edition_publication")),
    )
    op.create_table(
        "interest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=True),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "employer",
                "shares",
                "consultancy",
                "competitor",
                "family",
                name="interestkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("declared_at", UtcDateTime(), nullable=False),
        sa.Column("retraction_asked_at", UtcDateTime(), nullable=True),
        sa.Column("retracted_at", UtcDateTime(), nullable=True),
        sa.Column("retracted_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(retracted_at IS NULL) = (retracted_by IS NULL)", name=op.f("ck_interest_retracted_by_somebody")
        ),
        sa.CheckConstraint("ended_on IS NULL OR until IS NOT NULL", name=op.f("ck_interest_ended_with_a_day")),
        sa.CheckConstraint(
            "retracted_by IS NULL OR retracted_by <> person_id", name=op.f("ck_interest_retracted_by_another")
        ),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_interest_until_after_since")),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name=op.f("fk_interest_person_id")),
        sa.ForeignKeyConstraint(["retracted_by"], ["user.id"], name=op.f("fk_interest_retracted_by")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_interest_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest")),
    )
    with op.batch_alter_table("interest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interest_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_interest_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=True),
        sa.Column(
            "member_role",
            sa.Enum("owner", "contributor", name="memberrole", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("roles", sa.String(length=200), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("invited_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("accepted_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("vendor_id IS NULL OR roles = ''", name=op.f("ck_invitation_no_roles_in_a_company")),
        sa.CheckConstraint("(vendor_id IS NULL) = (member_role IS NULL)", name=op.f("ck_invitation_company_or_club")),
        sa.ForeignKeyConstraint(["invited_by"], ["user.id"], name=op.f("fk_invitation_invited_by")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_invitation_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "login_session",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_login_session_user_id")),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_login_session")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_session_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_login_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "member",
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("owner", "contributor", name="memberrole", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_member_user_id")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_member_vendor_id")),
        sa.PrimaryKeyConstraint("vendor_id", "user_id", name=op.f("pk_member")),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_user_id"), ["user_id"], unique=False)

    op.create_table(
        "product",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_product_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("slug", name=op.f("uq_product_slug")),
    )
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "stored_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_stored_file_size")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["user.id"], name=op.f("fk_stored_file_uploaded_by")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_stored_file_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_file_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_stored_file_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "user_role",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "coordinator",
                "reviewer",
                "decider",
                "auditor",
                "impartiality",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("granted_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_user_role_user_id")),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_role")),
    )
    op.create_table(
        "application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "initial",
                "renewal",
                "change",
                "surveillance",
                "transition",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        sa.Column("edition_id", sa.String(length=40), nullable=False),
        sa.Column("edition_digest", sa.String(length=80), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "refused",
                "accepted",
                "in_review",
                "consensus",
                "correction",
                "in_decision",
                "minded_to",
                "certified",
                "declined",
                "withdrawn",
                "lapsed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("profile", sa.JSON(), nullable=False),
        sa.Column("profile_version", sa.Integer(), nullable=False),
        sa.Column("profile_saved_by", sa.Uuid(), nullable=True),
        sa.Column("profile_saved_at", UtcDateTime(), nullable=True),
        sa.Column("correction_round", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("intake_notes", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("correction_round >= 0", name=op.f("ck_application_correction_round")),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_application_created_by")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_application_product_id")),
        sa.ForeignKeyConstraint(["profile_saved_by"], ["user.id"], name=op.f("fk_application_profile_saved_by")),
        sa.ForeignKeyConstraint(["round_id"], ["intake_round.id"], name=op.f("fk_application_round_id")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_application_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("ref", name=op.f("uq_application_ref")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_moved_at"), ["moved_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_product_id"), ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("attested_by", sa.Uuid(), nullable=False),
        sa.Column("attested_at", UtcDateTime(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(file_id IS NULL) <> (url IS NULL)", name=op.f("ck_evidence_file_or_link")),
        sa.ForeignKeyConstraint(["attested_by"], ["user.id"], name=op.f("fk_evidence_attested_by")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_evidence_file_id")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_evidence_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("file_id", name=op.f("uq_evidence_file_id")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "agreed_score",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("not_shown", sa.Boolean(), nullable=False),
        sa.Column("not_applicable", sa.Boolean(), nullable=False),
        sa.Column("reconciliation", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_by", sa.Uuid(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("value IS NOT NULL OR not_shown OR not_applicable", name=op.f("ck_agreed_score_some_mark")),
        sa.CheckConstraint(
            "value IS NULL OR (NOT not_shown AND NOT not_applicable)", name=op.f("ck_agreed_score_one_mark")
        ),
        sa.CheckConstraint("value IS NULL OR value BETWEEN 0 AND 4", name=op.f("ck_agreed_score_value")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_agreed_score_application_id")),
        sa.ForeignKeyConstraint(["saved_by"], ["user.id"], name=op.f("fk_agreed_score_saved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed_score")),
        sa.UniqueConstraint("application_id", "criterion", name=op.f("uq_agreed_score_application_id_criterion")),
    )
    with op.batch_alter_table("agreed_score", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreed_score_application_id"), ["application_id"], unique=False)

    op.create_table(
        "agreement_acceptance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_version", sa.String(length=40), nullable=False),
        sa.Column("text_digest", sa.String(length=80), nullable=False),
        sa.Column("accepted_by", sa.Uuid(), nullable=False),
        sa.Column("accepted_name", sa.String(length=200), nullable=False),
        sa.Column("accepted_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["accepted_by"], ["user.id"], name=op.f("fk_agreement_acceptance_accepted_by")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_agreement_acceptance_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_acceptance")),
        sa.UniqueConstraint(
            "application_id", "agreement_version", name=op.f("uq_agreement_acceptance_application_id_agreement_version")
        ),
    )
    with op.batch_alter_table("agreement_acceptance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_acceptance_application_id"), ["application_id"], unique=False)

    op.create_table(
        "answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(length=20), nullable=False),
        sa.Column("claim", sa.String(), nullable=False),
        sa.Column("not_applicable", sa.Boolean(), nullable=False),
        sa.Column("not_applicable_reason", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_by", sa.Uuid(), nullable=True),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_answer_application_id")),
        sa.ForeignKeyConstraint(["saved_by"], ["user.id"], name=op.f("fk_answer_saved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("application_id", "criterion", name=op.f("uq_answer_application_id_criterion")),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_application_id"), ["application_id"], unique=False)

    op.create_table(
        "declaration",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("has_interest", sa.Boolean(), nullable=False),
        sa.Column("declared_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_declaration_application_id")),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name=op.f("fk_declaration_person_id")),
        sa.PrimaryKeyConstraint("application_id", "person_id", name=op.f("pk_declaration")),
    )
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_declaration_person_id"), ["person_id"], unique=False)

    op.create_table(
        "evidence_access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_evidence_access_application_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_access_evidence_id")),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name=op.f("fk_evidence_access_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_access")),
        sa.UniqueConstraint(
            "evidence_id", "person_id", "window", name=op.f("uq_evidence_access_evidence_id_person_id_window")
        ),
    )
    with op.batch_alter_table("evidence_access", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_access_evidence_id"), ["evidence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_access_person_id"), ["person_id"], unique=False)

    op.create_table(
        "finding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(length=20), nullable=False),
        sa.Column(
            "severity",
            sa.Enum(
                "observation", "minor", "major", name="severity", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("correction_round", sa.Integer(), nullable=False),
        sa.Column("raised_by", sa.Uuid(), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answer_version", sa.Integer(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closing_note", sa.String(), nullable=False),
        sa.CheckConstraint("closed_at IS NULL OR closed_by IS NOT NULL", name=op.f("ck_finding_closed_by_somebody")),
        sa.CheckConstraint("correction_round >= 0", name=op.f("ck_finding_correction_round")),
        sa.ForeignKeyConstraint(["answered_by"], ["user.id"], name=op.f("fk_finding_answered_by")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_finding_application_id")),
        sa.ForeignKeyConstraint(["closed_by"], ["user.id"], name=op.f("fk_finding_closed_by")),
        sa.ForeignKeyConstraint(["raised_by"], ["user.id"], name=op.f("fk_finding_raised_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_application_id"), ["application_id"], unique=False)

    op.create_table(
        "participation",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "coordinator",
                "reviewer",
                "proposer",
                "confirmer",
                name="part",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_participation_application_id")),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name=op.f("fk_participation_person_id")),
        sa.PrimaryKeyConstraint("application_id", "person_id", name=op.f("pk_participation")),
        sa.UniqueConstraint(
            "application_id", "person_id", "part", name=op.f("uq_participation_application_id_person_id_part")
        ),
    )
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participation_person_id"), ["person_id"], unique=False)

    op.create_table(
        "recommendation",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("summary_vi", sa.String(), nullable=False),
        sa.Column("summary_en", sa.String(), nullable=False),
        sa.Column("limits", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_by", sa.Uuid(), nullable=True),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("sent_to_vendor_at", UtcDateTime(), nullable=True),
        sa.Column("vendor_checked_at", UtcDateTime(), nullable=True),
        sa.Column("vendor_checked_by", sa.Uuid(), nullable=True),
        sa.Column("vendor_remarks", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_recommendation_application_id")),
        sa.ForeignKeyConstraint(["saved_by"], ["user.id"], name=op.f("fk_recommendation_saved_by")),
        sa.ForeignKeyConstraint(["vendor_checked_by"], ["user.id"], name=op.f("fk_recommendation_vendor_checked_by")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_recommendation")),
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_submission_number")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_submission_application_id")),
        sa.ForeignKeyConstraint(["submitted_by"], ["user.id"], name=op.f("fk_submission_submitted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_submission_application_id_number")),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_application_id"), ["application_id"], unique=False)

    op.create_table(
        "answer_evidence",
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_answer_evidence_answer_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_answer_evidence_evidence_id")),
        sa.PrimaryKeyConstraint("answer_id", "evidence_id", name=op.f("pk_answer_evidence")),
    )
    with op.batch_alter_table("answer_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_evidence_evidence_id"), ["evidence_id"], unique=False)

    op.create_table(
        "answer_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("claim", sa.String(), nullable=False),
        sa.Column("not_applicable", sa.Boolean(), nullable=False),
        sa.Column("not_applicable_reason", sa.String(), nullable=False),
        sa.Column("saved_by", sa.Uuid(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_answer_text_answer_id")),
        sa.ForeignKeyConstraint(["saved_by"], ["user.id"], name=op.f("fk_answer_text_saved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_text")),
        sa.UniqueConstraint("answer_id", "version", name=op.f("uq_answer_text_answer_id_version")),
    )
    with op.batch_alter_table("answer_text", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_text_answer_id"), ["answer_id"], unique=False)

    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("proposer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "coordinator",
                "reviewer",
                "proposer",
                "confirmer",
                name="part",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum("certify", "decline", name="outcome", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("level", sa.String(length=20), nullable=True),
        sa.Column("departs", sa.Boolean(), nullable=False),
        sa.Column("reasons_vi", sa.String(), nullable=False),
        sa.Column("reasons_en", sa.String(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("rejection", sa.String(), nullable=False),
        sa.CheckConstraint(
            "NOT departs OR (reasons_vi <> '' AND reasons_en <> '')", name=op.f("ck_proposal_departure_has_reasons")
        ),
        sa.CheckConstraint("outcome <> 'certify' OR level IS NOT NULL", name=op.f("ck_proposal_level_when_certified")),
        sa.CheckConstraint("part = 'proposer'", name=op.f("ck_proposal_part_is_proposer")),
        sa.ForeignKeyConstraint(
            ["application_id", "proposer_id", "part"],
            ["participation.application_id", "participation.person_id", "participation.part"],
            name=op.f("fk_proposal_application_id_proposer_id_part"),
        ),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_proposal_application_id")),
        sa.ForeignKeyConstraint(["proposer_id"], ["user.id"], name=op.f("fk_proposal_proposer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_proposal_application_id_number")),
        sa.UniqueConstraint("id", "proposer_id", name=op.f("uq_proposal_id_proposer_id")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_application_id"), ["application_id"], unique=False)
        batch_op.create_index(
            "uq_proposal_open",
            ["application_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "coordinator",
                "reviewer",
                "proposer",
                "confirmer",
                name="part",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("lead", sa.Boolean(), nullable=False),
        sa.Column("assigned_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("final_at", UtcDateTime(), nullable=True),
        sa.Column("voided_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("part = 'reviewer'", name=op.f("ck_review_part_is_reviewer")),
        sa.ForeignKeyConstraint(
            ["application_id", "reviewer_id", "part"],
            ["participation.application_id", "participation.person_id", "participation.part"],
            name=op.f("fk_review_application_id_reviewer_id_part"),
        ),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_review_application_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["user.id"], name=op.f("fk_review_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("application_id", "letter", name=op.f("uq_review_application_id_letter")),
        sa.UniqueConstraint("application_id", "reviewer_id", name=op.f("uq_review_application_id_reviewer_id")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_reviewer_id"), ["reviewer_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("proposer_id", sa.Uuid(), nullable=False),
        sa.Column("confirmer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "coordinator",
                "reviewer",
                "proposer",
                "confirmer",
                name="part",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum("certify", "decline", name="outcome", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("level", sa.String(length=20), nullable=True),
        sa.Column("departs", sa.Boolean(), nullable=False),
        sa.Column("reasons_vi", sa.String(), nullable=False),
        sa.Column("reasons_en", sa.String(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("part = 'confirmer'", name=op.f("ck_decision_part_is_confirmer")),
        sa.CheckConstraint("confirmer_id <> proposer_id", name=op.f("ck_decision_two_people")),
        sa.ForeignKeyConstraint(
            ["application_id", "confirmer_id", "part"],
            ["participation.application_id", "participation.person_id", "participation.part"],
            name=op.f("fk_decision_application_id_confirmer_id_part"),
        ),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_decision_application_id")),
        sa.ForeignKeyConstraint(["confirmer_id"], ["user.id"], name=op.f("fk_decision_confirmer_id")),
        sa.ForeignKeyConstraint(
            ["proposal_id", "proposer_id"],
            ["proposal.id", "proposal.proposer_id"],
            name=op.f("fk_decision_proposal_id_proposer_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_decision_application_id_number")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_decision_proposal_id")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_application_id"), ["application_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("reasons_vi", sa.String(), nullable=False),
        sa.Column("reasons_en", sa.String(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("commented_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_notice_application_id")),
        sa.ForeignKeyConstraint(["commented_by"], ["user.id"], name=op.f("fk_notice_commented_by")),
        sa.ForeignKeyConstraint(["given_by"], ["user.id"], name=op.f("fk_notice_given_by")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_notice_proposal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_notice_proposal_id")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_application_id"), ["application_id"], unique=False)

    op.create_table(
        "score",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("not_shown", sa.Boolean(), nullable=False),
        sa.Column("not_applicable", sa.Boolean(), nullable=False),
        sa.Column(
            "basis",
            sa.Enum(
                "independent_report", "own_test", name="basis", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("rationale", sa.String(), nullable=False),
        sa.Column("to_vendor", sa.String(), nullable=False),
        sa.Column("panel_only", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("NOT (not_shown AND not_applicable)", name=op.f("ck_score_one_absence")),
        sa.CheckConstraint("value IS NULL OR (NOT not_shown AND NOT not_applicable)", name=op.f("ck_score_one_mark")),
        sa.CheckConstraint("value IS NULL OR value BETWEEN 0 AND 4", name=op.f("ck_score_value")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_score_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score")),
        sa.UniqueConstraint("review_id", "criterion", name=op.f("uq_score_review_id_criterion")),
    )
    with op.batch_alter_table("score", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_score_review_id"), ["review_id"], unique=False)

    op.create_table(
        "certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("edition_id", sa.String(length=40), nullable=False),
        sa.Column("edition_digest", sa.String(length=80), nullable=False),
        sa.Column("submission_digest", sa.String(length=80), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "suspended",
                "withdrawn",
                "terminated",
                "superseded",
                name="certificatestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("serial >= 1", name=op.f("ck_certificate_serial")),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_certificate_validity")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_certificate_application_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_certificate_decision_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_certificate_product_id")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_certificate_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_certificate_decision_id")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
        sa.UniqueConstraint("year", "serial", name=op.f("uq_certificate_year_serial")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_product_id"), ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_valid_from"), ["valid_from"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_valid_until"), ["valid_until"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "certificate_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "grant",
                "suspend",
                "reinstate",
                "withdraw",
                name="certificateaction",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason_vi", sa.String(), nullable=False),
        sa.Column("reason_en", sa.String(), nullable=False),
        sa.Column("condition_vi", sa.String(), nullable=False),
        sa.Column("condition_en", sa.String(), nullable=False),
        sa.Column("restore_by", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("confirm_by", sa.Date(), nullable=True),
        sa.Column("dismissed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "action IN ('grant', 'suspend') OR effective_on IS NULL OR confirmed_by IS NOT NULL",
            name=op.f("ck_certificate_event_confirmed"),
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> decided_by", name=op.f("ck_certificate_event_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_event_certificate_id")
        ),
        sa.ForeignKeyConstraint(["confirmed_by"], ["user.id"], name=op.f("fk_certificate_event_confirmed_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name=op.f("fk_certificate_event_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_event")),
        sa.UniqueConstraint("certificate_id", "number", name=op.f("uq_certificate_event_certificate_id_number")),
    )
    with op.batch_alter_table("certificate_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_event_certificate_id"), ["certificate_id"], unique=False)
        batch_op.create_index(
            "uq_certificate_event_open",
            ["certificate_id"],
            unique=True,
            sqlite_where=sa.text("effective_on IS NULL AND dismissed_at IS NULL"),
            postgresql_where=sa.text("effective_on IS NULL AND dismissed_at IS NULL"),
        )

    op.create_table(
        "history_entry",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("certificate_id", sa.Uuid(), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("from_state", sa.String(length=40), nullable=False),
        sa.Column("to_state", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_history_entry_actor_id")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_history_entry_application_id")),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_history_entry_certificate_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_history_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_history_entry_hash")),
    )
    with op.batch_alter_table("history_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_history_entry_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_history_entry_certificate_id"), ["certificate_id"], unique=False)

    op.create_table(
        "listing",
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("vendor_slug", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "sort_key",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "suspended",
                "withdrawn",
                "terminated",
                "superseded",
                name="certificatestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("level_rank", sa.Integer(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_listing_days")),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_listing_certificate_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_listing_product_id")),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_listing")),
        sa.UniqueConstraint("number", name=op.f("uq_listing_number")),
    )
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listing_changed_on"), ["changed_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_listing_checked_on"), ["checked_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_listing_level_rank"), ["level_rank"], unique=False)
        batch_op.create_index(batch_op.f("ix_listing_product_id"), ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_listing_slug"), ["slug"], unique=False)
        batch_op.create_index(batch_op.f("ix_listing_sort_key"), ["sort_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_listing_vendor_slug"), ["vendor_slug"], unique=False)

    op.create_table(
        "history_text",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["history_entry.seq"], name=op.f("fk_history_text_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_history_text")),
    )
    op.create_table(
        "listing_facet",
        sa.Column("facet", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.certificate_id"], name=op.f("fk_listing_facet_listing_id")),
        sa.PrimaryKeyConstraint("facet", "value", "listing_id", name=op.f("pk_listing_facet")),
    )
    with op.batch_alter_table("listing_facet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listing_facet_listing_id"), ["listing_id"], unique=False)

    op.create_table(
        "listing_word",
        sa.Column(
            "word", sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.certificate_id"], name=op.f("fk_listing_word_listing_id")),
        sa.PrimaryKeyConstraint("word", "listing_id", name=op.f("pk_listing_word")),
    )
    with op.batch_alter_table("listing_word", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listing_word_listing_id"), ["listing_id"], unique=False)
    _make_immutable(op.get_bind().dialect.name)


def _make_immutable(dialect: str) -> None:
    """History and submissions: the database itself refuses to change them."""
    if dialect == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'table % is immutable', TG_TABLE_NAME; END $$"
        )
    for table, verb in IMMUTABLE:
        body = (
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            if dialect == "postgresql"
            else f"BEGIN SELECT RAISE(ABORT, 'table {table} is immutable'); END"
        )
        op.execute(f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {body}")


def downgrade() -> None:
    with op.batch_alter_table("listing_word", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_listing_word_listing_id"))

    op.drop_table("listing_word")
    with op.batch_alter_table("listing_facet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_listing_facet_listing_id"))

    op.drop_table("listing_facet")
    op.drop_table("history_text")
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_listing_vendor_slug"))
        batch_op.drop_index(batch_op.f("ix_listing_sort_key"))
        batch_op.drop_index(batch_op.f("ix_listing_slug"))
        batch_op.drop_index(batch_op.f("ix_listing_product_id"))
        batch_op.drop_index(batch_op.f("ix_listing_level_rank"))
        batch_op.drop_index(batch_op.f("ix_listing_checked_on"))
        batch_op.drop_index(batch_op.f("ix_listing_changed_on"))

    op.drop_table("listing")
    with op.batch_alter_table("history_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_history_entry_certificate_id"))
        batch_op.drop_index(batch_op.f("ix_history_entry_application_id"))

    op.drop_table("history_entry")
    with op.batch_alter_table("certificate_event", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_certificate_event_open",
            sqlite_where=sa.text("effective_on IS NULL AND dismissed_at IS NULL"),
            postgresql_where=sa.text("effective_on IS NULL AND dismissed_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_certificate_event_certificate_id"))

    op.drop_table("certificate_event")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_vendor_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_valid_until"))
        batch_op.drop_index(batch_op.f("ix_certificate_valid_from"))
        batch_op.drop_index(batch_op.f("ix_certificate_state"))
        batch_op.drop_index(batch_op.f("ix_certificate_product_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_application_id"))

    op.drop_table("certificate")
    with op.batch_alter_table("score", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_score_review_id"))

    op.drop_table("score")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_application_id"))

    op.drop_table("notice")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_application_id"))

    op.drop_table("decision")
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_reviewer_id"))
        batch_op.drop_index(batch_op.f("ix_review_due_at"))
        batch_op.drop_index(batch_op.f("ix_review_application_id"))

    op.drop_table("review")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_proposal_open", sqlite_where=sa.text("closed_at IS NULL"), postgresql_where=sa.text("closed_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_proposal_application_id"))

    op.drop_table("proposal")
    with op.batch_alter_table("answer_text", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_text_answer_id"))

    op.drop_table("answer_text")
    with op.batch_alter_table("answer_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_evidence_evidence_id"))

    op.drop_table("answer_evidence")
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submission_application_id"))

    op.drop_table("submission")
    op.drop_table("recommendation")
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participation_person_id"))

    op.drop_table("participation")
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_application_id"))

    op.drop_table("finding")
    with op.batch_alter_table("evidence_access", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_access_person_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_access_evidence_id"))

    op.drop_table("evidence_access")
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_declaration_person_id"))

    op.drop_table("declaration")
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_application_id"))

    op.drop_table("answer")
    with op.batch_alter_table("agreement_acceptance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_acceptance_application_id"))

    op.drop_table("agreement_acceptance")
    with op.batch_alter_table("agreed_score", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreed_score_application_id"))

    op.drop_table("agreed_score")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_vendor_id"))

    op.drop_table("evidence")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_vendor_id"))
        batch_op.drop_index(batch_op.f("ix_application_state"))
        batch_op.drop_index(batch_op.f("ix_application_round_id"))
        batch_op.drop_index(batch_op.f("ix_application_product_id"))
        batch_op.drop_index(batch_op.f("ix_application_moved_at"))
        batch_op.drop_index(batch_op.f("ix_application_due_at"))

    op.drop_table("application")
    op.drop_table("user_role")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_file_vendor_id"))
        batch_op.drop_index(batch_op.f("ix_stored_file_sha256"))

    op.drop_table("stored_file")
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_vendor_id"))

    op.drop_table("product")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_user_id"))

    op.drop_table("member")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_user_id"))
        batch_op.drop_index(batch_op.f("ix_login_session_expires_at"))

    op.drop_table("login_session")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_vendor_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_email"))

    op.drop_table("invitation")
    with op.batch_alter_table("interest", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interest_vendor_id"))
        batch_op.drop_index(batch_op.f("ix_interest_person_id"))

    op.drop_table("interest")
    op.drop_table("edition_publication")
    op.drop_table("vendor")
    op.drop_table("user")
    op.drop_table("revision")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letter_sent_at"))
        batch_op.drop_index(batch_op.f("ix_letter_due_at"))

    op.drop_table("letter")
    with op.batch_alter_table("intake_round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_intake_round_opens_at"))

    op.drop_table("intake_round")
    op.drop_table("heartbeat")
    op.drop_table("deployment")
    op.drop_table("chain_head")
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempts_resets_at"))

    op.drop_table("attempts")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
