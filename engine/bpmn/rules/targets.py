"""Every reference of the file to something in the file leads to a thing of the right kind (the associations
of the BPMN 2.0.2 metamodel). A prefix that stands for another file is refused: nothing else is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.bpmn.diagram import Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.rules.conditions import ACTIVITIES
from engine.bpmn.rules.say import about_node
from engine.bpmn.xml import is_bpmn, local, reference

ITEM = frozenset({"itemDefinition"})
DATA = frozenset(
    {"dataObject", "dataObjectReference", "dataStore", "dataStoreReference", "property", "dataInput", "dataOutput"}
    | {"inputDataItem", "outputDataItem"}
)
EVENTS = frozenset(
    f"{kind}EventDefinition"
    for kind in (
        "message", "timer", "signal", "error", "escalation", "conditional", "link", "cancel", "compensate", "terminate"
    )
)  # fmt: skip
CALLABLE = frozenset(
    {"process", "globalTask", "globalUserTask", "globalScriptTask", "globalManualTask", "globalBusinessRuleTask"}
)

# name of the attribute or child element -> the kinds that it may lead to
ATTRIBUTES: dict[str, frozenset[str]] = {
    "messageRef": frozenset({"message"}),
    "signalRef": frozenset({"signal"}),
    "errorRef": frozenset({"error"}),
    "escalationRef": frozenset({"escalation"}),
    "itemRef": ITEM,
    "itemSubjectRef": ITEM,
    "evaluatesToTypeRef": ITEM,
    "categoryValueRef": frozenset({"categoryValue"}),
    "processRef": frozenset({"process"}),
    "definitionalCollaborationRef": frozenset({"collaboration", "choreography", "globalConversation"}),
    "operationRef": frozenset({"operation"}),
    "activityRef": ACTIVITIES,
    "calledElement": CALLABLE,
    "dataObjectRef": frozenset({"dataObject"}),
    "dataStoreRef": frozenset({"dataStore"}),
    "correlationKeyRef": frozenset({"correlationKey"}),
    "correlationPropertyRef": frozenset({"correlationProperty"}),
    "parameterRef": frozenset({"resourceParameter"}),
    "oneBehaviorEventRef": EVENTS,
    "noneBehaviorEventRef": EVENTS,
    "inputDataRef": frozenset({"dataInput"}),
    "outputDataRef": frozenset({"dataOutput"}),
}
CHILDREN: dict[str, frozenset[str]] = {
    "inMessageRef": frozenset({"message"}),
    "outMessageRef": frozenset({"message"}),
    "errorRef": frozenset({"error"}),
    "operationRef": frozenset({"operation"}),
    "interfaceRef": frozenset({"interface"}),
    "endPointRef": frozenset({"endPoint"}),
    "supports": frozenset({"process"}),
    "supportedInterfaceRef": frozenset({"interface"}),
    "resourceRef": frozenset({"resource"}),
    "eventDefinitionRef": EVENTS,
    "correlationPropertyRef": frozenset({"correlationProperty"}),
    "categoryValueRef": frozenset({"categoryValue"}),
    "participantRef": frozenset({"participant"}),
    "innerParticipantRef": frozenset({"participant"}),
    "outerParticipantRef": frozenset({"participant"}),
    "messageFlowRef": frozenset({"messageFlow"}),
    "choreographyRef": frozenset({"choreography"}),
    "dataInputRefs": frozenset({"dataInput"}),
    "optionalInputRefs": frozenset({"dataInput"}),
    "whileExecutingInputRefs": frozenset({"dataInput"}),
    "outputSetRefs": frozenset({"outputSet"}),
    "dataOutputRefs": frozenset({"dataOutput"}),
    "optionalOutputRefs": frozenset({"dataOutput"}),
    "whileExecutingOutputRefs": frozenset({"dataOutput"}),
    "inputSetRefs": frozenset({"inputSet"}),
    "loopDataInputRef": DATA,
    "loopDataOutputRef": DATA,
}
STRUCTURED = frozenset({"error", "escalation", "signal"})


def check(diagram: Diagram) -> Iterator[Finding]:
    known = {n.get("id"): local(n) for n in diagram.root.iter() if is_bpmn(n) and n.get("id")}
    for node in diagram.root.iter():
        if not is_bpmn(node):
            continue
        for name, value in node.attrib.items():
            kinds = ATTRIBUTES.get(str(name)) or _special(local(node), str(name))
            if name == "structureRef" and reference(str(value)) not in known:
                continue  # the name of a type, as many editors write it: nothing reads it
            if kinds:
                yield from _reference(node, node, str(name), str(value), kinds, known)
        if local(node) in CHILDREN and not len(node):
            yield from _reference(node, node.getparent(), local(node), node.text or "", CHILDREN[local(node)], known)
        if local(node) in ("sourceRef", "targetRef"):
            yield from _reference(node, node.getparent(), local(node), node.text or "", DATA, known)


def _special(kind: str, name: str) -> frozenset[str]:
    """References whose meaning depends on where they stand; an empty set for what is none."""
    if name == "structureRef" and kind in STRUCTURED:
        return ITEM
    if name == "type" and kind == "resourceParameter":
        return ITEM
    if name == "partitionElementRef" or (name in ("sourceRef", "targetRef") and kind == "association"):
        return frozenset({"*"})
    return frozenset()


def _reference(
    node: Any, owner: Any, name: str, value: str, kinds: frozenset[str], known: dict[str, str]
) -> Iterator[Finding]:
    found = known.get(reference(value) or "")
    prefix = value.strip().rpartition(":")[0]
    foreign = prefix and node.nsmap.get(prefix, "") != node.getroottree().getroot().get("targetNamespace")
    if found is None or foreign or ("*" not in kinds and found not in kinds):
        yield about_node(
            "targets",
            owner,
            f"”{owner.get('name') or owner.get('id') or local(owner)}” hänvisar med {name} till ”{value.strip()}”, som "
            "inte finns i filen eller är av annat slag. Välj det på nytt.",
            f"“{owner.get('name') or owner.get('id') or local(owner)}” refers by {name} to “{value.strip()}”, which is "
            "not in the file or is of another kind. Choose it again.",
        )
