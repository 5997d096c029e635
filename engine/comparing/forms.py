"""Forms, records and messages of two packages, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.comparing.values import Change, both, matched, other, others
from engine.deployments import Deployed
from engine.operations.common import sentence
from engine.rules.form_model import Component, Form, Limits, walk
from engine.rules.packages import Message
from engine.texts import Text

FORM, RECORD, MESSAGE = Text("Formulär", "Form"), Text("Slag av underlag", "Kind of record"), Text("Text", "Message")
OF_FIELD = {
    "label": Text("Fråga", "Question"),
    "kind": Text("Slag", "Kind"),
    "description": Text("Hjälptext", "Help text"),
    "limits": Text("Gränser", "Limits"),
    "choices": Text("Val", "Choices"),
    "hide": Text("Göms när", "Hidden when"),
    "required_if": Text("Krävs när", "Required when"),
    "prefill": Text("Ifyllt med", "Filled in with"),
    "readonly": Text("Går bara att läsa", "Can only be read"),
    "min_items": Text("Minst antal rader", "Rows at least"),
    "max_items": Text("Högst antal rader", "Rows at most"),
}

OF_LIMITS = {
    "required": Text("krävs", "required"),
    "minimum": Text("minst {value}", "at least {value}"),
    "maximum": Text("högst {value}", "at most {value}"),
    "min_length": Text("minst {value} tecken", "at least {value} characters"),
    "max_length": Text("högst {value} tecken", "at most {value} characters"),
    "pattern": Text("mönster {value}", "pattern {value}"),
    "not_before": Text("tidigast {value}", "no earlier than {value}"),
    "not_after": Text("senast {value}", "no later than {value}"),
}


def forms(old: Deployed, new: Deployed, plan_year: int) -> list[Change]:
    """Each form with its fields: added, taken away, changed. Titles are told as the plan year has them."""

    def titled(name: str, form: Form) -> Text:
        return form.title.fill({"plan_year": plan_year}) if form.title.sv else both(name)

    return matched(old.package.forms, new.package.forms, FORM, titled, _of_form)


def _of_form(old: Form, new: Form) -> list[Text]:
    if old.source == new.source:
        return []
    found = other(Text("Rubrik", "Title"), old.title, new.title)
    before, after = _fields(old), _fields(new)
    for key, field in after.items():
        if key not in before:
            found.append(_about("Nytt fält: {name}", "New field: {name}", field))
        else:
            found += _of_field(before[key], field)
    found += [
        _about("Fältet finns inte längre: {name}", "Field taken away: {name}", field)
        for key, field in before.items()
        if key not in after
    ]
    if _texts(old) != _texts(new):
        found.append(Text("Texter mellan fälten är ändrade.", "Texts between the fields have changed."))
    found += _of_rules(old, new)
    if (old.complete_effects, old.close_effects) != (new.complete_effects, new.close_effects):
        found.append(Text("Vad ett svar leder till är ändrat.", "What an answer leads to has changed."))
    return found or [Text("Ordning, texter eller utseende är ändrat.", "Order, texts or looks have changed.")]


def _fields(form: Form) -> dict[str, Component]:
    return {field.key: field for field in form.fields()}


def _texts(form: Form) -> list[tuple[Text, Text]]:
    return [(part.label, part.text) for part in walk(form.components) if not part.key]


def _about(sv: str, en: str, field: Component) -> Text:
    label = field.label
    name = Text(f"”{label.sv}” ({field.key})", f"“{label.en}” ({field.key})") if label.sv else both(field.key)
    return sentence(sv, en, name=name)


def _of_field(old: Component, new: Component) -> list[Text]:
    return [
        sentence("{name}: {what}", "{name}: {what}", name=_about("{name}", "{name}", new), what=what)
        for what in others(_Plain(old), _Plain(new), OF_FIELD)
    ]


class _Plain:
    """A field's attributes as values that can be told."""

    def __init__(self, field: Component) -> None:
        for name in OF_FIELD:
            setattr(self, name, getattr(field, name))
        self.choices = _listed([choice.label for choice in field.choices])
        self.limits = _listed([text for name in OF_LIMITS if (text := _limit(field.limits, name)) is not None])


def _limit(limits: Limits, name: str) -> Text | None:
    value = getattr(limits, name)
    if value is None or value is False:
        return None
    return OF_LIMITS[name].fill({"value": value})


def _listed(texts: list[Text]) -> Text:
    return Text(", ".join(text.sv for text in texts), ", ".join(text.en for text in texts))


def _of_rules(old: Form, new: Form) -> list[Text]:
    before, after = {rule.id: rule for rule in old.rules}, {rule.id: rule for rule in new.rules}
    found = []
    for rule_id in sorted({*before, *after}):
        if before.get(rule_id) != after.get(rule_id):
            message = (after.get(rule_id) or before[rule_id]).message
            how = Text("Ändrad regel", "Changed rule")
            if rule_id not in before:
                how = Text("Ny regel", "New rule")
            elif rule_id not in after:
                how = Text("Regeln finns inte längre", "Rule taken away")
            found.append(sentence("{how}: {message}", "{how}: {message}", how=how, message=message))
    return found


def records(old: Deployed, new: Deployed) -> list[Change]:
    """Each kind of record with its properties."""
    return matched(old.package.records, new.package.records, RECORD, _record_name, _of_record)


def _record_name(name: str, schema: Mapping[str, Any]) -> Text:
    title = str(schema.get("title") or name)
    return Text(title, str(schema.get("title_en") or title))


def _of_record(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Text]:
    if old == new:
        return []
    before, after = old.get("properties", {}), new.get("properties", {})
    what = Text("Uppgift", "Property")
    parts = matched(before, after, what, _record_name, lambda a, b: [both("")] if a != b else [])
    words = {
        "added": ("Ny uppgift: {name}", "New property: {name}"),
        "removed": ("Uppgiften finns inte längre: {name}", "Property taken away: {name}"),
        "changed": ("Ändrad uppgift: {name}", "Changed property: {name}"),
    }
    found = [sentence(*words[part.kind], name=part.name) for part in parts]
    found += other(Text("Krävs", "Required"), tuple(old.get("required", ())), tuple(new.get("required", ())))
    return found or [Text("Beskrivningen är ändrad.", "The description has changed.")]


def messages(old: Deployed, new: Deployed) -> list[Change]:
    """Each text that the process sends."""

    def details(before: Message, after: Message) -> list[Text]:
        return others(before, after, {"subject": Text("Ämne", "Subject"), "body": Text("Text", "Body")})

    return matched(old.package.messages, new.package.messages, MESSAGE, lambda name, _message: both(name), details)
