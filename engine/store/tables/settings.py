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
)
