"""Everything that is referred to exists, and no flow crosses the border of a sub-process."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import Diagram, Flow
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about, about_node
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
            yield about_node(
                "references",
                node.getparent(),
                f"”{node.getparent().get('id')}” nämner ett flöde som inte finns: {node.text}. Rita flödet igen.",
                f"“{node.getparent().get('id')}” names a flow that does not exist: {node.text}. Draw it again.",
            )


def _flow(diagram: Diagram, flow: Flow) -> Iterator[Finding]:
    ends = [diagram.elements.get(flow.source), diagram.elements.get(flow.target)]
    if None in ends:
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
