"""What a document is called, where its service task says so."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("documents", sa.Column("title", sa.String(length=200), nullable=True))
