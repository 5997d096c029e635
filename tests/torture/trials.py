"""Trials: a fresh database, workers, a fault, a clean worker that recovers, and the invariants checked."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa
from torture import checking
from torture.worker import Journal, Orders, Points, forked

from arshjul.bench import drawn
from arshjul.bench.site import NOW, furnish
from engine import incidents
from engine.actor import SYSTEM
from engine.clock import SystemClock
from engine.job_executor import ATTEMPTS
from engine.store.database import Database

MANAGERS = 12
LINEAR, FAN_OUT = "torture_linear", "torture_fan_out"
PAUSE = (
    '<sequenceFlow id="f_step_1_pause" sourceRef="step_1" targetRef="pause"/><intermediateCatchEvent id="pause" '
    'name="Vänta"><timerEventDefinition><timeDate>P1D</timeDate></timerEventDefinition></intermediateCatchEvent>'
    '<sequenceFlow id="f_pause_step_2" sourceRef="pause" targetRef="step_2"/>'
)


@dataclass(frozen=True)
class Place:
    """Where trials run: a server's maintenance database, or None for SQLite files in the folder."""

    folder: Path
    server: str | None = None

    @property
    def kind(self) -> str:
        return "sqlite" if self.server is None else "postgresql"

    def prepare(self) -> None:
        """The template that every trial's database is a copy of, made in a process of its own."""
        if self.server is not None:
            self._on_server('CREATE DATABASE "torture_template"')
        url = f"sqlite:///{self.folder / 'template.db'}" if self.server is None else self._url("torture_template")
        child = forked(Orders(url, self.folder / "template.journal", "template", 0, 0), _furnish)
        if os.waitpid(child, 0)[1] != 0:
            raise RuntimeError((self.folder / "template.journal").read_text())

    def clear(self) -> None:
        if self.server is not None:
            self._on_server('DROP DATABASE "torture_template" WITH (FORCE)')

    @contextmanager
    def fresh(self) -> Iterator[str]:
        name = f"torture_{uuid4().hex}"
        if self.server is None:
            file = self.folder / f"{name}.db"
            shutil.copy(self.folder / "template.db", file)
            yield f"sqlite:///{file}"
            for left in self.folder.glob(f"{name}*"):
                left.unlink()
            return
        self._on_server(f'CREATE DATABASE "{name}" TEMPLATE "torture_template"')
        yield self._url(name)
        self._on_server(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _url(self, name: str) -> str:
        return sa.make_url(self.server or "").set(database=name).render_as_string(hide_password=False)

    def _on_server(self, statement: str) -> None:
        maintenance = sa.create_engine(self.server or "", isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with maintenance.connect() as connection:
            connection.execute(sa.text(statement))
        maintenance.dispose()


def _furnish(orders: Orders) -> None:
    linear = drawn.linear(LINEAR, 2)
    straight = b'<sequenceFlow id="f_step_1_step_2" sourceRef="step_1" targetRef="step_2"/>'
    linear[f"{LINEAR}.bpmn"] = linear[f"{LINEAR}.bpmn"].replace(straight, PAUSE.encode())
    packages = {LINEAR: linear, FAN_OUT: drawn.fan_out(FAN_OUT)}
    site = furnish(Database(orders.url, SystemClock()), None, packages, MANAGERS)
    for year in drawn.YEARS[:3]:
        site.start(LINEAR, year)
    site.start(FAN_OUT, drawn.YEARS[0])
    if site.database.engine.dialect.name == "sqlite":
        with site.database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
    site.database.dispose()


@dataclass(frozen=True)
class Outcome:
    """`faults`: how many were injected. `completions`: answers with success by the client's journal."""

    fault: str
    seed: int
    faults: int
    completions: int
    broken: list[str]

    @property
    def ok(self) -> bool:
        return not self.broken and self.faults > 0


Fault = Callable[[Orders, random.Random], int]


def run(place: Place, fault: str, seed: int, mutation: str | None = None) -> Outcome:
    """One trial. The seed decides all that the trial itself decides."""
    rng = random.Random(seed)
    with place.fresh() as url:
        journal = place.folder / f"{uuid4().hex}.journal"
        orders = Orders(url, journal, "ett", seed, 1, mutation=mutation)
        injected = FAULTS[fault](orders, rng)
        for round_ in range(10, 12):  # time passes: timers come due, leases have run out
            finished = _wait(forked(replace(orders, round=round_, seed=seed + round_)))
        lines = Journal(journal).lines()
        found = checking.broken(url, lines)
        if finished != 0:
            found.append("the worker that recovers did not end well")
        journal.unlink(missing_ok=True)
    return Outcome(fault, seed, injected, sum(line["what"] == "answered" for line in lines), found)


def _wait(child: int) -> int:
    return os.waitpid(child, 0)[1]


def _at_a_point(orders: Orders, rng: random.Random) -> int:
    """1: SIGKILL at a numbered point, in three workers after each other."""
    return _killed_at(orders, rng, lambda: Points(rng.randint(1, 700)))


def _after_a_commit(orders: Orders, rng: random.Random) -> int:
    """1: SIGKILL with something committed and nobody told, in three workers after each other."""
    return _killed_at(orders, rng, lambda: Points(rng.randint(1, 20), only="after commit"))


def _killed_at(orders: Orders, rng: random.Random, points: Callable[[], Points]) -> int:
    killed = 0
    for round_ in range(1, 4):
        child = forked(replace(orders, round=round_, points=points(), seed=rng.randint(1, 10**9)))
        killed += os.WIFSIGNALED(_wait(child))
    return killed


def _at_any_time(orders: Orders, rng: random.Random) -> int:
    """2: SIGKILL at random times, two workers at once, four times."""
    killed = 0
    for round_ in range(1, 5):
        names = ("ett", "två")
        children = [forked(replace(orders, name=name, round=round_, seed=rng.randint(1, 10**9))) for name in names]
        for child in children:
            time.sleep(rng.uniform(0.02, 0.5))
            os.kill(child, signal.SIGKILL)
        killed += sum(os.WIFSIGNALED(_wait(child)) for child in children)
    return killed


def _past_its_lease(orders: Orders, rng: random.Random) -> int:
    """3: a poller stopped between claiming a job and doing it; another does it; the first goes on."""
    first = replace(orders, round=2, points=Points(rng.randint(1, 20), signal.SIGSTOP, only="after commit"))
    stopped = forked(first)
    _, status = os.waitpid(stopped, os.WUNTRACED)
    if not os.WIFSTOPPED(status):
        return 0
    _wait(forked(replace(orders, name="två", round=3)))
    os.kill(stopped, signal.SIGCONT)
    _wait(stopped)
    return 1


def _sent_twice(orders: Orders, rng: random.Random) -> int:
    """14: the same form with the same key from two processes at once, task after task in the same order."""
    return _both(orders, ("ett", "ett"), rng)


def _two_approvers(orders: Orders, rng: random.Random) -> int:
    """15: two people's answers to the same task at once."""
    return _both(orders, ("ett", "två"), rng)


def _both(orders: Orders, names: tuple[str, str], rng: random.Random) -> int:
    seed = rng.randint(1, 10**9)
    pair = [replace(orders, name=name, seed=seed, same_order=True, poll=False) for name in names]
    for child in [forked(each) for each in pair]:
        _wait(child)
    asked = [line["task"] for line in Journal(orders.journal).lines() if line["what"] == "asked"]
    return sum(asked.count(task) >= 2 for task in set(asked))


def _poisoned_by_error(orders: Orders, _rng: random.Random) -> int:
    """17: timers that raise, then an operator who resolves what it led to."""
    return _poisoned(orders, "raise")


def _poisoned_to_death(orders: Orders, _rng: random.Random) -> int:
    """17: timers that kill their worker."""
    return _poisoned(orders, "kill")


def _poisoned(orders: Orders, how: str) -> int:
    """Each timer is tried a bounded number of times; afterwards each is an open technical fault, which is resolved."""
    journal = Journal(orders.journal)
    for round_ in range(1, 3 * ATTEMPTS + 4):
        _wait(forked(replace(orders, round=round_, poison=how)))
    tried = Counter(line["job"] for line in journal.lines() if line["what"] == "poisoned")
    for timer, times in tried.items():
        if times != ATTEMPTS:
            journal.note(what="crash", by="poison", why=f"job {timer} was tried {times} times, not {ATTEMPTS}")
    _wait(forked(replace(orders, name=",".join(map(str, tried))), _resolve))
    return sum(tried.values())


def _resolve(orders: Orders) -> None:
    """An operator resolves the fault of each poisoned job; there must be one for each."""
    database = Database(orders.url, SystemClock())
    with database.verb() as tx:
        faults = {fault.job_id: fault.id for fault in incidents.open_incidents(tx)}
        for timer in map(int, orders.name.split(",")):
            incidents.resolve(tx, faults[timer], reason="mended", by=SYSTEM, now=NOW)
    database.dispose()


FAULTS: dict[str, Fault] = {
    "1 killed at a numbered point": _at_a_point,
    "1 killed after a commit": _after_a_commit,
    "2 killed at any time": _at_any_time,
    "3 stopped past its lease": _past_its_lease,
    "14 sent twice": _sent_twice,
    "15 two approvers": _two_approvers,
    "17 timers that raise": _poisoned_by_error,
    "17 timers that kill": _poisoned_to_death,
}
