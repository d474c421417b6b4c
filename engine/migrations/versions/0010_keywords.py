"""What a case is found by besides its name: the texts that its forms mark for search."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "keywords",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_keywords_instance_id_instances")),
        sa.PrimaryKeyConstraint("instance_id", "seq", "place", name=op.f("pk_keywords")),
        comment="What a case is found by besides its name: texts of fields that a form marks, `place` of `seq`.",
    )
