"""Plays the people of an instance: time goes from one event to the next, jobs are done, invented answers are given.

Everything happens through the engine's own verbs, so what a rehearsal shows is what the process does.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any, Protocol

from engine import (
    deployments,
    identity,
    job_executor,
    jobs,
    playing,
    process_instances,
    user_tasks,
)
from engine.actor import SYSTEM, Actor
from engine.clock import STOCKHOLM
from engine.errors import InvalidForm
from engine.rules import forms
from engine.rules.calendar import civil_date
from engine.store.database import Database, Tx
from engine.task_form import task_form

OFFICE_HOURS = (8, 16)
GRACE = timedelta(days=3)
MOST_DAYS_LATE = 10
VARIANTS = 6
"""So many different answers are invented for the rows of one fan-out and role; the others give one of them again."""


class MovableClock(Protocol):
    """A clock whose process time can be set."""

    def now(self) -> datetime: ...

    def wall(self) -> datetime: ...

    def move_to(self, instant: datetime) -> None: ...


class Stuck(Exception):
    """The process cannot go on by itself; the text says where and why."""


@dataclass(frozen=True)
class Behaviour:
    """Shares of people, 0 to 1. `silent`: never answer what a deadline closes. `quick`: press the form's one button.

    `late`: answer other things up to ten days after the last day. `early`: elements answered as their window begins.
    """

    silent: float = 0.08
    quick: float = 0.5
    late: float = 0.0
    early: frozenset[str] = frozenset()


Script = Callable[[Any, forms.Form, dict[str, Any], Actor], Mapping[str, Any]]
"""Changes an invented answer: (task, form, answer, who) -> answer."""


@dataclass
class Player:
    """`after` is called whenever time has moved and the jobs then due are done, with process time."""

    database: Database
    clock: MovableClock
    seed: int = 1
    behaviour: Behaviour = field(default_factory=Behaviour)
    script: Script | None = None
    after: Callable[[datetime], None] | None = None
    wake: Callable[[Tx, datetime], datetime | None] | None = None
    """Other instants to stop at: (transaction, now) -> the next one."""
    starts: list[tuple[datetime, str, int]] = field(default_factory=list)
    """Instances to start: (instant, process key, plan year)."""
    _agenda: list[tuple[datetime, int]] = field(default_factory=list)
    _seen: int = 0
    _due: datetime | None = None
    _invented: dict[tuple[int | None, str], list[dict[str, Any]]] = field(default_factory=dict)

    def play(self, until: datetime, *, done: Callable[[], bool] = lambda: False) -> None:
        """Let time pass to `until` (aware UTC), or until `done`. Raises Stuck, and whatever a job raises."""
        heapq.heapify(self.starts)
        self._look()
        moved = True
        while not (moved and done()):
            due, other = self._next(moved=moved)
            instant = min((known for known in (due, other) if known is not None), default=None)
            if instant is None or instant > until:
                self.clock.move_to(max(until, self.clock.now()))
                return
            self.clock.move_to(max(instant, self.clock.now()))
            now = self.clock.now()
            moved = self._start(now)
            if due is not None and due <= now:
                moved |= job_executor.run_inline(self.database, now) > 0
            if moved:
                self._look()
            moved |= self._answer(now)
            if self.after is not None:
                self.after(now)

    def _next(self, *, moved: bool) -> tuple[datetime | None, datetime | None]:
        """When the next job is due, and when something else happens. Unless something `moved`, no job is new."""
        others: list[datetime | None] = []
        if moved or self.wake is not None:
            with self.database.page() as tx:
                self._due = jobs.next_due(tx)
                others.append(self.wake(tx, self.clock.now()) if self.wake else None)
        if self._agenda:
            others.append(self._agenda[0][0])
        if self.starts:
            others.append(self.starts[0][0])
        return self._due, min((instant for instant in others if instant is not None), default=None)

    def _start(self, now: datetime) -> bool:
        started = False
        while self.starts and self.starts[0][0] <= now:
            _instant, key, plan_year = heapq.heappop(self.starts)
            with self.database.verb() as tx:
                process_instances.start(tx, key, plan_year, by=SYSTEM, now=now)
            started = True
        return started

    def _look(self) -> None:
        with self.database.page() as tx:
            self._plan(tx)

    def _plan(self, tx: Tx) -> int:
        """Tasks opened since the last time get a day on which they will be answered, or none. Gives their number."""
        opened = playing.opened_after(tx, self._seen)
        for task in opened:
            self._seen = task.id
            spec = deployments.load(tx, task.definition_id).tasks.get(task.element_id)
            chance = self._chance(task.id)
            at_close = spec is not None and spec.completes == "at-close"
            if at_close and chance.random() < self.behaviour.silent:
                continue
            moment = self._day(task, chance, spread=at_close)
            if not at_close and self.behaviour.late and chance.random() < self.behaviour.late:
                moment = max(moment, task.due_at) + timedelta(days=chance.randint(1, MOST_DAYS_LATE))
            heapq.heappush(self._agenda, (moment, task.id))
        return len(opened)

    def _chance(self, task_id: int) -> random.Random:
        return random.Random(f"{self.seed} {task_id}")  # noqa: S311 (invented people)

    def _day(self, task: Any, chance: random.Random, *, spread: bool) -> datetime:
        """A moment in office hours between opening and due; a few days from now for what is late already."""
        now = self.clock.now()
        first = max(task.opened_at, now)
        last = min(task.due_at, task.closes_at or task.due_at)
        if last <= first:
            last = first + GRACE
        share = chance.betavariate(1.4, 1.8) if spread else chance.uniform(0.2, 0.8)
        if task.element_id in self.behaviour.early:
            share /= 4
        moment = first + (last - first) * share
        wanted = time(chance.randint(*OFFICE_HOURS), chance.randint(0, 59), chance.randint(0, 59))
        worked = datetime.combine(civil_date(moment), wanted, STOCKHOLM).astimezone(UTC)
        return worked if first < worked <= last else moment

    def _answer(self, now: datetime) -> bool:
        """What was to be answered by now; True when that may have moved an instance on."""
        moved = False
        while self._agenda and self._agenda[0][0] <= now:
            _instant, task_id = heapq.heappop(self._agenda)
            with self.database.verb() as tx:
                task = playing.still_open(tx, task_id)
                if task is not None:
                    self._complete(tx, task, now)
                    moved |= self._plan(tx) > 0 or self._moves(tx, task)
        return moved

    def _moves(self, tx: Tx, task: Any) -> bool:
        """Whether an answer can move the diagram: not one that waits for its deadline."""
        spec = deployments.load(tx, task.definition_id).tasks.get(task.element_id)
        return spec is None or spec.completes != "at-close"

    def _complete(self, tx: Tx, task: Any, now: datetime) -> None:
        chance = self._chance(task.id)
        actor = _actor(tx, task, now, chance)
        form = deployments.load(tx, task.definition_id).package.forms[task.form]
        if form.quick is not None and chance.random() < self.behaviour.quick:
            user_tasks.complete(tx, task.id, dict(form.quick.data), by=actor, now=now)
            return
        known = self._invented.setdefault((task.activity_id, task.role), [])
        if task.activity_id is not None and len(known) >= VARIANTS:
            try:
                self._give(tx, task, form, chance.choice(known), actor, now)
            except InvalidForm:  # an answer that fits only the unit it was invented for
                known.clear()
            else:
                return
        names = task_form(tx, task.id, actor, now).names
        invented = forms.sample(form, names, now=now, rng=chance)
        known.append(invented)
        try:
            self._give(tx, task, form, invented, actor, now)
        except InvalidForm as refused:
            fields = "; ".join(f"{error.path}: {error.code}" for error in refused.errors)
            raise Stuck(
                f"{task.title_sv}: formuläret {task.form} godtar inte sitt eget exempelsvar ({fields})."
            ) from None

    def _give(self, tx: Tx, task: Any, form: forms.Form, invented: dict[str, Any], actor: Actor, now: datetime) -> None:
        data = self.script(task, form, invented, actor) if self.script else invented
        user_tasks.complete(tx, task.id, data, by=actor, now=now)


def _actor(tx: Tx, task: Any, now: datetime, chance: random.Random) -> Actor:
    if task.assignee_id is not None:
        return Actor(task.assignee_id, identity.person_name(tx, task.assignee_id) or "")
    people = identity.actors_for(tx, task.position_id, civil_date(now))
    if not people:
        raise Stuck(f"{task.title_sv}: ingen kan svara för {task.unit_name}.")
    person = chance.choice(people)
    return Actor(person.person_id, person.name)
