"""4, 6: the database stops again and again; the reply to COMMIT is lost."""

from __future__ import annotations

import random
import sqlite3
import time
from typing import Any

from support.lossy import wire
from torture import more
from torture.trial import Trial, is_running, wait
from torture.worker import Journal, Orders

from engine.store.database import Database

NAMES = ("ett", "två")
OFTEN = 0.15
LONGEST = 3.0
"""Seconds for which the database is away; now and then it is ten times as long."""


def stopped(trial: Trial) -> int:
    """PostgreSQL is stopped in the middle of two clients' work, softly or as by a crash, and started again; until they
    are done. Each client sends again what was not answered."""
    more.begin(trial, linear=20, fan_outs=20)
    children = _clients(trial)
    stops = 0
    while any(map(is_running, children)):
        time.sleep(trial.rng.uniform(0.5, 3))
        _away(trial, trial.rng.uniform(0, LONGEST) * (10 if trial.rng.random() < 0.05 else 1))
        stops += 1
    for child in children:
        wait(child)
    return stops if trial.noted("outage") else 0


def long_away(trial: Trial) -> int:
    """The same, once and for up to half a minute."""
    children = _clients(trial)
    time.sleep(trial.rng.uniform(0.2, 1))
    _away(trial, trial.rng.uniform(15, 30))
    for child in children:
        wait(child)
    return 1 if trial.noted("outage") else 0


def _clients(trial: Trial) -> list[int]:
    trial.place.keep_what_is_committed(trial.orders.url)
    return [trial.send(name=name, outlast=True, pause=0.01, seed=trial.rng.randint(1, 10**9)) for name in NAMES]


def _away(trial: Trial, seconds: float) -> None:
    server = trial.place.server
    assert server is not None
    server.stop(trial.rng.choice(("fast", "immediate")))
    time.sleep(seconds)
    server.start()


def reply_lost(trial: Trial) -> int:
    """What was committed is committed, and nobody was told. Sent again with its key it has the result that it had."""
    return _lost(trial)


def many_replies_lost(trial: Trial) -> int:
    """The same, for as long as several hundred answers take."""
    more.begin(trial, linear=30, fan_outs=12)
    return _lost(trial)


def _lost(trial: Trial) -> int:
    if trial.place.server is None:
        trial.finish(outlast=True, before=_lose_replies)
        return len(trial.noted("lost"))
    with wire(trial.orders.url, random.Random(trial.rng.random()), OFTEN) as lossy:
        trial.finish(outlast=True, url=lossy.url)
        return lossy.lost


def _lose_replies(database: Database, orders: Orders) -> None:
    """SQLite has no wire: the file is synced, and then the disk reports a fault."""
    rng = random.Random(orders.seed)
    whole = database.engine.dialect.do_commit

    def commit(connection: Any) -> None:
        whole(connection)
        if rng.random() < OFTEN:
            Journal(orders.journal).note(what="lost")
            raise sqlite3.OperationalError("disk I/O error")

    database.engine.dialect.do_commit = commit  # type: ignore[method-assign]
