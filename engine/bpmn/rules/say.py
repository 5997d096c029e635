"""How a rule words what it found. Sentences begin with the element's name and end with what to draw
instead."""

from __future__ import annotations

from typing import Any

from engine.bpmn.diagram import Element, Flow
from engine.bpmn.errors import Finding

LONGEST = 200


def cut(text: str) -> str:
    """What somebody wrote, on one line, no longer than a sentence bears, and without signs that steer a terminal."""
    shown = _flat(text[: LONGEST + 1])
    return shown if len(text) <= LONGEST else shown[:LONGEST] + "…"


def _flat(text: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in " ".join(text.split()))


def about(rule: str, subject: Element | Flow, sv: str, en: str) -> Finding:
    """A finding on an element or flow; the sentences go on from its name."""
    label = cut(subject.name or subject.id)
    return Finding(rule, subject.id, subject.name, subject.line, f"”{label}” {_flat(sv)}", f"“{label}” {_flat(en)}")


def about_node(rule: str, node: Any, sv: str, en: str) -> Finding:
    """A finding on XML that is no flow element; the sentences stand alone. What has no id is found by the
    nearest element around it that has one."""
    owner = node
    while owner.get("id") is None and owner.getparent() is not None:
        owner = owner.getparent()
    return Finding(rule, owner.get("id"), owner.get("name"), node.sourceline, _flat(sv), _flat(en))
