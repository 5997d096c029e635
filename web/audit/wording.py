"""Values in words as a page shows them: records by title with a link, positions by name, days and numbers as said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from babel.numbers import format_decimal
from flask import Flask
from flask_babel import get_locale

from engine import subjects
from engine.rules.value_words import Fields, Place, Reference
from engine.store.database import Tx
from engine.subjects import Subject
from engine.texts import Text
from web import dates
from web.audit.naming import Names
from web.context import in_words, now
from web.words import gettext as _


class Titles:
    """The records and positions that some values name, read at once."""

    def __init__(self, tx: Tx, values: Iterable[Any]) -> None:
        found = [one for value in values for one in named_in(value)]
        self.records = subjects.by_id(tx, (one.record_id for one in found if isinstance(one, Reference)), now())
        names, places = Names(tx), {one.position_id for one in found if isinstance(one, Place)}
        self.places = {place: names.position(place) for place in places}

    def record(self, reference: Reference) -> Subject | None:
        return self.records.get(reference.record_id)

    def place(self, place: Place) -> str:
        return self.places.get(place.position_id, place.position_id)


def named_in(value: Any) -> Iterator[Reference | Place]:
    if isinstance(value, Reference | Place):
        yield value
    elif isinstance(value, Fields):
        if value.of is not None:
            yield value.of
        for _label, one in value.pairs:
            yield from named_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from named_in(one)


def kind(value: Any) -> str:
    """How a page draws it: record, fields, rows (a list of either), or text."""
    if isinstance(value, Reference):
        return "record"
    if isinstance(value, Fields):
        return "fields"
    if isinstance(value, list) and any(isinstance(one, Reference | Fields) for one in value):
        return "rows"
    return "text"


def is_told(value: Any) -> bool:
    """Whether there is anything to read."""
    return value is not None and value not in ("", [])


def as_read(value: Any, titles: Titles | None = None) -> str:
    """A date, a number, a word of the package or a list of them, in one line; a dash for nothing."""
    if not is_told(value):
        return "–"
    if isinstance(value, list):
        return ", ".join(as_read(one, titles) for one in value)
    if isinstance(value, Place):
        return titles.place(value) if titles is not None else value.position_id
    return in_words(value) if isinstance(value, Text) else of_plain(value)


def of_plain(value: Any) -> str:
    """A value without words of its own."""
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if isinstance(value, date | datetime):
        return dates.day(value)
    if isinstance(value, int | float):
        return str(format_decimal(value, locale=get_locale(), group_separator=abs(value) >= 10_000))
    return str(value)


def init_app(app: Flask) -> None:
    app.jinja_env.globals["worded_kind"] = kind
    app.jinja_env.globals["worded_text"] = as_read
