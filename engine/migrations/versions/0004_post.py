"""Messages and signals between cases, and when SOPs start cases by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "post",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("correlation", sa.Text(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("receiver", sa.String(length=200), nullable=True),
        sa.Column("at", sa.String(27), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_post_instance_id_instances")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        comment="Messages and signals on their way between cases: `place` of `seq` in the history of the sender.",
    )
    op.create_index(op.f("ix_post_status_id"), "post", ["status", "id"], unique=False)
    op.create_index(op.f("ix_post_kind_name"), "post", ["kind", "name"], unique=False)
    op.create_table(
        "schedules",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("activity_id", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.String(27), nullable=True),
        sa.Column("left", sa.Integer(), nullable=True),
        sa.Column("every", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("key", "activity_id", name=op.f("pk_schedules")),
        comment="When SOPs start cases by themselves next; `left` counts the times after that, empty is without end.",
    )
    op.create_index(op.f("ix_schedules_due_at"), "schedules", ["due_at"], unique=False)
