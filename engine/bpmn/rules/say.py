"""How a rule words what it found. Sentences begin with the element's name and end with what to draw
instead."""

from __future__ import annotations

from typing import Any

from engine.bpmn.diagram import Element, Flow
from engine.bpmn.errors import Finding


def about(rule: str, subject: Element | Flow, sv: str, en: str) -> Finding:
    """A finding on an element or flow; the sentences go on from its name."""
    label = subject.name or subject.id
    return Finding(rule, subject.id, subject.name, subject.line, f"”{label}” {sv}", f"“{label}” {en}")


def about_node(rule: str, node: Any, sv: str, en: str) -> Finding:
    """A finding on XML that is no flow element; the sentences stand alone."""
    return Finding(rule, node.get("id"), node.get("name"), node.sourceline, sv, en)
