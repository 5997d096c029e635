"""Why a file cannot be run as a model: the findings of the diagram, and every expression and script in it
that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from arshjul.run_model import scripts
from engine import bpmn, feel


def refusals(xml: bytes, *, test_scripts: bool = False) -> list[bpmn.Finding]:
    """All findings; an empty list means that the file can be run."""
    found = bpmn.check_all(xml, scripts=test_scripts)
    if found:
        return found
    return [finding for model in bpmn.load_all(xml, scripts=test_scripts) for finding in unreadable(model)]


def unreadable(model: bpmn.Model) -> Iterator[bpmn.Finding]:
    for flow_id, _source, _target, name, condition in model.flows:
        if condition is not None:
            yield from _expression(flow_id, name, None, condition)
    for element in model.elements.values():
        for expression in _expressions(element):
            yield from _expression(element.id, element.name, element.line, expression)


def _expressions(element: bpmn.Element) -> Iterator[str]:
    yield from (d.condition for d in element.definitions if d.condition is not None)
    if element.activation is not None:
        yield element.activation
    if element.ad_hoc is not None:
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
        yield bpmn.Finding(
            "expression", element_id, name, line,
            f"”{label}” har ett uttryck som inte går att läsa: {expression} ({reason}). Skriv det i FEEL.",
            f"“{label}” has an expression that cannot be read: {expression} ({reason}). Write it in FEEL.",
        )  # fmt: skip
