"""A token always has somewhere to go: everything but an end event leads on, and nothing leads on from an
end."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import DEPLOY, Diagram, Element
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about


def check(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        if element.kind == "startEvent" and element.in_flows:
            yield about(
                "dead_ends",
                element,
                "är en starthändelse med ett flöde in. Låt slingan gå till en gateway efter starten.",
                "is a start event with a flow into it. Let the loop go to a gateway after the start.",
            )
        if element.kind == "endEvent" and element.out_flows:
            yield about(
                "dead_ends",
                element,
                "är en sluthändelse med ett flöde ut. Ta bort flödet.",
                "is an end event with a flow out of it. Remove the flow.",
            )
        if not element.out_flows and not _may_end(diagram, element):
            yield about(
                "dead_ends",
                element,
                "leder ingenstans. Dra ett flöde vidare, eller till en sluthändelse.",
                "leads nowhere. Draw a flow onwards, or to an end event.",
            )


def _may_end(diagram: Diagram, element: Element) -> bool:
    """Ends, links and compensation lead nowhere; so may anything in a model that draws no end events at all."""
    if element.kind == "endEvent" or element.event_subprocess or element.for_compensation:
        return True
    if element.kind == "boundaryEvent" and "compensate" in element.events:
        return True
    if element.kind == "intermediateThrowEvent" and element.link() is not None:
        return True
    if diagram.profile == DEPLOY or element.kind in ("startEvent", "boundaryEvent", "intermediateCatchEvent"):
        return False
    return not any(e.kind == "endEvent" for e in diagram.inside(element.parent))
