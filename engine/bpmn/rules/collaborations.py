"""Pools and what goes between them: message flows join different pools, end where a message can go, and carry the
message that is sent and awaited at their ends; a pool that is run is one participant; nothing of choreographies is run,
no message is told apart by its content, and nothing is imported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.bpmn.diagram import BPMN, DEPLOY, Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules.conditions import ACTIVITIES
from engine.bpmn.rules.say import about_node
from engine.bpmn.xml import is_bpmn, local, reference, tag, whole

NOT_RUN = frozenset(
    {"choreography", "globalChoreographyTask", "globalConversation", "choreographyTask", "subChoreography"}
    | {"callChoreography", "correlationKey"}
)
SENDS = frozenset({"participant", "intermediateThrowEvent", "endEvent"}) | ACTIVITIES
RECEIVES = frozenset({"participant", "startEvent", "intermediateCatchEvent", "boundaryEvent"}) | ACTIVITIES


def check(diagram: Diagram) -> Iterator[Finding]:
    known = {n.get("id"): n for n in diagram.root.iter() if is_bpmn(n) and n.get("id")}
    pools = {reference(p.get("processRef")): p for p in diagram.root.iter(tag("participant"))}
    flows = list(diagram.root.iter(tag("messageFlow")))
    together: dict[str | None, list[Any]] = {}
    for node in flows:
        together.setdefault(node.get("sourceRef"), []).append(node)
    for node in flows:
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
        elif diagram.profile != DEPLOY:
            yield from _carried(node, ends[0], ends[1], together[node.get("sourceRef")])
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
        elif least > 1 and diagram.profile != DEPLOY and _is_run(diagram, node.getparent()):
            yield about_node(
                "collaborations",
                node.getparent(),
                f"Poolen ”{node.getparent().get('id')}” står för minst {least} deltagare, men dess process startas en "
                "gång i taget. Ange minst en.",
                f"The pool “{node.getparent().get('id')}” stands for at least {least} participants, but its process is "
                "started one at a time. Give one as least.",
            )
    for node in diagram.root.iter():
        if is_bpmn(node) and (local(node) in NOT_RUN or _brings_in(diagram, node)):
            yield about_node(
                "collaborations",
                node,
                f"Filen innehåller {local(node)} på rad {node.sourceline}, som inte körs. Ta bort det.",
                f"The file holds {local(node)} on line {node.sourceline}, which is not run. Remove it.",
            )


def _brings_in(diagram: Diagram, node: Any) -> bool:
    """Processes of another file. Where a model is run, imported types and services are only names: nothing reads them,
    and what would call one is refused by itself."""
    return local(node) == "import" and (diagram.profile == DEPLOY or node.get("importType", BPMN).strip() == BPMN)


def _is_run(diagram: Diagram, pool: Any) -> bool:
    return bool(diagram.process_id) and reference(pool.get("processRef")) == diagram.process_id


def _carried(flow: Any, source: Any, target: Any, together: list[Any]) -> Iterator[Finding]:
    """One message along one flow: the one that its ends and it itself name. `together`: all flows from its source."""
    known = [messages for messages in (_messages(source), _messages(target)) if messages]
    if flow.get("messageRef"):
        known.append({reference(flow.get("messageRef"))})
    if known and not set.intersection(*known):
        yield about_node(
            "collaborations",
            flow,
            f"Meddelandeflödet ”{flow.get('id')}” och dess ändar gäller olika meddelanden. Välj samma.",
            f"The message flow “{flow.get('id')}” and its ends are about different messages. Choose the same.",
        )
    if 0 < len(_messages(source)) < len(together) and together[0] is not flow:
        yield about_node(
            "collaborations",
            flow,
            f"Meddelandeflödet ”{flow.get('id')}” är ett till från något som sänder ett enda meddelande, och bara en "
            "kan få det. Behåll ett flöde.",
            f"The message flow “{flow.get('id')}” is one more from something that sends a single message, which only "
            "one can get. Keep one flow.",
        )


def _messages(node: Any) -> set[str | None]:
    """The ids of the messages that an event or task says it sends or takes; none where it is not said in it."""
    named = [node, *node.iterchildren(tag("messageEventDefinition"))]
    return {reference(each.get("messageRef")) for each in named if each.get("messageRef")}


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
