"""The audit chain: append-only events, one chain per instance and per fan-out row, folded into checkpoints."""

from typing import Any

import sqlalchemy as sa

from engine.store import triggers
from engine.store.tables.base import metadata
from engine.store.types import Instant

audit_event = sa.Table(
    "audit_event",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("chain", sa.String(80), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("prev", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("type", sa.String(48), nullable=False),
    sa.Column("instance_id", sa.Integer),
    sa.Column("task_id", sa.Integer),
    sa.Column("element_id", sa.String(120)),
    sa.Column("actor", sa.String(64)),
    sa.Column("occurred_at", Instant, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.UniqueConstraint("chain", "seq"),
    sa.Index("ix_audit_event_instance", "instance_id", "id"),
)


@sa.event.listens_for(audit_event, "after_create")
def _refuse_changes(_table: sa.Table, connection: sa.Connection, **_options: Any) -> None:
    triggers.create(connection)


# What events are searched by, written by the database from the events (`engine.store.terms`).
audit_term = sa.Table(
    "audit_term",
    metadata,
    sa.Column("kind", sa.String(8), primary_key=True),
    sa.Column("value", sa.Text, primary_key=True),
    sa.Column("event_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("type", sa.String(48), primary_key=True),
    sqlite_with_rowid=False,
)

chain_head = sa.Table(
    "chain_head",
    metadata,
    sa.Column("chain", sa.String(80), primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sqlite_with_rowid=False,
)

checkpoint = sa.Table(
    "checkpoint",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("events", sa.Integer, nullable=False),
    sa.Column("last_event_id", sa.Integer, nullable=False),
    sa.Column("root", sa.String(64), nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("taken_at", Instant, nullable=False),
)

personal_value = sa.Table(
    "personal_value",
    metadata,
    sa.Column("commitment", sa.String(64), primary_key=True),
    sa.Column("field", sa.String(120), nullable=False),
    sa.Column("salt", sa.String(64)),
    sa.Column("value", sa.Text),
    sa.Column("erased_at", Instant),
    sa.Column("decision", sa.String(200)),
    sa.Column("left", sa.String(64)),
    sqlite_with_rowid=False,
)

access_log = sa.Table(
    "access_log",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Instant, nullable=False, index=True),
    sa.Column("person_id", sa.String(64)),
    sa.Column("action", sa.String(48), nullable=False),
    sa.Column("target", sa.String(300), nullable=False),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("address", sa.String(64)),
    sa.Index("ix_access_log_person_id", "person_id", "id"),
)
