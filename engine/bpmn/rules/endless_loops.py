"""A loop passes something that waits: nothing changes while only gateways and throw events are passed."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import SUBPROCESSES, Diagram, Element
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about

WAITING = frozenset(
    {"userTask", "serviceTask", "scriptTask", "receiveTask", "callActivity", "intermediateCatchEvent", "boundaryEvent"}
)


def check(diagram: Diagram) -> Iterator[Finding]:
    """Elements that can be taken away one by one from the start of all automatic paths lie on no loop
    (Kahn)."""
    automatic = {e.id: e for e in diagram.elements.values() if not _waits(diagram, e)}
    following = {i: [s for s in diagram.successors(e) if s in automatic] for i, e in automatic.items()}
    arriving = dict.fromkeys(automatic, 0)
    for targets in following.values():
        for target in targets:
            arriving[target] += 1
    free = [i for i, count in arriving.items() if count == 0]
    while free:
        current = free.pop()
        del arriving[current]
        for target in following[current]:
            arriving[target] -= 1
            if arriving[target] == 0:
                free.append(target)
    if arriving:
        yield about(
            "endless_loops",
            automatic[next(iter(arriving))],
            "ligger på eller efter en slinga där ingenting väntar. Låt slingan gå genom en uppgift "
            "eller en tidshändelse.",
            "lies on or after a loop in which nothing waits. Let the loop pass a task or a timer event.",
        )


def _waits(diagram: Diagram, element: Element) -> bool:
    """A sub-process waits if anything in it does."""
    if element.kind in SUBPROCESSES:
        return any(_waits(diagram, inside) for inside in diagram.inside(element.id))
    return element.kind in WAITING
