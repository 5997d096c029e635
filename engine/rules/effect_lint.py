"""Whether a form and its effects speak only of what the package has: names, types, fields, states, tasks, messages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine import feel
from engine.feel import FeelError
from engine.rules.effects import expressions_of
from engine.rules.form_model import Form, feel_of, walk

Finding = tuple[str, str, str]
BASE = frozenset(
    {"plan_year", "today", "now", "instance", "task", "me", "row", "index", "parent"}
    | {"records", "previous", "positions", "position", "role", "unit", "previous_years"}
)


@dataclass(frozen=True, slots=True)
class Known:
    """What a package has, by name; `records` are JSON Schemas by type."""

    variables: frozenset[str]
    records: Mapping[str, Any]
    follow_on: frozenset[str]
    messages: frozenset[str]


def lint_form_names(form: Form, known: Known) -> Iterator[Finding]:
    """Findings about a form whose schema is in order."""
    names = BASE | known.variables | {component.key for component in form.fields()}
    for where, expression in _expressions(form):
        yield from _names(where, expression, names, known)
    for where, effects in (("complete", form.complete_effects), ("close", form.close_effects)):
        for number, effect in enumerate(effects, start=1):
            place = f"{where} {number}"
            for expression in expressions_of(effect):
                yield from _names(place, expression, names, known)
            yield from _targets(place, effect, known)


def _expressions(form: Form) -> Iterator[tuple[str, str]]:
    for component in walk(form.components):
        limits = component.limits
        for name, expression in (
            ("conditional.hide", component.hide),
            ("required_if", component.required_if),
            ("prefill", component.prefill),
            ("sample", component.sample),
            ("rows", component.rows),
            ("title", component.title),
            ("notBefore", limits.not_before),
            ("notAfter", limits.not_after),
        ):
            if expression:
                yield f"{component.key}: {name}", expression
        for line in component.summary:
            yield f"{component.key}: summary", line.value
    for rule in form.rules:
        yield f"rules: {rule.id}", rule.require


def _names(where: str, expression: str, names: frozenset[str], known: Known) -> Iterator[Finding]:
    try:
        free, paths = feel.free_names(expression), feel.paths(expression)
    except FeelError:
        return
    for name in sorted(free - names):
        yield (
            where,
            f"Namnet {name} i ”{expression}” finns inte i sammanhanget. Rätta stavningen eller lägg till en variabel.",
            f"The name {name} in “{expression}” is not in the context. Correct it or add a variable.",
        )
    for path in sorted(paths):
        head, name = path.split(".")
        if head in ("records", "previous") and name not in known.records:
            yield from _unknown(where, ("Posttypen", "record type"), name, known.records)


def _targets(where: str, effect: Mapping[str, Any], known: Known) -> Iterator[Finding]:
    for verb in ("create", "update", "replace"):
        if verb in effect:
            yield from _record(where, effect, effect[verb], known)
    if "follow_on" in effect and effect["follow_on"] not in known.follow_on:
        yield from _unknown(where, ("Uppgiften", "follow-on task"), effect["follow_on"], known.follow_on)
    if "notify" in effect and effect["notify"] not in known.messages:
        yield from _unknown(where, ("Texten", "message"), effect["notify"], known.messages)
    for name in sorted(set(effect.get("set") or {}) - known.variables):
        yield from _unknown(where, ("Variabeln", "variable"), name, known.variables)


def _record(where: str, effect: Mapping[str, Any], type_: Any, known: Known) -> Iterator[Finding]:
    if type_ not in known.records:
        yield from _unknown(where, ("Posttypen", "record type"), type_, known.records)
        return
    schema = known.records[type_]
    fields = set(schema.get("properties", {}))
    for name in sorted(set(effect.get("values") or {}) - fields):
        yield from _unknown(where, ("Fältet", "field"), name, fields)
    state = effect.get("state")
    if state is not None and feel_of(state) == state and state not in (schema.get("x-states") or {}):
        yield from _unknown(where, ("Tillståndet", "state"), state, schema.get("x-states") or {})


def _unknown(where: str, what: tuple[str, str], name: Any, known: Any) -> Iterator[Finding]:
    choices = ", ".join(sorted(known)) or "–"
    yield (
        where,
        f"{what[0]} ”{name}” finns inte. Skriv en av: {choices}.",
        f"The {what[1]} “{name}” does not exist. Write one of: {choices}.",
    )
