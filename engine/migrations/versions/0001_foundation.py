"""The foundation's tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "acts",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_acts")),
        comment="Append-only: what people did outside cases, each act chained to the one before.",
    )
    op.create_index(op.f("ix_acts_subject"), "acts", ["subject"], unique=False)
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        comment="Failed sign-ins and other things that are limited per hour.",
    )
    op.create_index(op.f("ix_attempts_subject_at"), "attempts", ["subject", "at"], unique=False)
    op.create_table(
        "contents",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_contents")),
        comment="Deployed files, documents and uploads, by their digest.",
    )
    op.create_table(
        "definitions",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("lanes", sa.Text(), nullable=False),
        sa.Column("start_lane", sa.String(length=200), nullable=True),
        sa.Column("deployed_at", sa.String(27), nullable=False),
        sa.Column("deployed_by", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("key", "version", name=op.f("pk_definitions")),
        sa.UniqueConstraint("key", "digest", name=op.f("uq_definitions_key_digest")),
    )
    op.create_table(
        "drafts",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("path", sa.String(length=220), nullable=False),
        sa.Column("user", sa.String(length=120), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "path", "user", name=op.f("pk_drafts")),
        comment="What people typed and did not send yet; no part of the history.",
    )
    op.create_table(
        "idempotency",
        sa.Column("user", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("user", "key", name=op.f("pk_idempotency")),
    )
    op.create_table(
        "instances",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("definition_key", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition_digest", sa.String(length=64), nullable=False),
        sa.Column("business_key", sa.String(length=200), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("suspended", sa.Text(), nullable=True),
        sa.Column("started_at", sa.String(27), nullable=False),
        sa.Column("started_by", sa.String(length=120), nullable=False),
        sa.Column("ended_at", sa.String(27), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.String(27), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instances")),
    )
    op.create_index(
        op.f("ix_instances_definition_key_version"), "instances", ["definition_key", "version"], unique=False
    )
    op.create_index(op.f("ix_instances_business_key_id"), "instances", ["business_key", "id"], unique=False)
    op.create_index(op.f("ix_instances_status_started_at"), "instances", ["status", "started_at"], unique=False)
    op.create_table(
        "office",
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_office")),
        comment="Letterhead, codes, number masks and working time; the highest revision holds.",
    )
    op.create_table(
        "users",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("rank", sa.String(length=120), nullable=True),
        sa.Column("nip", sa.String(length=30), nullable=True),
        sa.Column("password", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("mail_preference", sa.String(length=10), server_default="each", nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_users")),
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=120), nullable=False),
        sa.Column("uploaded_at", sa.String(27), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_attachments_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index(op.f("ix_attachments_instance_id"), "attachments", ["instance_id"], unique=False)
    op.create_table(
        "credentials",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("user", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("expires_at", sa.String(27), nullable=True),
        sa.Column("ended_at", sa.String(27), nullable=True),
        sa.ForeignKeyConstraint(["user"], ["users.name"], name=op.f("fk_credentials_user")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_credentials")),
        comment="API tokens, sessions and one-time links; only their digests are kept.",
    )
    op.create_index(op.f("ix_credentials_user_kind"), "credentials", ["user", "kind"], unique=False)
    op.create_table(
        "documents",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("activity_id", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=200), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.String(27), nullable=False),
        sa.Column("signed_by", sa.Text(), nullable=False),
        sa.Column("signed_copies", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_documents_instance_id")),
        sa.PrimaryKeyConstraint("instance_id", "activity_id", "version", name=op.f("pk_documents")),
    )
    op.create_index(op.f("ix_documents_number"), "documents", ["number"], unique=False)
    op.create_index(op.f("ix_documents_sha256"), "documents", ["sha256"], unique=False)
    op.create_table(
        "history",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.String(length=200), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_history_instance_id")),
        sa.PrimaryKeyConstraint("instance_id", "seq", name=op.f("pk_history")),
        comment="Append-only: what people and services did, each entry chained to the one before.",
    )
    op.create_table(
        "memberships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.String(27), nullable=False),
        sa.Column("valid_to", sa.String(27), nullable=True),
        sa.Column("granted_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.name"], name=op.f("fk_memberships_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        comment="Lanes, positions and roles, from and to; ended, never deleted.",
    )
    op.create_index(op.f("ix_memberships_kind_value"), "memberships", ["kind", "value"], unique=False)
    op.create_index(op.f("ix_memberships_user"), "memberships", ["user"], unique=False)
    op.create_table(
        "numbers",
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("activity_id", sa.String(length=200), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("void", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_numbers_instance_id")),
        sa.PrimaryKeyConstraint("type", "year", "n", name=op.f("pk_numbers")),
        sa.UniqueConstraint("number", name=op.f("uq_numbers_number")),
        comment="The register: a number is given once; `note` tells what a paper one is for, `void` why one fell.",
    )
    op.create_table(
        "participants",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("user", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_participants_instance_id")),
        sa.PrimaryKeyConstraint("instance_id", "user", name=op.f("pk_participants")),
    )
    op.create_index(op.f("ix_participants_user"), "participants", ["user"], unique=False)
    op.create_table(
        "substitutes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("absent", sa.String(length=120), nullable=False),
        sa.Column("substitute", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("valid_from", sa.String(27), nullable=False),
        sa.Column("valid_to", sa.String(27), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_by", sa.String(length=120), nullable=False),
        sa.Column("granted_at", sa.String(27), nullable=False),
        sa.Column("ended_by", sa.String(length=120), nullable=True),
        sa.Column("ended_at", sa.String(27), nullable=True),
        sa.ForeignKeyConstraint(["absent"], ["users.name"], name=op.f("fk_substitutes_absent")),
        sa.ForeignKeyConstraint(["substitute"], ["users.name"], name=op.f("fk_substitutes_substitute")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitutes")),
        comment="Who stands in for whom (Plh., Plt.), from and to; ended, never deleted.",
    )
    op.create_index(op.f("ix_substitutes_absent"), "substitutes", ["absent"], unique=False)
    op.create_index(op.f("ix_substitutes_substitute"), "substitutes", ["substitute"], unique=False)
    op.create_table(
        "user_tasks",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("path", sa.String(length=220), nullable=False),
        sa.Column("activity_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lane", sa.String(length=200), nullable=False),
        sa.Column("position", sa.String(length=200), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("claimed_by", sa.String(length=120), nullable=True),
        sa.Column("claimed_at", sa.String(27), nullable=True),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("due_at", sa.String(27), nullable=True),
        sa.Column("ended_at", sa.String(27), nullable=True),
        sa.Column("ended_by", sa.String(length=120), nullable=True),
        sa.Column("ended_for", sa.String(length=120), nullable=True),
        sa.Column("separate_from", sa.Text(), nullable=True),
        sa.Column("delegated_to", sa.String(length=120), nullable=True),
        sa.Column("delegated_by", sa.String(length=120), nullable=True),
        sa.Column("delegated_as", sa.String(length=200), nullable=True),
        sa.Column("delegation_note", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_user_tasks_instance_id")),
        sa.PrimaryKeyConstraint("instance_id", "path", name=op.f("pk_user_tasks")),
    )
    op.create_index(op.f("ix_user_tasks_claimed_by_status"), "user_tasks", ["claimed_by", "status"], unique=False)
    op.create_index(op.f("ix_user_tasks_delegated_to_status"), "user_tasks", ["delegated_to", "status"], unique=False)
    op.create_index(
        "ix_user_tasks_ended",
        "user_tasks",
        ["ended_at"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_user_tasks_ended_by_ended_at"), "user_tasks", ["ended_by", "ended_at"], unique=False)
    op.create_index(
        "ix_user_tasks_open",
        "user_tasks",
        [
            "lane",
            "position",
            "due_at",
            "created_at",
            "status",
            "claimed_by",
            "delegated_to",
            "instance_id",
            "path",
            "ended_at",
        ],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(op.f("ix_user_tasks_status_lane_due_at"), "user_tasks", ["status", "lane", "due_at"], unique=False)
    op.create_table(
        "waits",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("path", sa.String(length=220), nullable=False),
        sa.Column("activity_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("correlation", sa.Text(), nullable=True),
        sa.Column("due_at", sa.String(27), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_waits_instance_id")),
        sa.PrimaryKeyConstraint("instance_id", "path", name=op.f("pk_waits")),
        comment="What cases wait for from outside now: moments, messages, signals, conditions.",
    )
    op.create_index(op.f("ix_waits_due_at"), "waits", ["due_at"], unique=False)
    op.create_index(op.f("ix_waits_kind_name"), "waits", ["kind", "name"], unique=False)
    op.create_table(
        "mails",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("user", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("try_at", sa.String(27), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.String(27), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["user"], ["users.name"], name=op.f("fk_mails_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        comment="E-mail to people; who sends one first moves `try_at` on, and clears it when it is done with.",
    )
    op.create_index(op.f("ix_mails_try_at"), "mails", ["try_at"], unique=False)
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("path", sa.String(length=220), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("user", sa.String(length=120), nullable=False),
        sa.Column("read_at", sa.String(27), nullable=True),
        sa.Column("mail_owed", sa.Boolean(), nullable=False),
        sa.Column("mail_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["instances.id"], name=op.f("fk_notices_instance_id")),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name=op.f("fk_notices_mail_id")),
        sa.ForeignKeyConstraint(["user"], ["users.name"], name=op.f("fk_notices_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint(
            "instance_id", "path", "kind", "at", "user", name=op.f("uq_notices_instance_id_path_kind_at_user")
        ),
        comment="What a person is told of a task or a failed step; `mail_owed` until it stands in a mail, or in none.",
    )
    op.create_index(op.f("ix_notices_user_read_at"), "notices", ["user", "read_at"], unique=False)
    op.create_index(op.f("ix_notices_mail_id"), "notices", ["mail_id"], unique=False)
    op.create_index(
        op.f("ix_notices_mail_owed"),
        "notices",
        ["id"],
        unique=False,
        sqlite_where=sa.text("mail_owed = 1"),
        postgresql_where=sa.text("mail_owed"),
    )
