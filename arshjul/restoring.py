"""After a backup has become the database again: what it says is still to be sent may have left long ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine import mails
from engine.clock import Clock
from engine.store.database import Database
from engine.store.tables import audit_event
from notifications.dispatcher import dispatch


@dataclass(frozen=True)
class Restored:
    """`until`: wall time (UTC) of the newest event; what happened later is lost. `held`: mails kept from leaving."""

    until: datetime | None
    held: int


def take_over(database: Database, clock: Clock, public_url: str) -> Restored:
    """Write every mail that is due, and hold it and those that wait: nobody gets an old mail twice.

    Each becomes a technical fault, from where an operator can have it sent. Call it before anything else runs.
    """
    with database.page() as tx:
        until = tx.scalar(sa.select(sa.func.max(audit_event.c.recorded_at)))
    now = clock.now()
    while dispatch(database, None, now=now, wall=clock.wall(), public_url=public_url).composed:
        pass
    with database.verb() as tx:
        held = mails.hold(tx, "the database was restored from a backup, and this may have been sent since", now=now)
    return Restored(until, held)
