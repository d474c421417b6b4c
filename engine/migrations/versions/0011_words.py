"""Cases are found by their words, from an index; until now every title, number and marked text was read."""

import sqlalchemy as sa
from alembic import op

from engine.db import insert_once
from engine.words import found_by

revision = "0011"
down_revision = "0010"

BATCH = 500


def upgrade() -> None:
    op.execute("CREATE TABLE marked AS SELECT instance_id, text FROM keywords")
    op.drop_table("keywords")
    table = op.create_table(
        "keywords",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("word", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_keywords_instance_id_instances")),
        sa.PrimaryKeyConstraint("instance_id", "word", name=op.f("pk_keywords")),
        comment="The words a case is found by: of its title, of its letters' numbers, of fields that a form marks.",
    )
    for texts in (
        "SELECT id, business_key FROM instances",
        "SELECT instance_id, number FROM documents",
        "SELECT instance_id, text FROM marked",
    ):
        for rows in op.get_bind().execute(sa.text(texts), execution_options={"yield_per": BATCH}).partitions():
            words = ({"instance_id": case, "word": word} for case, text in rows for word in found_by([text]))
            insert_once(op.get_bind(), table, *words)
    op.drop_table("marked")
    op.create_index(op.f("ix_keywords_word_instance_id"), "keywords", ["word", "instance_id"])
    op.drop_index("ix_instances_business_key_id", table_name="instances")
    op.drop_index("ix_participants_user", table_name="participants")
    op.create_index(op.f("ix_participants_user_instance_id"), "participants", ["user", "instance_id"])
    op.create_index(op.f("ix_user_tasks_name_instance_id"), "user_tasks", ["name", "instance_id"])
