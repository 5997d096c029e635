"""13, 14: many at once, and the same request more than once."""

from __future__ import annotations

import random
from collections import Counter
from functools import partial

import sqlalchemy as sa
from torture import more
from torture.trial import Trial, wait
from torture.worker import Journal, Orders, Shifted, complete, holders, prepare

from arshjul.bench.site import NOW
from engine.errors import EngineError, KeyReused, TaskNotOpen
from engine.store.database import Database
from engine.store.tables import user_task

CLIENTS, CROWD, THRONG = 8, 24, 50
PACKAGES = 5
"""Of 170 plan years, each with thirteen tasks."""


def sent_twice(trial: Trial) -> int:
    """The same form with the same key from two processes at once, task after task in the same order; then each once
    more, with its key, with its key and another content, or from a page that was opened before."""
    more.begin(trial, linear=60, fan_outs=15)
    seed = trial.rng.randint(1, 10**9)
    for child in [trial.send(name="ett", seed=seed, same_order=True, poll=False, most=50) for _ in range(2)]:
        wait(child)
    asked = Counter(line["task"] for line in trial.noted("asked"))
    for task in asked.keys() - {line["task"] for line in trial.noted("answered")}:
        trial.broken(f"A: task {task} was asked for twice and answered to nobody")
    tasks = [line["task"] for line in trial.noted("answered")]
    trial.finish(partial(_send_again, sorted(set(tasks))), seed=seed)
    return sum(times >= 2 for times in asked.values()) + len(trial.noted("again"))


def _send_again(tasks: list[int], orders: Orders) -> None:
    """The answer that was given stands, and each sender hears so."""
    prepare(orders)
    rng, journal = random.Random(orders.seed), Journal(orders.journal)
    database = Database(orders.url, Shifted(NOW - NOW))
    for task in tasks:
        kind = rng.choice(("replay", "other content", "back"))
        key = f"back:{task}" if kind == "back" else f"{orders.name}:{task}"
        note = f"{orders.name} svarar på {task}" if kind == "replay" else "ett annat svar"
        journal.note(what="again", task=task, kind=kind)
        with database.page() as tx:
            row, by = tx.one(sa.select(user_task).where(user_task.c.id == task)), holders(tx, task, NOW)[0]
        assert row is not None
        try:
            receipt = complete(database, task, note, by=by, key=key, now=NOW)
            right = kind == "replay" and receipt.at == row.answered_at
        except EngineError as refusal:
            right = isinstance(refusal, {"other content": KeyReused, "back": TaskNotOpen}.get(kind, ()))
            right = right and (kind != "back" or refusal.params["by"] is not None)
        if not right:
            journal.note(what="broken", why=f"D: task {task}, sent again ({kind}), was not answered to as it should")
    database.dispose()


def many_clients(trial: Trial) -> int:
    """Eight clients answer what there is at once, each in its own order, with the pollers of two of them beside.

    The faults are the tasks that more than one of them asked for.
    """
    return _all_at_once(trial, CLIENTS)


def a_crowd(trial: Trial) -> int:
    """Twenty-four clients and some two hundred tasks."""
    more.begin(trial, linear=40, fan_outs=8)
    return _all_at_once(trial, CROWD)


def a_throng(trial: Trial) -> int:
    """Fifty clients and some eleven thousand tasks."""
    more.begin_packages(trial, PACKAGES)
    return _all_at_once(trial, THRONG)


def _all_at_once(trial: Trial, clients: int) -> int:
    for round_ in range(1, 4):
        children = [
            trial.send(name=f"klient {n}", round=round_, seed=trial.rng.randint(1, 10**9), poll=n < 2)
            for n in range(clients)
        ]
        for child in children:
            if wait(child) != 0:
                trial.broken("a client did not end well")
    return sum(times >= 2 for times in Counter(line["task"] for line in trial.noted("asked")).values())
