"""Every event is of a kind that is run in that place (BPMN 2.0.2, table 10.93)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import DEPLOY, Diagram, Element
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about, about_node
from engine.bpmn.xml import local, reference, tag

CATCHES = frozenset({"message", "timer", "signal", "conditional"})
DEPLOYED: dict[str, frozenset[str | None]] = {
    "startEvent": frozenset({None, "timer", "message"}),
    "handler": frozenset({"message", "error", "escalation"}),
    "endEvent": frozenset({None, "message", "terminate", "error", "escalation"}),
    "intermediateThrowEvent": frozenset({None, "message", "link", "escalation"}),
    "intermediateCatchEvent": frozenset({"timer", "message", "link"}),
    "boundaryEvent": frozenset({"timer", "message", "error", "escalation"}),
}
MODELLED: dict[str, frozenset[str | None]] = {
    "startEvent": frozenset({None, "timer", "message", "signal"}),
    "handler": CATCHES | {"error", "escalation", "compensate"},
    "endEvent": DEPLOYED["endEvent"] | {"signal", "compensate", "cancel"},
    "intermediateThrowEvent": DEPLOYED["intermediateThrowEvent"] | {"signal", "compensate"},
    "intermediateCatchEvent": CATCHES | {"link"},
    "boundaryEvent": CATCHES | {"error", "escalation", "compensate", "cancel"},
}
ALONE = frozenset({"link", "compensate", "cancel", "terminate", "error"})
ONLY_INTERRUPTING = frozenset({"error", "cancel", "compensate"})

INSTEAD = {
    "signal": ("Använd en meddelandehändelse.", "Use a message event."),
    "error": ("Låt en exklusiv gateway välja vägen vid fel.", "Let an exclusive gateway choose the way on errors."),
    "escalation": ("Använd en meddelandehändelse.", "Use a message event."),
    "compensate": ("Rita stegen som ångrar på vanligt sätt.", "Draw the undoing steps like any others."),
    "link": ("Dra ett sekvensflöde i stället.", "Draw a sequence flow instead."),
    "conditional": ("Använd en tidshändelse eller en gateway.", "Use a timer event or a gateway."),
    "cancel": ("Använd en avslutande sluthändelse.", "Use a terminate end event."),
    None: ("Välj tid eller meddelande.", "Choose timer or message."),
}
WAIT_BEFORE = ("Vänta i en fångande mellanhändelse före den.", "Wait in an intermediate catch event before it.")
THROWN = {
    "timer": WAIT_BEFORE,
    "conditional": WAIT_BEFORE,
    "terminate": ("Använd en avslutande sluthändelse.", "Use a terminate end event."),
}
OTHER = ("Använd tid eller meddelande.", "Use timer or message.")


def check(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        if element.kind in DEPLOYED:
            yield from _event(diagram, element)
    declared = {n.get("id") for n in diagram.root.iterchildren() if local(n).endswith("EventDefinition")}
    for node in diagram.process.iter(tag("eventDefinitionRef")):
        if reference(node.text) not in declared:
            yield about_node(
                "event_definitions",
                node.getparent(),
                f"”{node.getparent().get('id')}” lånar en händelsetyp som inte står för sig själv i filen. "
                "Ange typen i händelsen själv.",
                f"“{node.getparent().get('id')}” borrows an event type that does not stand by itself in the "
                "file. Give the type in the event itself.",
            )
    for node in diagram.process.iter():
        if local(node).endswith("EventDefinition") and local(node.getparent()) not in (*DEPLOYED, "event"):
            yield about_node(
                "event_definitions",
                node,
                f"En händelsetyp på rad {node.sourceline} hör inte till någon händelse. Ta bort den.",
                f"An event type on line {node.sourceline} belongs to no event. Remove it.",
            )


def _event(diagram: Diagram, element: Element) -> Iterator[Finding]:
    allowed = (DEPLOYED if diagram.profile == DEPLOY else MODELLED)[_place(diagram, element)]
    if len(element.events) > 1 and (diagram.profile == DEPLOY or ALONE & set(element.events)):
        yield about(
            "event_definitions",
            element,
            "har flera händelsetyper. Rita en händelse för varje typ.",
            "has several event types. Draw one event for each.",
        )
    if element.events.count("conditional") > 1 or _would_begin_again(element):
        yield about(
            "event_definitions",
            element,
            "väntar på flera villkor, eller på en tid och något annat utan att avbryta. Rita en händelse för varje, "
            "eller skriv villkoren som ett.",
            "waits for several conditions, or for a time and something else without interrupting. Draw one event for "
            "each, or write the conditions as one.",
        )
    for event in element.events or (None,):
        if event not in allowed:
            yield _refused(element, event)
    if element.interrupting is False and ONLY_INTERRUPTING & set(element.events):
        yield about(
            "event_definitions",
            element,
            f"är en händelse av typen {element.event} som inte avbryter. Gör den avbrytande.",
            f"is a non-interrupting event of type {element.event}. Make it interrupting.",
        )
    if element.kind == "startEvent" and element.interrupting is None and _begins_by_several(element):
        yield about(
            "event_definitions",
            element,
            "startar processen när flera händelser har kommit, eller vid en tid och något annat. Rita en "
            "starthändelse för varje.",
            "starts the process when several events have come, or at a time and by something else. Draw one start "
            "event for each.",
        )
    if element.parallel_multiple and len(element.events) < 2:
        yield about(
            "event_definitions",
            element,
            "väntar på flera händelser på en gång men har inte flera. Ta bort parallelMultiple.",
            "waits for several events at once but does not have several. Remove parallelMultiple.",
        )


def _would_begin_again(element: Element) -> bool:
    """What comes again and again waits anew for each of its types, but a time that has come does not come back."""
    return element.interrupting is False and len(element.events) > 1 and "timer" in element.events


def _begins_by_several(element: Element) -> bool:
    """Each event that comes starts an instance; nobody gathers several, and a time is kept by itself."""
    return len(element.events) > 1 and (element.parallel_multiple or "timer" in element.events)


def _place(diagram: Diagram, element: Element) -> str:
    """A start event, where it starts an event sub-process, has kinds of its own."""
    if element.kind == "startEvent" and element.parent is not None:
        return "handler" if diagram.elements[element.parent].event_subprocess else "startEvent"
    return element.kind


def _refused(element: Element, event: str | None) -> Finding:
    waits = element.kind in ("startEvent", "intermediateCatchEvent")
    throws = element.kind in ("endEvent", "intermediateThrowEvent")
    sv, en = OTHER if waits else INSTEAD.get(event, OTHER)
    if throws and event in THROWN:
        sv, en = THROWN[event]
    return about(
        "event_definitions",
        element,
        f"är en händelse av typen {event or 'ingen'}, som inte körs där. {sv}",
        f"is an event of type {event or 'none'}, which is not run there. {en}",
    )
