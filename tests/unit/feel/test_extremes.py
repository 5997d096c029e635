"""min and max know numbers, texts and dates; mixed kinds are an error, never a silent null."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine.feel import FeelError, evaluate, v8

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("min([3, 1, 2])", 1),
        ("max(3, 1)", 3),
        ('min(["b", "a"])', "a"),
        ('min([date("2026-01-02"), date("2026-01-01")])', date(2026, 1, 1)),
        ("max(for d in days return d)", date(2026, 5, 1)),
        ("min([])", None),
        ("min([1, null])", None),
    ],
)
def test_the_least_and_the_greatest(expression: str, value: Any) -> None:
    assert evaluate(expression, {"days": [date(2026, 5, 1), date(2026, 4, 1)]}, now=NOW) == value


def test_kinds_that_cannot_be_compared_are_an_error() -> None:
    with pytest.raises(FeelError, match="min needs"):
        evaluate('min([1, "a"])', {}, now=NOW)


def test_whose_event_loop_runs_around_the_first_expression_makes_no_difference() -> None:
    async def asked() -> Any:
        return evaluate("sum(for n in numbers return n + 1)", {"numbers": [1, 2]}, now=NOW)

    v8._discard()
    assert asyncio.run(asked()) == 5
    assert evaluate("sum(for n in numbers return n + 2)", {"numbers": [1, 2]}, now=NOW) == 7
