"""When an SOP starts a case next is reckoned from its model, not from a copy of its period."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    with op.batch_alter_table("schedules") as table:
        table.drop_column("every")
