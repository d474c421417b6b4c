"""Copies of checkpoints, how far they go, and verifications that auditors asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "checkpoints",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_checkpoints")),
        comment="Copies of the checkpoints in the folder, so that a backup takes them along; proofs are read there.",
    )
    op.create_table(
        "seals",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", name=op.f("pk_seals")),
        comment="How far the checkpoints go for each case: the checkpointer's own note, which proves nothing.",
    )
    op.create_table(
        "verifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.String(27), nullable=False),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("seen_at", sa.String(27), nullable=True),
        sa.Column("ended_at", sa.String(27), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verifications")),
        comment="Verifications of everything that auditors asked for; `seen_at` is when a worker last told of it.",
    )
    op.create_index(op.f("ix_verifications_ended_at"), "verifications", ["ended_at"], unique=False)
