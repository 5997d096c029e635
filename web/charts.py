"""Geometry of a bar chart: columns side by side for each period, an axis of whole numbers. Pure.

A chart always stands beside a table with the same numbers, so nothing here is read aloud.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LEFT, RIGHT, TOP, BOTTOM = 52.0, 12.0, 12.0, 34.0
WIDTH, HEIGHT = 960.0, 300.0
MOST_LABELS = 14
NARROWEST = 1.5


@dataclass(frozen=True)
class Bar:
    """One column. `series`: its place among the series."""

    x: float
    y: float
    width: float
    height: float
    series: int


@dataclass(frozen=True)
class Mark:
    """A text at an axis."""

    at: float
    text: str


@dataclass(frozen=True)
class Chart:
    """`lines`: heights of the numbers on the left; `names`: places of the periods that are named below."""

    width: float
    height: float
    left: float
    base: float
    bars: list[Bar]
    lines: list[Mark]
    names: list[Mark]


def columns(names: Sequence[str], series: Sequence[Sequence[int]]) -> Chart:
    """A group of columns for each name, one column for each series. Without names an empty chart."""
    most = top_of(max((value for values in series for value in values), default=0))
    base, room = HEIGHT - BOTTOM, HEIGHT - TOP - BOTTOM
    slot = (WIDTH - LEFT - RIGHT) / max(len(names), 1)
    width = max(NARROWEST, slot * 0.8 / max(len(series), 1))
    bars = [
        Bar(
            round(LEFT + slot * place + slot * 0.1 + width * number, 2),
            round(base - room * values[place] / most, 2),
            round(width, 2),
            round(room * values[place] / most, 2),
            number,
        )
        for place in range(len(names))
        for number, values in enumerate(series)
        if values[place]
    ]
    step = -(-len(names) // MOST_LABELS) or 1
    named = [Mark(round(LEFT + slot * (place + 0.5), 2), name) for place, name in enumerate(names) if place % step == 0]
    lines = [Mark(round(base - room * share / 4, 2), f"{most * share // 4}") for share in range(5)]
    return Chart(WIDTH, HEIGHT, LEFT, base, bars, lines, named)


def top_of(most: int) -> int:
    """Where the axis ends: the least of 4, 8, 12, 16, 20, 24, 32, 40, and those times ten and so on, that holds it."""
    scale = 1
    while most > 40 * scale:
        scale *= 10
    return next(each * scale for each in (4, 8, 12, 16, 20, 24, 32, 40) if each * scale >= most)
