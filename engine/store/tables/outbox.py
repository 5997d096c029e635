"""What someone is to be told (written with the change that caused it), and the mails that carry it."""

import sqlalchemy as sa

from engine.store.tables.base import metadata, partial
from engine.store.types import Instant, Json

outbox_message = sa.Table(
    "outbox_message",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("event_key", sa.String(120), nullable=False),
    sa.Column("person_id", sa.String(64), sa.ForeignKey("person.id"), nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("instance_id", sa.Integer, sa.ForeignKey("instance.id")),
    sa.Column("task_id", sa.Integer, sa.ForeignKey("user_task.id")),
    sa.Column("content", Json, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("send_at", Instant, nullable=False),
    sa.Column("mail_id", sa.Integer, sa.ForeignKey("mail.id")),
    sa.UniqueConstraint("event_key", "person_id"),
    partial("ix_outbox_message_mail_id", "mail_id", where="mail_id is not null"),
    partial("ix_outbox_message_unsent", "send_at", "id", where="mail_id is null"),
)

mail = sa.Table(
    "mail",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person_id", sa.String(64), sa.ForeignKey("person.id"), nullable=False),
    sa.Column("address", sa.String(254), nullable=False),
    sa.Column("message_id", sa.String(200), nullable=False, unique=True),
    sa.Column("subject", sa.String(300), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("html", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("not_before", Instant, nullable=False),
    sa.Column("lease_until", Instant),
    sa.Column("composed_at", Instant, nullable=False),
    sa.Column("sent_at", Instant),
    sa.Column("error", sa.Text),
    sa.CheckConstraint("state in ('queued', 'sent', 'failed', 'undeliverable')", name="state"),
    partial("ix_mail_queued", "not_before", "id", where="state = 'queued'"),
)

mail_preference = sa.Table(
    "mail_preference",
    metadata,
    sa.Column("person_id", sa.String(64), sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("rhythm", sa.String(8), nullable=False),
    sa.CheckConstraint("rhythm in ('at_once', 'daily', 'weekly')", name="rhythm"),
)
