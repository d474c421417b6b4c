"""Drafts of SOPs, the note of a version, and versions that are withdrawn from starting."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("definitions", sa.Column("note", sa.Text()))
    op.add_column("definitions", sa.Column("withdrawn", sa.Text()))
    op.create_table(
        "sop_drafts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.String(27), nullable=False),
        sa.Column("dry_run", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["user"], ["users.name"], name=op.f("fk_sop_drafts_user_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sop_drafts")),
        comment="What a designer works on: `key` and `version` are what it began as, `dry_run` the acts of its trial.",
    )
    op.create_index(op.f("ix_sop_drafts_user_changed_at"), "sop_drafts", ["user", "changed_at"], unique=False)
    op.create_table(
        "sop_draft_files",
        sa.Column("draft_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["sop_drafts.id"], name=op.f("fk_sop_draft_files_draft_id_sop_drafts")),
        sa.PrimaryKeyConstraint("draft_id", "name", name=op.f("pk_sop_draft_files")),
        comment="The files of drafts; they go when the draft goes.",
    )
