"""Guides that the club writes in the browser: their texts, and what the public read when."""

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

AUDIENCES = ("parents", "schools", "vendors", "reviewers")
ENDINGS = ("replaced", "shipped", "gone")


def upgrade() -> None:
    op.create_table(
        "guide",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("slug <> ''", name=op.f("ck_guide_slug")),
        sa.CheckConstraint("version >= 1 AND published >= 0", name=op.f("ck_guide_numbers")),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_guide_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide")),
        sa.UniqueConstraint("slug", name=op.f("uq_guide_slug")),
    )
    _create_texts()
    _create_publications()


def _create_texts() -> None:
    audience = sa.Enum(*AUDIENCES, name="guideaudience", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "guide_text",
        sa.Column("guide_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title_vi", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("lead_vi", "lead_en", "body_vi", "body_en", "sources")
        ),
        sa.Column("audience", audience, nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("related", sa.JSON(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("saved_by", sa.Uuid(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_guide_text_version")),
        sa.ForeignKeyConstraint(["guide_id"], ["guide.id"], name=op.f("fk_guide_text_guide_id")),
        sa.ForeignKeyConstraint(["saved_by"], ["user.id"], name=op.f("fk_guide_text_saved_by")),
        sa.PrimaryKeyConstraint("guide_id", "version", name=op.f("pk_guide_text")),
    )


def _create_publications() -> None:
    ending = sa.Enum(*ENDINGS, name="guideending", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "guide_publication",
        sa.Column("guide_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ending", ending, nullable=True),
        sa.Column("reason_vi", sa.String(), nullable=False),
        sa.Column("reason_en", sa.String(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_guide_publication_number")),
        sa.CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name=op.f("ck_guide_publication_ended")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_guide_publication_ended_by")),
        sa.CheckConstraint(
            "ending IS NULL OR ending <> 'gone' OR (reason_vi <> '' AND reason_en <> '')",
            name=op.f("ck_guide_publication_reasons"),
        ),
        sa.ForeignKeyConstraint(["ended_by"], ["user.id"], name=op.f("fk_guide_publication_ended_by")),
        sa.ForeignKeyConstraint(
            ["guide_id", "version"],
            ["guide_text.guide_id", "guide_text.version"],
            name=op.f("fk_guide_publication_guide_id_version"),
        ),
        sa.ForeignKeyConstraint(["guide_id"], ["guide.id"], name=op.f("fk_guide_publication_guide_id")),
        sa.ForeignKeyConstraint(["published_by"], ["user.id"], name=op.f("fk_guide_publication_published_by")),
        sa.PrimaryKeyConstraint("guide_id", "number", name=op.f("pk_guide_publication")),
    )
    op.create_index(
        "uq_guide_publication_open",
        "guide_publication",
        ["guide_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_guide_publication_open",
        table_name="guide_publication",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("guide_publication")
    op.drop_table("guide_text")
    op.drop_table("guide")
