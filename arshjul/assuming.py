"""How people behave in a rehearsal that somebody has asked for: who answers in time, and what the process assumes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from arshjul.player import Behaviour, Script
from engine.actor import Actor
from engine.rehearsing import Wanted
from engine.rules.forms import Form
from engine.rules.packages import Assumption, Package


def behaviour(wanted: Wanted, package: Package) -> Behaviour:
    """Those who are not in time never answer what a deadline closes, and are late with everything else."""
    missing = 1 - wanted.in_time / 100
    early = frozenset(package.assumptions[name].element for name in wanted.assumed)
    return Behaviour(silent=missing, late=missing, early=early)


def script(wanted: Wanted, package: Package) -> Script | None:
    """The first answer in each instance to a task that something is assumed of is the assumed one."""
    assumed = [package.assumptions[name] for name in wanted.assumed]
    if not assumed:
        return None
    given: set[tuple[int, str]] = set()

    def answer(task: Any, _form: Form, invented: dict[str, Any], _actor: Actor) -> Mapping[str, Any]:
        fitting = _of(assumed, task.element_id)
        if fitting is None or (task.instance_id, task.element_id) in given:
            return invented
        given.add((task.instance_id, task.element_id))
        return {**invented, **fitting.answer}

    return answer


def _of(assumed: list[Assumption], element: str) -> Assumption | None:
    return next((each for each in assumed if each.element == element), None)
