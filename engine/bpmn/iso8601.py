"""The times of timer events as BPMN writes them: ISO 8601 dates, durations and repeating intervals."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

DURATION = re.compile(
    r"P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)
REPEATS = re.compile(r"R(\d{0,12})(?:/(.+?))?/(P.+?)(?:/(.+))?")


@dataclass(frozen=True, slots=True)
class Duration:
    """Months are of the calendar, the rest is of the clock."""

    months: int
    rest: timedelta

    def after(self, instant: datetime, times: int = 1) -> datetime:
        """The 31st plus a month is the last day of that month."""
        count = instant.year * 12 + instant.month - 1 + self.months * times
        year, month = divmod(count, 12)
        day = min(instant.day, calendar.monthrange(year, month + 1)[1])
        return instant.replace(year=year, month=month + 1, day=day) + self.rest * times


@dataclass(frozen=True, slots=True)
class Cycle:
    """`times` is None for ever; `start` None when it begins as soon as it is armed."""

    times: int | None
    start: datetime | None
    every: Duration


def duration(text: str) -> Duration | None:
    """None for what is no duration."""
    found = DURATION.fullmatch(text.strip())
    if found is None:
        return None
    try:
        years, months, weeks, days, hours, minutes = (int(part or 0) for part in found.groups()[:6])
        seconds = float(found.group(7) or 0)
        rest = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except (OverflowError, ValueError):  # more than a computer counts, or more digits than it reads
        return None
    return Duration(years * 12 + months, rest)


def date(text: str) -> datetime | None:
    """An instant in UTC; a date or time without a zone is taken as UTC. None for what is no date."""
    try:
        found = datetime.fromisoformat(text.strip())
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (OverflowError, ValueError):  # a zone can lead out of the years 1 to 9999
        return None


def cycle(text: str) -> Cycle | None:
    """None for what is no repeating interval that says how long each round is."""
    found = REPEATS.fullmatch(text.strip())
    if found is None:
        return None
    times, start, every, end = found.groups()
    length = duration(every)
    begins = date(start) if start else None
    if length is None or end is not None or (start and begins is None) or length == Duration(0, timedelta()):
        return None
    return Cycle(int(times) if times else None, begins, length)


def due(kind: str, text: str, armed: datetime, fired: int) -> datetime | None:
    """When a timer armed at an instant is due next, after it has `fired` so often; None for never again.

    Raises ValueError for a text that is not of its kind, or that leads beyond the year 9999.
    """
    try:
        return _due(kind, text, armed, fired)
    except OverflowError as beyond:
        raise ValueError(text) from beyond


def _due(kind: str, text: str, armed: datetime, fired: int) -> datetime | None:
    if kind == "timeDate" and (instant := date(text)) is not None:
        return instant
    if kind == "timeDuration" and (length := duration(text)) is not None:
        return length.after(armed)
    if kind == "timeCycle" and (repeats := cycle(text)) is not None:
        if repeats.times is not None and fired >= repeats.times:
            return None
        if repeats.start is not None:
            return repeats.every.after(repeats.start, fired)
        return repeats.every.after(armed, fired + 1)
    raise ValueError(text)
