"""Every event is of a kind that the engine runs in that place."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import Diagram, Element
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about, about_node
from engine.bpmn.xml import local, tag

ALLOWED: dict[str, tuple[str | None, ...]] = {
    "startEvent": (None, "timer", "message"),
    "endEvent": (None, "message", "terminate"),
    "intermediateThrowEvent": (None, "message"),
    "intermediateCatchEvent": ("timer", "message"),
    "boundaryEvent": ("timer", "message"),
}

INSTEAD = {
    "signal": ("Använd en meddelandehändelse.", "Use a message event."),
    "error": (
        "Låt en exklusiv gateway välja vägen vid fel.",
        "Let an exclusive gateway choose the way on errors.",
    ),
    "escalation": ("Använd en meddelandehändelse.", "Use a message event."),
    "compensate": ("Rita stegen som ångrar på vanligt sätt.", "Draw the undoing steps like any others."),
    "link": ("Dra ett sekvensflöde i stället.", "Draw a sequence flow instead."),
    "conditional": ("Använd en tidshändelse eller en gateway.", "Use a timer event or a gateway."),
    "cancel": ("Använd en avslutande sluthändelse.", "Use a terminate end event."),
    None: ("Välj tid eller meddelande.", "Choose timer or message."),
}
OTHER = ("Använd tid eller meddelande.", "Use timer or message.")


def check(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        if element.kind in ALLOWED:
            yield from _event(element)
    for node in diagram.process.iter(tag("eventDefinitionRef")):
        yield about_node(
            "event_definitions",
            node,
            f"”{node.getparent().get('id')}” lånar sin händelsetyp. Ange typen i händelsen själv.",
            f"“{node.getparent().get('id')}” borrows its event type. Give the type in the event itself.",
        )
    for node in diagram.process.iter():
        if local(node).endswith("EventDefinition") and local(node.getparent()) not in ALLOWED:
            yield about_node(
                "event_definitions",
                node,
                f"En händelsetyp på rad {node.sourceline} hör inte till någon händelse. Ta bort den.",
                f"An event type on line {node.sourceline} belongs to no event. Remove it.",
            )


def _event(element: Element) -> Iterator[Finding]:
    if len(element.events) > 1:
        yield about(
            "event_definitions",
            element,
            "har flera händelsetyper. Rita en händelse för varje typ.",
            "has several event types. Draw one event for each.",
        )
    elif element.event not in ALLOWED[element.kind]:
        sv, en = INSTEAD.get(element.event, OTHER)
        kind = element.event or ""
        yield about(
            "event_definitions",
            element,
            f"är en händelse som motorn inte kan köra här ({kind or 'utan typ'}). {sv}",
            f"is an event that the engine cannot run here ({kind or 'no type'}). {en}",
        )
