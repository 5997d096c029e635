"""What a browser posts for a form, as nested data: `proposals.0.reason`, `items.17.priority`.

The form decides which names there are; a name that is not the form's is refused, except those of the page itself,
which begin with an underscore.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from engine.errors import InvalidInput
from engine.rules.forms import Component, ComponentView

MOST_FIELDS = 5000
MOST_ROWS = 500
LONGEST_NAME = 200
OURS = re.compile(r"_[a-z_:.\w-]*|csrf_token")
ROW_PATH = re.compile(r"[\w-]+(\.[\w-]+){0,5}")


@dataclass(frozen=True)
class RowAction:
    """A button pressed: add a row to the list at `path`, or remove row `index` of it."""

    kind: str
    path: tuple[str, ...]
    index: int | None = None


def parse(components: Sequence[Component], posted: MultiDict[str, str]) -> dict[str, Any]:
    """The data by key, as typed. Raises InvalidInput for names that the form does not have, or too many."""
    fields = [name for name in posted if not OURS.fullmatch(name)]
    if len(fields) > MOST_FIELDS or any(len(name) > LONGEST_NAME for name in fields):
        raise InvalidInput(field="form", reason="too_many")
    reader = Reader(posted)
    data = reader.read(components, "")
    unknown = set(fields) - reader.known
    if unknown:
        raise InvalidInput(field=min(unknown), reason="unknown_field")
    return data


class Reader:
    """Walks the form's components and picks what was posted for each; `known` gathers the names met."""

    def __init__(self, posted: MultiDict[str, str]) -> None:
        self.posted = posted
        self.shown = frozenset(posted.getlist("_shown"))
        self.known: set[str] = set()
        self.rows = rows_by_path(posted)

    def read(self, components: Iterable[Component], prefix: str) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for component in components:
            if component.kind == "group":
                data |= self.read(component.components, prefix)
            elif component.key and component.key != "record":
                self.read_one(component, prefix + component.key, data)
        return data

    def read_one(self, component: Component, name: str, data: dict[str, Any]) -> None:
        if component.kind in ("dynamiclist", "records"):
            self.read_rows(component, name, data)
            return
        self.known.add(name)
        shown = name in self.posted or name in self.shown
        if not shown:
            return
        values = self.posted.getlist(name)
        if component.kind == "checklist":
            data[component.key] = values
        elif component.kind == "checkbox":
            data[component.key] = bool(values)
        else:
            data[component.key] = normal_lines(values[0]) if values else ""

    def read_rows(self, component: Component, name: str, data: dict[str, Any]) -> None:
        present = self.rows.get(name, [])
        if not present and name not in self.shown:
            return
        rows = []
        for row_id in present:
            row = self.read(component.components, f"{name}.{row_id}.")
            if component.kind == "records":
                row["record"] = int(row_id)
            else:
                self.keep_record(name, row_id, row)
            rows.append(row)
        data[component.key] = rows

    def keep_record(self, name: str, row_id: str, row: dict[str, Any]) -> None:
        """A row that already became a record says which, so that a new answer changes it instead of adding one."""
        field = f"{name}.{row_id}.record"
        self.known.add(field)
        given = self.posted.get(field, "")
        if is_number(given):
            row["record"] = int(given)


def rows_by_path(posted: MultiDict[str, str]) -> dict[str, list[str]]:
    """The row ids (numbers) under each list, in order."""
    found: dict[str, dict[str, None]] = {}
    for name in [*posted.keys(), *posted.getlist("_shown")]:
        parts = name.split(".")
        for depth, part in enumerate(parts[1:-1], start=1):
            if is_number(part):
                found.setdefault(".".join(parts[:depth]), {}).setdefault(part)
    if any(len(rows) > MOST_ROWS for rows in found.values()):
        raise InvalidInput(field="form", reason="too_many")
    return {path: sorted(rows, key=int) for path, rows in found.items()}


def is_number(text: str) -> bool:
    """Whether it is a row's number: no more digits, and no other signs, than the page itself writes."""
    return text.isascii() and text.isdigit() and len(text) <= 12


def normal_lines(text: str) -> str:
    """Browsers send line ends as CRLF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def row_action(posted: MultiDict[str, str]) -> RowAction | None:
    """The add or remove button that was pressed, if any."""
    for name in posted:
        kind, _, path = name.partition(":")
        if kind in ("_add", "_remove") and ROW_PATH.fullmatch(path):
            parts = tuple(path.split("."))
            if kind == "_add":
                return RowAction("add", parts)
            if len(parts) > 1 and is_number(parts[-1]):
                return RowAction("remove", parts[:-1], int(parts[-1]))
    return None


def carry_out(action: RowAction, data: dict[str, Any]) -> int | None:
    """Change the rows of `data` as the button says; a path that leads nowhere changes nothing.

    The place of the row that was added, if one was.
    """
    rows = rows_at(data, action.path)
    if rows is None:
        return None
    if action.kind == "add" and len(rows) < MOST_ROWS:
        rows.append({})
        return len(rows) - 1
    if action.index is not None and action.index < len(rows):
        del rows[action.index]
    return None


def rows_at(data: dict[str, Any], path: tuple[str, ...]) -> list[Any] | None:
    """The list at the path (key, row, key, …); an absent list at its end is made."""
    here: Any = data
    for key, row in zip(path[:-1:2], path[1::2], strict=False):
        rows = here.get(key)
        found = pick(rows, row) if isinstance(rows, list) else None
        if found is None:
            return None
        here = found
    rows = here.setdefault(path[-1], []) if len(path) % 2 else None
    return rows if isinstance(rows, list) else None


def pick(rows: list[Any], row: str) -> Any:
    """The row with that record id, else the one at that place."""
    number = int(row) if is_number(row) else -1
    for candidate in rows:
        if candidate.get("record") == number:
            return candidate
    return rows[number] if 0 <= number < len(rows) else None


def carried(view: Sequence[ComponentView], data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was typed in questions that are hidden now, as hidden fields: shown again, they are filled in again."""
    found: list[tuple[str, str]] = []
    for component in view:
        if component.hidden and component.path:
            found += flat(component.path, value_at(data, component.path))
        elif component.components:
            found += carried(component.components, data)
        for row in component.rows:
            found += carried(row.components, data)
    return found


def flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """The pairs that a browser would post for the value."""
    if isinstance(value, list):
        for index, part in enumerate(value):
            if isinstance(part, dict):
                row = str(part.get("record", index))
                for key, inner in part.items():
                    yield from flat(f"{name}.{row}.{key}", inner)
            else:
                yield name, str(part)
    elif value is True:
        yield name, "true"
    elif value not in (None, "", False):
        yield name, str(value)


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether a browser would post the same for both: an empty field is no answer."""
    return sorted(posts(one)) == sorted(posts(other))


def posts(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [pair for key, value in data.items() for pair in flat(key, value)]


def value_at(data: Mapping[str, Any], path: str) -> Any:
    """The value at the path, or None."""
    here: Any = data
    for part in path.split("."):
        if isinstance(here, dict):
            here = here.get(part)
        elif isinstance(here, list):
            here = pick(here, part)
        else:
            return None
    return here
