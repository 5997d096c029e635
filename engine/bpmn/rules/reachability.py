"""Everything that is drawn can be reached from a start event."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import DEPLOY, Diagram, Element
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about


def check(diagram: Diagram) -> Iterator[Finding]:
    pending = [e for e in diagram.elements.values() if _begins(diagram, e)]
    reached = {e.id for e in pending}
    while pending:
        for following in diagram.successors(pending.pop()):
            if following not in reached:
                reached.add(following)
                pending.append(diagram.elements[following])
    for element in diagram.elements.values():
        if element.id not in reached:
            yield about(
                "reachability",
                element,
                "kan aldrig nås från starten. Dra ett flöde dit, eller ta bort elementet.",
                "can never be reached from the start. Draw a flow to it, or remove the element.",
            )


def _begins(diagram: Diagram, element: Element) -> bool:
    """Compensation handlers are reached by their association, event sub-processes by their event."""
    if element.kind == "startEvent" or element.event_subprocess or element.for_compensation:
        return True
    return diagram.profile != DEPLOY and diagram.starts_scope(element)
