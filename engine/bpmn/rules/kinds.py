"""Only kinds of elements that the engine runs; every other kind is refused with what to draw instead."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import DEPLOY, RUN, TEST, Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about

DEPLOYED = frozenset(
    [
        "startEvent",
        "endEvent",
        "boundaryEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "userTask",
        "serviceTask",
        "subProcess",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
    ]
)
MODELLED = DEPLOYED | {"eventBasedGateway", "complexGateway", "callActivity", "transaction", "adHocSubProcess"}
MODELLED |= {"sendTask", "receiveTask"}
SUPPORTED = {DEPLOY: DEPLOYED, RUN: MODELLED, TEST: MODELLED | {"scriptTask", "task", "manualTask"}}

INSTEAD = {
    "task": (
        "är en uppgift utan typ. Välj användaruppgift om en människa gör den, annars tjänsteuppgift.",
        "is a task without a kind. Make it a user task if a person does it, else a service task.",
    ),
    "manualTask": (
        "är en manuell uppgift som ingen skulle kunna markera som klar. Gör den till en användaruppgift.",
        "is a manual task that nobody could mark as done. Make it a user task.",
    ),
    "scriptTask": (
        "är en skriptuppgift, och skript körs aldrig. Gör den till en tjänsteuppgift.",
        "is a script task, and scripts are never run. Make it a service task.",
    ),
    "sendTask": (
        "är en sändningsuppgift. Rita en kastande meddelandehändelse i stället.",
        "is a send task. Draw a message throw event instead.",
    ),
    "receiveTask": (
        "är en mottagningsuppgift. Rita en fångande meddelandehändelse i stället.",
        "is a receive task. Draw a message catch event instead.",
    ),
    "businessRuleTask": (
        "är en regeluppgift. Lägg villkoren på flödena ut från en exklusiv gateway i stället.",
        "is a business rule task. Put the conditions on the flows out of an exclusive gateway instead.",
    ),
    "callActivity": (
        "anropar en annan process. Rita stegen i en delprocess i stället.",
        "calls another process. Draw the steps in a sub-process instead.",
    ),
    "transaction": (
        "är en transaktion. Rita en vanlig delprocess i stället.",
        "is a transaction. Draw a plain sub-process instead.",
    ),
    "adHocSubProcess": (
        "är en ad hoc-delprocess. Rita en vanlig delprocess där ordningen framgår.",
        "is an ad-hoc sub-process. Draw a plain sub-process that shows the order.",
    ),
    "complexGateway": (
        "är en komplex gateway. Rita inklusiva, exklusiva eller parallella gateways i stället.",
        "is a complex gateway. Draw inclusive, exclusive or parallel gateways instead.",
    ),
    "eventBasedGateway": (
        "är en händelsebaserad gateway. Rita en användaruppgift med händelser på kanten i stället.",
        "is an event-based gateway. Draw a user task with boundary events instead.",
    ),
}
OTHER = (
    "är av ett slag som motorn inte kan köra. Rita det med uppgifter, händelser och gateways.",
    "is of a kind that the engine cannot run. Draw it with tasks, events and gateways.",
)


def check(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        if element.kind not in SUPPORTED[diagram.profile]:
            yield about("kinds", element, *INSTEAD.get(element.kind, OTHER))
