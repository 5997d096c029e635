"""A reference to a data object in a certain state is named by both: `Name [state]` (BPMN 2.0.2, 10.4.1)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import DEPLOY, Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about_node
from engine.bpmn.xml import reference, tag


def check(diagram: Diagram) -> Iterator[Finding]:
    if diagram.profile == DEPLOY:
        return  # there, data is a picture
    names = {node.get("id"): node.get("name", "") for node in diagram.root.iter(tag("dataObject"))}
    for node in diagram.process.iter(tag("dataObjectReference")):
        state = node.find(tag("dataState"))
        if state is None or node.get("name") is None:
            continue
        wanted = f"{names.get(reference(node.get('dataObjectRef')), '')} [{state.get('name', '')}]"
        if node.get("name") != wanted:
            yield about_node(
                "data_states",
                node,
                f"”{node.get('name')}” visar ett dataobjekt i ett visst läge och ska heta ”{wanted}”. Byt namnet.",
                f"“{node.get('name')}” shows a data object in a certain state and must be called “{wanted}”. "
                "Change its name.",
            )
