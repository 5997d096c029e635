"""Nothing of BPMN stands in the process that the engine would read past in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.bpmn.diagram import DEPLOY, Diagram
from engine.bpmn.errors import Finding
from engine.bpmn.reader import FLOW_NODES
from engine.bpmn.rules.performers import OWNERS
from engine.bpmn.rules.say import about_node
from engine.bpmn.xml import is_bpmn, local

RUN = FLOW_NODES | frozenset(
    [
        "sequenceFlow",
        "conditionExpression",
        "incoming",
        "outgoing",
        "timerEventDefinition",
        "messageEventDefinition",
        "terminateEventDefinition",
        "timeDate",
        "timeDuration",
        "timeCycle",
        "multiInstanceLoopCharacteristics",
    ]
)
DRAWN = frozenset(
    [
        "documentation",
        "auditing",
        "monitoring",
        "text",
        "laneSet",
        "childLaneSet",
        "lane",
        "flowNodeRef",
        "textAnnotation",
        "association",
        "group",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "dataState",
        "property",
        "dataInputAssociation",
        "dataOutputAssociation",
        "sourceRef",
        "targetRef",
    ]
)
DATA = frozenset(
    {"ioSpecification", "dataInput", "dataOutput", "inputSet", "outputSet", "dataInputRefs", "dataOutputRefs"}
    | {"inputSetRefs", "outputSetRefs"}
)
JUDGED_ELSEWHERE = frozenset(
    [
        "standardLoopCharacteristics",
        "loopCardinality",
        "loopDataInputRef",
        "loopDataOutputRef",
        "inputDataItem",
        "outputDataItem",
        "completionCondition",
        "loopCondition",
        "complexBehaviorDefinition",
        "eventDefinitionRef",
        "script",
        "activationCondition",
    ]
)


def check(diagram: Diagram) -> Iterator[Finding]:
    pending = list(diagram.process)
    while pending:
        node = pending.pop()
        name = local(node)
        if not is_bpmn(node) or name == "extensionElements" or name.endswith("EventDefinition"):
            continue
        modelled = diagram.profile != DEPLOY
        if name in RUN or name in DRAWN or (name in DATA and modelled):
            pending.extend(node)
        elif name in OWNERS and modelled:
            continue  # who may do a task changes nothing where nobody does it
        elif name not in JUDGED_ELSEWHERE:
            yield _refused(node, name)


def _refused(node: Any, name: str) -> Finding:
    where = node.getparent().get("name") or node.getparent().get("id")
    if name in OWNERS:
        return about_node(
            "contents",
            node,
            f"”{where}” pekar ut vem som ska göra uppgiften på ett sätt som inte läses. Ange rollen i arshjul:task.",
            f"“{where}” names who shall do the task in a way that is not read. Give the role in arshjul:task.",
        )
    return about_node(
        "contents",
        node,
        f"”{where}” innehåller {name}, som motorn inte kan köra. Ta bort det.",
        f"“{where}” contains {name}, which the engine cannot run. Remove it.",
    )
