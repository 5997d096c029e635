"""What tells one instance of a process from another: the plan year, or the columns that the package names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.errors import InvalidInput
from engine.texts import Text

YEAR = "plan_year"
YEARS = range(2000, 2201)
SEPARATOR = "/"
KINDS = ("text", "number", "date", "position")
LONGEST_PART, LONGEST_VALUE = 60, 1000


@dataclass(frozen=True, slots=True)
class Column:
    """A value given when an instance starts: a part of its business key, or only the first value of a variable."""

    name: str
    label: Text
    key: bool
    kind: str


def parts(columns: Sequence[Column]) -> list[str]:
    """The names of the business key's parts, in order."""
    return [column.name for column in columns if column.key] or [YEAR]


def is_by_year(columns: Sequence[Column]) -> bool:
    """Whether there is one instance for each plan year, as of the annual plan."""
    return parts(columns) == [YEAR]


def business_key(columns: Sequence[Column], plan_year: int, values: Mapping[str, Any]) -> str:
    """E1042/2027. A value that is not there yet is left empty."""
    known = {**values, YEAR: plan_year}
    return SEPARATOR.join(str(known.get(name, "")) for name in parts(columns))


def names(columns: Sequence[Column], key: str, plan_year: int | str) -> dict[str, Any]:
    """What an instance's name may fill in: the plan year and the parts of its key."""
    return dict(zip(parts(columns), key.split(SEPARATOR), strict=False)) | {YEAR: plan_year}


def given_values(columns: Sequence[Column], given: Mapping[str, Any]) -> dict[str, Any]:
    """The columns' values as they are kept, but for the plan year.

    Raises InvalidInput for the first that is missing, unknown or no value of its kind.
    """
    known = {column.name: column for column in columns if column.name != YEAR}
    for name in given:
        if name not in known:
            raise InvalidInput(field=name, reason="unknown_column", value=str(given[name])[:200])
    return {name: value(column, given.get(name, "")) for name, column in known.items()}


def value(column: Column, given: Any) -> Any:
    """One column's value. Raises InvalidInput."""
    text = str(given).strip()
    reason = _fault(column, text)
    if reason is not None:
        raise InvalidInput(field=column.name, reason=reason, value=text[:200])
    if column.kind == "number":
        number = float(text.replace(",", "."))
        return int(number) if number.is_integer() else number
    return text


def year(given: Any) -> int:
    """A plan year. Raises InvalidInput."""
    text = str(given).strip()
    if not (text.isascii() and text.isdigit() and len(text) == 4 and int(text) in YEARS):
        raise InvalidInput(field=YEAR, reason="out_of_range", value=text[:200])
    return int(text)


def _fault(column: Column, text: str) -> str | None:
    found = {
        "value_missing": not text,
        "value_too_long": len(text) > (LONGEST_PART if column.key else LONGEST_VALUE),
        "control_character": any(ord(character) < 32 or ord(character) == 127 for character in text),
        "formula": column.kind != "number" and text.startswith(("=", "@", "+")),
        "slash_in_key": column.key and SEPARATOR in text,
        "not_a_number": column.kind == "number" and not _is_number(text),
        "no_day": column.kind == "date" and not _is_day(text),
    }
    return next((reason for reason, holds in found.items() if holds), None)


def _is_number(text: str) -> bool:
    digits = text.replace(",", ".").removeprefix("-")
    whole, _, part = digits.partition(".")
    return digits.isascii() and whole.isdigit() and (not part or part.isdigit()) and len(digits) <= 15


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
