"""JSON with one spelling for each value (RFC 8785), so that a hash of it means something.

Keys are sorted by UTF-16, text is NFC, numbers are written as ECMAScript writes them. Dates become ISO
text, instants UTC with microseconds. What has no such spelling (NaN, infinity, a naive datetime, bytes)
raises ValueError.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any
from unicodedata import normalize

EXACT = 2**53


def canonical(value: Any) -> str:
    """The value's canonical JSON text."""
    plain = _PLAIN.get(type(value))  # the commonest by far
    if plain is not None:
        return plain(value)
    for kinds, write in _WRITERS:
        if isinstance(value, kinds):
            return write(value)
    raise ValueError(f"no canonical JSON for {type(value).__name__}")


def with_places(shared: Mapping[str, Any], names: Iterable[str]) -> tuple[str, list[str]]:
    """The canonical text of an object with a place (`%s`) for each of the named members, and the order of the places.

    Put in the members' own canonical texts and it is the text of the whole object.
    """
    order = sorted({*shared, *names}, key=_utf_16)
    places = dict.fromkeys(names, "%s")
    texts = {name: places.get(name) or canonical(shared[name]).replace("%", "%%") for name in order}
    members = ",".join(f"{_text(name).replace('%', '%%')}:{text}" for name, text in texts.items())
    return "{" + members + "}", [name for name in order if name in places]


def instant(value: datetime) -> str:
    """UTC with microseconds and Z, as in 2026-11-01T08:00:00.000000Z."""
    if value.tzinfo is None:
        raise ValueError(f"a naive datetime is not an instant: {value!r}")
    return _of_utc(value if value.tzinfo is UTC else value.astimezone(UTC))


@lru_cache(maxsize=1024)
def _of_utc(value: datetime) -> str:
    """Kept only for UTC: elsewhere the two 02.30 of an autumn night are equal, and are not the same instant."""
    return value.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _text(value: str) -> str:
    if value.isascii():
        return encode_basestring(value)
    written = normalize("NFC", value)
    written.encode()  # a lone surrogate is no text
    return encode_basestring(written)


def _object(value: Mapping[Any, Any]) -> str:
    try:
        if all(map(str.isascii, value)):
            return "{" + ",".join([_member(key, value[key]) for key in sorted(value)]) + "}"
    except TypeError:
        raise ValueError("a key must be text") from None  # one error for all that has no spelling
    members: dict[str, Any] = {}
    for key, member in value.items():
        name = key if key.isascii() else normalize("NFC", key)
        if name in members:
            raise ValueError(f"two members of one name: {name!r}")
        members[name] = member
    order = sorted(members, key=_utf_16)
    return "{" + ",".join(f"{_text(name)}:{canonical(members[name])}" for name in order) + "}"


def _member(name: str, value: Any) -> str:
    write = _PLAIN.get(type(value), canonical)
    return f"{encode_basestring(name)}:{write(value)}"


def _utf_16(name: str) -> bytes:
    return name.encode("utf-16-be")


def _number(value: float | Decimal) -> str:
    if isinstance(value, int):
        # A whole number beyond 2^53 has no exact JSON number; its digits are kept as text.
        return str(value) if abs(value) <= EXACT else f'"{value}"'
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"no JSON number: {value!r}")
    if number == 0:
        return "0"
    return _ecmascript(number)


def _ecmascript(number: float) -> str:
    """ECMA-262's Number::toString: shortest digits, plain from 1e-6 to 1e21, else with an exponent."""
    sign, digits_tuple, exponent = Decimal(repr(number)).normalize().as_tuple()
    assert isinstance(exponent, int)
    digits = "".join(map(str, digits_tuple))
    point = len(digits) + exponent
    if 0 < point <= 21:
        plain = digits.ljust(point, "0")
        text = plain[:point] + ("." + plain[point:] if len(plain) > point else "")
    elif -6 < point <= 0:
        text = "0." + "0" * -point + digits
    else:
        mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
        text = f"{mantissa}e{'+' if point > 0 else '-'}{abs(point - 1)}"
    return ("-" if sign else "") + text


_WRITERS: tuple[tuple[type | tuple[type, ...], Callable[[Any], str]], ...] = (
    ((bool, type(None)), lambda value: {True: "true", False: "false", None: "null"}[value]),
    (str, _text),
    ((int, float, Decimal), _number),
    (datetime, lambda value: _text(instant(value))),
    (date, lambda value: _text(value.isoformat())),
    (Mapping, _object),
    ((list, tuple), lambda value: "[" + ",".join(map(canonical, value)) + "]"),
)  # in this order: a bool is an int, a datetime is a date

_PLAIN: dict[type, Callable[[Any], str]] = {
    str: _text,
    dict: _object,
    list: lambda value: "[" + ",".join([canonical(member) for member in value]) + "]",
    type(None): lambda _value: "null",
    bool: lambda value: "true" if value else "false",
    int: _number,
}
