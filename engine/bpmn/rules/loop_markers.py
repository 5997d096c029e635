"""Loop markers say how often: a loop when it ends, several instances how many. The bare multi-instance
marker of a user task means one row per participant (see `arshjul:participants`), and is the only one that is
deployed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.bpmn.diagram import DEPLOY, Diagram, Element, Repetition
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about, about_node
from engine.bpmn.xml import is_bpmn, local, tag

READ = frozenset({"loopCardinality", "completionCondition", "extensionElements", "documentation"})
BEHAVIORS = ("All", "None", "One")


def check(diagram: Diagram) -> Iterator[Finding]:
    markers = list(diagram.process.iter(tag("multiInstanceLoopCharacteristics")))
    over_data = {m.getparent().get("id") for m in markers if m.find(tag("loopDataInputRef")) is not None}
    for element in diagram.elements.values():
        if element.loop is None or element.multi:
            continue
        if diagram.profile == DEPLOY:
            yield about(
                "loop_markers",
                element,
                "har en upprepningsmarkering som bara en användaruppgift kan ha. Rita upprepningen som en slinga.",
                "has a repetition marker that only a user task may have. Draw the repetition as a loop.",
            )
        elif element.repetition is None and element.id in over_data:
            continue  # told of its settings
        elif element.repetition is None:
            yield about(
                "loop_markers",
                element,
                "har en markering för flera instanser som inte säger hur många. Ange loopCardinality.",
                "has a multi-instance marker that does not say how many. Give a loopCardinality.",
            )
        else:
            yield from _repetition(diagram, element, element.repetition)
    for node in markers:
        yield from _settings(diagram, node)


def _repetition(diagram: Diagram, element: Element, repetition: Repetition) -> Iterator[Finding]:
    if not repetition.multi and repetition.condition is None and repetition.maximum is None:
        yield about(
            "loop_markers",
            element,
            "har en slingmarkering utan slut. Ange loopCondition eller loopMaximum.",
            "has a loop marker without an end. Give a loopCondition or a loopMaximum.",
        )
    if repetition.maximum is not None and repetition.maximum < 1:
        yield about(
            "loop_markers",
            element,
            "har ett loopMaximum som inte är ett positivt heltal. Ange hur många gånger som mest.",
            "has a loopMaximum that is not a positive whole number. Say how many times at most.",
        )
    if repetition.multi and (repetition.cardinality is None or _negative(repetition.cardinality)):
        yield about(
            "loop_markers",
            element,
            "har ett antal instanser som är tomt eller negativt. Ange ett antal från 0.",
            "has a number of instances that is empty or negative. Give a number from 0.",
        )
    if repetition.behavior not in BEHAVIORS or _announces_nothing(repetition):
        yield about(
            "loop_markers",
            element,
            f"säger inte vilken händelse som behavior=”{repetition.behavior}” kastar. Ange den, eller använd All.",
            f"does not say which event behavior=“{repetition.behavior}” throws. Name it, or use All.",
        )
    if _cut_off(diagram, element, repetition):
        yield about(
            "loop_markers",
            element,
            f"kastar med behavior=”{repetition.behavior}” en händelse när en instans är klar, och samma händelse på "
            "kanten avbryter de andra instanserna. Låt den på kanten vara icke-avbrytande, eller använd ett "
            "completionCondition.",
            f"throws an event by behavior=“{repetition.behavior}” when an instance is done, and the same event on its "
            "edge interrupts the other instances. Make the one on the edge non-interrupting, or use a "
            "completionCondition.",
        )
    if element.event_subprocess or element.for_compensation or _undoes(diagram, element):
        yield about(
            "loop_markers",
            element,
            "upprepas och kan samtidigt ångras med kompensation. Upprepa en delprocess utan kompensation.",
            "is repeated and can also be undone by compensation. Repeat a sub-process without compensation.",
        )


def _negative(cardinality: str) -> bool:
    return cardinality.strip().startswith("-")


def _announces_nothing(repetition: Repetition) -> bool:
    thrown = {"One": repetition.one, "None": repetition.none}.get(repetition.behavior)
    return repetition.behavior in ("One", "None") and (thrown is None or thrown.kind not in ("signal", "escalation"))


def _cut_off(diagram: Diagram, element: Element, repetition: Repetition) -> bool:
    """What shall be thrown as the others go on cannot also stop them: readers of such diagrams expect either."""
    thrown = {"One": repetition.one, "None": repetition.none}.get(repetition.behavior)
    return thrown is not None and any(
        b.interrupting and any(d.kind == thrown.kind and d.name in (None, thrown.name) for d in b.definitions)
        for b in diagram.boundary(element.id)
    )


def _undoes(diagram: Diagram, element: Element) -> bool:
    if any("compensate" in b.events for b in diagram.boundary(element.id)):
        return True
    inside = list(diagram.inside(element.id)) if element.is_scope else []
    return any("compensate" in e.events or _undoes(diagram, e) for e in inside)


def _settings(diagram: Diagram, node: Any) -> Iterator[Finding]:
    marker = node
    settings = {local(child) for child in marker if is_bpmn(child)} - {"extensionElements"}
    if diagram.profile == DEPLOY:
        sequential = marker.get("isSequential", "false") not in ("false", "0")
        if settings or sequential or marker.get("behavior", "All") != "All":
            yield about_node(
                "loop_markers",
                marker,
                f"”{marker.getparent().get('id')}” har inställningar på sin markering för flera "
                f"deltagare, som inte läses. "
                "Ange deltagarna i arshjul:participants.",
                f"“{marker.getparent().get('id')}” has settings on its multi-instance marker, which are "
                f"not read. "
                "Name the participants in arshjul:participants.",
            )
    elif settings - READ:
        yield about_node(
            "loop_markers",
            marker.getparent(),
            f"”{marker.getparent().get('id')}” upprepas över data ({', '.join(sorted(settings - READ))}), "
            "som inte läses. Ange antalet i loopCardinality.",
            f"“{marker.getparent().get('id')}” is repeated over data ({', '.join(sorted(settings - READ))}), "
            "which is not read. Give the number in loopCardinality.",
        )
