"""Trying again what stopped after a technical fault: a job, or a mail, with values corrected that the diagram reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from engine import feel, history, incidents
from engine.actor import SYSTEM, Actor
from engine.errors import InvalidInput, NotFound
from engine.operating import ensure_may_operate, why
from engine.operations.common import Preview, day_of, ensure_active, sentence
from engine.running import Run, lock, look, save
from engine.store.database import Tx
from engine.store.queries import instances as instance_rows
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
    "batch": Text("nästa del av det som görs för många på en gång", "the next part of what is done for many at once"),
    "joiners": Text("att fråga dem som har kommit till", "asking those who have joined"),
    "message": Text("ett meddelande till en annan process", "a message to another process"),
    "receive_message": Text("ett meddelande från en annan process", "a message from another process"),
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


def values(tx: Tx, incident_id: int, *, now: datetime) -> Mapping[str, Any]:
    """What the diagram of the fault's instance reads, by name; empty for faults that have nothing to do with it."""
    row = _row(tx, incident_id)
    if row is None or row.instance_id is None or not row.kind.startswith("diagram_"):
        return {}
    return dict(look(tx, row.instance_id, by=SYSTEM, now=now).variables)


def retry(
    tx: Tx,
    incident_id: int,
    *,
    corrected: Mapping[str, str] = MappingProxyType({}),
    reason: str,
    by: Actor,
    now: datetime,
) -> None:
    """`incidents.resolve` for one who may operate, with a reason. Resolved already: no harm.

    `corrected`: new values of process variables, written in FEEL (`true`, `12`, `"text"`), set first.
    Raises NotFound, Forbidden, InvalidInput, NotPossible.
    """
    ensure_may_operate(tx, by, now)
    reason, row = why(reason), _row(tx, incident_id)
    if row is None:
        raise NotFound(kind="incident")
    if row.instance_id is not None:
        instance_rows.lock_state(tx, row.instance_id)
    state = tx.scalar(sa.select(incident.c.state).where(incident.c.id == incident_id).with_for_update(key_share=True))
    if state == "open":
        if corrected:
            _correct(tx, row, corrected, reason, by, now)
        incidents.resolve(tx, incident_id, reason=reason, by=by, now=now)


def _row(tx: Tx, incident_id: int) -> sa.Row[Any] | None:
    return tx.one(sa.select(incident).where(incident.c.id == incident_id))


def _correct(tx: Tx, row: sa.Row[Any], corrected: Mapping[str, str], reason: str, by: Actor, now: datetime) -> None:
    """Set values of the fault's instance; each change is noted with what it was."""
    if row.instance_id is None:
        raise NotFound(kind="instance")
    run = lock(tx, row.instance_id, by=by, now=now)
    ensure_active(run)
    for name, text in corrected.items():
        if name not in run.variables:
            raise InvalidInput(field="name", reason="no_such_variable", value=name[:120])
        value, old = _value(run, text), run.variables[name]
        run.execution.variables[name] = value
        was, is_now = (history.personal(tx, "variable", each) for each in (old, value))
        run.note(tx, "variable_corrected", {"variable": name, "old": was, "new": is_now, "reason": reason})
    save(tx, run)


def _value(run: Run, text: str) -> Any:
    """A truth value, number, text, or a list of such. Raises InvalidInput."""
    try:
        value = feel.evaluate(text, {}, now=run.now)
    except feel.FeelError as fault:
        raise InvalidInput(field="value", reason="not_a_value", value=text[:120]) from fault
    if not text.strip() or not _is_plain(value):
        raise InvalidInput(field="value", reason="not_a_value", value=text[:120])
    return value


def _is_plain(value: Any) -> bool:
    if isinstance(value, list):
        return all(_is_plain(item) for item in value)
    return value is None or isinstance(value, bool | int | float | str)
