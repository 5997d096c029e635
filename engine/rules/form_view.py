"""A form ready to be drawn, and what it is filled with beforehand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.feel import Job
from engine.rules.form_model import LISTS, Choice, Component, Form
from engine.rules.form_reading import Node, Reading, Row
from engine.rules.form_values import FieldError, to_data
from engine.rules.placeholders import fill
from engine.texts import Text


@dataclass(frozen=True, slots=True)
class RowView:
    """One row. `record` is its record's id, in a `records` list; `path` begins the names of its fields."""

    path: str
    index: int
    record: Any
    title: str
    summary: list[tuple[Text, Any]]
    components: list["ComponentView"]


@dataclass(frozen=True, slots=True)
class ComponentView:
    """One component with its texts filled in. `value` is as stored, or as typed where it could not be read."""

    component: Component
    kind: str
    key: str
    path: str
    label: Text
    description: Text
    text: Text
    add_label: Text
    choices: tuple[Choice, ...]
    value: Any
    hidden: bool
    required: bool
    readonly: bool
    width: str
    guideline: str
    errors: list[FieldError]
    components: list["ComponentView"]
    rows: list[RowView]


@dataclass(frozen=True, slots=True)
class FormView:
    """The tree of components, and the errors that belong to none of them."""

    title: Text
    components: list[ComponentView]
    errors: list[FieldError]


def view(
    form: Form,
    context: Mapping[str, Any],
    data: Mapping[str, Any],
    now: datetime,
    errors: Sequence[FieldError] = (),
    *,
    answered: bool = False,
) -> FormView:
    """The form with this data, which may be unfinished or wrong, and with errors found before, each at its field.

    `answered`: the data is an answer to be read, with the rows of records that it was given for.

    Raises FeelError when an expression of the form itself fails.
    """
    reading = Reading(form, data, context, now, answered=answered)
    drawing = _Drawing(reading, errors)
    components = [drawing.component(node) for node in reading.nodes]
    placed = {node.path for node in reading.walk() if node.path}
    names = {**context, **reading.names}
    return FormView(fill(form.title, names), components, [error for error in errors if error.path not in placed])


class _Drawing:
    def __init__(self, reading: Reading, errors: Sequence[FieldError]) -> None:
        self.reading = reading
        self.names = {**reading.context, **reading.names}
        self.errors: dict[str, list[FieldError]] = {}
        for error in errors:
            self.errors.setdefault(error.path, []).append(error)
        self.lines = self._lines()

    def _lines(self) -> dict[int, list[Any]]:
        """By the scope of each row: its title and the values of its summary, in one round trip for all rows."""
        jobs: list[Job] = []
        for node in self.reading.walk():
            component = node.component
            for row in node.rows:
                jobs.append(Job(component.title or "null", row.scope))
                jobs.extend(Job(line.value, row.scope) for line in component.summary)
        found: dict[int, list[Any]] = {}
        for job, value in zip(jobs, self.reading.run(jobs), strict=True):
            found.setdefault(job.scope, []).append(value)
        return found

    def component(self, node: Node) -> ComponentView:
        component = node.component
        names = {**self.names, **self.reading.scopes[node.scope]}
        unread = node.errors and component.kind not in LISTS
        return ComponentView(
            component=component,
            kind=component.kind,
            key=component.key,
            path=node.path,
            label=fill(component.label, names),
            description=fill(component.description, names),
            text=fill(component.text, names),
            add_label=fill(component.add_label, names),
            choices=component.choices,
            value=None if component.kind in LISTS else node.raw if unread else to_data(node.value),
            hidden=node.hidden,
            required=node.required,
            readonly=component.readonly,
            width=component.width,
            guideline=component.guideline,
            errors=self.errors.get(node.path, []) if node.path else [],
            components=[self.component(child) for child in node.children],
            rows=[self.row(component, index, row) for index, row in enumerate(node.rows)],
        )

    def row(self, component: Component, index: int, row: Row) -> RowView:
        title, *values = self.lines[row.scope]
        labels = [fill(line.label, self.names) for line in component.summary]
        return RowView(
            path=row.path,
            index=index,
            record=row.record,
            title="" if title is None else str(title),
            summary=list(zip(labels, values, strict=True)),
            components=[self.component(node) for node in row.nodes],
        )


def prefill(form: Form, context: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The data that the form begins with. Raises FeelError when one of its expressions fails."""
    reading = Reading(form, {}, context, now)
    nodes = [node for node in reading.walk() if node.component.prefill]
    values = reading.run([Job(node.component.prefill or "null", node.scope) for node in nodes])
    for node, value in zip(nodes, values, strict=True):
        put(reading, node, value)
    return reading.data()


def prefill_row(
    form: Form, context: Mapping[str, Any], data: Mapping[str, Any], path: str, now: datetime
) -> dict[str, Any]:
    """What the row at `path` of the data begins with, by key. Raises FeelError when an expression fails."""
    reading = Reading(form, data, context, now)
    nodes = [
        node
        for node in reading.walk()
        if node.component.prefill and node.path == f"{path}.{node.component.key}" and not node.hidden
    ]
    values = reading.run([Job(node.component.prefill or "null", node.scope) for node in nodes])
    return {node.component.key: plain(value) for node, value in zip(nodes, values, strict=True)}


def put(reading: Reading, node: Node, value: Any) -> None:
    """Lay a value that an expression gave into the reading; rows of a dynamic list become rows."""
    if node.component.kind == "dynamiclist":
        rows = [{key: plain(part) for key, part in row.items()} for row in value or []]
        node.rows.clear()
        node.errors.clear()
        reading.fill_rows(node, rows)
    elif node.component.kind == "checklist":
        node.owner[node.component.key] = value or []
    else:
        node.owner[node.component.key] = value


def plain(value: Any) -> Any:
    """Dates as ISO text, also in lists."""
    return [plain(part) for part in value] if isinstance(value, list) else to_data(value)
