"""User tasks: one row for one piece of human work, what people have typed so far, and what they say about it."""

from typing import Any

import sqlalchemy as sa

from engine.store import triggers
from engine.store.tables.base import metadata, partial
from engine.store.types import Instant, Json

user_task = sa.Table(
    "user_task",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("instance_id", sa.Integer, sa.ForeignKey("instance.id"), nullable=False),
    sa.Column("activity_id", sa.Integer, sa.ForeignKey("activity.id")),
    sa.Column("element_id", sa.String(120), nullable=False),
    sa.Column("follow_on", sa.String(64)),
    # What a follow-on task is about. No foreign key: record points here, and a circle of keys cannot be ordered.
    sa.Column("record_id", sa.Integer),
    sa.Column("step", sa.String(64)),
    sa.Column("form", sa.String(120), nullable=False),
    sa.Column("title_sv", sa.String(300), nullable=False),
    sa.Column("title_en", sa.String(300), nullable=False),
    sa.Column("plan_year", sa.Integer, nullable=False),
    sa.Column("role", sa.String(64), nullable=False),
    sa.Column("position_id", sa.String(64), sa.ForeignKey("position.id"), nullable=False),
    sa.Column("unit_id", sa.String(64), sa.ForeignKey("unit.id"), nullable=False),
    sa.Column("unit_name", sa.String(200), nullable=False),
    sa.Column("vacant", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("assignee_id", sa.String(64), sa.ForeignKey("person.id")),
    sa.Column("handed_by", sa.String(64), sa.ForeignKey("person.id")),
    sa.Column("handed_reason", sa.Text),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("outcome", sa.String(16)),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("closes_at", Instant),
    sa.Column("answered_at", Instant),
    sa.Column("answered_by", sa.String(64), sa.ForeignKey("person.id")),
    sa.Column("ended_at", Instant),
    sa.Column("answer", Json),
    sa.Column("revision", sa.Integer, nullable=False, server_default="0"),
    sa.CheckConstraint("state in ('open', 'completed', 'closed', 'cancelled')", name="state"),
    sa.CheckConstraint("outcome in ('answered', 'harvested', 'no_answer', 'cancelled')", name="outcome"),
    partial("ix_user_task_open_position", "position_id", "due_at", "id", where="state = 'open'"),
    partial(
        "ix_user_task_open_assignee",
        "assignee_id",
        "due_at",
        "id",
        where="state = 'open' and assignee_id is not null",
    ),
    partial("ix_user_task_missed", "position_id", "ended_at", where="outcome = 'no_answer'"),
    partial("ix_user_task_answered", "answered_by", "answered_at", where="answered_by is not null"),
    partial("ix_user_task_handed", "assignee_id", where="handed_by is not null"),
    sa.Index("ix_user_task_activity", "activity_id", "state"),
    # Everything that the answering times are counted from, so that the wide rows are left alone.
    partial(
        "ix_user_task_answer_time", "activity_id", "due_at", "opened_at", "answered_at", where="answered_at is not null"
    ),
    sa.Index("ix_user_task_instance", "instance_id", "element_id", "state"),
    # One open follow-on task of a kind for a record, or of those without a record for the instance.
    partial(
        "uq_user_task_follow_on",
        "instance_id",
        "follow_on",
        "record_id",
        where="state = 'open' and follow_on is not null",
        unique=True,
    ),
    partial(
        "uq_user_task_follow_on_alone",
        "instance_id",
        "follow_on",
        where="state = 'open' and follow_on is not null and record_id is null",
        unique=True,
    ),
    sa.Index("uq_user_task_position_activity", "position_id", "activity_id", unique=True),
)

# What is open of processes with many instances, as it changes (`engine.store.open_work`).
open_work = sa.Table(
    "open_work",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("element_id", sa.String(120), nullable=False),
    sa.Column("role", sa.String(64), nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
)


@sa.event.listens_for(user_task, "after_create")
def _keep_counted(_table: sa.Table, connection: sa.Connection, **_options: Any) -> None:
    triggers.create_counts(connection)


draft = sa.Table(
    "draft",
    metadata,
    sa.Column("task_id", sa.Integer, sa.ForeignKey("user_task.id"), primary_key=True),
    sa.Column("person_id", sa.String(64), sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("data", Json, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("saved_at", Instant, nullable=False),
)

task_comment = sa.Table(
    "task_comment",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("task_id", sa.Integer, sa.ForeignKey("user_task.id"), nullable=False, index=True),
    sa.Column("author_id", sa.String(64), sa.ForeignKey("person.id"), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("written_at", Instant, nullable=False),
    sa.Column("withdrawn_at", Instant),
)

follow_up = sa.Table(
    "follow_up",
    metadata,
    sa.Column("person_id", sa.String(64), sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("task_id", sa.Integer, sa.ForeignKey("user_task.id"), primary_key=True, index=True),
    sa.Column("until", sa.Date, nullable=False),
)

saved_filter = sa.Table(
    "saved_filter",
    metadata,
    sa.Column("person_id", sa.String(64), sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("filters", Json, nullable=False),
)
