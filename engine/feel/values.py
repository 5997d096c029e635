"""Python values to and from the JSON that crosses the border to V8."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson

DATE, INSTANT = "\0date", "\0instant"


def to_json(value: object) -> tuple[str, bool]:
    """The JSON text, and whether it holds dates. Raises TypeError for naive datetimes and unknown types."""
    dated = False

    def default(part: object) -> object:
        nonlocal dated
        if isinstance(part, datetime):
            if part.tzinfo is None:
                raise TypeError("a datetime without a zone")
            dated = True
            return {INSTANT: round(part.timestamp() * 1000)}
        if isinstance(part, date):
            dated = True
            return {DATE: part.isoformat()}
        if isinstance(part, Decimal):
            return int(part) if part == part.to_integral_value() else float(part)
        if isinstance(part, Mapping):
            return dict(part)
        if isinstance(part, set | frozenset):
            return sorted(part)
        raise TypeError(f"FEEL has no type for {type(part).__name__}")

    text = orjson.dumps(value, default=default, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()
    return text, dated


def from_json(text: str) -> Any:
    """The Python value, with dates as date and instants as datetime in UTC."""
    value = orjson.loads(text)
    return _revive(value) if "\\u0000" in text else value


def _revive(value: Any) -> Any:
    if isinstance(value, list):
        return [_revive(part) for part in value]
    if not isinstance(value, dict):
        return value
    if DATE in value:
        return date.fromisoformat(value[DATE])
    if INSTANT in value:
        return datetime.fromtimestamp(value[INSTANT] / 1000, UTC)
    return {key: _revive(part) for key, part in value.items()}
