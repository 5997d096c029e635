"""One submitted value: cleaned to its type, or refused with a code."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.rules import calendar, plain_text
from engine.rules.form_model import CHOICES, Component
from engine.texts import Text


@dataclass(frozen=True, slots=True)
class FieldError:
    """Why a field was refused. `path` is its place in the data, `code` a stable word, `params` what a text needs.

    `message` is the package's own text, where it has one.
    """

    path: str
    code: str
    params: dict[str, Any] = field(default_factory=dict)
    message: Text | None = None


class Refused(Exception):
    """A value that is not one of its type."""

    def __init__(self, code: str, message: Text | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.params = params


def clean(component: Component, raw: Any) -> Any:
    """The value as expressions see it (dates as date), or None for nothing given. Raises Refused."""
    if raw is None or raw in ("", []):
        return [] if component.kind == "checklist" else None
    return _CLEANERS[component.kind](component, raw)


def to_data(value: Any) -> Any:
    """A cleaned value as it is stored: dates as ISO text."""
    return value.isoformat() if isinstance(value, date) else value


def _scalar(_component: Component, raw: Any) -> Any:
    if isinstance(raw, str):
        return clean_text(raw)
    if isinstance(raw, bool | int | float):
        return raw
    raise Refused("not_a_choice")


def clean_text(raw: Any, *, one_line: bool = False) -> str:
    """`plain_text.clean`. Raises Refused."""
    if not isinstance(raw, str):
        raise Refused("not_a_text")
    try:
        return plain_text.clean(raw, one_line=one_line)
    except plain_text.Unreadable:
        raise Refused("control_character") from None


def _text(component: Component, raw: Any) -> str | None:
    limits = component.limits
    text = clean_text(raw, one_line=component.kind == "textfield")
    if not text:
        return None
    if limits.max_length is not None and len(text) > limits.max_length:
        raise Refused("too_long", max=limits.max_length, length=len(text))
    if limits.min_length is not None and len(text) < limits.min_length:
        raise Refused("too_short", min=limits.min_length, length=len(text))
    if limits.pattern and not re.fullmatch(limits.pattern, text):
        raise Refused("pattern", limits.pattern_message)
    return text


def _number(component: Component, raw: Any) -> int | float:
    if isinstance(raw, str):
        text = raw.strip().replace("\u00a0", "").replace(" ", "").replace("\u2212", "-").replace(",", ".")
        if not re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", text):
            raise Refused("not_a_number")
        raw = float(text) if "." in text else int(text)
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not abs(raw) < 1e15:
        raise Refused("not_a_number")
    number = int(raw) if raw == int(raw) else raw
    limits = component.limits
    too_small = limits.minimum is not None and number < limits.minimum
    if too_small or (limits.maximum is not None and number > limits.maximum):
        raise Refused("out_of_range", min=limits.minimum, max=limits.maximum)
    return number


def _checkbox(_component: Component, raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise Refused("not_a_choice")
    return raw


def _date(_component: Component, raw: Any) -> date:
    if not isinstance(raw, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", raw):
        raise Refused("not_a_date")
    try:
        day = date.fromisoformat(raw)
    except ValueError:
        raise Refused("not_a_date") from None
    if not calendar.EARLIEST <= day <= calendar.LATEST:
        raise Refused("out_of_range", min=calendar.EARLIEST.isoformat(), max=calendar.LATEST.isoformat())
    return day


def _choice(component: Component, raw: Any) -> Any:
    assert component.kind in CHOICES
    for choice in component.choices:
        if raw == choice.sent or (type(raw) is type(choice.value) and raw == choice.value):
            return choice.value
    raise Refused("not_a_choice")


def _checklist(component: Component, raw: Any) -> list[Any]:
    if not isinstance(raw, list):
        raise Refused("not_a_choice")
    chosen = [_choice(component, part) for part in raw]
    if len({repr(value) for value in chosen}) != len(chosen):
        raise Refused("not_a_choice")
    limits = component.limits
    if limits.max_length is not None and len(chosen) > limits.max_length:
        raise Refused("too_long", max=limits.max_length, length=len(chosen))
    return chosen


_CLEANERS: dict[str, Callable[[Component, Any], Any]] = {
    "textfield": _text,
    "textarea": _text,
    "number": _number,
    "checkbox": _checkbox,
    "datetime": _date,
    "hidden": _scalar,
    "radio": _choice,
    "select": _choice,
    "checklist": _checklist,
}
