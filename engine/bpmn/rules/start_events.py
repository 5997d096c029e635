"""The process and every sub-process have exactly one start event, of a kind that can start them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import Diagram, Element
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about, about_node


def check(diagram: Diagram) -> Iterator[Finding]:
    starts = [e for e in diagram.inside(None) if e.kind == "startEvent"]
    if len(starts) != 1:
        yield about_node(
            "start_events",
            diagram.process,
            f"Processen har {len(starts)} starthändelser. Rita precis en.",
            f"The process has {len(starts)} start events. Draw exactly one.",
        )
    for start in starts:
        if start.event == "message":
            yield about(
                "start_events",
                start,
                "startar processen med ett meddelande. Rita en starthändelse utan typ eller med tid.",
                "starts the process by a message. Draw a start event without type, or with a timer.",
            )
    for element in diagram.elements.values():
        if element.kind == "subProcess" and not element.event_subprocess:
            yield from _subprocess(diagram, element)


def _subprocess(diagram: Diagram, element: Element) -> Iterator[Finding]:
    starts = [e for e in diagram.inside(element.id) if e.kind == "startEvent"]
    if len(starts) != 1 or starts[0].events:
        yield about(
            "start_events",
            element,
            "är en delprocess som inte har precis en starthändelse utan typ. Rita en.",
            "is a sub-process without exactly one start event of no type. Draw one.",
        )
