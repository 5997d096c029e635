"""What people ask for and somebody does beside the pages: a row with a lease, how far it has come, what came of it.

Nothing here touches an instance, so there is no history: like a draft, an errand is its asker's business, or that of
those who may do the same. Whoever works takes the oldest; the attempt is a fence. All instants are wall time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine.actor import Actor
from engine.errors import NotFound, NotPossible
from engine.store.database import Tx
from engine.store.tables import errand, person

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 2
UNDER_WAY = ("queued", "running")


@dataclass(frozen=True)
class Errand:
    """`state`: queued, running, done, failed. `percent`: how far.

    `problem`: too_long, stopped, stuck, fault, cancelled. `asker` is a name, `asked_at` and `ended_at` are UTC.
    """

    id: int
    person_id: str
    asker: str
    wanted: dict[str, Any]
    state: str
    percent: int
    asked_at: datetime
    ended_at: datetime | None
    expires_at: datetime
    problem: str | None
    detail: str | None
    result: dict[str, Any] | None = field(repr=False, default=None)

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY


@dataclass(frozen=True)
class Claimed:
    """An errand that this process does. `attempt` is a fence: who has lost the lease changes nothing."""

    id: int
    attempt: int
    wanted: dict[str, Any]


def queue(tx: Tx, kind: str, wanted: dict[str, Any], kept: timedelta, *, by: Actor) -> int:
    """A new one at the end of the line, thrown away `kept` after it was asked for."""
    return tx.insert(
        errand,
        kind=kind,
        person_id=by.person_id,
        wanted=wanted,
        state="queued",
        percent=0,
        attempts=0,
        asked_at=tx.recorded_at,
        expires_at=tx.recorded_at + kept,
    )


def newest(tx: Tx, kind: str, *, of: Actor | None = None, limit: int = 20) -> list[Errand]:
    """Newest first, without their results; only that person's with `of`."""
    columns = [column for column in errand.c if column.name != "result"]
    wanted = _there(tx, kind, of, *columns).order_by(errand.c.id.desc()).limit(limit)
    return [_told(row) for row in tx.rows(wanted)]


def under_way(tx: Tx, kind: str, *, of: Actor | None = None) -> int | None:
    """The id of one that waits or is being done, the newest; None when there is none."""
    found = _there(tx, kind, of, errand.c.id).where(errand.c.state.in_(UNDER_WAY)).order_by(errand.c.id.desc())
    row = tx.one(found.limit(1))
    return row.id if row is not None else None


def find(tx: Tx, kind: str, errand_id: int, *, of: Actor | None = None) -> Errand:
    """One with its result. Raises NotFound, also for somebody else's with `of` and one that has expired."""
    row = tx.one(_there(tx, kind, of, *errand.c).where(errand.c.id == errand_id))
    if row is None:
        raise NotFound(kind=kind)
    return _told(row)


def discard(tx: Tx, kind: str, errand_id: int, *, of: Actor) -> None:
    """Throw one away; if it is being done, whoever does it stops. Raises NotFound."""
    gone = errand.delete().where(errand.c.id == errand_id, errand.c.kind == kind, errand.c.person_id == of.person_id)
    if not tx.execute(gone).rowcount:
        raise NotFound(kind=kind)


def cancel(tx: Tx, kind: str, errand_id: int, reason: str, *, by: Actor) -> None:
    """End one and keep that it was asked for, who ended it and why; if it is being done, whoever does it stops.

    Raises NotFound, NotPossible (it is over).
    """
    find(tx, kind, errand_id)
    ended = {"ended_at": tx.recorded_at, "lease_until": None, "result": {"cancelled_by": by.person_id}}
    under_way = (errand.c.id == errand_id, errand.c.state.in_(UNDER_WAY))
    cancelled = errand.update().where(*under_way).values(state="failed", problem="cancelled", detail=reason, **ended)
    if not tx.execute(cancelled).rowcount:
        raise NotPossible(reason="errand_over")


