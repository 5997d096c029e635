"""The year wheel's geometry: months around, a ring for each cycle, an arc for each step's window. Pure.

Angles are degrees clockwise from the top. A gap at the top holds the rings' names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import cos, radians, sin

from engine.cycles import Cycle, StepState
from engine.rules.calendar import civil_date

SIZE = 600
CENTRE = SIZE / 2
GAP = 15.0  # degrees on each side of the top
OUTER, INNER = 262.0, 88.0
THICKEST, BETWEEN = 54.0, 8.0
BADGE = 11.5  # radius of the round with a step's number, as components/year_wheel.html draws it
ALWAYS = ("done", "open", "late", "coming")
BESIDE = 16.0  # from the outermost ring to the names of the months
SLACK = 0.5  # degrees left free on each side of an arc


@dataclass(frozen=True)
class Arc:
    """A step's window within the year; `number` is its place among the cycle's steps, as in the table."""

    cycle: Cycle
    step: StepState
    number: int
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class Ring:
    """One cycle. `y`: where its name stands, in the gap at the top."""

    cycle: Cycle
    track: str
    y: float
    arcs: list[Arc]


@dataclass(frozen=True)
class Month:
    """`x`, `y`: where its name is held, by its `anchor` (start, middle, end); `tick`: the line on its first day."""

    number: int
    x: float
    y: float
    anchor: str
    tick: tuple[float, float, float, float]


@dataclass(frozen=True)
class Wheel:
    """`hand`: the line of today, or None in another year."""

    year: int
    months: list[Month]
    rings: list[Ring]
    hand: tuple[float, float, float, float] | None

    @property
    def states(self) -> list[str]:
        """What the legend explains: the four states that there always are, and others that are drawn."""
        drawn = {arc.step.state for ring in self.rings for arc in ring.arcs}
        return [*ALWAYS, *sorted(drawn - set(ALWAYS))]


def year_wheel(cycles: list[Cycle], year: int, today: date) -> Wheel:
    """The wheel of a calendar year; cycles without a window in it have no ring."""
    shown = [cycle for cycle in cycles if any(span(step, year) for step in cycle.steps)]
    thickness = min(THICKEST, (OUTER - INNER) / max(len(shown), 1) - BETWEEN)
    rings = [ring(cycle, year, OUTER - place * (thickness + BETWEEN), thickness) for place, cycle in enumerate(shown)]
    inner = OUTER - len(shown) * (thickness + BETWEEN) + BETWEEN
    hand = line(angle(today, year), inner - 6, OUTER + 6) if today.year == year else None
    return Wheel(year, [month(year, number, inner) for number in range(1, 13)], rings, hand)


def years(cycles: list[Cycle]) -> list[int]:
    """The calendar years that the cycles' windows reach into."""
    found: set[int] = set()
    for cycle in cycles:
        for step in cycle.steps:
            first, last = days(step)
            found |= set(range(first.year, last.year + 1))
    return sorted(found)


def ring(cycle: Cycle, year: int, outer: float, thickness: float) -> Ring:
    lanes = in_lanes(cycle, year)
    width = thickness / max(len(lanes), 1)
    arcs = [
        arc(
            cycle,
            number,
            year,
            outer - lane * width,
            outer - (lane + 1) * width + (1 if len(lanes) > 1 else 0),
            0.5 if width >= 2 * BADGE else (lane + 1) / (len(lanes) + 1),
        )
        for lane, numbers in enumerate(lanes)
        for number in numbers
    ]
    track = sector(GAP, 360 - GAP, outer, outer - thickness)
    return Ring(cycle, track, CENTRE - outer + thickness / 2, sorted(arcs, key=lambda a: a.number))


def in_lanes(cycle: Cycle, year: int) -> list[list[int]]:
    """Step numbers (from 1), those whose windows overlap in different lanes."""
    lanes: list[tuple[list[int], list[tuple[date, date]]]] = []
    for number, step in enumerate(cycle.steps, start=1):
        own = span(step, year)
        if own is None:
            continue
        free = next((lane for lane in lanes if not any(overlap(own, other) for other in lane[1])), None)
        if free is None:
            free = ([], [])
            lanes.append(free)
        free[0].append(number)
        free[1].append(own)
    return [numbers for numbers, _spans in lanes]


def overlap(one: tuple[date, date], other: tuple[date, date]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def days(step: StepState) -> tuple[date, date]:
    """First and last civil day of the step's window."""
    last = civil_date(step.closes_at)
    return (civil_date(step.opens_at) if step.opens_at else last), last


def span(step: StepState, year: int) -> tuple[date, date] | None:
    """The part of the window that lies in the year."""
    first, last = days(step)
    first, last = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
    return (first, last) if first <= last else None


def arc(cycle: Cycle, number: int, year: int, outer: float, inner: float, along: float) -> Arc:
    """`along`: where its number stands, 0.5 in the middle; in narrow lanes they stand beside each other."""
    step = cycle.steps[number - 1]
    own = span(step, year)
    assert own is not None
    start, end = angle(own[0], year) + SLACK, angle(own[1] + timedelta(days=1), year) - SLACK
    x, y = point(start + (end - start) * along, (outer + inner) / 2)
    return Arc(cycle, step, number, sector(start, end, outer, inner), x, y)


def angle(day: date, year: int) -> float:
    """Where the day begins; the day after 31 December is the end."""
    first, following = date(year, 1, 1), date(year + 1, 1, 1)
    return GAP + (360 - 2 * GAP) * (day - first).days / (following - first).days


def month(year: int, number: int, inner: float) -> Month:
    start = angle(date(year, number, 1), year)
    end = angle(date(year + number // 12, number % 12 + 1, 1), year)
    x, y = point((start + end) / 2, OUTER + BESIDE)
    anchor = "middle" if abs(x - CENTRE) < OUTER / 2 else "start" if x > CENTRE else "end"
    return Month(number, x, y, anchor, line(start, inner, OUTER + 8))


def line(at: float, inner: float, outer: float) -> tuple[float, float, float, float]:
    return (*point(at, inner), *point(at, outer))


def point(at: float, radius: float) -> tuple[float, float]:
    return round(CENTRE + radius * sin(radians(at)), 2), round(CENTRE - radius * cos(radians(at)), 2)


def sector(start: float, end: float, outer: float, inner: float) -> str:
    """SVG path data of a piece of a ring."""
    large = 1 if end - start > 180 else 0
    corners = [point(start, outer), point(end, outer), point(end, inner), point(start, inner)]
    a, b, c, d = (f"{x:g} {y:g}" for x, y in corners)
    return f"M{a}A{outer:g} {outer:g} 0 {large} 1 {b}L{c}A{inner:g} {inner:g} 0 {large} 0 {d}Z"
