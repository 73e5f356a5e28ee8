"""Pages of handed-in files as pictures, and reviewers' notes on them."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from assessments.columns import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STATES = sa.Enum(
    *("waiting", "made", "failed"), name="renditionstate", native_enum=False, create_constraint=True, length=40
)
PICTURED = {"application/pdf", "image/png", "image/jpeg", "image/webp"}  # as they were when this was written


def upgrade() -> None:
    rendition = op.create_table(
        "rendition",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.Column("state", STATES, nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("pages >= 0", name=op.f("ck_rendition_pages")),
        sa.CheckConstraint("done >= 0 AND done <= pages", name=op.f("ck_rendition_done")),
        sa.CheckConstraint("faults >= 0 AND faults <= done", name=op.f("ck_rendition_faults")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_rendition")),
    )
    op.create_index(op.f("ix_rendition_state"), "rendition", ["state"], unique=False)
    op.create_table(
        "rendered_page",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("image_sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_rendered_page_number")),
        sa.CheckConstraint("size > 0 AND width > 0 AND height > 0", name=op.f("ck_rendered_page_extent")),
        sa.ForeignKeyConstraint(["sha256"], ["rendition.sha256"], name=op.f("fk_rendered_page_sha256")),
        sa.PrimaryKeyConstraint("sha256", "number", name=op.f("pk_rendered_page")),
    )
    op.create_index(op.f("ix_rendered_page_image_sha256"), "rendered_page", ["image_sha256"], unique=False)
    op.create_table(
        "note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("page > 0", name=op.f("ck_note_page")),
        sa.CheckConstraint("version > 0", name=op.f("ck_note_version")),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_note_text")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_note_evidence_id")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_note_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index(op.f("ix_note_evidence_id"), "note", ["evidence_id"], unique=False)
    op.create_index(op.f("ix_note_review_id"), "note", ["review_id"], unique=False)
    _want_what_was_handed_in(rendition)


def _want_what_was_handed_in(rendition: sa.Table) -> None:
    """Submissions from before have their pages made too, but for products that look for abuse material."""
    submissions = sa.table("submission", sa.column("content", sa.JSON()))
    wanted = set()
    for content in op.get_bind().execute(sa.select(submissions.c.content)).scalars():
        if "HM" not in content.get("profile", {}).get("categories", ()):
            pieces = [one for answer in content.get("answers", {}).values() for one in answer.get("evidence", ())]
            files = [one["file"] for one in pieces if "file" in one]
            wanted |= {file["sha256"] for file in files if file["media_type"] in PICTURED}
    blank = {"renderer": 1, "state": "waiting", "pages": 0, "done": 0, "faults": 0, "tries": 0}
    rows = [{**blank, "sha256": sha256, "due_at": datetime.now(UTC)} for sha256 in sorted(wanted)]
    op.bulk_insert(rendition, rows)


def downgrade() -> None:
    op.drop_table("note")
    op.drop_table("rendered_page")
    op.drop_table("rendition")
