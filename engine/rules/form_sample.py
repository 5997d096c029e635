"""Invented answers, for rehearsals: valid, and the same for the same random numbers."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from engine.feel import Job
from engine.rules.calendar import civil_date
from engine.rules.form_model import Form
from engine.rules.form_reading import Node, Reading
from engine.rules.form_view import plain, prefill

ROUNDS = 6


def sample(form: Form, context: Mapping[str, Any], now: datetime, rng: Random) -> dict[str, Any]:
    """Data that fills every required field: by its `sample`, else by its type. A `records` list gets all its rows.

    What the rules of the form ask beyond types is up to its `sample` expressions.
    """
    data = prefill(form, context, now)
    reading = Reading(form, data, context, now)
    _add_rows(reading)
    reading = Reading(form, reading.data(), context, now)
    for _ in range(2):  # the first answers show fields that were hidden
        _by_expression(reading)
        reading = Reading(form, reading.data(), context, now)
    for _ in range(ROUNDS):
        reading = Reading(form, reading.data(), context, now)
        missing = [node for node in reading.walk() if _is_missing(node)]
        if not missing:
            break
        values = reading.run([Job(node.component.sample or "null", node.scope) for node in missing])
        for node, value in zip(missing, values, strict=True):
            node.owner[node.component.key] = _invent(node, now, rng) if value is None else value
    return reading.data()


def _add_rows(reading: Reading) -> None:
    """Rows of dynamic lists: as `sample` gives them, else as many as there must be, else one."""
    lists = [node for node in reading.walk() if node.component.kind == "dynamiclist" and not node.hidden]
    values = reading.run([Job(node.component.sample or "null", node.scope) for node in lists])
    for node, value in zip(lists, values, strict=True):
        if isinstance(value, list):
            node.rows.clear()
            reading.fill_rows(node, [{key: plain(part) for key, part in row.items()} for row in value])
        elif not node.rows:
            reading.fill_rows(node, [{} for _ in range(max(node.component.min_items, 1))])


def _by_expression(reading: Reading) -> None:
    nodes = [node for node in reading.walk() if node.component.sample and node.component.kind != "dynamiclist"]
    values = reading.run([Job(node.component.sample or "null", node.scope) for node in nodes])
    for node, value in zip(nodes, values, strict=True):
        if value is not None:
            node.owner[node.component.key] = value


def _is_missing(node: Node) -> bool:
    kind = node.component.kind
    if node.hidden or not node.required or kind in ("group", "text", "dynamiclist", "records"):
        return False
    return node.value is None or node.value == [] or node.value is False


def _invent(node: Node, now: datetime, rng: Random) -> Any:
    component = node.component
    limits = component.limits
    match component.kind:
        case "textfield" | "textarea" | "hidden":
            text = f"Påhittat svar {rng.randint(1, 999)}"
            return text.ljust(limits.min_length or 0, ".")[: limits.max_length]
        case "number":
            low = 0 if limits.minimum is None else limits.minimum
            high = low + 9 if limits.maximum is None else limits.maximum
            return rng.randint(int(-(-low // 1)), max(int(-(-low // 1)), int(high)))
        case "checkbox":
            return True
        case "datetime":
            free = civil_date(now) + timedelta(days=rng.randint(0, 14))
            return node.not_before or node.not_after or free
    choice = rng.choice(component.choices).value
    return [choice] if component.kind == "checklist" else choice
