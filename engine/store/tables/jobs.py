"""Jobs due at an instant, and the incidents of those that could not be done."""

import sqlalchemy as sa

from engine.store.tables.base import metadata, partial
from engine.store.types import Instant, Json

job = sa.Table(
    "job",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("instance_id", sa.Integer, sa.ForeignKey("instance.id"), index=True),
    sa.Column("activity_id", sa.Integer, sa.ForeignKey("activity.id"), index=True),
    sa.Column("task_id", sa.Integer, sa.ForeignKey("user_task.id")),
    sa.Column("token", sa.String(64)),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("not_before", Instant),
    sa.Column("state", sa.String(16), nullable=False, server_default="due"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("fence", sa.Integer, nullable=False, server_default="0"),
    sa.Column("lease_until", Instant),
    sa.Column("payload", Json, nullable=False),
    sa.Column("done_at", Instant),
    sa.Column("error", sa.Text),
    sa.CheckConstraint("state in ('due', 'done', 'cancelled', 'failed')", name="state"),
    partial("ix_job_task_id", "task_id", where="task_id is not null"),
    partial("ix_job_due", "due_at", "id", where="state = 'due'"),
)

incident = sa.Table(
    "incident",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("instance_id", sa.Integer, sa.ForeignKey("instance.id"), index=True),
    sa.Column("job_id", sa.Integer, sa.ForeignKey("job.id")),
    sa.Column("mail_id", sa.Integer, sa.ForeignKey("mail.id")),
    sa.Column("element_id", sa.String(120)),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False, server_default="open"),
    sa.Column("raised_at", Instant, nullable=False),
    sa.Column("resolved_at", Instant),
    sa.Column("resolved_by", sa.String(64)),
    sa.CheckConstraint("state in ('open', 'resolved')", name="state"),
    # One open incident of a kind for a place in the instance, or of those without a place for the instance.
    partial(
        "uq_incident_place",
        "instance_id",
        "kind",
        "element_id",
        where="state = 'open' and job_id is null",
        unique=True,
    ),
    partial(
        "uq_incident_alone",
        "instance_id",
        "kind",
        where="state = 'open' and job_id is null and element_id is null",
        unique=True,
    ),
)
