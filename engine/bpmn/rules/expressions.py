"""Expressions of a process that runs are formal, say something, and can be what they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from engine.bpmn.diagram import DEPLOY, Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about_node, cut
from engine.bpmn.xml import local, tag

TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
CONDITIONS = ("conditionExpression", "condition", "loopCondition", "completionCondition", "activationCondition")
NAMES = (*CONDITIONS, "loopCardinality", "timeDate", "timeDuration", "timeCycle")
WORD = r"[^\W\d]\w*(-\w+)*"
WORDS = re.compile(rf"{WORD}(\s+{WORD})*")
OF_FEEL = frozenset(
    "true false null and or not in if then else for return some every satisfies instance of between".split()
)
VALUE = re.compile(r'[-+]?\d+(\.\d+)?|"[^"]*"')
NO_NUMBER = re.compile(r'[-+]?\d+\.\d+|"[^"]*"|true|false')


def check(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.process.iter(*(tag(name) for name in NAMES)):
        text = "".join(node.itertext()).strip()
        if not text and local(node).startswith("time"):
            continue  # a timer without a time
        if not text or _is_told(diagram, node, text):
            yield _informal(owner_of(node), text)
        elif (VALUE if local(node) in CONDITIONS else NO_NUMBER).fullmatch(text) and not local(node).startswith("time"):
            owner = owner_of(node)
            yield about_node(
                "expressions",
                owner,
                f"Uttrycket {text} i ”{owner.get('name') or owner.get('id')}” är ett fast värde som aldrig duger där. "
                "Skriv ett villkor, eller ett helt antal.",
                f"The expression {text} in “{owner.get('name') or owner.get('id')}” is a fixed value that never does "
                "there. Write a condition, or a whole number.",
            )
    for node in diagram.process.iter(tag("conditionalEventDefinition")):
        if node.find(tag("condition")) is None:
            owner = owner_of(node)
            yield about_node(
                "expressions",
                owner,
                f"”{owner.get('id')}” är en villkorshändelse utan villkor. Ange villkoret.",
                f"“{owner.get('id')}” is a conditional event without a condition. Give the condition.",
            )


def _is_told(diagram: Diagram, node: Any, text: str) -> bool:
    """Marked as a description, or, where nothing is marked, only words: then the standard has it as one (BPMN 2.0.2,
    8.4.6). What is deployed has never been read so strictly."""
    marked = node.get(TYPE)
    if marked is not None:
        return str(marked).rpartition(":")[2] != "tFormalExpression"
    if diagram.profile == DEPLOY or local(node).startswith("time"):
        return False
    words = text.split()
    least = 2 if local(node) == "loopCardinality" else 1  # a number is often the name of a variable, and nothing more
    return len(words) >= least and WORDS.fullmatch(text) is not None and not OF_FEEL & set(words)


def _informal(owner: Any, text: str) -> Finding:
    label = owner.get("name") or owner.get("id")
    sv, en = (f"är bara en beskrivning ({cut(text)})", f"is only a description ({cut(text)})")
    if not text:
        sv, en = "är tomt", "is empty"
    return about_node(
        "expressions",
        owner,
        f"Ett uttryck i ”{label}” {sv}. Skriv det i FEEL, med xsi:type=”tFormalExpression”.",
        f"An expression in “{label}” {en}. Write it in FEEL, with xsi:type=“tFormalExpression”.",
    )


def owner_of(node: Any) -> Any:
    """The flow or flow element that an expression belongs to."""
    found = node.getparent()
    while found.getparent() is not None and (not found.get("id") or "Definition" in found.tag or "Loop" in found.tag):
        found = found.getparent()
    return found
