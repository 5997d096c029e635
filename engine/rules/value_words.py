"""What the values of answers and records are called: a choice by its words, a row by its fields, a reference as one.

The words are the package's own: those of the form's choices. A record's field has the words of the form's field that
it was filled from, which the effects say (`"values": {"decided_outcome": "row.outcome"}`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.rules.form_model import Component, Form
from engine.rules.packages import Package
from engine.texts import Text

_LIST = re.compile(r"(?:for\s+\w+\s+in\s+)?([a-z]\w*)")
_OF_ROW = re.compile(r"\brow\.([a-z]\w*)")
_PLAIN = re.compile(r"[a-z]\w*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

Path = tuple[str, str]
"""The list that a field stands in (empty for none) and the field's key."""


@dataclass(frozen=True)
class Reference:
    """A record by id."""

    record_id: int


@dataclass(frozen=True)
class Place:
    """A position by id."""

    position_id: str


@dataclass(frozen=True)
class Fields:
    """The fields of a row or an object that hold something, by what they are called; `of` is what the row is about."""

    of: Reference | None
    pairs: tuple[tuple[Text, Any], ...]


class ValueWords:
    """Of one package. A value that has no words is given back as it is, a day as a date."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.forms = {name: dict(_fields(form)) for name, form in package.forms.items()}
        self.references = {"record"} | {name for s in package.records.values() for name in s.get("x-records", ())}
        self.places = {name for s in package.records.values() for name in s.get("x-positions", ())}
        self.sources = dict(_sources(package))
        self.choices: dict[str, set[Text]] = {}
        for component in (field for fields in self.forms.values() for field in fields.values()):
            for choice in component.choices:
                self.choices.setdefault(choice.sent, set()).add(choice.label)

    def of_answer(self, form: str, data: Mapping[str, Any]) -> list[tuple[Text, Any]]:
        """An answer's fields by their labels, in the order of the form's."""
        known = self.forms.get(form, {})
        order = {key: number for number, (_list, key) in enumerate(known)}
        keys = sorted(data, key=lambda key: order.get(key, len(order)))
        return [(self.label(key, form=form), self.value(key, data[key], form=form)) for key in keys]

    def label(self, key: str, *, form: str = "", type_: str = "", within: str = "") -> Text:
        """What a field of the form, or of the record type, is called."""
        found = self.forms.get(form, {}).get((within, key))
        if found is not None and found.label.sv:
            return found.label
        schemas = [self.package.records[type_]] if type_ in self.package.records else self.package.records.values()
        for schema in schemas:
            if key in schema.get("properties", {}):
                title = schema["properties"][key].get("title", key)
                return Text(title, schema["properties"][key].get("title_en", title))
        others = [self.forms.get(form, {}), *self.forms.values()]
        for field in (field for fields in others for (_list, name), field in fields.items() if name == key):
            if field.label.sv:
                return field.label
        return Text(key, key)

    def value(self, key: str, raw: Any, *, form: str = "", type_: str = "", within: str = "") -> Any:
        """The value with words for codes, days as dates, and records and positions as such."""
        if isinstance(raw, list):
            return [
                self._row(one, form, type_, key)
                if isinstance(one, Mapping)
                else self.value(key, one, form=form, type_=type_, within=within)
                for one in raw
            ]
        if isinstance(raw, Mapping):
            return self._row(raw, form, type_, within)
        if isinstance(raw, int) and not isinstance(raw, bool) and key in self.references:
            return Reference(raw)
        if isinstance(raw, str) and key in self.places:
            return Place(raw)
        return self._word(key, raw, form, type_, within)

    def _row(self, row: Mapping[str, Any], form: str, type_: str, within: str) -> Fields:
        about = next((name for name in row if name in self.references and isinstance(row[name], int)), None)
        known = [key for inside, key in self.forms.get(form, {}) if inside == within]
        pairs = [
            (
                self.label(key, form=form, within=within),
                self.value(key, row[key], form=form, type_=type_, within=within),
            )
            for key in sorted(row, key=lambda key: known.index(key) if key in known else len(known))
            if key != about and not is_empty(row[key])
        ]
        return Fields(Reference(row[about]) if about else None, tuple(pairs))

    def _word(self, key: str, raw: Any, form: str, type_: str, within: str) -> Any:
        if raw is None or isinstance(raw, float) or (isinstance(raw, int) and not isinstance(raw, bool)):
            return raw
        for component in self._likely(key, form, type_, within):
            for choice in component.choices:
                if choice.value == raw and type(choice.value) is type(raw):
                    return choice.label
        if not isinstance(raw, str):
            return raw
        if raw in self.package.audit.words.get(key, {}):
            return self.package.audit.words[key][raw]
        anywhere = self.choices.get(raw, set())
        return next(iter(anywhere)) if len(anywhere) == 1 else _a_day(raw)

    def _likely(self, key: str, form: str, type_: str, within: str) -> Iterator[Component]:
        """The fields whose choices the value may be one of, the likeliest first."""
        own = self.forms.get(form, {}).get((within, key))
        if own is not None:
            yield own
        sources = [] if within else self.sources.get((type_, key), [])
        yield from sources
        if own is None and not sources:
            for fields in self.forms.values():
                yield from (
                    field for (inside, name), field in fields.items() if name == key and bool(inside) == bool(within)
                )


def is_empty(value: Any) -> bool:
    """Whether a reader would be told nothing."""
    if isinstance(value, Mapping):
        return all(is_empty(one) for one in value.values())
    return value is None or value in ("", [])


def _a_day(text: str) -> Any:
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text


def _fields(form: Form) -> Iterator[tuple[Path, Component]]:
    yield from _of(form.components, "")


def _of(components: tuple[Component, ...], within: str) -> Iterator[tuple[Path, Component]]:
    for component in components:
        if component.key:
            yield (within, component.key), component
        inside = component.key if component.kind in ("dynamiclist", "records") else within
        yield from _of(component.components, inside)


def _sources(package: Package) -> Iterator[tuple[Path, list[Component]]]:
    """For each record type's field, the fields of forms that effects fill it from as they are."""
    found: dict[Path, list[Component]] = {}
    for form in package.forms.values():
        fields = dict(_fields(form))
        for effect in [*form.complete_effects, *form.close_effects]:
            type_ = next((effect[verb] for verb in ("create", "update", "replace") if verb in effect), None)
            each = _LIST.match(str(effect.get("each") or ""))
            for name, expression in (effect.get("values") or {}).items():
                for source in _mentioned(str(expression), each.group(1) if each else ""):
                    if type_ is not None and source in fields:
                        found.setdefault((type_, name), []).append(fields[source])
    yield from found.items()


def _mentioned(expression: str, each: str) -> Iterator[Path]:
    """The fields that the value may be taken from as they are."""
    if _PLAIN.fullmatch(expression.strip()):
        yield "", expression.strip()
    for name in dict.fromkeys(_OF_ROW.findall(expression)):
        yield each, name
