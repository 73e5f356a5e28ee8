"""Who the club is by day, the directory of its members and partners, yearly reports, longer names of figures."""

from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

DRAFT = sa.text("published_at IS NULL")


def upgrade() -> None:
    _identity()
    _affiliate()
    _take_over_members()
    _situation_report()
    with op.batch_alter_table("figure", schema=None) as batch_op:
        batch_op.alter_column("name", existing_type=sa.String(length=40), type_=sa.String(length=80))


def downgrade() -> None:
    op.execute("DELETE FROM figure WHERE length(name) > 40")
    with op.batch_alter_table("figure", schema=None) as batch_op:
        batch_op.alter_column("name", existing_type=sa.String(length=80), type_=sa.String(length=40))
    for name in ("published_at", "vi_sha256", "en_sha256", "year"):
        op.drop_index(op.f(f"ix_situation_report_{name}"), table_name="situation_report")
    op.drop_index("uq_situation_report_draft", table_name="situation_report")
    op.drop_table("situation_report")
    op.drop_table("affiliate")
    op.drop_table("identity")


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _identity() -> None:
    op.create_table(
        "identity",
        sa.Column("starts_on", sa.Date(), nullable=False),
        _text("name_vi", 200),
        _text("name_en", 200),
        _text("short_name", 40),
        _text("site_name_vi", 60),
        _text("site_name_en", 60),
        _text("wording", 1),
        _text("logo", 20),
        _text("email", 254),
        _text("phone", 40),
        _text("address_vi", 400),
        _text("address_en", 400),
        _text("website", 400),
        _text("funding_vi", 2000),
        _text("funding_en", 2000),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("name_vi <> '' AND name_en <> '' AND short_name <> ''", name=op.f("ck_identity_named")),
        sa.CheckConstraint("site_name_vi <> '' AND site_name_en <> ''", name=op.f("ck_identity_site_named")),
        sa.CheckConstraint("wording IN ('A', 'B')", name=op.f("ck_identity_wording")),
        sa.CheckConstraint("email <> ''", name=op.f("ck_identity_reachable")),
        sa.ForeignKeyConstraint(["set_by"], ["user.id"], name=op.f("fk_identity_set_by")),
        sa.PrimaryKeyConstraint("starts_on", name=op.f("pk_identity")),
    )


def _affiliate() -> None:
    affiliation = sa.Enum(
        *("full", "associate", "partner"), name="affiliation", native_enum=False, create_constraint=True, length=40
    )
    kind = sa.Enum(
        *("company", "organisation", "authority", "individual"),
        name="affiliatekind",
        native_enum=False,
        create_constraint=True,
        length=40,
    )
    op.create_table(
        "affiliate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("affiliation", affiliation, nullable=False),
        sa.Column("kind", kind, nullable=False),
        _text("name_vi", 200),
        _text("name_en", 200),
        _text("does_vi", 300),
        _text("does_en", 300),
        sa.Column("since", sa.Date(), nullable=True),
        _text("website", 400),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.Column("vendor_id", sa.Uuid(), nullable=True),
        _text("slug", 80),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("name_vi <> ''", name=op.f("ck_affiliate_named")),
        sa.CheckConstraint(
            "kind <> 'individual' OR consent_on IS NOT NULL", name=op.f("ck_affiliate_person_with_consent")
        ),
        sa.CheckConstraint(
            "vendor_id IS NULL OR (kind = 'company' AND affiliation <> 'partner')",
            name=op.f("ck_affiliate_member_company"),
        ),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_affiliate_vendor_id")),
        sa.ForeignKeyConstraint(["written_by"], ["user.id"], name=op.f("fk_affiliate_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affiliate")),
        sa.UniqueConstraint("vendor_id", name=op.f("uq_affiliate_vendor_id")),
    )


def _take_over_members() -> None:
    """Every company whose membership the office has confirmed stands in the directory from the start."""
    vendor = sa.table(
        "vendor",
        sa.column("id", sa.Uuid()),
        *(sa.column(name, sa.String()) for name in ("slug", "name", "name_en", "website")),
        sa.column("club_member", sa.Boolean()),
        sa.column("club_member_since", sa.Date()),
        sa.column("closed_at", UtcDateTime()),
    )
    affiliate = sa.table(
        "affiliate",
        *(sa.column(name, sa.Uuid()) for name in ("id", "vendor_id")),
        *(sa.column(name, sa.String()) for name in ("affiliation", "kind", "name_vi", "name_en")),
        *(sa.column(name, sa.String()) for name in ("does_vi", "does_en", "website", "slug")),
        sa.column("since", sa.Date()),
        sa.column("version", sa.Integer()),
        sa.column("written_at", UtcDateTime()),
    )
    shown = vendor.c.club_member, vendor.c.closed_at.is_(None), vendor.c.name != ""
    members = sa.select(vendor).where(*shown)
    rows = [
        {
            "id": uuid4(),
            "vendor_id": one.id,
            "slug": one.slug,
            "affiliation": "full",
            "kind": "company",
            "name_vi": one.name,
            "name_en": one.name_en,
            "does_vi": "",
            "does_en": "",
            "website": one.website,
            "since": one.club_member_since,
            "version": 1,
            "written_at": datetime.now(UTC),
        }
        for one in op.get_bind().execute(members)
    ]
    if rows:
        op.bulk_insert(affiliate, rows)


def _situation_report() -> None:
    op.create_table(
        "situation_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("foreword_vi", "foreword_en")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("correction_vi", "correction_en")),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("vi_sha256", sa.String(length=64), nullable=True),
        sa.Column("vi_size", sa.Integer(), nullable=True),
        sa.Column("en_sha256", sa.String(length=64), nullable=True),
        sa.Column("en_size", sa.Integer(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_situation_report_number")),
        sa.CheckConstraint(
            "(published_at IS NULL) = (published_by IS NULL)", name=op.f("ck_situation_report_published_by_somebody")
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR (foreword_vi <> '' AND foreword_en <> '')",
            name=op.f("ck_situation_report_with_a_foreword"),
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR number = 1 OR (correction_vi <> '' AND correction_en <> '')",
            name=op.f("ck_situation_report_corrects"),
        ),
        sa.CheckConstraint("(vi_sha256 IS NULL) = (vi_size IS NULL)", name=op.f("ck_situation_report_made_vi")),
        sa.CheckConstraint("(en_sha256 IS NULL) = (en_size IS NULL)", name=op.f("ck_situation_report_made_en")),
        sa.ForeignKeyConstraint(["published_by"], ["user.id"], name=op.f("fk_situation_report_published_by")),
        sa.ForeignKeyConstraint(["written_by"], ["user.id"], name=op.f("fk_situation_report_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_situation_report")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_situation_report_year_number")),
    )
    for name in ("year", "published_at", "vi_sha256", "en_sha256"):
        op.create_index(op.f(f"ix_situation_report_{name}"), "situation_report", [name], unique=False)
    op.create_index(
        "uq_situation_report_draft",
        "situation_report",
        ["year"],
        unique=True,
        sqlite_where=DRAFT,
        postgresql_where=DRAFT,
    )
