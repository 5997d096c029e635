"""FEEL expressions, evaluated by feelin in V8 under limits of time and memory.

What counts as an error, and what as null:

- A name that is not in the context, a key that an object lacks, a function that does not exist, a sum of
  a number and a text: FeelError. Callers therefore fill in the keys of their rows,
  with None where nothing is known.
- A value that is null: comparing with it gives null, reading a property of it or adding to it gives null.
- In `list[test]` the test looks at each element by its keys or as `item`. The test must be a comparison or a
  yes-or-no function: `rows[chosen = true]`, not `rows[chosen]`.

Dates: date and aware datetime become FEEL dates, in the civil time of Europe/Stockholm. Out come date,
datetime in UTC, and durations as ISO 8601 text. Numbers are int when they are whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from engine.feel import plain
from engine.feel.v8 import V8Limit, call
from engine.feel.values import from_json, to_json

__all__ = ["FeelError", "Job", "check", "evaluate", "free_names", "names", "paths", "run"]

STOCKHOLM = ZoneInfo("Europe/Stockholm")
SOME_DAY = datetime(2027, 1, 4, tzinfo=STOCKHOLM)
SHORT, LONG = 4_096, 500_000
"""Questions of so many characters at most are remembered: many short ones, a few long (a fan-out asks alike)."""


class FeelError(Exception):
    """An expression that cannot be evaluated: `expression`, and `reason` in English for its author."""

    def __init__(self, expression: str, reason: str) -> None:
        super().__init__(f"{expression}: {reason}")
        self.expression = expression
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Job:
    """One expression, to be evaluated in scope number `scope`."""

    expression: str
    scope: int = 0


def evaluate(expression: str, context: Mapping[str, Any], *, now: datetime) -> Any:
    """The value of one expression. Raises FeelError."""
    return run([Job(expression)], context, now=now)[0]


def run(
    jobs: Sequence[Job],
    shared: Mapping[str, Any],
    scopes: Sequence[Mapping[str, Any]] = ({},),
    *,
    now: datetime,
) -> list[Any]:
    """The value of each job in one round trip: its names are those of its scope laid over `shared`.

    Jobs of the same scope are cheapest side by side. Raises FeelError for the first job that fails.
    """
    answered = [plain.answer(job.expression, shared, scopes[job.scope]) for job in jobs]
    if all(value is not plain.LEFT for value in answered):
        return answered
    numbers: dict[str, int] = {}
    pairs = [(numbers.setdefault(job.expression, len(numbers)), job.scope) for job in jobs]
    expressions = list(numbers)
    read = frozenset[str]().union(*(names(expression) for expression in expressions))
    timed = any("now" in expression or "today" in expression for expression in expressions)
    # What no expression reads stays here: a region's records and positions are far larger than the answer about them.
    payload, dated = to_json(
        {
            "shared": {name: shared[name] for name in read if name in shared},
            "scopes": [{name: scope[name] for name in read if name in scope} for scope in scopes],
            "jobs": pairs,
            "expressions": expressions,
        }
    )
    clock = _clock(now) if timed else {"now": None, "today": None}
    text = payload[:-1] + "," + orjson.dumps({**clock, "dated": dated}).decode()[1:]
    seconds = 0.05 + 0.005 * len(jobs) + len(text) / 2_000_000
    try:
        answer = _answer(text, seconds)
    except V8Limit as limit:
        raise FeelError(" · ".join(expressions)[:500], str(limit)) from None
    result = from_json(answer or "{}")
    if "reason" in result:
        raise FeelError(expressions[result["failed"]], result["reason"])
    values: list[Any] = result["values"]
    return values


def _clock(now: datetime) -> dict[str, Any]:
    if now.tzinfo is None:
        raise ValueError("now needs a zone")
    return {"now": round(now.timestamp() * 1000), "today": now.astimezone(STOCKHOLM).date().isoformat()}


def _answer(text: str, seconds: float) -> str | None:
    if len(text) <= SHORT:
        return _cached(text, seconds)
    return _cached_long(text, seconds) if len(text) <= LONG else call("evaluate", text, seconds)


@lru_cache(maxsize=1024)
def _cached(text: str, seconds: float) -> str | None:
    """Safe: the text holds expressions, values and clock, and FEEL has no side effects."""
    return call("evaluate", text, seconds)


@lru_cache(maxsize=16)
def _cached_long(text: str, seconds: float) -> str | None:
    return call("evaluate", text, seconds)


@lru_cache(maxsize=4096)
def check(expression: str) -> str | None:
    """None for an expression that can be read, whose functions exist and that comes to an end when nothing is known;
    otherwise a sentence in English."""
    if len(expression) > 10_000:
        return "is longer than 10,000 characters"
    try:
        return call("check", expression, 1.0) or _overruns(expression)
    except V8Limit as limit:
        return str(limit)


def _overruns(expression: str) -> str | None:
    """Whatever an instance knows, a range of a thousand million is gone through: that shows without any values."""
    asked = {"shared": {}, "scopes": [{}], "jobs": [(0, 0)], "expressions": [expression], "dated": False}
    try:
        call("evaluate", orjson.dumps(asked | _clock(SOME_DAY)).decode(), 0.05)
    except V8Limit as limit:
        return str(limit)
    return None


def names(expression: str) -> frozenset[str]:
    """The names that it may read from its context: never too few, but also those of its loops and filters.

    Raises FeelError if it cannot be read.
    """
    return _names(expression)["read"]


def free_names(expression: str) -> frozenset[str]:
    """The names that it surely reads from its context: no loop names, no keys, nothing from filters."""
    return _names(expression)["free"]


def paths(expression: str) -> frozenset[str]:
    """The first two words of its dotted names, such as `records.proposal`."""
    return _names(expression)["paths"]


@lru_cache(maxsize=4096)
def _names(expression: str) -> dict[str, frozenset[str]]:
    fault = check(expression)
    if fault is not None:
        raise FeelError(expression, fault)
    found = orjson.loads(call("names", expression, 1.0) or "{}")
    return {kind: frozenset(values) for kind, values in found.items()}
