"""Work on very many instances at once: what it is, how far it has come, and what became of each of them."""

import sqlalchemy as sa

from engine.store.tables.base import metadata
from engine.store.types import Instant, Json

batch = sa.Table(
    "batch",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("definition_id", sa.Integer, sa.ForeignKey("definition.id"), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("done", sa.Integer, nullable=False, server_default="0"),
    sa.Column("failed", sa.Integer, nullable=False, server_default="0"),
    sa.Column("made_by", sa.String(64)),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.CheckConstraint("kind in ('start', 'migrate')", name="kind"),
    sa.CheckConstraint(
        "state in ('checking', 'prepared', 'running', 'paused', 'completed', 'cancelled')", name="state"
    ),
)

batch_item = sa.Table(
    "batch_item",
    metadata,
    sa.Column("batch_id", sa.Integer, sa.ForeignKey("batch.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("business_key", sa.String(200), nullable=False),
    sa.Column("payload", Json, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("error", Json),
    sa.Column("instance_id", sa.Integer, sa.ForeignKey("instance.id"), index=True),
    sa.CheckConstraint("state in ('unchecked', 'waiting', 'done', 'failed', 'cancelled')", name="state"),
    sa.Index("ix_batch_item_state", "batch_id", "state", "number"),
)
