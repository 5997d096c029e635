"""Every element has an id, and what is deployed every flow too, and no id is used twice: history and saved states are
kept by id. A flow that nothing refers to may do without one (BPMN 2.0.2, table 8.5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.bpmn.diagram import DEPLOY, Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.reader import FLOW_NODES
from engine.bpmn.rules.say import about_node
from engine.bpmn.xml import is_bpmn, local

MAX_LENGTH = 120


def check(diagram: Diagram) -> Iterator[Finding]:
    seen: set[str] = set()
    for node in diagram.root.iter():
        element_id = node.get("id") if is_bpmn(node) else None
        if element_id is not None and element_id in seen:
            yield about_node(
                "identifiers",
                node,
                f"Id:t ”{element_id}” finns två gånger. Ge varje element ett eget id.",
                f"The id “{element_id}” is used twice. Give every element an id of its own.",
            )
        if element_id is not None and (not element_id.strip() or len(element_id) > MAX_LENGTH):
            yield about_node(
                "identifiers",
                node,
                f"Ett id på rad {node.sourceline} är tomt eller för långt. Ge elementet ett kort id.",
                f"An id on line {node.sourceline} is empty or too long. Give the element a short id.",
            )
        seen.add(element_id or "")
    named = FLOW_NODES | ({"sequenceFlow", "process"} if diagram.profile == DEPLOY else {"process"})
    for node in diagram.process.iter():
        if is_bpmn(node) and local(node) in named and not node.get("id"):
            if local(node.getparent()) == "complexBehaviorDefinition":
                continue  # what a loop marker throws is not drawn
            yield about_node(
                "identifiers",
                node,
                f"Elementet {local(node)}{_called(node, '”')} på rad {node.sourceline} saknar id. Ge det ett id.",
                f"The {local(node)}{_called(node, '“')} on line {node.sourceline} has no id. Give it one.",
            )


def _called(node: Any, quote: str) -> str:
    """Its name, where it has one: what to look for in the drawing."""
    return f" {quote}{node.get('name')}”" if node.get("name") else ""
