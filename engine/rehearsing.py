"""Rehearsals that people ask for: what to play is a row, whoever works plays it, and the result is the asker's alone.

Nothing here touches an instance, so there is no history: like a draft, a rehearsal is somebody's own business. It is
kept a week of wall time. Leases and expiry are wall time throughout.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine import deployments, identity
from engine.actor import Actor
from engine.contexts import local_day
from engine.errors import Forbidden, InvalidInput, NotFound, NotPossible
from engine.identity.csv_export import export_csv
from engine.store.database import Tx
from engine.store.queries import outbox as mails
from engine.store.tables import definition, rehearsal

KEPT = timedelta(days=7)
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 2
MOST_KEPT = 5
FEWEST_MANAGERS, MOST_MANAGERS = 12, 2000
MOST_YEARS = 3
FIRST_YEAR, LAST_YEAR = 2003, 2190
IN_TIME = (100, 95, 90, 75, 50)
"""Shares of people who answer in time, in percent, that may be asked for."""


@dataclass(frozen=True)
class Wanted:
    """What is to be played. `managers`: of an invented region; None: the organisation as it is today."""

    key: str
    plan_year: int
    years: int = 1
    managers: int | None = None
    in_time: int = 90
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rehearsal:
    """`state`: queued, running, done, failed. `percent`: how far. `problem`: too_long, stopped, stuck, fault."""

    id: int
    wanted: Wanted
    state: str
    percent: int
    asked_at: datetime
    ended_at: datetime | None
    expires_at: datetime
    problem: str | None
    detail: str | None
    result: dict[str, Any] | None = field(repr=False, default=None)


@dataclass(frozen=True)
class Claimed:
    """A rehearsal that this process plays. `attempt` is a fence: who has lost the lease changes nothing."""

    id: int
    attempt: int
    wanted: Wanted


@dataclass(frozen=True)
class Stage:
    """What a rehearsal is played on: the package's files, the organisation without names, wishes about mails."""

    package: bytes
    organisation: dict[str, bytes]
    rhythms: dict[str, str]


def ask(tx: Tx, wanted: Wanted, *, by: Actor, now: datetime) -> int:
    """Queue a rehearsal. Raises Forbidden, InvalidInput (the field and why), NotPossible: one is under way already."""
    if by.person_id is None or "cockpit" not in identity.capabilities(tx, by.person_id, local_day(now)):
        raise Forbidden(action="ask", kind="rehearsal")
    _check(tx, wanted)
    mine = _mine(by)
    if tx.scalar(sa.select(sa.func.count()).where(*mine, rehearsal.c.state.in_(("queued", "running")))):
        raise NotPossible(reason="rehearsal_under_way")
    kept = tx.rows(sa.select(rehearsal.c.id).where(*mine).order_by(rehearsal.c.id.desc()).offset(MOST_KEPT - 1))
    tx.execute(rehearsal.delete().where(rehearsal.c.id.in_([row.id for row in kept])))
    return tx.insert(
        rehearsal,
        person_id=by.person_id,
        wanted=asdict(wanted),
        state="queued",
        percent=0,
        attempts=0,
        asked_at=tx.recorded_at,
        expires_at=tx.recorded_at + KEPT,
    )


def _check(tx: Tx, wanted: Wanted) -> None:
    if wanted.key not in deployments.deployed_keys(tx, by_year=True):
        raise InvalidInput(field="key", reason="unknown", value=wanted.key)
    package = deployments.latest(tx, wanted.key).package
    if package.start is None or package.start.at is None:
        raise InvalidInput(field="key", reason="starts_by_hand", value=wanted.key)
    if not FIRST_YEAR <= wanted.plan_year <= LAST_YEAR:
        raise InvalidInput(field="plan_year", reason="out_of_range", value=wanted.plan_year)
    if not 1 <= wanted.years <= MOST_YEARS:
        raise InvalidInput(field="years", reason="out_of_range", value=wanted.years)
    if wanted.managers is not None and not FEWEST_MANAGERS <= wanted.managers <= MOST_MANAGERS:
        raise InvalidInput(field="managers", reason="out_of_range", value=wanted.managers)
    if wanted.in_time not in IN_TIME:
        raise InvalidInput(field="in_time", reason="unknown", value=wanted.in_time)
    for name in wanted.assumed:
        if name not in package.assumptions:
            raise InvalidInput(field="assumed", reason="unknown", value=name)


def mine(tx: Tx, actor: Actor) -> list[Rehearsal]:
    """The actor's own, newest first, without their results."""
    columns = [column for column in rehearsal.c if column.name != "result"]
    return [_told(row) for row in tx.rows(sa.select(*columns).where(*_mine(actor)).order_by(rehearsal.c.id.desc()))]


