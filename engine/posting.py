"""A thrown message as a job in the thrower's own transaction, and those kept for later woken when somebody waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from engine import jobs
from engine.running import Run
from engine.store.database import Tx
from engine.store.queries import jobs as rows
from engine.store.tables import job

KEPT = datetime(9000, 1, 1, tzinfo=UTC)
"""When a message is due that nobody waits for yet: never, until somebody does."""


def post(tx: Tx, run: Run, thrown: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """One job for each message thrown. It finds its receiver in a transaction of its own (`correlation.route`)."""
    for name, variables in thrown:
        payload = letter(run, name, sender=run.id, variables=variables)
        jobs.add(tx, "message", None, due_at=run.now, token=mark(name, run.business_key), payload=payload)


def letter(run: Run, name: str, *, sender: int | None, variables: Mapping[str, Any]) -> dict[str, Any]:
    """A message of this instance, with the plain values that may be columns of a process that it starts."""
    return {
        "message": name,
        "business_key": run.business_key,
        "plan_year": run.plan_year,
        "sender": sender,
        "variables": {key: v for key, v in variables.items() if isinstance(v, bool | int | float | str)},
    }


def wake(tx: Tx, run: Run, names: Iterable[str]) -> None:
    """The instance waits for these messages now: those kept for its business key look for their receiver again."""
    marks = {mark(name, run.business_key) for name in names}
    if marks:
        rows.wake(tx, sorted(marks), KEPT, run.now)


def pass_on(tx: Tx, run: Run) -> None:
    """The instance ends before it heard what others have sent it: that looks for its receiver again.

    An event that a person sent to this one instance goes with it.
    """
    line = sa.and_(job.c.instance_id == run.id, job.c.kind == "receive_message", job.c.state == "due")
    for row in tx.rows(sa.select(job).where(line).order_by(job.c.id)):
        if row.payload["sender"] is not None:
            jobs.add(tx, "message", None, due_at=run.now, token=row.token, payload=row.payload)


def mark(name: str, business_key: str) -> str:
    """What is written on the job of a message to find it by; that two may have the same does no harm."""
    return f"{name}:{business_key}"[:64]


def keep(tx: Tx, row: sa.Row[Any]) -> None:
    """The message of a job that has been done waits for somebody who waits."""
    jobs.add(tx, "message", None, due_at=KEPT, token=row.token, payload=row.payload)
