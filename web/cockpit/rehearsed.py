"""What a rehearsal's calendar says, added up: by day, week or month, the peaks, and days that are in each other's way.

Pure: the document is the one that arshjul.rehearsal_calendar makes, kept by engine.rehearsing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.rules import calendar
from engine.texts import Text

WAYS = ("month", "week", "day")
PEAKS = 5
DOCUMENT = Mapping[str, Any]


@dataclass
class Period:
    """A month, week or day, by its first day: tasks given, last days, mails."""

    first: date
    opens: int = 0
    due: int = 0
    mail: int = 0

    @property
    def load(self) -> int:
        """What reaches people: new tasks and mails."""
        return self.opens + self.mail


@dataclass(frozen=True)
class Line:
    """One row of the calendar: on that day so many tasks of one kind and role open or are due, or mails leave."""

    day: date
    what: str
    role: str
    plan_year: int
    about: str
    count: int


@dataclass(frozen=True)
class Clash:
    """Something about a day that one should know beforehand. `kind`: opens_off, due_off, same_day."""

    kind: str
    day: date
    holiday: Text | None
    role: str
    titles: tuple[Text, ...]


@dataclass(frozen=True)
class Dated:
    """A task of some plan with its days: what the clashes are looked for among."""

    title: Text
    roles: tuple[str, ...]
    opens: date
    due: date
    rehearsed: bool


def lines(document: DOCUMENT) -> list[Line]:
    """Every row, by day."""
    return [Line(date.fromisoformat(day), *rest) for day, *rest in document["lines"]]


def first_of(day: date, way: str) -> date:
    """The first day of the day's month or week; the day itself."""
    if way == "month":
        return day.replace(day=1)
    return date.fromordinal(day.toordinal() - day.weekday()) if way == "week" else day


def periods(found: Iterable[Line], way: str, role: str = "") -> list[Period]:
    """In order of time, those in which anything happens; months without anything too, so that time runs evenly."""
    kept: dict[date, Period] = {}
    for line in found:
        if role in ("", line.role):
            first = first_of(line.day, way)
            period = kept.setdefault(first, Period(first))
            setattr(period, line.what, getattr(period, line.what) + line.count)
    if way == "month" and kept:
        month, last = min(kept), max(kept)
        while month < last:
            month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
            kept.setdefault(month, Period(month))
    return [kept[first] for first in sorted(kept)]


def peaks(found: Iterable[Line], role: str = "") -> list[Period]:
    """The weeks in which most reaches people, the fullest first."""
    weeks = periods(found, "week", role)
    return sorted((week for week in weeks if week.load), key=lambda week: (-week.load, week.first))[:PEAKS]


def roles(found: Iterable[Line]) -> list[str]:
    """Every role that anything reaches."""
    return sorted({line.role for line in found if line.role})


def dated(document: DOCUMENT) -> list[Dated]:
    """The tasks that the rehearsal gave anybody, with their days."""
    return [
        Dated(
            Text(task["title"]["sv"], task["title"]["en"]),
            tuple(task["roles"]),
            date.fromisoformat(task["opens"]),
            date.fromisoformat(task["due"]),
            rehearsed=True,
        )
        for cycle in document["cycles"]
        for task in cycle["tasks"]
        if task["given"]
    ]


def clashes(rehearsed: Iterable[Dated], live: Iterable[Dated] = ()) -> list[Clash]:
    """First and last days off work, and last days that one role has several of; with `live`, what runs already too."""
    own = list(rehearsed)
    found = [clash for task in own for clash in _days_off(task)]
    by_role: dict[tuple[str, date], list[Dated]] = defaultdict(list)
    for task in [*own, *live]:
        for role in task.roles:
            by_role[role, task.due].append(task)
    for (role, day), together in by_role.items():
        titles = tuple(dict.fromkeys(task.title for task in together))
        if len(titles) > 1 and any(task.rehearsed for task in together):
            found.append(Clash("same_day", day, calendar.holiday(day), role, titles))
    return sorted(found, key=lambda clash: (clash.day, clash.kind, clash.role))


def _days_off(task: Dated) -> Iterable[Clash]:
    ends: tuple[tuple[str, Callable[[Dated], date]], ...] = (
        ("opens_off", lambda t: t.opens),
        ("due_off", lambda t: t.due),
    )
    for kind, of in ends:
        day = of(task)
        if not calendar.is_workday(day):
            yield Clash(kind, day, calendar.holiday(day), "", (task.title,))