def find(tx: Tx, rehearsal_id: int, actor: Actor) -> Rehearsal:
    """One with its result. Raises NotFound, also for somebody else's and one that has expired."""
    row = tx.one(
        sa.select(rehearsal).where(
            rehearsal.c.id == rehearsal_id, *_mine(actor), rehearsal.c.expires_at > tx.recorded_at
        )
    )
    if row is None:
        raise NotFound(kind="rehearsal")
    return _told(row)


def discard(tx: Tx, rehearsal_id: int, *, by: Actor) -> None:
    """Throw one away; if it is being played, whoever plays it stops. Raises NotFound."""
    if not tx.execute(rehearsal.delete().where(rehearsal.c.id == rehearsal_id, *_mine(by))).rowcount:
        raise NotFound(kind="rehearsal")


def claim(tx: Tx) -> Claimed | None:
    """The oldest that nobody plays, for the length of the lease; those that have expired go. None: there is nothing."""
    tx.execute(rehearsal.delete().where(rehearsal.c.expires_at <= tx.recorded_at))
    free = sa.or_(
        rehearsal.c.state == "queued",
        sa.and_(rehearsal.c.state == "running", rehearsal.c.lease_until <= tx.recorded_at),
    )
    row = tx.one(sa.select(rehearsal).where(free).order_by(rehearsal.c.id).limit(1))
    if row is None:
        return None
    claimed = Claimed(row.id, row.attempts, _wanted(row.wanted))
    if row.attempts >= MOST_ATTEMPTS:
        fail(tx, claimed, "stopped")
        return None
    values = {"state": "running", "percent": 0, "attempts": row.attempts + 1}
    taken = _change(tx, claimed, **values, lease_until=tx.recorded_at + LEASE)
    return Claimed(row.id, row.attempts + 1, claimed.wanted) if taken else None


def waiting(tx: Tx) -> bool:
    """Whether there is anything that `claim` might take: a look that writes nothing."""
    return tx.one(sa.select(rehearsal.c.id).where(rehearsal.c.state.in_(("queued", "running"))).limit(1)) is not None


def stage(tx: Tx, wanted: Wanted, today: date) -> Stage:
    """Everything that the play needs of this installation. People have no names or addresses there."""
    newest = deployments.latest(tx, wanted.key)
    package: bytes = tx.scalar(sa.select(definition.c.package).where(definition.c.id == newest.id))
    if wanted.managers is not None:
        return Stage(package, {}, {})
    exported = export_csv(tx, today)
    return Stage(package, exported.files, mails.rhythms(tx, sorted(exported.people)))


def report(tx: Tx, claimed: Claimed, percent: int) -> bool:
    """How far it has come; False when it was thrown away or taken over, so playing on is in vain."""
    return _change(tx, claimed, percent=max(0, min(percent, 100)), lease_until=tx.recorded_at + LEASE)


def finish(tx: Tx, claimed: Claimed, result: dict[str, Any]) -> None:
    _change(tx, claimed, state="done", percent=100, result=result, ended_at=tx.recorded_at, lease_until=None)


def fail(tx: Tx, claimed: Claimed, problem: str, detail: str | None = None) -> None:
    """`problem` is a code (see Rehearsal); `detail` what the process itself said, in Swedish."""
    said = detail[:500] if detail else None
    _change(tx, claimed, state="failed", problem=problem, detail=said, ended_at=tx.recorded_at, lease_until=None)


def give_back(tx: Tx, claimed: Claimed) -> None:
    """Somebody else may play it: this process is about to stop. The attempt does not count."""
    _change(tx, claimed, state="queued", percent=0, lease_until=None, attempts=claimed.attempt - 1)


def _change(tx: Tx, claimed: Claimed, **values: Any) -> bool:
    mine_still = (rehearsal.c.id == claimed.id, rehearsal.c.attempts == claimed.attempt)
    unended = rehearsal.c.state.in_(("queued", "running"))
    return bool(tx.execute(rehearsal.update().where(*mine_still, unended).values(**values)).rowcount)


def _mine(actor: Actor) -> tuple[sa.ColumnElement[bool]]:
    return (rehearsal.c.person_id == actor.person_id,)


def _wanted(values: dict[str, Any]) -> Wanted:
    return Wanted(**{**values, "assumed": tuple(values["assumed"])})


def _told(row: sa.Row[Any]) -> Rehearsal:
    return Rehearsal(
        row.id,
        _wanted(row.wanted),
        row.state,
        row.percent,
        row.asked_at,
        row.ended_at,
        row.expires_at,
        row.problem,
        row.detail,
        getattr(row, "result", None),
    )
