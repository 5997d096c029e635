"""Deployed, frozen process definitions."""

import sqlalchemy as sa

from engine.store.tables.base import metadata
from engine.store.types import Instant

definition = sa.Table(
    "definition",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("package", sa.LargeBinary, nullable=False),
    sa.Column("deployed_at", Instant, nullable=False),
    sa.Column("deployed_by", sa.String(64)),
    sa.UniqueConstraint("key", "version"),
    sa.UniqueConstraint("key", "sha256"),
)
