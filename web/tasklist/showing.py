"""How values of a form are written on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from flask import Flask
from flask_babel import get_locale
from flask_login import current_user

from engine.inquiries import Told
from engine.rules.forms import ComponentView, FormView, RowView
from engine.texts import Text
from web import dates
from web.context import in_words
from web.tasklist.file_words import file_size
from web.tasklist.form_errors import error_text, field_id, folds_errors, row_name
from web.words import gettext as _

ISO_DAY = re.compile(r"(?<![\w/.-])\d{4}-\d{2}-\d{2}(?![\w-])")
MOST_OPEN_ROWS = 3
MOST_OPEN_VALUES = 36


def sent(value: Any) -> str:
    """A choice's value as its control sends it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def choice_items(field: ComponentView) -> list[dict[str, Any]]:
    """The choices for the macros of radios, checkboxes and select."""
    chosen = field.value if isinstance(field.value, list) else [] if field.value is None else [field.value]
    picked = {sent(value) for value in chosen}
    return [
        {
            "value": choice.sent,
            "text": begun(in_words(choice.label)),
            "checked": choice.sent in picked,
            "selected": choice.sent in picked,
        }
        for choice in field.choices
    ]


def begun(text: str) -> str:
    """The text with a capital letter first, as what stands by itself begins; packages write what fits in a sentence."""
    return text[:1].upper() + text[1:]


def short_choices(field: ComponentView) -> bool:
    """Few and short enough to stand on one line."""
    texts = [in_words(choice.label) for choice in field.choices]
    return len(texts) <= 3 and sum(map(len, texts)) <= 30


def shown_value(field: ComponentView) -> str:
    """A field's value in words; an empty one is empty."""
    if field.kind in ("radio", "select", "checklist"):
        picked = {item["value"] for item in choice_items(field) if item["checked"]}
        return begun(", ".join(in_words(choice.label) for choice in field.choices if choice.sent in picked))
    if field.kind in ("textfield", "textarea") and not field.readonly:
        return "" if field.value is None else str(field.value)
    return plain_value(field.value)


def plain_value(value: Any) -> str:
    """Whatever a package shows beside a row: yes or no, dates in words, numbers and lists as people write them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Ja") if value else _("Nej")
    if isinstance(value, int | float | Decimal):
        return format_decimal(value, locale=get_locale())
    if isinstance(value, list):
        return ", ".join(plain_value(part) for part in value)
    if isinstance(value, dict):
        return ", ".join(plain_value(part) for part in value.values() if part not in (None, ""))
    return day_or_text(value)


def said(told: Told) -> str:
    """A sentence of the package in the reader's language, its values filled in, and said where one is missing."""
    values = {
        name: in_words(value) if isinstance(value, Text) else plain_value(value) or _("inte angivet")
        for name, value in told.values.items()
    }
    return in_words(told.text.fill(values))


def day_or_text(value: Any) -> str:
    """A day, and each day within a text that the package made, as the reader writes it."""
    if isinstance(value, date):
        return dates.day(value)
    return ISO_DAY.sub(_in_words, str(value))


def _in_words(found: re.Match[str]) -> str:
    try:
        return dates.day(date.fromisoformat(found[0]))
    except ValueError:
        return found[0]


def number(value: Any, kind: str) -> str:
    """A number as it is typed: without grouping, with the reader's decimal sign."""
    if kind != "number" or not isinstance(value, int | float):
        return str(value)
    return str(format_decimal(value, format="0.######", locale=get_locale()))


def within(row: RowView) -> Iterator[ComponentView]:
    yield from walk(row.components)


def walk(components: list[ComponentView]) -> Iterator[ComponentView]:
    for component in components:
        yield component
        yield from walk(component.components)
        for row in component.rows:
            yield from walk(row.components)


def has_errors(row: RowView) -> bool:
    return any(component.errors for component in within(row))


def is_filled(row: RowView) -> bool:
    """Whether everything that must be answered in the row is, or, where nothing must be, something is."""
    fields = [c for c in within(row) if c.key and not c.hidden and not c.readonly and c.kind != "hidden"]
    required = [field for field in fields if field.required]
    if required:
        return all(field.value not in (None, "", []) or field.rows for field in required)
    return any(field.value not in (None, "", [], False) or field.rows for field in fields)


def has_free_text(view: FormView) -> bool:
    """Whether the reader can write at length somewhere on the page."""
    return any(field.kind == "textarea" and not field.hidden and not field.readonly for field in walk(view.components))


def is_long(field: ComponentView) -> bool:
    """Whether its rows, all open, fill several screens, so that a reader is better served by their titles first."""
    values = sum(
        len(row.summary) + sum(1 for each in within(row) if each.key and not each.hidden) for row in field.rows
    )
    return len(field.rows) > MOST_OPEN_ROWS and values > MOST_OPEN_VALUES


def first_words(row: RowView) -> str:
    """What the row's first answered question says, to know the row by."""
    return next((shown for field in within(row) if field.key and (shown := shown_value(field))), "")


def is_begun(group: ComponentView) -> bool:
    """Whether something in the group is filled in or refused, so that it must be seen."""
    return any(field.errors or field.value not in (None, "", [], False) for field in walk(group.components))


def init_app(app: Flask) -> None:
    app.jinja_env.globals["reads_history"] = lambda: "history" in current_user.capabilities
    app.jinja_env.filters.update(
        sent=sent,
        choice_items=choice_items,
        short_choices=short_choices,
        shown_value=shown_value,
        plain_value=plain_value,
        said=said,
        number=number,
        begun=begun,
        first_words=first_words,
        is_long=is_long,
        has_free_text=has_free_text,
        row_name=row_name,
        has_errors=has_errors,
        folds_errors=folds_errors,
        is_filled=is_filled,
        is_begun=is_begun,
        file_size=file_size,
        error_text=error_text,
        field_id=field_id,
    )
