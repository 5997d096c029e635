"""Where elements list their flows (`incoming`, `outgoing`), the lists say the same as the flows."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.reader import FLOW_NODES
from engine.bpmn.rules.say import about, cut
from engine.bpmn.xml import local, reference, tag


def check(diagram: Diagram) -> Iterator[Finding]:
    """A process in which nothing is listed is accepted: the lists are optional in the schema."""
    if next(diagram.process.iter(tag("incoming"), tag("outgoing")), None) is None:
        return
    for node in diagram.process.iter():
        element = diagram.elements.get(node.get("id") or "") if local(node) in FLOW_NODES else None
        if element is None:
            continue
        for name, flows in (("incoming", element.in_flows), ("outgoing", element.out_flows)):
            listed = [reference(child.text) or "" for child in node.iterchildren(tag(name))]
            if sorted(listed) != sorted(flows):
                there, drawn = (cut(", ".join(ids)) or "–" for ids in (listed, flows))
                yield about(
                    "flow_lists",
                    element,
                    f"räknar upp andra flöden som {name} ({there}) än de som är dragna ({drawn}). Dra flödena på nytt.",
                    f"lists other flows as {name} ({there}) than those that are drawn ({drawn}). Draw its flows again.",
                )
