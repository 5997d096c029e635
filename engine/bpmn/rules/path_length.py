"""No path of more than 300 elements: a diagram that long cannot be read, and one step must stay short."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.ordering import flow_order
from engine.bpmn.rules.say import about

MAX_ELEMENTS = 300


def check(diagram: Diagram) -> Iterator[Finding]:
    """Loops are counted once: in flow order, only flows that lead forward make a path longer."""
    order = {element_id: place for place, element_id in enumerate(flow_order(diagram))}
    length = dict.fromkeys(order, 1)
    for element_id, place in order.items():
        for following in diagram.successors(diagram.elements[element_id]):
            if order.get(following, 0) > place:
                length[following] = max(length[following], length[element_id] + 1)
        if length[element_id] > MAX_ELEMENTS:
            yield about(
                "path_length",
                diagram.elements[element_id],
                f"är element nummer {length[element_id]} på en väg. Dela upp vägen i delprocesser.",
                f"is element number {length[element_id]} on one path. Divide the path into sub-processes.",
            )
            return
