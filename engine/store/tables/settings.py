"""Small facts about the installation, and the keys that make a repeated request harmless."""

import sqlalchemy as sa

from engine.store.tables.base import metadata
from engine.store.types import Instant, Json

setting = sa.Table(
    "setting",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", Json, nullable=False),
)

idempotency_key = sa.Table(
    "idempotency_key",
    metadata,
    sa.Column("key", sa.String(120), primary_key=True),
    sa.Column("person_id", sa.String(64), primary_key=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("result", Json, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

calendar_feed = sa.Table(
    "calendar_feed",
    metadata,
    sa.Column("person_id", sa.String(64), sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("created_at", Instant, nullable=False),
)

wheel_link = sa.Table(
    "wheel_link",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("label", sa.String(120), nullable=False),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("made_by", sa.String(64), sa.ForeignKey("person.id"), nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("revoked_at", Instant),
)
