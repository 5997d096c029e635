"""The same thing done with several tasks: what was chosen, and how far it has come, task by task."""

import sqlalchemy as sa

from engine.store.tables.base import metadata
from engine.store.types import Instant, Json

bulk = sa.Table(
    "bulk",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person_id", sa.String(64), sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("action", sa.String(16), nullable=False),
    sa.Column("left_out", sa.Integer, nullable=False),
    sa.Column("order", Json),
    sa.Column("created_at", Instant, nullable=False),
    sa.CheckConstraint("action in ('claim', 'release', 'hand_over', 'answer')", name="action"),
)

bulk_task = sa.Table(
    "bulk_task",
    metadata,
    sa.Column("bulk_id", sa.Integer, sa.ForeignKey("bulk.id"), primary_key=True),
    sa.Column("task_id", sa.Integer, sa.ForeignKey("user_task.id"), primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False, server_default="waiting"),
    sa.Column("code", sa.String(48)),
    sa.Column("params", Json),
    sa.CheckConstraint("state in ('waiting', 'done', 'refused')", name="state"),
)
