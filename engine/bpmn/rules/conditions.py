"""Conditions stand where they are obeyed: on the flows out of exclusive, inclusive and complex gateways, and on all
of them. In a model that is run and not deployed, those out of a parallel gateway mean nothing (BPMN 2.0.2, 13.4.1)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import DEPLOY, Diagram, Element
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about

CHOOSING = ("exclusiveGateway", "inclusiveGateway", "complexGateway")

ACTIVITIES = frozenset(
    {"task", "userTask", "serviceTask", "scriptTask", "sendTask", "receiveTask", "manualTask", "businessRuleTask"}
    | {"subProcess", "transaction", "adHocSubProcess", "callActivity"}
)


def check(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        if element.kind in CHOOSING:
            yield from _choosing(diagram, element)
        elif diagram.profile != DEPLOY and element.kind in ACTIVITIES:
            yield from _activity(diagram, element)
        else:
            yield from _passing(diagram, element)


def _choosing(diagram: Diagram, element: Element) -> Iterator[Finding]:
    if element.default in diagram.flows and diagram.flows[element.default].condition is not None:
        yield about(
            "conditions",
            diagram.flows[element.default],
            "är ett standardflöde med villkor. Ta bort villkoret; det tas när inget annat gäller.",
            "is a default flow with a condition. Remove it; a default flow is taken when nothing else holds.",
        )
    if len(element.out_flows) < 2:
        return
    for flow_id in element.out_flows:
        flow = diagram.flows[flow_id]
        if flow.condition is None and flow_id != element.default:
            yield about(
                "conditions",
                flow,
                f"går ut från ”{element.name or element.id}” utan villkor. Ange ett villkor, eller gör "
                f"det till standardflöde.",
                f"leaves “{element.name or element.id}” without a condition. Give it one, or make it the default flow.",
            )


def _activity(diagram: Diagram, element: Element) -> Iterator[Finding]:
    """Conditions out of an activity stand beside other flows (BPMN 2.0.2, 8.4.13)."""
    conditional = [f for f in element.out_flows if diagram.flows[f].condition is not None]
    if len(element.out_flows) == 1 and conditional:
        yield about(
            "conditions",
            diagram.flows[conditional[0]],
            f"är det enda flödet ut från ”{element.name or element.id}” och har ett villkor. Ta bort villkoret.",
            f"is the only flow out of “{element.name or element.id}” and has a condition. Remove the condition.",
        )
    if element.default is not None and not conditional:
        yield about(
            "conditions",
            element,
            "har ett standardflöde men inget flöde med villkor. Ta bort standardflödet.",
            "has a default flow but no flow with a condition. Remove the default flow.",
        )


def _passing(diagram: Diagram, element: Element) -> Iterator[Finding]:
    if element.default is not None:
        yield about(
            "conditions",
            element,
            "har ett standardflöde utan att vara en gateway som väljer. Rita en exklusiv gateway efter den.",
            "has a default flow without being a gateway that chooses. Draw an exclusive gateway after it.",
        )
    if element.kind == "parallelGateway" and diagram.profile != DEPLOY:
        return
    for flow_id in element.out_flows:
        flow = diagram.flows[flow_id]
        if flow.condition is not None:
            yield about(
                "conditions",
                flow,
                f"har ett villkor ut från ”{element.name or element.id}”, där inget val görs. Rita en "
                f"exklusiv gateway där.",
                f"has a condition out of “{element.name or element.id}”, where nothing is chosen. Draw "
                f"an exclusive gateway.",
            )
