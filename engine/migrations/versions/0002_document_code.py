"""The code that an issued document prints in its footer."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("documents", sa.Column("code", sa.String(length=14), nullable=True))
    op.create_index(op.f("ix_documents_code"), "documents", ["code"], unique=True)
