"""In which run of what runs several times a task is: until now there was none, since all runs shared their data."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("user_tasks", sa.Column("run", sa.Text(), nullable=True))
