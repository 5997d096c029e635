"""An event sub-process has one start event with an event, and no flows. In what is deployed, a message may
start one only directly in the process and without interrupting it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import DEPLOY, Diagram, Element
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about


def check(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        if element.event_subprocess and element.is_scope:
            yield from _event_subprocess(diagram, element)


def _event_subprocess(diagram: Diagram, element: Element) -> Iterator[Finding]:
    starts = [e for e in diagram.inside(element.id) if e.kind == "startEvent"]
    if len(starts) != 1 or not starts[0].events or element.kind != "subProcess":
        yield about(
            "event_subprocesses",
            element,
            "är en händelsedelprocess som inte startar med precis en händelse. Rita en sådan starthändelse.",
            "is an event sub-process that does not start by exactly one event. Draw such a start event.",
        )
    elif diagram.profile == DEPLOY and starts[0].event == "message":
        yield from _message(element, starts[0])
    if element.in_flows or element.out_flows or diagram.boundary(element.id) or element.loop:
        yield about(
            "event_subprocesses",
            element,
            "är en händelsedelprocess med flöden in eller ut, händelser på kanten eller upprepning. Ta bort dem; "
            "händelsen startar den.",
            "is an event sub-process with flows, boundary events or a loop marker. Remove them; its event starts it.",
        )


def _message(element: Element, start: Element) -> Iterator[Finding]:
    if element.parent is not None:
        yield about(
            "event_subprocesses",
            element,
            "är en händelsedelprocess inuti en delprocess. Rita den direkt i processen.",
            "is an event sub-process inside a sub-process. Draw it directly in the process.",
        )
    if start.interrupting:
        yield about(
            "event_subprocesses",
            start,
            "avbryter processen när den startar. Gör den icke-avbrytande, eller rita en händelse på "
            "kanten av en delprocess.",
            "interrupts the process when it starts. Make it non-interrupting, or use a boundary event.",
        )
