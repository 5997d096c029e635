"""Rehearsing: whole cycles of a process, one after the other and overlapping, in a database that is thrown away."""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from arshjul.peopling import as_csv
from arshjul.player import Behaviour, Player, Script, Stuck
from arshjul.region import invent
from engine import cycles, deployments, history, identity, playing
from engine.actor import SYSTEM
from engine.clock import STOCKHOLM, SimulatedClock
from engine.rules import calendar
from engine.store.database import Database, Tx
from engine.store.queries import outbox
from engine.store.tables import metadata

LONGEST = timedelta(days=4 * 366)
"""An instance that still lives so long after its start is stuck; the annual cycle takes 27 months."""


@dataclass(frozen=True)
class Stage:
    """What is played on: a process and its files, the files of an organisation, people's wishes about mails."""

    key: str
    files: Mapping[str, bytes]
    organisation: Mapping[str, bytes]
    rhythms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """`opens` and `closes`: the window; `opened_at`, `completed_at`: what happened. All in Swedish civil time."""

    id: str
    opens: str | None
    closes: str
    opened_at: str | None
    completed_at: str | None
    tasks: int
    answered: int
    late: bool


@dataclass(frozen=True)
class RehearsedCycle:
    plan_year: int
    state: str
    steps: list[Step]


@dataclass(frozen=True)
class Month:
    """One month's work: tasks that came, answers given, messages sent."""

    month: str
    opened: int
    answered: int
    messages: int


@dataclass(frozen=True)
class Report:
    """What a rehearsal found. `seconds` is real time."""

    cycles: list[RehearsedCycle]
    months: list[Month]
    events: int
    messages: int
    max_live_cycles: int
    seconds: float
    verified: bool

    @property
    def stuck(self) -> list[int]:
        """Plan years whose instance did not end."""
        return [cycle.plan_year for cycle in self.cycles if cycle.state != "completed"]

    def as_json(self) -> dict[str, object]:
        return {
            "cycles": [asdict(cycle) for cycle in self.cycles],
            "events": self.events,
            "messages": self.messages,
            "max_live_cycles": self.max_live_cycles,
            "seconds": round(self.seconds, 1),
        }


def rehearse(
    package: Path,
    plan_year: int,
    *,
    years: int = 1,
    managers: int = 90,
    seed: int = 1,
    progress: Callable[[float], None] | None = None,
) -> Report:
    """Play the cycles of `plan_year` and the years after it. `progress` gets the share of time played, 0 to 1.

    Raises Stuck when a form refuses its own example; PackageRefused.
    """
    began = time.monotonic()
    stage = Stage(package.name, deployments.read_folder(package), as_csv(invent(managers)))
    with played(stage, plan_year, years=years, seed=seed, progress=progress) as (database, now), database.page() as tx:
        return _report(tx, package.name, now, began)


