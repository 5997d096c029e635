"""Why a file cannot be run as a model: the findings of the diagram, and every expression and script in it
that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from arshjul.run_model import scripts
from engine import bpmn, feel
from engine.bpmn import iso8601

SHOWN = 200
"""Characters of what somebody wrote: no more than a sentence bears."""
READERS = {"timeDate": iso8601.date, "timeDuration": iso8601.duration, "timeCycle": iso8601.cycle}


def refusals(
    xml: bytes, variables: Mapping[str, Any] | None = None, *, test_scripts: bool = False
) -> list[bpmn.Finding]:
    """All findings; an empty list means that the file can be run, with these variables if they are given."""
    found = bpmn.check_all(xml, scripts=test_scripts)
    return found or faults(bpmn.load_all(xml, scripts=test_scripts), variables)


def faults(models: list[bpmn.Model], variables: Mapping[str, Any] | None) -> list[bpmn.Finding]:
    """Of diagrams that have passed every rule."""
    found = list(dict.fromkeys(finding for model in models for finding in _unreadable(model)))
    if found or variables is None:
        return found
    scripts_of = [e.script for model in models for e in model.elements.values() if e.kind == "scriptTask"]
    known = {*variables, *(command.name for script in scripts_of for command in scripts.parse(script))}
    return [finding for model in models for finding in _never_due(model, known)]


def _never_due(model: bpmn.Model, known: set[str]) -> Iterator[bpmn.Finding]:
    """Timers whose time is a variable that nothing gives."""
    for element in model.elements.values():
        for definition in (d for d in element.definitions if d.timer is not None):
            name = definition.timer or ""
            read = READERS[definition.timer_kind or ""]
            if read(name) is None and name.partition(".")[0] not in known:
                label = element.name or element.id
                yield bpmn.Finding(
                    "timers", element.id, element.name, element.line,
                    f"”{label}” har tiden {name}, som varken är ISO 8601 eller en variabel som något ger ett värde. "
                    "Skriv en tid.",
                    f"“{label}” has the time {name}, which is neither ISO 8601 nor a variable that anything gives a "
                    "value. Write a time.",
                )  # fmt: skip


def _unreadable(model: bpmn.Model) -> Iterator[bpmn.Finding]:
    for flow in model.conditional:
        yield from _expression(flow.id, flow.name, flow.line, flow.condition or "")
    for element in model.elements.values():
        for expression in _expressions(element):
            yield from _expression(element.id, element.name, element.line, expression)


def _expressions(element: bpmn.Element) -> Iterator[str]:
    yield from (d.condition for d in element.definitions if d.condition is not None)
    if element.activation is not None:
        yield element.activation
    if element.ad_hoc is not None and element.ad_hoc.completion:
        yield element.ad_hoc.completion
    repetition = element.repetition
    if repetition is not None:
        given = (repetition.cardinality, repetition.completion, repetition.condition)
        yield from (expression for expression in given if expression is not None)
    if element.kind == "scriptTask":
        try:
            yield from (command.expression for command in scripts.parse(element.script))
        except scripts.NotAScript as fault:
            yield f"\0{fault}"


def _expression(element_id: str, name: str | None, line: int | None, expression: str) -> Iterator[bpmn.Finding]:
    label = name or element_id
    if expression.startswith("\0"):
        yield bpmn.Finding(
            "script", element_id, name, line,
            f"”{label}” har en skriptrad som inte går att läsa: {expression[1:]}. "
            "Skriv trace, set, wait eller throw och ett värde.",
            f"“{label}” has a script line that cannot be read: {expression[1:]}. "
            "Write trace, set, wait or throw and a value.",
        )  # fmt: skip
        return
    reason = feel.check(expression)
    if reason is not None:
        lines = (" ".join(text.split()) for text in (label, expression))
        label, said = (text if len(text) <= SHOWN else text[:SHOWN] + "…" for text in lines)
        yield bpmn.Finding(
            "expression", element_id, name, line,
            f"”{label}” har ett uttryck som inte går att läsa: {said} ({reason}). Skriv det i FEEL.",
            f"“{label}” has an expression that cannot be read: {said} ({reason}). Write it in FEEL.",
        )  # fmt: skip
