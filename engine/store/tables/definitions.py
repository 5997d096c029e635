"""Deployed, frozen process definitions, and packages that somebody has sent in and not yet deployed."""

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
    sa.Column("reason", sa.Text),
    sa.UniqueConstraint("key", "version"),
    sa.UniqueConstraint("key", "sha256"),
)

staged_package = sa.Table(
    "staged_package",
    metadata,
    sa.Column("person_id", sa.String(64), sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("base_id", sa.Integer, sa.ForeignKey("definition.id")),
    sa.Column("file_name", sa.String(120), nullable=False),
    sa.Column("package", sa.LargeBinary, nullable=False),
    sa.Column("staged_at", Instant, nullable=False),
)
