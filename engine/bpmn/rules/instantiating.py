"""A receive task that starts its process has nothing before it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about


def check(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        if element.instantiate and element.kind == "receiveTask" and not _can(diagram, element.id):
            yield about(
                "instantiating",
                element,
                "startar processen men har ett flöde in, en markering eller en starthändelse bredvid sig. Ta bort det.",
                "starts the process but has a flow into it, a marker, or a start event beside it. Remove that.",
            )


def _can(diagram: Diagram, element_id: str) -> bool:
    element = diagram.elements[element_id]
    alone = not any(e.kind == "startEvent" for e in diagram.inside(None))
    return element.parent is None and alone and not element.in_flows and element.loop is None
