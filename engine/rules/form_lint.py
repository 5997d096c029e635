"""What is wrong with a form's schema, said to the one who writes it, in Swedish and English."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine import feel
from engine.rules import effects
from engine.rules.form_model import CHOICES, FIELDS, KINDS, LISTS, feel_of, sent_text

Finding = tuple[str, str, str]
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
RESERVED = frozenset(
    {"record", "row", "index", "parent", "item", "task", "me", "records", "previous", "positions"}
    | {"plan_year", "today", "now", "instance", "partial"}
)


def lint_expression(where: str, expression: Any) -> Iterator[Finding]:
    """At most one finding about a FEEL expression."""
    text = feel_of(expression)
    fault = feel.check(text) if text else "is empty"
    if fault is not None:
        yield (
            where,
            f"FEEL-uttrycket ”{text or ''}” går inte att använda: {fault}. Rätta uttrycket.",
            f"The FEEL expression “{text or ''}” cannot be used: {fault}. Correct the expression.",
        )


def lint_schema(data: Any) -> list[Finding]:
    """All findings about a form's schema."""
    if not isinstance(data, Mapping) or not isinstance(data.get("components"), list):
        return [("", "Formuläret saknar components. Skriv en lista.", "The form lacks components. Write a list.")]
    found = [*_texts("", data, "title")]
    if data.get("type", "default") != "default":
        found.append(("type", "Skriv type: default.", "Write type: default."))
    found += _components(data["components"], "", set(), allow_records=True)
    ours = data.get("arshjul") or {}
    if not found:
        found += _ours(ours, data["components"])
    return found


def _texts(where: str, data: Mapping[str, Any], name: str) -> Iterator[Finding]:
    for key, language in ((name, ("svenska", "Swedish")), (f"{name}_en", ("engelska", "English"))):
        value = data.get(key)
        if not isinstance(value, str) or not value.strip():
            yield (
                where,
                f"{key} saknas. Skriv texten på {language[0]}.",
                f"{key} is missing. Write the text in {language[1]}.",
            )


def _components(components: Any, prefix: str, keys: set[str], *, allow_records: bool) -> Iterator[Finding]:
    if not isinstance(components, list):
        yield (prefix, "components ska vara en lista.", "components must be a list.")
        return
    for index, component in enumerate(components):
        if not isinstance(component, Mapping) or component.get("type") not in KINDS:
            kind = component.get("type") if isinstance(component, Mapping) else component
            yield (
                f"{prefix}[{index}]",
                f"Komponenttypen ”{kind}” stöds inte. Välj bland {', '.join(sorted(KINDS))}.",
                f"The component type “{kind}” is not supported. Choose among {', '.join(sorted(KINDS))}.",
            )
            continue
        key = component.get("key") or component.get("path")
        where = f"{prefix}{key or component.get('id') or f'[{index}]'}"
        yield from _component(component, where, key, keys, allow_records=allow_records)


def _component(
    component: Mapping[str, Any], where: str, key: Any, keys: set[str], *, allow_records: bool
) -> Iterator[Finding]:
    kind = component["type"]
    if kind in FIELDS | LISTS:
        yield from _key(where, key, keys)
    if kind == "text":
        yield from _texts(where, component, "text")
    elif kind != "hidden":
        yield from _texts(where, component, "label")
    for name in sorted({"description", "addLabel", "rowLabel"} & set(component)):
        yield from _texts(where, component, name)
    yield from _expressions(component, where)
    yield from _limits(component, where)
    if kind in CHOICES:
        yield from _choices(component, where)
    if kind == "group":
        yield from _components(component.get("components", []), where + "/", keys, allow_records=allow_records)
    if kind in LISTS:
        yield from _components(component.get("components", []), where + ".", set(), allow_records=False)
    if kind == "records":
        yield from _records(component, where, allowed=allow_records)


def _records(component: Mapping[str, Any], where: str, *, allowed: bool) -> Iterator[Finding]:
    if not allowed:
        yield (
            where,
            "En records-lista kan inte stå inuti en annan lista. Flytta ut den.",
            "A records list cannot stand inside another list. Move it out.",
        )
    yield from lint_expression(f"{where}: rows", component.get("rows"))


def _key(where: str, key: Any, keys: set[str]) -> Iterator[Finding]:
    if not isinstance(key, str) or not _KEY.fullmatch(key) or key in RESERVED:
        yield (
            where,
            f"Nyckeln ”{key}” kan inte användas. Skriv a–z, siffror och _, inte ett av språkets egna namn.",
            f"The key “{key}” cannot be used. Write a–z, digits and _, not one of the language's own names.",
        )
    elif key in keys:
        yield (
            where,
            f"Nyckeln {key} finns två gånger. Byt namn på den ena.",
            f"The key {key} occurs twice. Rename one of them.",
        )
    else:
        keys.add(key)


