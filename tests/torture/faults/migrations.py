"""11: a migrator is killed at any of its statements; two migrators begin at once."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from functools import cache
from typing import Any

import sqlalchemy as sa
from torture.place import Place
from torture.trial import Trial, wait
from torture.worker import Journal, Orders, forked

from engine.store import migrate
from engine.store.tables import metadata

MOST = 400
"""More statements than the migrations have; whoever is to be killed later than the last one simply ends."""
KILLS = 5


def killed(trial: Trial) -> int:
    """Five migrators after each other in the same database, each killed at a statement: the old schema or the new one,
    never one between. The next one ends what they did not."""
    with trial.place.empty() as url:
        deaths = 0
        for _ in range(KILLS):
            ended = trial.finish(_migrate, url=url, seed=trial.rng.randint(1, _statements(trial.place)))
            deaths += os.WIFSIGNALED(ended)
            _look(trial, url)
        trial.finish(_migrate, url=url, seed=0)
        _look(trial, url, whole=True)
    return deaths


def at_every_statement(trial: Trial) -> int:
    """A migrator is killed at its first statement, the next in the same database at its second, and so on."""
    with trial.place.empty() as url:
        deaths = 0
        for statement in range(1, _statements(trial.place) + 1):
            deaths += os.WIFSIGNALED(trial.finish(_migrate, url=url, seed=statement))
            _look(trial, url)
            if migrate.current(url) is not None:
                trial.place.begin_anew(url)
        trial.finish(_migrate, url=url, seed=0)
        _look(trial, url, whole=True)
    return deaths


def two_at_once(trial: Trial) -> int:
    """Both succeed, and the schema is there once."""
    with trial.place.empty() as url:
        for child in [trial.send(_migrate, url=url, seed=0) for _ in range(2)]:
            if wait(child) != 0:
                trial.broken("one of two migrators did not end well")
        _look(trial, url, whole=True)
    return 1


@cache
def _statements(place: Place) -> int:
    """How many there are, counted by a migrator that is let alone."""
    orders = Orders("", place.folder / "statements.journal", "ett", MOST, 0)
    with place.empty() as url:
        wait(forked(replace(orders, url=url), _migrate))
    return len(Journal(orders.journal).lines())


def _migrate(orders: Orders) -> None:
    """Killed after the statement whose number is the seed; 0: not at all."""
    journal = Journal(orders.journal)
    passed = 0
    whole = migrate._engine

    def engine(url: str) -> sa.Engine:
        made = whole(url)
        sa.event.listen(made, "after_cursor_execute", count)
        return made

    def count(*_rest: Any) -> None:
        nonlocal passed
        passed += 1
        if orders.seed == MOST:
            journal.note(what="statement")
        if passed == orders.seed:
            os.kill(os.getpid(), signal.SIGKILL)

    migrate._engine = engine
    migrate.upgrade(orders.url)


def _look(trial: Trial, url: str, *, whole: bool = False) -> None:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    found = set(sa.inspect(engine).get_table_names()) - {"alembic_version"}
    engine.dispose()
    revision = migrate.current(url)
    new = found == set(metadata.tables) and revision == migrate.head()
    old = not found and revision is None
    if not (new or (old and not whole)):
        trial.broken(f"a schema between: {len(found)} of {len(metadata.tables)} tables, revision {revision}")
