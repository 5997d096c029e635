"""Everything that is drawn can be reached from a start event."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import DEPLOY, Diagram, Element
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about


def check(diagram: Diagram) -> Iterator[Finding]:
    """What only comes after something that is not reached is not named: there the flow is missing."""
    reached: set[str] = set()
    _walk(diagram, [e.id for e in diagram.elements.values() if _begins(diagram, e)], reached)
    left = [e for e in diagram.elements.values() if e.id not in reached]
    followed = {following for element in left for following in diagram.successors(element)}
    for element in sorted(left, key=lambda e: e.id in followed):
        if element.id not in reached:
            _walk(diagram, [element.id], reached)
            yield about(
                "reachability",
                element,
                "kan aldrig nås från starten. Dra ett flöde dit, eller ta bort elementet.",
                "can never be reached from the start. Draw a flow to it, or remove the element.",
            )


def _walk(diagram: Diagram, pending: list[str], reached: set[str]) -> None:
    """Add to `reached` these and all that comes after them."""
    while pending:
        current = pending.pop()
        if current not in reached:
            reached.add(current)
            pending += diagram.successors(diagram.elements[current])


def _begins(diagram: Diagram, element: Element) -> bool:
    """Compensation handlers are reached by their association, event sub-processes by their event."""
    if element.kind == "startEvent" or element.event_subprocess or element.for_compensation:
        return True
    return diagram.profile != DEPLOY and diagram.starts_scope(element)
