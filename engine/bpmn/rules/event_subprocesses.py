"""An event sub-process has one start event with an event, and no flows. In what is deployed, a message may
start one only directly in the process and without interrupting it. One that does not interrupt does not throw the
signal that starts it: a signal is heard by all, but an event that a handler throws again is meant for what is around
it (BPMN 2.0.2, 10.5.6)."""

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
    elif not starts[0].interrupting:
        yield from _again(diagram, element, starts[0])
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


def _again(diagram: Diagram, element: Element, start: Element) -> Iterator[Finding]:
    awaited = {d.name for d in start.definitions if d.kind == "signal"}
    for thrower in _within(diagram, element.id):
        thrown = thrower.definitions if thrower.kind in ("endEvent", "intermediateThrowEvent") else ()
        if any(d.kind == "signal" and d.name in awaited for d in thrown):
            yield about(
                "event_subprocesses",
                thrower,
                f"kastar signalen som startar ”{element.name or element.id}”, där den själv står, utan att avbryta. "
                "Kasta en annan signal, eller låt starten avbryta.",
                f"throws the signal that starts “{element.name or element.id}”, in which it stands, without "
                "interrupting. Throw another signal, or let the start interrupt.",
            )


def _within(diagram: Diagram, scope: str) -> Iterator[Element]:
    for element in diagram.inside(scope):
        yield element
        if element.is_scope:
            yield from _within(diagram, element.id)
