"""What people have asked to have done beside the pages: what it is, how far it has come, and what came of it."""

import sqlalchemy as sa

from engine.store.tables.base import metadata, partial
from engine.store.types import Instant, Json

errand = sa.Table(
    "errand",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("person_id", sa.String(64), sa.ForeignKey("person.id"), nullable=False),
    sa.Column("wanted", Json, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("percent", sa.Integer, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("lease_until", Instant),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("problem", sa.String(16)),
    sa.Column("detail", sa.Text),
    sa.Column("result", Json),
    sa.CheckConstraint("kind in ('rehearsal', 'verification')", name="kind"),
    sa.CheckConstraint("state in ('queued', 'running', 'done', 'failed')", name="state"),
    sa.Index("ix_errand_kind_person", "kind", "person_id", "id"),
    partial("ix_errand_waiting", "kind", "id", where="state in ('queued', 'running')"),
)
