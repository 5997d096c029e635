"""An error or escalation that is thrown inside something is caught by something around it. Where the diagram is
run as a model, an error may end the whole process, and an escalation that nobody catches passes without a trace
(BPMN 2.0.2, 10.5.1: it is not critical, and the thrower goes on)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import DEPLOY, Diagram, Element, EventDefinition
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about

OUTWARDS = ("error", "escalation")


def check(diagram: Diagram) -> Iterator[Finding]:
    called = diagram.process_id in diagram.called
    for element in diagram.elements.values():
        for definition in _thrown(element):
            harmless = definition.kind == "escalation" or element.parent is None
            may_pass = diagram.profile != DEPLOY and harmless
            if not (called or may_pass) and not _caught(diagram, element, definition):
                yield about(
                    "catchers",
                    element,
                    f"kastar en händelse av typen {definition.kind} ({definition.name}) som ingenting runt omkring "
                    "fångar. Rita en händelse på kanten eller en händelsedelprocess som fångar den.",
                    f"throws an event of type {definition.kind} ({definition.name}) that nothing around it catches. "
                    "Draw a boundary event or an event sub-process that catches it.",
                )


def _thrown(element: Element) -> Iterator[EventDefinition]:
    if element.kind in ("endEvent", "intermediateThrowEvent"):
        yield from (d for d in element.definitions if d.kind in OUTWARDS and d.name is not None)
    if element.repetition is not None:
        announced = (element.repetition.one, element.repetition.none)
        yield from (d for d in announced if d is not None and d.kind in OUTWARDS)


def _caught(diagram: Diagram, element: Element, definition: EventDefinition) -> bool:
    """Looks around the element as the event would: at its own boundary, then scope by scope."""
    if any(_catches(b, definition) for b in diagram.boundary(element.id)):
        return True
    parent: str | None = element.parent
    inside = element.id
    while True:
        for handler in diagram.inside(parent):
            if handler.event_subprocess and handler.is_scope and handler.id != inside:
                starts = (e for e in diagram.inside(handler.id) if e.kind == "startEvent")
                if any(_catches(start, definition) for start in starts):
                    return True
        if parent is None:
            return False
        if any(_catches(b, definition) for b in diagram.boundary(parent)):
            return True
        inside, parent = parent, diagram.elements[parent].parent


def _catches(catcher: Element, thrown: EventDefinition) -> bool:
    return any(d.kind == thrown.kind and d.name in (None, thrown.name) for d in catcher.definitions)
