"""More work than the template has: plan years begun, so that one set-up holds many faults."""

from __future__ import annotations

from functools import partial

from torture.place import FAN_OUT, LINEAR
from torture.trial import Trial
from torture.worker import Orders

from arshjul.bench import drawn
from arshjul.bench.site import NOW
from engine import deployments, process_instances
from engine.actor import SYSTEM
from engine.clock import SystemClock
from engine.store.database import Database

LINEAR_YEARS, FAN_OUT_YEARS = drawn.YEARS[3:], drawn.YEARS[1:]
"""Those that the template has not begun."""
REVISABLE = "torture_revisable"


def begin(trial: Trial, *, linear: int = 0, fan_outs: int = 0) -> None:
    """So many plan years of two tasks with a day between them, and of one task for each of twelve managers and one."""
    trial.finish(partial(_begin, years={LINEAR: LINEAR_YEARS[:linear], FAN_OUT: FAN_OUT_YEARS[:fan_outs]}))


def begin_packages(trial: Trial, number: int) -> list[str]:
    """So many packages of their own, each with every plan year of a fan-out; their keys."""
    keys = [f"{FAN_OUT}_{n}" for n in range(number)]
    trial.finish(partial(_begin, years=dict.fromkeys(keys, drawn.YEARS), new=True))
    return keys


def begin_revisable(trial: Trial, years: int) -> str:
    """A package whose fan-out waits for its last day, so that answers can be changed until then; its key."""
    trial.finish(partial(_begin_revisable, years=years))
    return REVISABLE


def answer_first(trial: Trial, key: str) -> None:
    """Every task that is open in the instances of that package is answered; nothing due is done."""
    trial.finish(only=key, poll=False, goes_on=False, most=10_000, name="först")


def _begin_revisable(orders: Orders, years: int) -> None:
    files = drawn.fan_out(REVISABLE)
    diagram = files[f"{REVISABLE}.bpmn"].replace(b'form="ask"', b'form="ask" completes="at-close"')
    database = Database(orders.url, SystemClock())
    with database.verb() as tx:
        deployments.deploy(tx, REVISABLE, {**files, f"{REVISABLE}.bpmn": diagram}, by=SYSTEM, now=NOW)
    for year in drawn.YEARS[:years]:
        with database.verb() as tx:
            process_instances.start_by_itself(tx, REVISABLE, year, now=NOW)
    database.dispose()


def _begin(orders: Orders, years: dict[str, range], *, new: bool = False) -> None:
    database = Database(orders.url, SystemClock())
    for key, plan_years in years.items():
        if new:
            with database.verb() as tx:
                deployments.deploy(tx, key, drawn.fan_out(key), by=SYSTEM, now=NOW)
        for year in plan_years:
            with database.verb() as tx:
                process_instances.start_by_itself(tx, key, year, now=NOW)
    database.dispose()