def keep_newest(tx: Tx, kind: str, most: int, *, of: Actor | None = None) -> None:
    """Throw away all but the newest `most`."""
    wanted = sa.select(errand.c.id).where(errand.c.kind == kind, *_whose(of))
    older = [row.id for row in tx.rows(wanted.order_by(errand.c.id.desc()).offset(most))]
    tx.execute(errand.delete().where(errand.c.id.in_(older)))


def claim(tx: Tx, kind: str) -> Claimed | None:
    """The oldest that nobody does, for the length of the lease; those that have expired go. None: there is nothing."""
    tx.execute(errand.delete().where(errand.c.kind == kind, errand.c.expires_at <= tx.recorded_at))
    free = sa.or_(
        errand.c.state == "queued",
        sa.and_(errand.c.state == "running", errand.c.lease_until <= tx.recorded_at),
    )
    row = tx.one(sa.select(errand).where(errand.c.kind == kind, free).order_by(errand.c.id).limit(1))
    if row is None:
        return None
    claimed = Claimed(row.id, row.attempts, row.wanted)
    if row.attempts >= MOST_ATTEMPTS:
        fail(tx, claimed, "stopped")
        return None
    values = {"state": "running", "percent": 0, "attempts": row.attempts + 1}
    taken = _change(tx, claimed, **values, lease_until=tx.recorded_at + LEASE)
    return Claimed(row.id, row.attempts + 1, row.wanted) if taken else None


def waiting(tx: Tx, kind: str) -> bool:
    """Whether there is anything that `claim` might take: a look that writes nothing."""
    wanted = sa.select(errand.c.id).where(errand.c.kind == kind, errand.c.state.in_(UNDER_WAY))
    return tx.one(wanted.limit(1)) is not None


def report(tx: Tx, claimed: Claimed, percent: int) -> bool:
    """How far it has come; False when it was thrown away or taken over, so going on is in vain."""
    return _change(tx, claimed, percent=max(0, min(percent, 100)), lease_until=tx.recorded_at + LEASE)


def finish(tx: Tx, claimed: Claimed, result: dict[str, Any]) -> None:
    _change(tx, claimed, state="done", percent=100, result=result, ended_at=tx.recorded_at, lease_until=None)


def fail(tx: Tx, claimed: Claimed, problem: str, detail: str | None = None) -> None:
    """`problem` is a code (see Errand); `detail` what the process itself said, in Swedish."""
    said = detail[:500] if detail else None
    _change(tx, claimed, state="failed", problem=problem, detail=said, ended_at=tx.recorded_at, lease_until=None)


def give_back(tx: Tx, claimed: Claimed) -> None:
    """Somebody else may do it: this process is about to stop. The attempt does not count."""
    _change(tx, claimed, state="queued", percent=0, lease_until=None, attempts=claimed.attempt - 1)


def _change(tx: Tx, claimed: Claimed, **values: Any) -> bool:
    mine_still = (errand.c.id == claimed.id, errand.c.attempts == claimed.attempt, errand.c.state.in_(UNDER_WAY))
    return bool(tx.execute(errand.update().where(*mine_still).values(**values)).rowcount)


def _there(tx: Tx, kind: str, of: Actor | None, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    joined = errand.join(person, person.c.id == errand.c.person_id)
    wanted = sa.select(*columns, person.c.name.label("asker")).select_from(joined)
    return wanted.where(errand.c.kind == kind, errand.c.expires_at > tx.recorded_at, *_whose(of))


def _whose(of: Actor | None) -> tuple[sa.ColumnElement[bool], ...]:
    return (errand.c.person_id == of.person_id,) if of is not None else ()


def _told(row: sa.Row[Any]) -> Errand:
    return Errand(
        row.id,
        row.person_id,
        row.asker,
        row.wanted,
        row.state,
        row.percent,
        row.asked_at,
        row.ended_at,
        row.expires_at,
        row.problem,
        row.detail,
        getattr(row, "result", None),
    )
