"""16: what is saved of an instance is damaged. It gets a technical fault; the others go on as if nothing were."""

from __future__ import annotations

import random

import sqlalchemy as sa
from torture import more
from torture.place import LINEAR
from torture.trial import Trial
from torture.worker import Orders

from arshjul.bench.site import NOW
from engine import cycles, incidents
from engine.actor import SYSTEM
from engine.clock import SystemClock
from engine.store.database import Database, Tx
from engine.store.tables import instance, user_task


def many_rows(trial: Trial) -> int:
    """Half of many instances' rows are damaged, each in one of three ways, before they are next loaded; later their
    bytes are put back."""
    more.begin(trial, linear=80)
    trial.finish(round=1, most=40, only=LINEAR, goes_on=False, seed=trial.rng.randint(1, 10**9))
    return _damage(trial, 40)


def one_row(trial: Trial) -> int:
    """One instance's row is."""
    trial.finish(round=1, most=2, goes_on=False, seed=trial.rng.randint(1, 10**9))
    return _damage(trial, 1)


def _damage(trial: Trial, number: int) -> int:
    database = Database(trial.orders.url, SystemClock())
    with database.verb() as tx:
        found = tx.rows(sa.select(instance).where(instance.c.key == LINEAR, instance.c.state == "active"))
        hurt = {row.id: row.execution for row in trial.rng.sample(sorted(found, key=lambda row: row.id), number)}
        for instance_id, execution in hurt.items():
            _write(tx, instance_id, damaged(execution, trial.rng))
    database.dispose()
    for round_ in range(2, 10):
        trial.finish(round=round_, most=1000, goes_on=False, seed=trial.rng.randint(1, 10**9))
    with database.verb() as tx:
        _look(trial, tx, set(hurt))
        for instance_id, execution in hurt.items():
            _write(tx, instance_id, execution)
    database.dispose()
    trial.finish(_resolve)
    return number


def damaged(whole: bytes, rng: random.Random) -> bytes:
    """A bit flipped, in the variables or anywhere, an end missing, or the mark of another version."""
    how = rng.choice(("bit", "variables", "end", "version"))
    if how == "end":
        return whole[: rng.randrange(len(whole))]
    if how == "version":
        return whole.replace(b" 2 ", b" %d " % rng.choice((1, 3, 9)), 1)
    first = whole.index(b'"variables":') if how == "variables" else 0
    at = rng.randrange(first, len(whole))
    return whole[:at] + bytes([whole[at] ^ 1 << rng.randrange(8)]) + whole[at + 1 :]


def _write(tx: Tx, instance_id: int, execution: bytes) -> None:
    tx.execute(instance.update().where(instance.c.id == instance_id).values(execution=execution))


def _look(trial: Trial, tx: Tx, hurt: set[int]) -> None:
    """Faults of the damaged instances and of no other; nothing of them moved; everyone else is done; pages are read."""
    faults = {fault.instance_id for fault in incidents.open_incidents(tx)}
    if faults != hurt:
        trial.broken(
            f"L: {faults - hurt} have technical faults and are whole; {hurt - faults} are damaged and have none"
        )
    open_tasks = {row.instance_id for row in tx.rows(sa.select(user_task).where(user_task.c.state == "open"))}
    if open_tasks - hurt:
        trial.broken(f"L: {open_tasks - hurt} stand still beside the damaged")
    others = {row.id for row in tx.rows(sa.select(instance.c.id).where(instance.c.state != "completed"))} - hurt
    if others:
        trial.broken(f"L: {others} were not finished beside the damaged")
    if len(cycles.overview(tx, NOW)) < 1:
        trial.broken("L: the damaged instances are not shown any more")


def _resolve(orders: Orders) -> None:
    """Their bytes are back; an operator resolves every fault."""
    database = Database(orders.url, SystemClock())
    with database.verb() as tx:
        for fault in incidents.open_incidents(tx):
            incidents.resolve(tx, fault.id, reason="restored", by=SYSTEM, now=NOW)
    database.dispose()
