"""1, 2, 3: workers that are killed, or stopped for longer than their lease."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import count

from torture import more
from torture.place import LINEAR
from torture.trial import Trial, wait
from torture.worker import Orders, Points, Shifted, prepare

from arshjul.bench.site import NOW
from engine import job_executor
from engine.store.database import Database

NAMES = ("ett", "två")
POLLERS = 40
"""Each with a connection of its own."""


def at_a_point(trial: Trial) -> int:
    """SIGKILL at a numbered point, in three workers after each other."""
    return _killed(trial, lambda: Points(trial.rng.randint(1, 700)))


def after_a_commit(trial: Trial) -> int:
    """SIGKILL with something committed and nobody told, in three workers after each other."""
    return _killed(trial, lambda: Points(trial.rng.randint(1, 20), only="after commit"))


def _killed(trial: Trial, points: Callable[[], Points]) -> int:
    killed = 0
    for round_ in range(1, 4):
        killed += os.WIFSIGNALED(trial.finish(round=round_, points=points(), seed=trial.rng.randint(1, 10**9)))
    return killed


def at_any_time(trial: Trial) -> int:
    """SIGKILL at random times, two workers at once, again and again until all has been answered."""
    more.begin(trial, linear=60, fan_outs=60)
    killed = 0
    for round_ in count(1):
        seeds = [trial.rng.randint(1, 10**9) for _ in NAMES]
        children = [
            trial.send(name=name, round=round_, seed=seed, most=25) for name, seed in zip(NAMES, seeds, strict=True)
        ]
        for child in children:
            time.sleep(trial.rng.uniform(0.05, 0.5))
            os.kill(child, signal.SIGKILL)
        deaths = sum(os.WIFSIGNALED(wait(child)) for child in children)
        killed += deaths
        if deaths < len(children):
            return killed
    raise AssertionError


def past_their_leases(trial: Trial) -> int:
    """Pollers stopped between claiming a job and doing it, each another job; two more do all that is due at once, and
    the stopped ones go on: before that, in the middle of it, or afterwards."""
    more.begin(trial, linear=POLLERS + 5)
    more.answer_first(trial, LINEAR)
    stopped = [trial.send(_poll, round=2, points=_after_claim(trial)) for _ in range(POLLERS)]
    held = [child for child in stopped if os.WIFSTOPPED(os.waitpid(child, os.WUNTRACED)[1])]
    early, late = trial.rng.choice(((held, []), (held[::2], held[1::2]), ([], held)))
    others = [trial.send(name=name, round=3, most=0, goes_on=False) for name in NAMES]
    _go_on(early)
    for child in others:
        wait(child)
    _go_on(late)
    for child in held:
        wait(child)
    return len(held)


def _poll(orders: Orders) -> None:
    """Does what is due, in a worker that counts its commits from here."""
    prepare(orders)
    database = Database(orders.url, Shifted(timedelta(minutes=20 * orders.round)))
    orders.points.watch(database.engine)
    job_executor.tick(database, NOW + timedelta(days=2 * orders.round))
    database.dispose()


def _after_claim(trial: Trial) -> Points:
    """Of `tick`'s commits the first is of its reading, then each job is claimed and done."""
    return Points(2 * trial.rng.randint(1, 2), signal.SIGSTOP, only="after commit")


def _go_on(stopped: list[int]) -> None:
    for child in stopped:
        os.kill(child, signal.SIGCONT)
