"""Incidents: what the system could not do by itself and someone must look at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import history, mails
from engine.actor import SYSTEM, Actor
from engine.errors import NotFound
from engine.operating import ensure_may_operate, why
from engine.store.database import Tx
from engine.store.sql import insert
from engine.store.tables import activity, incident, job

_ADD = insert(
    incident,
    *("kind", "instance_id", "job_id", "element_id", "message", "raised_at"),
    otherwise="on conflict do nothing",
    returning="id",
)


def raise_incident(
    tx: Tx,
    *,
    kind: str,
    message: str,
    now: datetime,
    instance_id: int | None = None,
    job_id: int | None = None,
    element_id: str | None = None,
) -> int:
    """An open incident, noted in the instance's history. The same one open already is not raised twice."""
    place = {"kind": kind, "instance_id": instance_id, "job_id": job_id, "element_id": element_id}
    same = [incident.c[name] == value for name, value in place.items()]
    incident_id = None
    while incident_id is None:
        known = tx.scalar(sa.select(incident.c.id).where(incident.c.state == "open", *same))
        if known is not None:
            return int(known)
        added = tx.first(_ADD, **place, message=message[:2000], raised_at=now)  # None: another raises it just now
        incident_id = None if added is None else int(added.id)
    history.append(
        tx,
        type="incident_raised",
        chain=f"i:{instance_id}" if instance_id else "org",
        occurred_at=now,
        by=SYSTEM,
        instance_id=instance_id,
        element_id=element_id,
        body={"incident": incident_id, "kind": kind, "message": history.personal(tx, "fault", message[:500])},
    )
    return incident_id


def resolve(tx: Tx, incident_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """Close an incident and let its job or mail be tried again.

    Raises NotFound, Forbidden, InvalidInput (the reason).
    """
    ensure_may_operate(tx, by, now)
    reason = why(reason)
    row = tx.one(
        sa.select(incident)
        .where(incident.c.id == incident_id, incident.c.state == "open")
        .with_for_update(key_share=True)
    )
    if row is None:
        raise NotFound(kind="incident")
    tx.execute(
        incident.update()
        .where(incident.c.id == incident_id)
        .values(state="resolved", resolved_at=now, resolved_by=by.person_id)
    )
    if row.job_id is not None:
        tx.execute(
            job.update()
            .where(job.c.id == row.job_id, job.c.state == "failed")
            .values(state="due", attempts=0, not_before=None, lease_until=None)
        )
    if row.mail_id is not None:
        mails.send_again(tx, row.mail_id, tx.recorded_at)
    history.append(
        tx,
        type="incident_resolved",
        chain=f"i:{row.instance_id}" if row.instance_id else "org",
        occurred_at=now,
        by=by,
        instance_id=row.instance_id,
        element_id=row.element_id,
        body={"incident": incident_id, "reason": reason},
    )


def open_incidents(tx: Tx, instance_id: int | None = None) -> list[sa.Row[Any]]:
    """Open incidents, oldest first; of one instance or all."""
    query = sa.select(incident).where(incident.c.state == "open").order_by(incident.c.id)
    if instance_id is not None:
        query = query.where(incident.c.instance_id == instance_id)
    return tx.rows(query)


def places(tx: Tx, instance_id: int) -> set[str]:
    """The elements of the instance's diagram at which something could not be done: the fault's own, or its step's."""
    element_id = sa.func.coalesce(incident.c.element_id, activity.c.element_id).label("element_id")
    at_job = incident.outerjoin(job, job.c.id == incident.c.job_id)
    joined = at_job.outerjoin(activity, activity.c.id == job.c.activity_id)
    wanted = sa.select(element_id).select_from(joined)
    rows = tx.rows(wanted.where(incident.c.state == "open", incident.c.instance_id == instance_id))
    return {row.element_id for row in rows if row.element_id is not None}
