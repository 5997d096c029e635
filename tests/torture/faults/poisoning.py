"""17: timers that raise, hang, or take their worker down with them."""

from __future__ import annotations

from collections import Counter

from torture import more
from torture.trial import Trial
from torture.worker import Orders

from arshjul.bench.site import NOW
from engine import incidents
from engine.actor import SYSTEM
from engine.clock import SystemClock
from engine.job_executor import ATTEMPTS
from engine.store.database import Database

OTHERS = 17
"""Timers beside the template's three."""


def by_error(trial: Trial) -> int:
    """Timers that raise."""
    return _poisoned(trial, "raise")


def to_death(trial: Trial) -> int:
    """Timers that kill their worker."""
    return _poisoned(trial, "kill")


def without_end(trial: Trial) -> int:
    """Timers that hang, each until it is interrupted."""
    return _poisoned(trial, "hang")


def _poisoned(trial: Trial, how: str) -> int:
    """How many timers were poisoned. Each is tried a bounded number of times; afterwards each is an open technical
    fault, which is resolved."""
    more.begin(trial, linear=OTHERS)
    rounds = ATTEMPTS * (OTHERS + 3) if how == "kill" else 3 * ATTEMPTS
    for round_ in range(1, rounds + 4):
        trial.finish(round=round_, poison=how)
    tried = Counter(line["job"] for line in trial.noted("poisoned"))
    for timer, times in tried.items():
        if times != ATTEMPTS:
            trial.broken(f"job {timer} was tried {times} times, not {ATTEMPTS}")
    trial.finish(_resolve, name=",".join(map(str, tried)))
    return len(tried)


def _resolve(orders: Orders) -> None:
    """An operator resolves the fault of each poisoned job; there must be one for each."""
    database = Database(orders.url, SystemClock())
    with database.verb() as tx:
        faults = {fault.job_id: fault.id for fault in incidents.open_incidents(tx)}
        for timer in map(int, orders.name.split(",")):
            incidents.resolve(tx, faults[timer], reason="mended", by=SYSTEM, now=NOW)
    database.dispose()
