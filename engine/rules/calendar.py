"""Days of a plan year, in the civil time of Europe/Stockholm.

Texts of days ("Days" in workflows/README.md) become aware datetimes in UTC. A last day means its last second, 23:59:59.
"""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

import holidays

from engine.texts import Text

STOCKHOLM = ZoneInfo("Europe/Stockholm")
LAST_SECOND = time(23, 59, 59)

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)
"""The days that anything here can be about; what somebody types outside them is a slip of the keys."""

Edge = Literal["opens", "closes"]

_PLAN_DAY = re.compile(r"Y([+-]\d{1,2})?-(\d{2})-(\d{2}|last)")
_REFERENCE = re.compile(r"([A-Za-z_]\w*)\.(opens|closes|due)")
_NAME = re.compile(r"[A-Za-z_]\w*")
_PERIOD = re.compile(
    r"(?P<sign>-)?P(?=.)(?:(?P<years>\d{1,3})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,7})S)?)?"
)


class DayError(ValueError):
    """A text that is no day, or that names something unknown. `sv` and `en` say what to write instead."""

    def __init__(self, sv: str, en: str) -> None:
        super().__init__(en)
        self.sv = sv
        self.en = en


@dataclass(frozen=True, slots=True)
class Window:
    """When a piece of work can be done: instants in UTC. `opens` None: as soon as it is reached. `due` is its own last
    instant, at the latest `closes`.
    """

    opens: datetime | None
    closes: datetime
    due: datetime


