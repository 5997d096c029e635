"""An event sub-process stands at the top, starts by one message and does not interrupt: that much is
proved."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import Diagram, Element
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about


def check(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        if element.event_subprocess and element.kind == "subProcess":
            yield from _event_subprocess(diagram, element)


def _event_subprocess(diagram: Diagram, element: Element) -> Iterator[Finding]:
    starts = [e for e in diagram.inside(element.id) if e.kind == "startEvent"]
    if element.parent is not None:
        yield about(
            "event_subprocesses",
            element,
            "är en händelsedelprocess inuti en delprocess. Rita den direkt i processen.",
            "is an event sub-process inside a sub-process. Draw it directly in the process.",
        )
    if len(starts) != 1 or starts[0].event != "message":
        yield about(
            "event_subprocesses",
            element,
            "är en händelsedelprocess som inte startar med precis ett meddelande. Rita en sådan starthändelse.",
            "is an event sub-process that does not start by exactly one message. Draw such a start event.",
        )
    elif starts[0].interrupting:
        yield about(
            "event_subprocesses",
            starts[0],
            "avbryter processen när den startar. Gör den icke-avbrytande, eller rita en händelse på "
            "kanten av en delprocess.",
            "interrupts the process when it starts. Make it non-interrupting, or use a boundary event.",
        )
    if element.in_flows or element.out_flows:
        yield about(
            "event_subprocesses",
            element,
            "är en händelsedelprocess med flöden in eller ut. Ta bort flödena; händelsen startar den.",
            "is an event sub-process with flows in or out. Remove the flows; its event starts it.",
        )
