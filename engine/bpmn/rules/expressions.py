"""Expressions of a process that runs are formal, and say something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.bpmn.diagram import Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about_node
from engine.bpmn.xml import tag

TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
NAMES = (
    "conditionExpression",
    "condition",
    "loopCardinality",
    "loopCondition",
    "completionCondition",
    "activationCondition",
    "timeDate",
    "timeDuration",
    "timeCycle",
)


def check(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.process.iter(*(tag(name) for name in NAMES)):
        informal = node.get(TYPE, "tFormalExpression").rpartition(":")[2] != "tFormalExpression"
        if informal or not "".join(node.itertext()).strip():
            owner = _owner(node)
            yield about_node(
                "expressions",
                owner,
                f"Ett uttryck i ”{owner.get('name') or owner.get('id')}” är tomt eller bara en beskrivning. Skriv det "
                "i FEEL.",
                f"An expression in “{owner.get('name') or owner.get('id')}” is empty or only a description. Write it "
                "in FEEL.",
            )
    for node in diagram.process.iter(tag("conditionalEventDefinition")):
        if node.find(tag("condition")) is None:
            owner = _owner(node)
            yield about_node(
                "expressions",
                owner,
                f"”{owner.get('id')}” är en villkorshändelse utan villkor. Ange villkoret.",
                f"“{owner.get('id')}” is a conditional event without a condition. Give the condition.",
            )


def _owner(node: Any) -> Any:
    """The flow or flow element that an expression belongs to."""
    found = node.getparent()
    while found.getparent() is not None and (not found.get("id") or "Definition" in found.tag or "Loop" in found.tag):
        found = found.getparent()
    return found