@contextmanager
def played(
    stage: Stage,
    plan_year: int,
    *,
    years: int = 1,
    seed: int = 1,
    behaviour: Behaviour | None = None,
    script: Script | None = None,
    mailed: Callable[[Database, datetime], None] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Iterator[tuple[Database, datetime]]:
    """A database in memory in which the cycles have been played, and the instant at which they were over.

    `mailed` is called whenever mails may be due. Raises Stuck when a form refuses its own example; PackageRefused.
    """
    clock = SimulatedClock(datetime(plan_year - 3, 1, 1, tzinfo=STOCKHOLM))
    database = Database("sqlite://", clock, volatile=True)
    try:
        with _seldom_collecting():
            player = _prepare(database, clock, stage, range(plan_year, plan_year + years), seed)
            player.behaviour, player.script = behaviour or Behaviour(), script
            first, last_start = player.starts[0][0], player.starts[-1][0]
            expected_end = last_start + timedelta(days=27 * 30.5)

            def after(now: datetime) -> None:
                if mailed is not None:
                    mailed(database, now)
                if progress is not None:
                    progress(min(1.0, (now - first) / (expected_end - first)))

            player.after = after
            player.wake = playing.next_send if mailed is not None else None
            player.play(last_start + LONGEST, done=lambda: _all_ended(database, stage.key, years))
        yield database, clock.now()
    finally:
        database.dispose()


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Nearly everything here dies by reference count; looking for cycles as often as by default costs a tenth."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _prepare(database: Database, clock: SimulatedClock, stage: Stage, plan_years: Iterable[int], seed: int) -> Player:
    metadata.create_all(database.engine)
    with database.verb() as tx:
        deployed = deployments.deploy(tx, stage.key, stage.files, by=SYSTEM, now=clock.now())
        identity.import_csv(tx, stage.organisation, by=SYSTEM, now=clock.now())
        for person, rhythm in stage.rhythms.items():
            outbox.set_rhythm(tx, person, rhythm)
    starts = deployed.package.start
    if starts is None or starts.at is None:
        raise Stuck(f"{stage.key} startar inte av sig självt, så det finns ingen dag att börja repetera på.")
    days = [(calendar.resolve(starts.at, plan_year=year, edge="opens"), stage.key, year) for year in plan_years]
    return Player(database, clock, seed=seed, starts=days)


def _all_ended(database: Database, key: str, expected: int) -> bool:
    with database.page() as tx:
        found = playing.lived(tx, key)
    return len(found) == expected and all(cycle.state != "active" for cycle in found)


def _report(tx: Tx, key: str, now: datetime, began: float) -> Report:
    lived = playing.lived(tx, key)
    messages = playing.messages(tx)
    verified = history.verify(tx).ok
    return Report(
        cycles=[_cycle(cycles.cycle(tx, found.id, now)) for found in lived],
        months=_months(tx, messages),
        events=playing.events(tx),
        messages=len(messages),
        max_live_cycles=most_at_once(lived),
        seconds=time.monotonic() - began,
        verified=verified,
    )


def _cycle(cycle: cycles.Cycle) -> RehearsedCycle:
    return RehearsedCycle(cycle.plan_year, cycle.state, [_step(step) for step in cycle.steps])


def _step(step: cycles.StepState) -> Step:
    """A step opens with its first task; it is completed with the task that the step is about (decision, not notice)."""
    main = [activity for activity in step.activities if activity.element_id == step.element_id]
    ended = [activity.ended_at for activity in main if activity.ended_at is not None]
    return Step(
        id=step.id,
        opens=_civil(step.opens_at),
        closes=calendar.civil(step.closes_at),
        opened_at=_civil(min((a.opened_at for a in step.activities if a.opened_at), default=None)),
        completed_at=_civil(max(ended, default=None)) if step.state == "done" else None,
        tasks=step.total,
        answered=step.answered,
        late=any(a.late or (a.ended_at is not None and a.ended_at > a.due_at) for a in main),
    )


def _civil(instant: datetime | None) -> str | None:
    return calendar.civil(instant) if instant is not None else None


def most_at_once(lived: Iterable[playing.Lived]) -> int:
    """The greatest number of instances that lived at the same instant."""
    changes: list[tuple[datetime, int]] = []
    for cycle in lived:
        changes.append((cycle.started_at, 1))
        if cycle.ended_at is not None:
            changes.append((cycle.ended_at, -1))
    live = most = 0
    for _instant, change in sorted(changes):
        live += change
        most = max(most, live)
    return most


def _months(tx: Tx, messages: Iterable[datetime]) -> list[Month]:
    tasks = playing.tasks(tx)
    opened = Counter(_month(task.opened_at) for task in tasks)
    answered = Counter(_month(task.answered_at) for task in tasks if task.answered_at is not None)
    sent = Counter(_month(instant) for instant in messages)
    names = sorted(opened.keys() | answered.keys() | sent.keys())
    return [Month(name, opened[name], answered[name], sent[name]) for name in names]


def _month(instant: datetime) -> str:
    return instant.astimezone(STOCKHOLM).strftime("%Y-%m")
