"""What a measurement gives, and how times are taken: alternately, within one run, medians."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import partial
from statistics import median
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """One line of the table. `ratio`: value against `against`, both taken in this run; None where one is missing."""

    name: str
    value: float | None
    unit: str
    against: str
    ratio: float | None
    goal: str
    goal_met: bool
    note: str = ""

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def missing(name: str, unit: str, against: str, goal: str, note: str) -> Row:
    """A line that could not be measured here, and why: never counted as met."""
    return Row(name, None, unit, against, None, goal, goal_met=False, note=note)


def seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def each(calls: Iterable[T], do: Callable[[T], object]) -> float:
    """Median seconds of doing one of these."""
    return median(seconds(partial(do, item)) for item in calls)


def alternately(rounds: int, *calls: Callable[[], float]) -> list[float]:
    """Each call's median over the rounds A B C, A B C …: what disturbs the machine disturbs all alike."""
    found: list[list[float]] = [[] for _ in calls]
    for _ in range(rounds):
        for times, call in zip(found, calls, strict=True):
            times.append(call())
    return [median(times) for times in found]