def _expressions(component: Mapping[str, Any], where: str) -> Iterator[Finding]:
    for name in ("required_if", "prefill", "sample"):
        if component.get(name) not in (None, ""):
            yield from lint_expression(f"{where}: {name}", component[name])
    hide = (component.get("conditional") or {}).get("hide")
    if hide:
        yield from lint_expression(f"{where}: conditional.hide", hide)
    if component["type"] in LISTS:
        if component.get("title"):
            yield from lint_expression(f"{where}: title", component["title"])
        for line in component.get("summary", []):
            yield from _texts(f"{where}: summary", line, "label")
            yield from lint_expression(f"{where}: summary", line.get("value"))


def _limits(component: Mapping[str, Any], where: str) -> Iterator[Finding]:
    limits = component.get("validate") or {}
    for name in ("notBefore", "notAfter"):
        if limits.get(name):
            yield from lint_expression(f"{where}: {name}", limits[name])
    numbers = {"min", "max", "minLength", "maxLength"} & set(limits)
    for name in sorted(numbers):
        if isinstance(limits[name], bool) or not isinstance(limits[name], int | float):
            yield (where, f"{name} ska vara ett tal.", f"{name} must be a number.")
    if limits.get("pattern"):
        try:
            re.compile(limits["pattern"])
        except re.error as error:
            yield (where, f"pattern går inte att läsa: {error}.", f"pattern cannot be read: {error}.")
    for source in (limits, component):
        if source.get("required_message"):
            yield from _texts(where, source, "required_message")


def _choices(component: Mapping[str, Any], where: str) -> Iterator[Finding]:
    choices = component.get("values")
    if not isinstance(choices, list) or not choices:
        yield (where, "values saknas. Skriv minst ett val.", "values is missing. Write at least one choice.")
        return
    sent: set[str] = set()
    for choice in choices:
        yield from _texts(f"{where}: values", choice, "label")
        value = choice.get("value")
        if value in (None, "") or isinstance(value, list | dict) or sent_text(value) in sent:
            yield (
                f"{where}: values",
                f"Värdet ”{value}” saknas eller finns två gånger. Ge varje val ett eget värde.",
                f"The value “{value}” is missing or occurs twice. Give every choice a value of its own.",
            )
        else:
            sent.add(sent_text(value))


def _ours(ours: Mapping[str, Any], components: list[Any]) -> Iterator[Finding]:
    keys = set(_keys(components))
    quick = ours.get("quick")
    if quick is not None:
        yield from _texts("quick", quick, "label")
        yield from _known("quick", set(quick.get("data") or {}) - keys)
    if ours.get("decision"):
        yield from _known("decision", {str(ours["decision"])} - keys - set(_in_rows(components)))
    if ours.get("alike") not in (None, True, False):
        yield ("alike", "Skriv true eller false.", "Write true or false.")
    elif ours.get("alike") and "dynamiclist" in _kinds(components):
        yield (
            "alike",
            "Ett formulär med rader som läggs till kan inte besvaras lika för flera. Ta bort alike.",
            "A form with rows that are added cannot be answered alike for several. Remove alike.",
        )
    ids: set[str] = set()
    for index, rule in enumerate(ours.get("rules", [])):
        where = f"rules: {rule.get('id') or index}"
        if not rule.get("id") or rule["id"] in ids:
            yield (where, "Ge regeln ett eget id.", "Give the rule an id of its own.")
        ids.add(rule.get("id", ""))
        if rule.get("level", "error") not in ("error", "warning"):
            yield (where, "Skriv level error eller warning.", "Write level error or warning.")
        yield from _texts(where, rule, "message")
        yield from lint_expression(f"{where}: require", rule.get("require"))
        if rule.get("field"):
            yield from _known(where, {str(rule["field"]).split(".")[0]} - keys)

    for name in ("complete", "close"):
        yield from effects.lint(name, ours.get(name, []))


def _keys(components: list[Any]) -> Iterator[str]:
    for component in components:
        if component["type"] == "group":
            yield from _keys(component.get("components", []))
        elif component.get("key") or component.get("path"):
            yield component.get("key") or component["path"]


def _in_rows(components: list[Any]) -> Iterator[str]:
    """The fields of lists, each as list.field."""
    for component in components:
        inside = component.get("components", [])
        if component["type"] == "group":
            yield from _in_rows(inside)
        elif component["type"] in ("records", "dynamiclist"):
            yield from (f"{component.get('path') or component.get('key')}.{key}" for key in _keys(inside))


def _kinds(components: list[Any]) -> set[str]:
    """The types of components, inside others too."""
    return {kind for one in components for kind in {one["type"], *_kinds(one.get("components", []))}}


def _known(where: str, unknown: set[str]) -> Iterator[Finding]:
    for name in sorted(unknown):
        yield (
            where,
            f"Fältet {name} finns inte i formuläret. Skriv en nyckel som finns.",
            f"The field {name} is not in the form. Write a key that exists.",
        )
