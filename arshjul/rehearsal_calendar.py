"""The calendar that a rehearsal gives: tasks and mails by day and role, whom the busiest weeks meet, the steps.

Everything is counts and names of positions, units and roles; no person is named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from engine import deployments, identity, mails, outbox, playing, step_windows
from engine.outbox import Message
from engine.playing import PlayedTask
from engine.rules import calendar
from engine.rules.calendar import civil_date
from engine.store.database import Database, Tx

MOST_PEOPLE_A_ROUND = 500
BUSIEST = 10
RANK = ("holder", "registrar", "member")
"""By which of the ways to reach a position somebody is called: the first that there is."""

Line = tuple[str, str, str, int, str]
"""Day, what (opens, due, mail), role, plan year, element or kind of mail."""


@dataclass
class Mailbag:
    """Counts the mails of a rehearsal as they would leave: one for each person and instant, whatever it bundles."""

    sent: list[tuple[date, Message]] = field(default_factory=list)

    def collect(self, database: Database, now: datetime) -> None:
        """Bind what is due into mails. Nothing is written out: only that they leave is counted."""
        with database.verb() as tx:
            while due := outbox.unsent(tx, now, MOST_PEOPLE_A_ROUND):
                for messages in due:
                    self.sent.append((civil_date(now), messages[0]))
                    key = f"<{messages[0].id}@rehearsal>"
                    mails.compose(tx, messages, subject="", text="", html="", message_id=key, now=now, wall=now)


def told(tx: Tx, key: str, bag: Mailbag, now: datetime) -> dict[str, Any]:
    """The whole calendar as a document. Days are ISO days in Sweden, texts are {sv, en}."""
    tasks = playing.tasks(tx)
    by_id = {task.id: task for task in tasks}
    holders = _Holders(tx)
    lines: Counter[Line] = Counter()
    load: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for task in tasks:
        opened = civil_date(task.opened_at)
        lines[opened.isoformat(), "opens", task.role, task.plan_year, task.element_id] += 1
        lines[civil_date(task.due_at).isoformat(), "due", task.role, task.plan_year, task.element_id] += 1
        for person in holders.of(task.position_id, task.opened_at):
            load[person][_week(opened), "tasks"] += 1
    for day, message in bag.sent:
        about = by_id.get(message.task_id) if message.task_id is not None else None
        role = about.role if about else holders.role(message.person_id, now)
        lines[day.isoformat(), "mail", role, about.plan_year if about else 0, message.kind] += 1
        load[message.person_id][_week(day), "mails"] += 1
    return {
        "lines": [[*line, count] for line, count in sorted(lines.items())],
        "titles": _titles(tasks),
        "roles": {name: {"sv": role.sv, "en": role.en} for name, role in identity.roles(tx).items()},
        "busiest": _busiest(load, holders, now),
        "people": sum(bool(counted) for counted in load.values()),
        "cycles": [_cycle(tx, found) for found in playing.lived(tx, key)],
    }


class _Holders:
    """Who is met by a position's tasks, and what a person is called by: their positions."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._of: dict[str, list[str]] = {}

    def of(self, position: str, at: datetime) -> list[str]:
        if position not in self._of:
            found = identity.actors_for(self._tx, position, civil_date(at))
            self._of[position] = [holder.person_id for holder in found]
        return self._of[position]

    def role(self, person: str, at: datetime) -> str:
        return min(identity.roles_of(self._tx, person, civil_date(at)), default="")

    def label(self, person: str, at: datetime) -> str:
        """The first of the positions held, with its unit, and how many more."""
        reached = identity.effective_positions(self._tx, person, civil_date(at))
        ways = sorted((RANK.index(how), name) for name, how in reached.items() if how in RANK)
        held = [identity.position(self._tx, name) for way, name in ways if way == ways[0][0]]
        if not held:
            return "–"
        first = held[0]
        name = first.name if first.unit_name in first.name else f"{first.name}, {first.unit_name}"
        return name + (f" (+{len(held) - 1})" if len(held) > 1 else "")


def _busiest(load: dict[str, Counter[tuple[str, str]]], holders: _Holders, now: datetime) -> list[dict[str, str | int]]:
    """Those whose fullest week holds most tasks and mails."""
    fullest: list[tuple[int, str, str]] = []
    for person, counted in load.items():
        weeks: Counter[str] = Counter()
        for (week, _what), count in counted.items():
            weeks[week] += count
        week, most = min(weeks.items(), key=lambda pair: (-pair[1], pair[0]))
        fullest.append((most, person, week))
    found: list[dict[str, str | int]] = []
    for _most, person, week in sorted(fullest, key=lambda one: (-one[0], one[1]))[:BUSIEST]:
        counted = load[person]
        found.append(
            {
                "who": holders.label(person, now),
                "role": holders.role(person, now),
                "week": week,
                "week_tasks": counted[week, "tasks"],
                "week_mails": counted[week, "mails"],
                "tasks": sum(count for (_week, what), count in counted.items() if what == "tasks"),
                "mails": sum(count for (_week, what), count in counted.items() if what == "mails"),
            }
        )
    return found


def _week(day: date) -> str:
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02d}"


def _titles(tasks: Iterable[PlayedTask]) -> dict[str, dict[str, str]]:
    """By element and plan year, joined by a space."""
    return {f"{task.element_id} {task.plan_year}": {"sv": task.title.sv, "en": task.title.en} for task in tasks}


def _cycle(tx: Tx, lived: playing.Lived) -> dict[str, Any]:
    """The instance with each user task's window, in the diagram's order, and what became of it."""
    deployed = deployments.load(tx, lived.definition_id)
    windows = step_windows.of_instance(tx, lived.id)
    visits = playing.visits(tx, lived.id)
    named = {"plan_year": lived.plan_year}
    elements = [name for name in deployed.model.order() if name in deployed.tasks and name in windows]
    return {
        "plan_year": lived.plan_year,
        "name": _both(deployed.package.instance_name.fill(named)),
        "state": lived.state,
        "tasks": [
            {
                "element": name,
                "title": _both(deployed.tasks[name].title.fill(named)),
                "roles": list(deployed.tasks[name].roles),
                "opens": civil_date(windows[name].opens or windows[name].due).isoformat(),
                "due": civil_date(windows[name].due).isoformat(),
                "closes": civil_date(windows[name].closes).isoformat(),
                **_visit(visits.get(name, ())),
            }
            for name in elements
        ],
    }


def _visit(rounds: Sequence[playing.Visit]) -> dict[str, Any]:
    ended = [visit.ended_at for visit in rounds if visit.ended_at is not None]
    return {
        "rounds": len(rounds),
        "given": sum(visit.total for visit in rounds),
        "answered": sum(visit.answered for visit in rounds),
        "late": sum(visit.late for visit in rounds),
        "done": calendar.civil(max(ended))[:10] if ended and len(ended) == len(rounds) else None,
    }


def _both(text: Any) -> dict[str, str]:
    return {"sv": text.sv, "en": text.en}
