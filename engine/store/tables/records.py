"""Business records: one row each with all its versions, and links from need to effect."""

import sqlalchemy as sa

from engine.store.tables.base import metadata
from engine.store.types import Instant, Json

record = sa.Table(
    "record",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("instance_id", sa.Integer, sa.ForeignKey("instance.id"), nullable=False),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("type", sa.String(64), nullable=False),
    sa.Column("plan_year", sa.Integer, nullable=False),
    sa.Column("state", sa.String(64)),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("values", Json, nullable=False),
    sa.Column("task_id", sa.Integer, sa.ForeignKey("user_task.id")),
    sa.Column("position_id", sa.String(64)),
    sa.Column("unit_id", sa.String(64)),
    sa.Column("unit_name", sa.String(200)),
    sa.Column("created_by", sa.String(64)),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("ix_record_instance_type", "instance_id", "type", "id"),
    sa.Index("ix_record_key_type_year", "key", "type", "plan_year"),
    sa.Index("ix_record_task", "task_id"),
)

record_version = sa.Table(
    "record_version",
    metadata,
    sa.Column("record_id", sa.Integer, sa.ForeignKey("record.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("state", sa.String(64)),
    sa.Column("values", Json, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("task_id", sa.Integer),
    sa.Column("by", sa.String(64)),
    sa.Column("at", Instant, nullable=False),
)

record_link = sa.Table(
    "record_link",
    metadata,
    sa.Column("from_id", sa.Integer, sa.ForeignKey("record.id"), primary_key=True),
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("to_id", sa.Integer, sa.ForeignKey("record.id"), primary_key=True, index=True),
)
