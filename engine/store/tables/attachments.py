"""Files that people attach to a task. What they hold stands in a table of its own, so that lists never read it."""

import sqlalchemy as sa

from engine.store.tables.base import metadata
from engine.store.types import Instant

attachment = sa.Table(
    "attachment",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("task_id", sa.Integer, sa.ForeignKey("user_task.id"), nullable=False, index=True),
    # Name and SHA-256 are personal values too: null when they were erased.
    sa.Column("name", sa.String(160)),
    sa.Column("sha256", sa.String(64)),
    sa.Column("commitment", sa.String(64), nullable=False, index=True),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("added_by", sa.String(64), sa.ForeignKey("person.id"), nullable=False),
    sa.Column("added_at", Instant, nullable=False),
    sa.Column("removed_by", sa.String(64), sa.ForeignKey("person.id")),
    sa.Column("removed_at", Instant),
    sa.CheckConstraint("(removed_by is null) = (removed_at is null)", name="removed"),
)

attachment_content = sa.Table(
    "attachment_content",
    metadata,
    sa.Column("attachment_id", sa.Integer, sa.ForeignKey("attachment.id"), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