def typed_day(text: str) -> date | None:
    """The day that somebody has written, 2027-01-15; None for what is no day from EARLIEST to LATEST."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


def start_of(day: date) -> datetime:
    """00:00:00 of the day in Sweden, in UTC."""
    return datetime.combine(day, time.min, STOCKHOLM).astimezone(UTC)


def end_of(day: date) -> datetime:
    """23:59:59 of the day in Sweden, in UTC."""
    return datetime.combine(day, LAST_SECOND, STOCKHOLM).astimezone(UTC)


def civil(instant: datetime) -> str:
    """ISO 8601 in Swedish civil time, with offset: 2026-11-01T00:00:00+01:00."""
    return instant.astimezone(STOCKHOLM).isoformat(timespec="seconds")


def civil_date(instant: datetime) -> date:
    """The civil day in Europe/Stockholm at that instant."""
    return instant.astimezone(STOCKHOLM).date()


def add_period(instant: datetime, period: str) -> datetime:
    """`instant` moved by an ISO 8601 period (P1Y2M3W4DT5H6M7S, or -P…), in UTC.

    Years to days are counted on the calendar: the clock on the wall stays, also across a change of the clock, and a day
    that the month lacks becomes its last (31 Jan + P1M = 28 or 29 Feb). Hours to seconds are counted as they pass.
    Raises DayError.
    """
    match = _PERIOD.fullmatch(period)
    if match is None:
        raise _not_a_day(period)
    parts = {unit: int(value or 0) for unit, value in match.groupdict().items() if unit != "sign"}
    sign = -1 if match["sign"] else 1
    local = instant.astimezone(STOCKHOLM)
    months = local.year * 12 + local.month - 1 + sign * (12 * parts["years"] + parts["months"])
    year, month = divmod(months, 12)
    if not 1 <= year <= 9998:
        raise _not_a_day(period)
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    try:
        moved = local.replace(year=year, month=month + 1, day=day)
        moved += sign * timedelta(days=7 * parts["weeks"] + parts["days"])
        # Adding forgets which of the two hours from 02.00 it was on the night when the clock goes back.
        moved = moved.replace(fold=local.fold)
        passed = timedelta(hours=parts["hours"], minutes=parts["minutes"], seconds=parts["seconds"])
        return moved.astimezone(UTC) + sign * passed
    except OverflowError:
        raise _not_a_day(period) from None


def named_days(element: str, texts: Mapping[str, str | None]) -> set[str]:
    """What other days can be named by it: review.closes, review.due and, where the window says it, review.opens."""
    edges = ("opens", "closes", "due") if texts.get("opens") else ("closes", "due")
    return {f"{element}.{edge}" for edge in edges}


def lint_day(
    text: str, *, days: set[str] | frozenset[str], variables: set[str] | frozenset[str], relative: bool
) -> DayError | None:
    """What is wrong with a day's text, or None. `days`: those of elements that it can name. `relative`: a period has
    something to relate to here.
    """
    if _PERIOD.fullmatch(text):
        return None if relative else _needs_a_day(text)
    reference = _REFERENCE.fullmatch(text)
    if reference:
        return None if text in days else _unnamed(text, reference[1], known=f"{reference[1]}.closes" in days)
    if _PLAN_DAY.fullmatch(text):
        try:
            _plan_day(text, 2027)
        except DayError as error:
            return error
        return None
    if _NAME.fullmatch(text):
        return None if text in variables else _not_a_day(text)
    return _not_a_day(text)


def resolve(
    text: str,
    *,
    plan_year: int,
    windows: Mapping[str, Window] | None = None,
    variables: Mapping[str, Any] | None = None,
    relative_to: datetime | None = None,
    edge: Edge = "closes",
) -> datetime:
    """The instant, in UTC, that a day's text means.

    `edge` says which end of a day is meant: its first instant ("opens") or its last second ("closes"). A period is
    counted from `relative_to` and keeps that instant's time of day. Raises DayError.
    """
    if _PERIOD.fullmatch(text):
        if relative_to is None:
            raise _needs_a_day(text)
        return add_period(relative_to, text)
    reference = _REFERENCE.fullmatch(text)
    if reference:
        window = None if windows is None else windows.get(reference[1])
        if window is None:
            raise _unknown_element(text, reference[1])
        instant: datetime | None = getattr(window, reference[2])
        if instant is None:
            raise _no_first_day(text, reference[1])
        return instant
    if _PLAN_DAY.fullmatch(text):
        return _edge_of(_plan_day(text, plan_year), edge)
    if variables is not None and text in variables:
        return _from_variable(text, variables[text], edge)
    raise _not_a_day(text)


def _edge_of(day: date, edge: Edge) -> datetime:
    return start_of(day) if edge == "opens" else end_of(day)


def _plan_day(text: str, plan_year: int) -> date:
    match = _PLAN_DAY.fullmatch(text)
    if match is None:
        raise _not_a_day(text)
    year = plan_year + int(match[1] or 0)
    month = int(match[2])
    if not 1 <= month <= 12:
        raise _not_a_day(text)
    last = calendar.monthrange(year, month)[1]
    if match[3] == "last":
        return date(year, month, last)
    day = int(match[3])
    if (month, day) == (2, 29):
        raise DayError(
            f"”{text}” finns inte alla år. Skriv Y…-02-last.", f"“{text}” does not exist every year. Write Y…-02-last."
        )
    if not 1 <= day <= last:
        raise _not_a_day(text)
    return date(year, month, day)


def _from_variable(name: str, value: Any, edge: Edge) -> datetime:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
        except ValueError:
            value = None
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=STOCKHOLM)).astimezone(UTC)
    if isinstance(value, date):
        return _edge_of(value, edge)
    raise DayError(f"Variabeln {name} är inget datum.", f"The variable {name} holds no date.")


def _not_a_day(text: str) -> DayError:
    return DayError(
        f"”{text}” är ingen dag. Skriv till exempel Y-1-03-31, Y-1-02-last, collection.closes eller P10D.",
        f"“{text}” is not a day. Write for example Y-1-03-31, Y-1-02-last, collection.closes or P10D.",
    )


def _needs_a_day(text: str) -> DayError:
    return DayError(
        f"”{text}” är en tid efter något, men här finns inget att räkna från. Skriv en dag, till exempel Y-1-03-31.",
        f"“{text}” is a time after something, but there is nothing to count from here. Write a day such as Y-1-03-31.",
    )


def _unnamed(text: str, element: str, *, known: bool) -> DayError:
    return _no_first_day(text, element) if known else _unknown_element(text, element)


def _no_first_day(text: str, element: str) -> DayError:
    return DayError(
        f"”{text}” är ingen dag: {element} öppnar när processen kommer dit. Skriv opens i dess svarstid.",
        f"“{text}” is not a day: {element} opens when the process comes to it. Write opens in its window.",
    )


def _unknown_element(text: str, element: str) -> DayError:
    return DayError(
        f"”{text}” pekar på {element}, som inte finns eller saknar svarstid. Skriv ett elements id.",
        f"“{text}” points at {element}, which does not exist or has no window. Write the id of an element.",
    )


def resolve_windows(elements: Mapping[str, Mapping[str, str | None]], plan_year: int) -> dict[str, Window]:
    """The windows of all elements, by id, from their texts `opens`, `closes` and (optional) `due`.

    A text may name another element's window, in any order. `due` given as a period counts from `closes`;
    without `opens` it is open once it is reached. Raises DayError, also for windows that name each other in a ring.
    """
    found: dict[str, Window] = {}

    def window(element: str, asked_by: tuple[str, ...]) -> Window:
        if element in found:
            return found[element]
        if element not in elements:
            raise _unknown_element(element, element)
        if element in asked_by:
            ring = " → ".join([*asked_by, element])
            raise DayError(f"Svarstiderna pekar på varandra i ring: {ring}.", f"The windows form a ring: {ring}.")
        texts = elements[element]
        around: dict[str, Window] = {}
        for text in texts.values():
            reference = _REFERENCE.fullmatch(text or "")
            if reference:
                around[reference[1]] = window(reference[1], (*asked_by, element))
        found[element] = _window(element, texts, around, plan_year)
        return found[element]

    for element in elements:
        window(element, ())
    return found


def _window(element: str, texts: Mapping[str, str | None], around: Mapping[str, Window], plan_year: int) -> Window:
    given: dict[str, Any] = {"plan_year": plan_year, "windows": around}
    opens_text, due_text = texts.get("opens"), texts.get("due")
    opens = resolve(opens_text, edge="opens", **given) if opens_text else None
    closes = resolve(texts["closes"] or "", relative_to=opens, **given)
    due = resolve(due_text, relative_to=closes, **given) if due_text else closes
    if not (opens or due) <= due <= closes:
        begins = ("", "") if opens is None else (f"öppnar {civil(opens)}, ", f"opens {civil(opens)}, ")
        raise DayError(
            f"{element}: {begins[0]}ska vara klart {civil(due)} och stänger {civil(closes)}. "
            "Skriv dagarna i den ordningen.",
            f"{element}: {begins[1]}is due {civil(due)} and closes {civil(closes)}. Write the days in that order.",
        )
    return Window(opens, closes, due)


@lru_cache(maxsize=64)
def _days_off(year: int) -> frozenset[date]:
    # By default holidays takes the eves for working days; its de facto category holds the three that aren't.
    swedish = holidays.country_holidays("SE", years=year, categories=("public", "de_facto"), include_sundays=False)
    return frozenset(swedish)


@lru_cache(maxsize=64)
def _named(year: int, language: str) -> dict[date, str]:
    swedish = holidays.country_holidays(
        "SE", years=year, categories=("public", "de_facto"), include_sundays=False, language=language
    )
    return dict(swedish)


def holiday(day: date) -> Text | None:
    """The name of the holiday (or eve that is none of the working days) that the day is."""
    name = _named(day.year, "sv").get(day)
    return Text(name, _named(day.year, "en_US").get(day, name)) if name is not None else None


def workdays(first: date, last: date) -> int:
    """How many working days there are from the first day to the last, both counted."""
    return sum(is_workday(first + timedelta(days=number)) for number in range((last - first).days + 1))


def is_workday(day: date) -> bool:
    """Monday to Friday, neither a public holiday nor Midsummer Eve, Christmas Eve or New Year's Eve."""
    return day.weekday() < calendar.SATURDAY and day not in _days_off(day.year)


def next_workday_at(instant: datetime) -> datetime:
    """The first instant, in UTC, that is eight o'clock in Sweden on a working day and not before `instant`."""
    day = civil_date(instant)
    while True:
        moment = datetime.combine(day, time(8), STOCKHOLM).astimezone(UTC)
        if moment >= instant and is_workday(day):
            return moment
        day += timedelta(days=1)
