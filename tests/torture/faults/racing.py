"""13, 14, 15: many at once, the same request twice, two who want the same."""

from __future__ import annotations

from torture.place import FAN_OUT, LINEAR
from torture.trial import Trial, wait
from torture.worker import Orders

from arshjul.bench import drawn
from arshjul.bench.site import NOW
from engine import process_instances
from engine.clock import SystemClock
from engine.store.database import Database

CLIENTS, CROWD = 8, 24


def sent_twice(trial: Trial) -> int:
    """The same form with the same key from two processes at once, task after task in the same order."""
    return _both(trial, ("ett", "ett"))


def two_approvers(trial: Trial) -> int:
    """Two people's answers to the same task at once."""
    return _both(trial, ("ett", "två"))


def _both(trial: Trial, names: tuple[str, str]) -> int:
    seed = trial.rng.randint(1, 10**9)
    for child in [trial.send(name=name, seed=seed, same_order=True, poll=False) for name in names]:
        wait(child)
    asked = [line["task"] for line in trial.noted("asked")]
    return sum(asked.count(task) >= 2 for task in set(asked))


def many_clients(trial: Trial) -> int:
    """Eight clients answer what there is at once, each in its own order, with the pollers of two of them beside.

    The faults are the tasks that more than one of them asked for.
    """
    return _all_at_once(trial, CLIENTS)


def a_crowd(trial: Trial) -> int:
    """Twenty-four clients and some two hundred tasks."""
    trial.finish(_begin_more)
    return _all_at_once(trial, CROWD)


def _all_at_once(trial: Trial, clients: int) -> int:
    for round_ in range(1, 4):
        children = [
            trial.send(name=f"klient {n}", round=round_, seed=trial.rng.randint(1, 10**9), poll=n < 2)
            for n in range(clients)
        ]
        for child in children:
            if wait(child) != 0:
                trial.broken("a client did not end well")
    asked = [line["task"] for line in trial.noted("asked")]
    return sum(asked.count(task) >= 2 for task in set(asked))


def _begin_more(orders: Orders) -> None:
    """Forty plan years of two tasks, eight of one for each manager."""
    database = Database(orders.url, SystemClock())
    for key, years in ((LINEAR, drawn.YEARS[3:43]), (FAN_OUT, drawn.YEARS[1:9])):
        for year in years:
            with database.verb() as tx:
                process_instances.start_by_itself(tx, key, year, now=NOW)
    database.dispose()
