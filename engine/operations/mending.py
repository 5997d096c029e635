"""Trying again what stopped after a technical fault: a job, or a mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import incidents
from engine.actor import Actor
from engine.errors import NotFound
from engine.operating import ensure_may_operate, why
from engine.operations.common import Preview, day_of, sentence
from engine.store.database import Tx
from engine.store.tables import incident, job
from engine.texts import Text

JOBS = {
    "open_activity": Text("att öppna ett steg", "opening a step"),
    "advance_activity": Text("att gå vidare när alla har svarat", "going on when all have answered"),
    "timer": Text("det som diagrammet säger om en viss dag", "what the diagram says of a certain day"),
    "start_instance": Text("att starta ett nytt planår", "starting a new plan year"),
    "reminder": Text("en påminnelse till dem som inte har svarat", "a reminder to those who have not answered"),
    "escalation": Text("en påminnelse till överordnad chef", "a reminder to the superior"),
    "overdue": Text("besked om att sista dagen har passerat", "word that the last day has passed"),
    "joiners": Text("att fråga dem som har kommit till", "asking those who have joined"),
}


def preview_retry(tx: Tx, incident_id: int, *, by: Actor, now: datetime) -> Preview:  # noqa: ARG001 - as all previews
    """Raises NotFound for a fault that is not open."""
    row = _row(tx, incident_id)
    if row is None or row.state != "open":
        raise NotFound(kind="incident")
    said = []
    if row.job_id is not None:
        stopped = tx.connection.execute(sa.select(job.c.kind, job.c.due_at).where(job.c.id == row.job_id)).one()
        said.append(
            sentence(
                "Det här görs om inom kort: {what}. Det skulle ha gjorts {day}.",
                "This is done again shortly: {what}. It should have been done on {day}.",
                what=JOBS.get(stopped.kind, Text(stopped.kind, stopped.kind)),
                day=day_of(stopped.due_at),
            )
        )
    if row.mail_id is not None:
        said.append(Text("Brevet skickas en gång till.", "The mail is sent once more."))
    if not said:
        said.append(
            Text("Felet markeras som åtgärdat. Inget görs om av sig självt.",
                 "The fault is marked as mended. Nothing is done again by itself.")
        )  # fmt: skip
    return Preview(tuple(said))


def retry(tx: Tx, incident_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """`incidents.resolve` for one who may operate, with a reason. Resolved already: no harm.

    Raises NotFound, Forbidden, InvalidInput.
    """
    ensure_may_operate(tx, by, now)
    reason, row = why(reason), _row(tx, incident_id)
    if row is None:
        raise NotFound(kind="incident")
    if row.state == "open":
        incidents.resolve(tx, incident_id, reason=reason, by=by, now=now)


def _row(tx: Tx, incident_id: int) -> sa.Row[Any] | None:
    return tx.one(sa.select(incident).where(incident.c.id == incident_id))
