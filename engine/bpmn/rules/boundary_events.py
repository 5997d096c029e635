"""A boundary event sits on an activity that waits, in the same scope, and leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram import Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules.say import about

HOSTS = (
    "userTask",
    "serviceTask",
    "scriptTask",
    "subProcess",
    "transaction",
    "adHocSubProcess",
    "callActivity",
    "receiveTask",
    "sendTask",
    "task",
    "manualTask",
)


def check(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        if element.kind != "boundaryEvent":
            continue
        host = diagram.elements.get(element.attached_to or "")
        if host is None or host.kind not in HOSTS or host.parent != element.parent or host.event_subprocess:
            yield about(
                "boundary_events",
                element,
                "sitter inte på en uppgift eller delprocess som den kan bevaka. Fäst den på en sådan.",
                "does not sit on a task or sub-process that it can watch. Attach it to one.",
            )
        if element.in_flows:
            yield about(
                "boundary_events",
                element,
                "är en kanthändelse med ett flöde in. Ta bort flödet.",
                "is a boundary event with a flow into it. Remove the flow.",
            )
