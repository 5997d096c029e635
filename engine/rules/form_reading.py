"""Submitted data laid on a form: a tree of nodes with their values, what is hidden and what is required.

All FEEL of a form is evaluated in a few round trips, however many rows it has: one for the lists of records, one for
what is hidden or required, one more whenever hiding a field has changed what others look at.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from engine import feel
from engine.feel import FeelError, Job
from engine.rules.form_model import Component, Form, top_level
from engine.rules.form_values import FieldError, Refused, clean, to_data

ROUNDS = 8  # more conditions than this that wait for each other are a mistake of the form


@dataclass(slots=True)
class Node:
    """A component in its place. `owner` is the object of names that its value stands in."""

    component: Component
    path: str
    scope: int
    owner: dict[str, Any]
    raw: Any = None
    errors: list[FieldError] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)
    rows: list["Row"] = field(default_factory=list)
    hidden: bool = False
    required: bool = False
    not_before: date | None = None
    not_after: date | None = None

    @property
    def value(self) -> Any:
        return self.owner.get(self.component.key)


@dataclass(slots=True)
class Row:
    """One row: `values` is what expressions see as `row`; `record` its record's id in a `records` list."""

    path: str
    scope: int
    values: dict[str, Any]
    nodes: list[Node]
    record: Any = None


