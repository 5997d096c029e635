"""Everything that is referred to exists, and no flow crosses the border of a sub-process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.bpmn.diagram import Diagram, Flow
from engine.bpmn.errors import Finding
from engine.bpmn.reader import FLOW_NODES
from engine.bpmn.rules.say import about, about_node, cut
from engine.bpmn.xml import reference, tag


def check(diagram: Diagram) -> Iterator[Finding]:
    for flow in diagram.flows.values():
        yield from _flow(diagram, flow)
    for element in diagram.elements.values():
        if element.default is not None and element.default not in element.out_flows:
            yield about(
                "references",
                element,
                "har ett standardflöde som inte går ut från den. Välj ett av dess egna utflöden som standard.",
                "has a default flow that does not leave it. Choose one of its own outgoing flows as default.",
            )
    for node in diagram.process.iter(tag("flowNodeRef")):
        if (reference(node.text) or "") not in diagram.elements:
            yield about_node(
                "references",
                node.getparent(),
                f"Banan ”{node.getparent().get('name')}” nämner ett element som inte finns: {node.text}.",
                f"The lane “{node.getparent().get('name')}” names an element that does not exist: {node.text}.",
            )
    for node in diagram.process.iter(tag("incoming"), tag("outgoing")):
        if (reference(node.text) or "") not in diagram.flows:
            yield _listed(diagram, node.getparent(), reference(node.text) or "")


def _listed(diagram: Diagram, owner: Any, flow: str) -> Finding:
    label = owner.get("name") or owner.get("id")
    if _stand_elsewhere(diagram, [flow], frozenset({"sequenceFlow"})):
        return about_node(
            "references",
            owner,
            f"”{label}” nämner ett flöde som är ritat i en annan process: {cut(flow)}. Flytta flödet till den här.",
            f"“{label}” names a flow that is drawn in another process: {cut(flow)}. Move the flow to this one.",
        )
    return about_node(
        "references",
        owner,
        f"”{label}” nämner ett flöde som inte finns: {cut(flow)}. Rita flödet igen.",
        f"“{label}” names a flow that does not exist: {cut(flow)}. Draw it again.",
    )


def _stand_elsewhere(diagram: Diagram, ids: list[str], kinds: frozenset[str]) -> bool:
    """Whether all of them stand in the file, though not in this process."""
    return set(ids) <= {n.get("id") for n in diagram.root.iter(*(tag(kind) for kind in kinds))}


def _flow(diagram: Diagram, flow: Flow) -> Iterator[Finding]:
    ends = [diagram.elements.get(flow.source), diagram.elements.get(flow.target)]
    missing = [i for i in (flow.source, flow.target) if i not in diagram.elements]
    if missing and _stand_elsewhere(diagram, missing, FLOW_NODES):
        yield about(
            "references",
            flow,
            f"går till eller från något i en annan process: {cut(', '.join(missing))}. Dra ett meddelandeflöde, eller "
            "rita båda ändarna i samma process.",
            f"leads to or from something in another process: {cut(', '.join(missing))}. Draw a message flow, or both "
            "ends in one process.",
        )
    elif missing:
        yield about(
            "references",
            flow,
            "är ett flöde som inte sitter fast i båda ändar. Dra det mellan två element.",
            "is a flow that is not attached at both ends. Draw it between two elements.",
        )
    elif any(end is not None and end.parent != flow.parent for end in ends):
        yield about(
            "references",
            flow,
            "går över gränsen till en delprocess. Låt flödet gå till delprocessen själv.",
            "crosses the border of a sub-process. Let the flow go to the sub-process itself.",
        )
