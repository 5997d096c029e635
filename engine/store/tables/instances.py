"""Process instances, the windows of their elements, and the activities that wait for people."""

import sqlalchemy as sa

from engine.store.tables.base import metadata, partial
from engine.store.types import Instant, Json

instance = sa.Table(
    "instance",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("definition_id", sa.Integer, sa.ForeignKey("definition.id"), nullable=False),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("business_key", sa.String(120), nullable=False),
    sa.Column("plan_year", sa.Integer, nullable=False, index=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("execution", sa.LargeBinary, nullable=False),
    sa.Column("variables", Json, nullable=False),
    sa.Column("windows", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False, server_default="0"),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("started_by", sa.String(64)),
    sa.Column("ended_at", Instant),
    # One of very many of its process: not known by the plan year alone.
    sa.Column("many", sa.Boolean, nullable=False, server_default=sa.false()),
    # A cancelled one makes room for another of the same key.
    partial("uq_instance_key_business_key", "key", "business_key", where="state <> 'cancelled'", unique=True),
    partial("ix_instance_cancelled", "key", "business_key", where="state = 'cancelled'"),
    # The processes of one kind among very many of another: what the pages of a plan year list and count.
    sa.Index("ix_instance_key_state", "key", "state", "plan_year"),
    # Those of a plan year, beside which the others are not looked at.
    sa.Index(
        "ix_instance_by_year",
        "plan_year",
        "key",
        sqlite_where=sa.text("many = 0"),
        postgresql_where=sa.text("not many"),
    ),
    sa.CheckConstraint("state in ('active', 'completed', 'suspended', 'cancelled', 'failed')", name="state"),
)

activity = sa.Table(
    "activity",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("instance_id", sa.Integer, sa.ForeignKey("instance.id"), nullable=False),
    sa.Column("element_id", sa.String(120), nullable=False),
    sa.Column("step", sa.String(64)),
    sa.Column("token", sa.String(64), nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("multi", sa.Boolean, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("opens_at", Instant),
    sa.Column("closes_at", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("reached_at", Instant, nullable=False),
    sa.Column("opened_at", Instant),
    sa.Column("ended_at", Instant),
    sa.UniqueConstraint("instance_id", "element_id", "round"),
    # The few that ask many: an ordinary step comes and goes without touching it.
    sa.Index("ix_activity_fan_out", "state", sqlite_where=sa.text("multi = 1"), postgresql_where=sa.text("multi")),
    sa.CheckConstraint("state in ('coming', 'open', 'completed', 'closed', 'cancelled')", name="state"),
)