class Reading:
    """`names` is the form's data as expressions see them: dates as dates, rows over their records' fields."""

    def __init__(
        self,
        form: Form,
        data: Mapping[str, Any],
        context: Mapping[str, Any],
        now: datetime,
        *,
        submitted: bool = False,
        answered: bool = False,
    ) -> None:
        """`answered`: the data is an answer to be read, so its lists of records hold the rows it was given for."""
        self.form = form
        self.answered = answered
        self.context = context
        self.now = now
        self.names: dict[str, Any] = {}
        self.scopes: list[dict[str, Any]] = [{}]
        self.errors: list[FieldError] = []
        self._lists: dict[str, list[dict[str, Any]]] = {}
        self._fill_names(data)
        self.nodes = self._nodes(form.components, data, "", 0, self.names)
        if submitted:
            self._fix()
        self._settle()

    def walk(self, nodes: list[Node] | None = None) -> Iterator[Node]:
        """Every node, rows included, in the form's order."""
        for node in self.nodes if nodes is None else nodes:
            yield node
            yield from self.walk(node.children)
            for row in node.rows:
                yield from self.walk(row.nodes)

    def run(self, jobs: list[Job]) -> list[Any]:
        """The values of expressions over context, data and the scope of their row."""
        if not jobs:
            return []
        return feel.run(jobs, {**self.context, **self.names}, self.scopes, now=self.now)

    def data(self, nodes: list[Node] | None = None) -> dict[str, Any]:
        """What is stored: the form's own fields, without the hidden ones."""
        found: dict[str, Any] = {}
        for node in self.nodes if nodes is None else nodes:
            component = node.component
            if node.hidden or component.kind == "text":
                continue
            if component.kind == "group":
                found.update(self.data(node.children))
            elif component.kind in ("dynamiclist", "records"):
                found[component.key] = [self._row_data(row) for row in node.rows]
            elif node.value is not None:
                found[component.key] = to_data(node.value)
        return found

    def _row_data(self, row: Row) -> dict[str, Any]:
        own = {} if row.record is None else {"record": row.record}
        return {**own, **self.data(row.nodes)}

    def _fill_names(self, data: Mapping[str, Any]) -> None:
        """The plain fields first: lists of records may depend on them."""
        components = list(top_level(self.form.components))
        lists = [component for component in components if component.kind == "records"]
        if not lists:
            return
        for component in components:
            self.names[component.key] = _clean_or_none(component, data.get(component.key))
        self.names.pop("", None)
        if self.answered:
            self._lists = {component.key: self._rows_of_answer(data.get(component.key)) for component in lists}
            return
        jobs = [Job(component.rows or "[]") for component in lists]
        for component, rows in zip(lists, self.run(jobs), strict=True):
            if rows is not None and not isinstance(rows, list):
                raise FeelError(component.rows or "", "is not a list of records")
            self._lists[component.key] = rows or []

    def _rows_of_answer(self, rows: Any) -> list[dict[str, Any]]:
        """The records that the answer's rows name, as they are now; what the answer led to may have changed them."""
        known = {
            record["id"]: record
            for group in ("records", "previous")
            for records in (self.context.get(group) or {}).values()
            for record in records
        }
        return [known[row["record"]] for row in rows or [] if row.get("record") in known]

    def _nodes(
        self,
        components: tuple[Component, ...],
        data: Mapping[str, Any],
        prefix: str,
        scope: int,
        owner: dict[str, Any],
    ) -> list[Node]:
        self._refuse_strangers(components, data, prefix)
        return [self._node(component, data, prefix, scope, owner) for component in components]

    def _refuse_strangers(self, components: tuple[Component, ...], data: Mapping[str, Any], prefix: str) -> None:
        known = {component.key for component in top_level(components)} | {"record"}
        if not prefix:
            known.discard("record")
        for key in data:
            if key not in known or key == "":
                self.errors.append(FieldError(f"{prefix}{key}"[:200], "unknown_field"))

    def _node(
        self, component: Component, data: Mapping[str, Any], prefix: str, scope: int, owner: dict[str, Any]
    ) -> Node:
        node = Node(component, f"{prefix}{component.key}", scope, owner)
        if component.kind == "group":
            node.children = [self._node(part, data, prefix, scope, owner) for part in component.components]
        elif component.kind == "dynamiclist":
            self.fill_rows(node, data.get(component.key))
        elif component.kind == "records":
            self._record_rows(node, data.get(component.key))
        elif component.kind != "text":
            node.raw = data.get(component.key)
            try:
                owner[component.key] = clean(component, node.raw)
            except Refused as refused:
                owner[component.key] = _empty(component)
                node.errors.append(FieldError(node.path, refused.code, refused.params, refused.message))
        return node

    def fill_rows(self, node: Node, raw: Any) -> None:
        """Make the rows of a dynamic list from submitted objects."""
        raw = [] if raw is None else raw
        if not isinstance(raw, list) or not all(isinstance(part, Mapping) for part in raw):
            node.errors.append(FieldError(node.path, "not_a_list"))
            raw = []
        most = node.component.max_items
        if len(raw) > most:
            node.errors.append(FieldError(node.path, "too_many_rows", {"max": most}))
            raw = raw[:most]
        for index, data in enumerate(raw):
            own = {key: value for key, value in data.items() if key != "record"}
            row = self._row(node, own, f"{node.path}.{index}", index, {})
            if isinstance(data.get("record"), int | str):
                row.record = data["record"]
            row.values["record"] = row.record
        node.owner[node.component.key] = [row.values for row in node.rows]

    def _record_rows(self, node: Node, raw: Any) -> None:
        sources = self._lists.get(node.component.key, [])
        raw = [] if raw is None else raw
        if not isinstance(raw, list) or not all(isinstance(part, Mapping) for part in raw):
            node.errors.append(FieldError(node.path, "not_a_list"))
            raw = []
        given: dict[str, Mapping[str, Any]] = {}
        known = {str(source["id"]) for source in sources}
        for data in raw:
            name = str(data.get("record"))
            if name not in known or name in given:
                self.errors.append(FieldError(f"{node.path}.{name}"[:200], "unknown_row"))
            else:
                given[name] = data
        for index, source in enumerate(sources):
            name = str(source["id"])
            row = self._row(node, given.get(name, {}), f"{node.path}.{name}", index, dict(source))
            row.record = source["id"]
            row.values["record"] = source["id"]
        node.owner[node.component.key] = [row.values for row in node.rows]

    def _row(self, node: Node, data: Mapping[str, Any], path: str, index: int, values: dict[str, Any]) -> Row:
        outer = self.scopes[node.scope].get("row")
        self.scopes.append({"row": values, "index": index + 1, "parent": outer})
        scope = len(self.scopes) - 1
        row = Row(path, scope, values, [])
        node.rows.append(row)
        row.nodes = self._nodes(node.component.components, data, f"{path}.", scope, values)
        return row

    def _fix(self) -> None:
        """What a person cannot change is what the form says, whatever was sent."""
        nodes = [
            node
            for node in self.walk()
            if node.component.prefill and (node.component.readonly or node.component.kind == "hidden")
        ]
        jobs = [Job(node.component.prefill or "null", node.scope) for node in nodes]
        for node, value in zip(nodes, self.run(jobs), strict=True):
            node.owner[node.component.key] = value
            node.errors.clear()

    def _settle(self) -> None:
        """Find out what is hidden and required; drop hidden values; again, until nothing changes."""
        for _ in range(ROUNDS):
            asked: list[tuple[Node, str]] = []
            for node in self.walk():
                component = node.component
                asked += [(node, "hide")] if component.hide else []
                asked += [(node, "required_if")] if component.required_if else []
                if component.kind == "datetime" and node.value is not None:
                    asked += [(node, "not_before")] if component.limits.not_before else []
                    asked += [(node, "not_after")] if component.limits.not_after else []
            values = self.run([Job(_expression(node, what), node.scope) for node, what in asked])
            self._apply(asked, values)
            if not self._drop_hidden(self.nodes, hidden=False):
                return

    def _apply(self, asked: list[tuple[Node, str]], values: list[Any]) -> None:
        for node in self.walk():
            node.hidden = False
            node.required = node.component.limits.required
        for (node, what), value in zip(asked, values, strict=True):
            if what in ("not_before", "not_after"):
                setattr(node, what, value if isinstance(value, date) else None)
                continue
            if value is not None and not isinstance(value, bool):
                raise FeelError(_expression(node, what), "is neither true nor false")
            if what == "hide":
                node.hidden = value is True
            elif value is True:
                node.required = True

    def _drop_hidden(self, nodes: list[Node], *, hidden: bool) -> bool:
        """Whether a value went away."""
        changed = False
        for node in nodes:
            node.hidden = node.hidden or hidden
            key = node.component.key
            if node.hidden and key:
                node.errors.clear()
                node.required = False
                if node.value not in (None, []):
                    node.owner[key] = _empty(node.component)
                    node.rows.clear()
                    changed = True
            changed |= self._drop_hidden(node.children, hidden=node.hidden)
            for row in node.rows:
                changed |= self._drop_hidden(row.nodes, hidden=False)
        return changed


def _expression(node: Node, what: str) -> str:
    component = node.component
    found = {
        "hide": component.hide,
        "required_if": component.required_if,
        "not_before": component.limits.not_before,
        "not_after": component.limits.not_after,
    }[what]
    return found or "null"


def _empty(component: Component) -> Any:
    return [] if component.kind in ("checklist", "dynamiclist", "records") else None


def _clean_or_none(component: Component, raw: Any) -> Any:
    if component.kind in ("dynamiclist", "records", "text"):
        return _empty(component)
    try:
        return clean(component, raw)
    except Refused:
        return _empty(component)
