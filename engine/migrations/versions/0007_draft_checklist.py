"""The ticks of a step's inputs, kept with the draft of its form."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("drafts", sa.Column("checklist", sa.Text(), nullable=True))
