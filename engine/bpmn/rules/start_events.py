"""The process and every sub-process have exactly one start event, of a kind that can start them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import DEPLOY, Diagram, Element
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about, about_node


def check(diagram: Diagram) -> Iterator[Finding]:
    starts = [e for e in diagram.inside(None) if e.kind == "startEvent"]
    if diagram.profile == DEPLOY:
        yield from _to_deploy(diagram, starts)
    elif not any(diagram.starts_scope(e) for e in diagram.inside(None)):
        yield about_node(
            "start_events",
            diagram.process,
            f"Processen ”{diagram.process_id}” börjar ingenstans. Rita en starthändelse.",
            f"The process “{diagram.process_id}” begins nowhere. Draw a start event.",
        )
    elif sum(1 for start in starts if not start.events) > 1:
        yield about(
            "start_events",
            starts[-1],
            "är en av flera starthändelser utan typ i samma process. Rita precis en.",
            "is one of several start events of no type in the same process. Draw exactly one.",
        )
    for element in diagram.elements.values():
        if element.is_scope and not element.event_subprocess:
            yield from _subprocess(diagram, element)
    for parent in {element.parent for element in diagram.elements.values()}:
        yield from _both_or_neither(diagram, parent)


def _to_deploy(diagram: Diagram, starts: list[Element]) -> Iterator[Finding]:
    if len(starts) != 1:
        yield about_node(
            "start_events",
            diagram.process,
            f"Processen har {len(starts)} starthändelser. Rita precis en.",
            f"The process has {len(starts)} start events. Draw exactly one.",
        )


def _both_or_neither(diagram: Diagram, parent: str | None) -> Iterator[Finding]:
    """Start and end events are drawn together or not at all (BPMN 2.0.2, 10.5.2 and 10.5.3)."""
    starts = [e for e in diagram.inside(parent) if e.kind == "startEvent"]
    ends = [e for e in diagram.inside(parent) if e.kind == "endEvent"]
    if ends and not starts:
        yield about(
            "start_events",
            ends[0],
            "är en sluthändelse där ingen starthändelse är ritad. Rita en starthändelse.",
            "is an end event where no start event is drawn. Draw a start event.",
        )
    if starts and not ends and diagram.profile != DEPLOY:
        yield about(
            "start_events",
            starts[0],
            "är en starthändelse där ingen sluthändelse är ritad. Rita en sluthändelse.",
            "is a start event where no end event is drawn. Draw an end event.",
        )


def _subprocess(diagram: Diagram, element: Element) -> Iterator[Finding]:
    starts = [e for e in diagram.inside(element.id) if e.kind == "startEvent"]
    if diagram.profile != DEPLOY and not starts:
        yield from _without(diagram, element)
        return
    if len(starts) == 1 and starts[0].events:
        yield about(
            "start_events",
            starts[0],
            f"är en starthändelse av typen {starts[0].event} i en delprocess, som börjar när flödet når den. Rita en "
            "utan typ.",
            f"is a start event of type {starts[0].event} in a sub-process, which begins when the flow reaches it. Draw "
            "one of no type.",
        )
    elif len(starts) != 1:
        yield about(
            "start_events",
            element,
            f"är en delprocess med {len(starts)} starthändelser. Rita precis en, utan typ.",
            f"is a sub-process with {len(starts)} start events. Draw exactly one, of no type.",
        )


def _without(diagram: Diagram, element: Element) -> Iterator[Finding]:
    """Then what no flow leads to begins, and where nothing is drawn nothing is left to be done (BPMN 2.0.2, 13.3.4)."""
    inside = [e for e in diagram.inside(element.id) if not e.event_subprocess]
    if inside and not any(diagram.starts_scope(e) for e in inside):
        yield about(
            "start_events",
            element,
            "är en delprocess där ingenting börjar. Rita en starthändelse utan typ.",
            "is a sub-process in which nothing begins. Draw a start event of no type.",
        )
