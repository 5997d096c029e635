"""Windows and reminders of two versions, resolved to days of one plan year."""

from __future__ import annotations

from datetime import datetime

from engine.comparing.elements import SUPERIOR
from engine.comparing.values import DateChange, both
from engine.deployments import Deployed
from engine.operations.common import day_of, sentence
from engine.rules import calendar
from engine.rules.calendar import DayError, Window
from engine.rules.user_task_spec import UserTaskSpec
from engine.texts import Text

OPENS, CLOSES = Text("Öppnar", "Opens"), Text("Sista dag", "Last day")
DUE, AGAIN = Text("Klart senast", "Due"), Text("Nästa varv", "Next round")
REMINDER = Text("Påminnelse", "Reminder")
Days = dict[tuple[str, str], tuple[Text, Text]]
"""What by (element, sort): its words and its day."""


def dates(old: Deployed, new: Deployed, plan_year: int) -> list[DateChange]:
    """Days that differ, task by task in the order of the new diagram; tasks of only one version too."""
    before, after = _days(old, plan_year), _days(new, plan_year)
    found = []
    for place in [*after, *(place for place in before if place not in after)]:
        earlier, later = before.get(place), after.get(place)
        if place[1] == "due" and not (_is_own(before, place) or _is_own(after, place)):
            continue
        if (earlier and earlier[1]) != (later and later[1]):
            what = (later or earlier or (REMINDER, REMINDER))[0]
            name = _name(new if place[0] in new.tasks else old, place[0])
            found.append(DateChange(place[0], name, what, earlier[1] if earlier else None, later[1] if later else None))
    return found


def start(deployed: Deployed, plan_year: int) -> Text | None:
    """The day on which the plan year's instance starts by itself."""
    starts = deployed.package.start
    if starts is None or starts.at is None:
        return None
    return day_of(calendar.resolve(starts.at, plan_year=plan_year, edge="opens"))


def _is_own(days: Days, place: tuple[str, str]) -> bool:
    """Whether a task's due day is another than its last."""
    return place in days and days[place][1] != days[place[0], "closes"][1]


def _name(deployed: Deployed, element_id: str) -> Text:
    """The task's name; the process's for the day on which it starts."""
    return both(deployed.element_name(element_id)) if element_id in deployed.tasks else deployed.package.name


def _days(deployed: Deployed, plan_year: int) -> Days:
    found: Days = {}
    begins = start(deployed, plan_year)
    if begins is not None:
        found[deployed.key, "start"] = (Text("Startar av sig själv", "Starts by itself"), begins)
    windows = deployed.windows(plan_year)
    for element_id in deployed.model.order():
        if element_id in deployed.tasks:
            _add(found, element_id, deployed.tasks[element_id], windows, plan_year)
    return found


def _add(found: Days, element_id: str, spec: UserTaskSpec, windows: dict[str, Window], plan_year: int) -> None:
    window = windows[element_id]
    if window.opens is not None:
        found[element_id, "opens"] = (OPENS, day_of(window.opens))
    found[element_id, "closes"] = (CLOSES, day_of(window.closes))
    if spec.due is not None:
        found[element_id, "due"] = (DUE, day_of(window.due))
    if spec.again is not None:
        found[element_id, "again"] = (AGAIN, _day(spec.again, windows, plan_year, window.due))
    for number, reminder in enumerate(spec.reminders, 1):
        day = _day(reminder.at, windows, plan_year, window.due)
        found[element_id, f"reminder {number}"] = (_numbered(REMINDER, number, len(spec.reminders)), day)
    for number, escalation in enumerate(spec.escalations, 1):
        day = _day(escalation.at, windows, plan_year, window.due)
        found[element_id, f"superior {number}"] = (_numbered(SUPERIOR, number, len(spec.escalations)), day)


def _numbered(what: Text, number: int, of: int) -> Text:
    return what if of == 1 else sentence("{what} {number}", "{what} {number}", what=what, number=number)


def _day(text: str, windows: dict[str, Window], plan_year: int, due: datetime) -> Text:
    """The day; a day that a variable will hold is told by the variable's name."""
    try:
        return day_of(calendar.resolve(text, plan_year=plan_year, windows=windows, relative_to=due, edge="opens"))
    except DayError:
        return both(text)
