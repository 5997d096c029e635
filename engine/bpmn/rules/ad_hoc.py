"""An ad-hoc sub-process holds activities and no events that would start or end it (BPMN 2.0.2, 13.3.5); where its
order is sequential, nothing in it lets two of them go on at once."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import DEPLOY, Diagram, Element
from engine.bpmn.errors import Finding
from engine.bpmn.rules.conditions import ACTIVITIES
from engine.bpmn.rules.say import about


def check(diagram: Diagram) -> Iterator[Finding]:
    if diagram.profile == DEPLOY:
        return  # no ad-hoc sub-process is deployed
    for element in diagram.elements.values():
        if element.ad_hoc is None:
            continue
        inside = list(diagram.inside(element.id))
        ended = any(e.kind in ("startEvent", "endEvent") or e.event_subprocess for e in inside)
        if element.loop or ended or not any(e.kind in ACTIVITIES for e in inside):
            yield about(
                "ad_hoc",
                element,
                "är en ad hoc-delprocess utan aktiviteter, med start- eller sluthändelser, händelsedelprocesser eller "
                "upprepning. Låt bara aktiviteter och det som binder ihop dem stå i den.",
                "is an ad-hoc sub-process without activities, with start or end events, event sub-processes or a loop "
                "marker. Let only activities and what connects them stand in it.",
            )
        elif element.ad_hoc.sequential and any(_parts(e) for e in inside):
            yield about(
                "ad_hoc",
                element,
                "gör en sak i taget men innehåller något som delar flödet. Ta bort det, eller låt ordningen vara "
                "parallell.",
                "does one thing at a time but holds something that splits the flow. Remove it, or let its ordering be "
                "parallel.",
            )


def _parts(element: Element) -> bool:
    splits = len(element.out_flows) > 1 and element.kind not in ("exclusiveGateway", "eventBasedGateway")
    beside = element.kind == "boundaryEvent" and not element.interrupting and "compensate" not in element.events
    several = element.repetition is not None and element.repetition.multi and not element.repetition.sequential
    return splits or beside or several or element.completion_quantity > 1
