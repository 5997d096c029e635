"""Pools and what goes between them: message flows join different pools and end where a message can go;
nothing of choreographies is run, no message is told apart by its content, and nothing is imported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.bpmn.diagram import Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules.conditions import ACTIVITIES
from engine.bpmn.rules.say import about_node
from engine.bpmn.xml import is_bpmn, local, reference, tag, whole

NOT_RUN = frozenset(
    {"choreography", "globalChoreographyTask", "globalConversation", "choreographyTask", "subChoreography"}
    | {"callChoreography", "import", "correlationKey"}
)
SENDS = frozenset({"participant", "intermediateThrowEvent", "endEvent"}) | ACTIVITIES
RECEIVES = frozenset({"participant", "startEvent", "intermediateCatchEvent", "boundaryEvent"}) | ACTIVITIES


def check(diagram: Diagram) -> Iterator[Finding]:
    known = {n.get("id"): n for n in diagram.root.iter() if is_bpmn(n) and n.get("id")}
    pools = {reference(p.get("processRef")): p for p in diagram.root.iter(tag("participant"))}
    for node in diagram.root.iter(tag("messageFlow")):
        ends = [known.get(reference(node.get(name)) or "") for name in ("sourceRef", "targetRef")]
        if any(end is None for end in ends) or not _joins(ends[0], ends[1], pools):
            yield about_node(
                "collaborations",
                node,
                f"Meddelandeflödet ”{node.get('id')}” går inte mellan två pooler från något som sänder till något "
                "som tar emot. Dra det på nytt.",
                f"The message flow “{node.get('id')}” does not go between two pools from something that sends to "
                "something that receives. Draw it again.",
            )
    for node in diagram.root.iter(tag("participantMultiplicity")):
        least, most = whole(node.get("minimum", "0"), -1), whole(node.get("maximum", "1"), -1)
        if least < 0 or most < 1 or most < least:
            yield about_node(
                "collaborations",
                node.getparent(),
                f"Poolen ”{node.getparent().get('id')}” har ett antal deltagare som inte går ihop. "
                "Ange minst och mest.",
                f"The pool “{node.getparent().get('id')}” has numbers of participants that do not fit. Give least "
                "and most.",
            )
    for node in diagram.root.iter():
        if is_bpmn(node) and local(node) in NOT_RUN:
            yield about_node(
                "collaborations",
                node,
                f"Filen innehåller {local(node)} på rad {node.sourceline}, som inte körs. Ta bort det.",
                f"The file holds {local(node)} on line {node.sourceline}, which is not run. Remove it.",
            )


def _joins(source: Any, target: Any, pools: dict[str | None, Any]) -> bool:
    if local(source) not in SENDS or local(target) not in RECEIVES:
        return False
    if not _about_messages(source) or not _about_messages(target):
        return False
    return _pool(source, pools) is not _pool(target, pools)


def _about_messages(node: Any) -> bool:
    """An event at the end of a message flow is a message event."""
    if not local(node).endswith("Event"):
        return True
    if local(node) == "intermediateThrowEvent" and node.find(tag("messageEventDefinition")) is None:
        return node.find(tag("eventDefinitionRef")) is not None
    kinds = {local(child) for child in node}
    return bool(kinds & {"messageEventDefinition", "eventDefinitionRef"})


def _pool(node: Any, pools: dict[str | None, Any]) -> Any:
    """The participant that a node is or is drawn in; without pools, its process."""
    while node is not None and local(node) not in ("participant", "process"):
        node = node.getparent()
    return pools.get(node.get("id"), node) if node is not None else None
