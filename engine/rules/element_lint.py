"""Whether the diagram's user tasks say who does what, with which form, and when; and name only what the package has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.rules.calendar import DayError, resolve_windows
from engine.rules.package_lint import (
    FORM,
    MESSAGE,
    ROLE,
    STEP,
    ElementLike,
    Problem,
    day_problem,
    days_of,
    feel_problem,
    placeholders,
    unknown,
)

COMPLETES = ("when-all", "at-close")
AT_CLOSE = ("harvest", "return")


@dataclass(frozen=True, slots=True)
class Names:
    """What the package has, by name."""

    steps: set[str]
    roles: set[str]
    forms: set[str]
    messages: set[str]
    variables: frozenset[str]


def lint_elements(names: Names, elements: Mapping[str, ElementLike]) -> list[Problem]:
    """All findings about the user tasks of the diagram."""
    tasks = {name: element for name, element in elements.items() if element.kind == "userTask"}
    check = _Check(names, days_of(tasks))
    found = [problem for name, element in tasks.items() for problem in check.task(name, element.extension or {})]
    return found or list(_impossible(tasks))


class _Check:
    def __init__(self, names: Names, days: set[str]) -> None:
        self.names = names
        self.days = days

    def task(self, where: str, extension: Mapping[str, list[Mapping[str, Any]]]) -> Iterator[Problem]:
        for name in ("task", "title", "window"):
            if len(extension.get(name) or []) != 1:
                yield Problem(
                    where,
                    f"Uppgiften behöver precis ett arshjul:{name}. Lägg till det i extensionElements.",
                    f"The user task needs exactly one arshjul:{name}. Add it to its extensionElements.",
                )
                return
        yield from self._task(where, extension["task"][0])
        title = extension["title"][0]
        if not title.get("sv") or not title.get("en"):
            yield Problem(where, "Skriv rubriken på sv och en.", "Write the title in sv and en.")
        yield from placeholders(where, title, "sv", self.names.variables, "en")
        yield from self._window(where, extension["window"][0])
        for part in extension.get("participants") or []:
            yield from feel_problem(f"{where}: participants where", part.get("where"))
        for part in extension.get("reminder") or []:
            yield from self._day(f"{where}: reminder at", part.get("at"))
        for part in extension.get("escalation") or []:
            yield from self._escalation(f"{where}: escalation", part)

    def _task(self, where: str, task: Mapping[str, Any]) -> Iterator[Problem]:
        if task.get("form") not in self.names.forms:
            yield unknown(f"{where}: form", FORM, task.get("form"), self.names.forms)
        if task.get("step") not in self.names.steps:
            yield unknown(f"{where}: step", STEP, task.get("step"), self.names.steps)
        named = str(task.get("roles", "")).split()
        if not named:
            yield Problem(where, "Skriv minst en roll i roles.", "Write at least one role in roles.")
        yield from (
            unknown(f"{where}: roles", ROLE, role, self.names.roles) for role in named if role not in self.names.roles
        )
        if "position" in task:
            yield from feel_problem(f"{where}: position", task["position"])
        for name, choices in (("completes", COMPLETES), ("at-close", AT_CLOSE), ("decides", ("true", "false"))):
            if name in task and task[name] not in choices:
                yield unknown(f"{where}: {name}", ("Värdet", "value"), task[name], choices)

    def _window(self, where: str, window: Mapping[str, Any]) -> Iterator[Problem]:
        yield from self._day(f"{where}: window closes", window.get("closes"))
        for name in ("opens", "due", "again"):
            if window.get(name):
                yield from self._day(f"{where}: window {name}", window[name])

    def _escalation(self, where: str, part: Mapping[str, Any]) -> Iterator[Problem]:
        yield from self._day(f"{where} at", part.get("at"))
        named = str(part.get("to", "")).split()
        if not named:
            yield Problem(where, "Skriv to: roller, eller superior.", "Write to: roles, or superior.")
        for role in named:
            if role != "superior" and role not in self.names.roles:
                yield unknown(f"{where} to", ROLE, role, self.names.roles)
        if part.get("message") and part["message"] not in self.names.messages:
            yield unknown(f"{where} message", MESSAGE, part["message"], self.names.messages)

    def _day(self, where: str, text: Any) -> Iterator[Problem]:
        return day_problem(where, text, self.days, self.names.variables, relative=True)


def _impossible(tasks: Mapping[str, ElementLike]) -> Iterator[Problem]:
    """Windows in the wrong order or pointing at each other, in a leap year or another."""
    texts = {name: (element.extension or {})["window"][0] for name, element in tasks.items()}
    windows = {name: {k: v for k, v in text.items() if k in ("opens", "closes", "due")} for name, text in texts.items()}
    for plan_year in (2027, 2029):
        try:
            resolve_windows(windows, plan_year)
        except DayError as error:
            yield Problem("window", error.sv, error.en)
            return
