"""From XML to a Diagram. Reads what is there and never fails on what is missing: the rules say what is
wrong."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection
from typing import Any

from engine.bpmn.definitions import ad_hoc, declared, of_event, repetition
from engine.bpmn.diagram import ARSHJUL, DEPLOY, SUBPROCESSES, Diagram, Element, Flow
from engine.bpmn.xml import is_bpmn, local, reference, tag, text_of, truth, whole

FLOW_NODES = frozenset(
    [
        "startEvent",
        "endEvent",
        "boundaryEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "implicitThrowEvent",
        "event",
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "callActivity",
        "subProcess",
        "transaction",
        "adHocSubProcess",
        "callChoreography",
        "choreographyTask",
        "subChoreography",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "complexGateway",
        "eventBasedGateway",
    ]
)
GLOBAL_TASKS = {
    "globalTask": "task",
    "globalUserTask": "userTask",
    "globalScriptTask": "scriptTask",
    "globalManualTask": "manualTask",
    "globalBusinessRuleTask": "businessRuleTask",
}


def executable_processes(root: Any, profile: str = DEPLOY) -> list[Any]:
    """Those marked executable. In a file to be run as a model that marks none, those of which it is not denied."""
    processes = list(root.iterchildren(tag("process")))
    marked = [p for p in processes if truth(p.get("isExecutable"))]
    return marked or [p for p in processes if profile != DEPLOY and p.get("isExecutable") is None]


def read(root: Any, process: Any, profile: str = DEPLOY) -> Diagram:
    """The diagram of one process element and of what it calls. Ids are taken as they are; of duplicates the
    first wins."""
    return read_all(root, [process], profile)[0]


def read_all(root: Any, processes: list[Any], profile: str) -> list[Diagram]:
    """The same of several processes of one file."""
    known = declared(root)
    return [_read(root, process, profile, {}, known) for process in processes]


def _read(root: Any, process: Any, profile: str, called: dict[str, Diagram], known: dict[str, Any]) -> Diagram:
    diagram = Diagram(root, process, process.get("id", ""), process.get("name"), _extension(process), profile)
    diagram.called = called
    _read_flows(diagram)
    outgoing: dict[str, list[str]] = {}
    incoming: dict[str, list[str]] = {}
    for flow in diagram.flows.values():
        outgoing.setdefault(flow.source, []).append(flow.id)
        incoming.setdefault(flow.target, []).append(flow.id)
    lanes = _lanes(process)
    handlers = _handlers(process)
    for node in process.iter():
        kind = local(node)
        element_id = node.get("id")
        if is_bpmn(node) and kind in FLOW_NODES and element_id and element_id not in diagram.elements:
            ways = tuple(incoming.get(element_id, ())), tuple(outgoing.get(element_id, ()))
            diagram.add(_element(node, kind, _lane(node, lanes), known, handlers, *ways))
    _read_called(diagram, known)
    return diagram


def _read_called(diagram: Diagram, known: dict[str, Any]) -> None:
    """What call activities name, read once for the whole file; a global task as a process of one task."""
    for element in list(diagram.elements.values()):
        if element.kind != "callActivity" or not element.called or element.called in diagram.called:
            continue
        target = known.get(element.called)
        if target is not None and local(target) == "process":
            placeholder = Diagram(diagram.root, target, element.called, target.get("name"), None, diagram.profile)
            diagram.called[element.called] = placeholder
            diagram.called[element.called] = _read(diagram.root, target, diagram.profile, diagram.called, known)
        elif target is not None and local(target) in GLOBAL_TASKS:
            single = Diagram(diagram.root, target, element.called, target.get("name"), None, diagram.profile)
            kind = GLOBAL_TASKS[local(target)]
            single.add(_element(target, kind, None, {}, {}, (), ()))
            single.called = diagram.called
            diagram.called[element.called] = single


def _read_flows(diagram: Diagram) -> None:
    named: Counter[str] = Counter()
    for node in diagram.process.iter(tag("sequenceFlow")):
        flow_id = node.get("id") or _name(node, named, diagram.flows)
        if flow_id not in diagram.flows:
            diagram.flows[flow_id] = Flow(
                id=flow_id,
                source=reference(node.get("sourceRef")) or "",
                target=reference(node.get("targetRef")) or "",
                name=node.get("name"),
                condition=_condition(node),
                parent=_parent_id(node),
                line=node.sourceline,
            )


def _name(flow: Any, named: Counter[str], known: Collection[str]) -> str:
    """What a flow without an id is called here: a->b, the next between the same two a->b 2."""
    base = f"{flow.get('sourceRef')}->{flow.get('targetRef')}"
    while True:
        named[base] += 1
        name = base if named[base] == 1 else f"{base} {named[base]}"
        if name not in known:
            return name


def _condition(flow: Any) -> str | None:
    """One that says nothing is still a condition, and is refused as such."""
    return None if flow.find(tag("conditionExpression")) is None else text_of(flow, "conditionExpression") or ""


def _element(
    node: Any,
    kind: str,
    lane: str | None,
    known: dict[str, Any],
    handlers: dict[str, str],
    incoming: tuple[str, ...],
    outgoing: tuple[str, ...],
) -> Element:
    definitions = of_event(node, known)
    timer = next((d for d in definitions if d.timer is not None), None)
    loop = next((local(c) for c in node.iterchildren() if local(c).endswith("LoopCharacteristics")), None)
    repeated = repetition(node, known)
    return Element(
        id=node.get("id"),
        kind=kind,
        name=node.get("name"),
        lane=lane,
        extension=_extension(node),
        attached_to=reference(node.get("attachedToRef")),
        line=node.sourceline,
        documentation=text_of(node, "documentation"),
        in_flows=incoming,
        out_flows=_in_listed_order(node, outgoing) if kind == "exclusiveGateway" else outgoing,
        parent=_parent_id(node),
        events=tuple(d.kind for d in definitions),
        timer=timer.timer if timer else None,
        timer_kind=timer.timer_kind if timer else None,
        message=_message(node, kind, known) or next((d.name for d in definitions if d.kind == "message"), None),
        interrupting=_interrupting(node, kind),
        multi=kind == "userTask" and loop == "multiInstanceLoopCharacteristics" and repeated is None,
        loop=loop,
        default=reference(node.get("default")),
        event_subprocess=truth(node.get("triggeredByEvent")),
        definitions=definitions,
        parallel_multiple=truth(node.get("parallelMultiple")),
        start_quantity=whole(node.get("startQuantity", "1"), 0),
        completion_quantity=whole(node.get("completionQuantity", "1"), 0),
        instantiate=truth(node.get("instantiate")),
        for_compensation=truth(node.get("isForCompensation")),
        handler=handlers.get(node.get("id")),
        called=reference(node.get("calledElement")),
        script=text_of(node, "script"),
        activation=text_of(node, "activationCondition"),
        repetition=repeated,
        ad_hoc=ad_hoc(node),
    )


def _in_listed_order(node: Any, flows: tuple[str, ...]) -> tuple[str, ...]:
    """As the gateway lists them, since that is the order in which conditions are asked (BPMN 2.0.2, 8.4.10: an ordered
    collection); those that it does not list come last, in the order of the file."""
    listed: dict[str | None, int] = {}
    for place, child in enumerate(node.iterchildren(tag("outgoing"))):
        listed.setdefault(reference(child.text), place)
    return tuple(sorted(flows, key=lambda flow: listed.get(flow, math.inf)))


def _message(node: Any, kind: str, known: dict[str, Any]) -> str | None:
    """What a send or receive task is about."""
    message = known.get(reference(node.get("messageRef")) or "") if kind in ("sendTask", "receiveTask") else None
    return None if message is None else str(message.get("name") or message.get("id"))


def _handlers(process: Any) -> dict[str, str]:
    """Source -> target of the associations: a compensation boundary event points at its handler with one."""
    found: dict[str, str] = {}
    for node in process.iter(tag("association")):
        found.setdefault(reference(node.get("sourceRef")) or "", reference(node.get("targetRef")) or "")
    return found


def _interrupting(node: Any, kind: str) -> bool | None:
    if kind == "boundaryEvent":
        return truth(node.get("cancelActivity", "true"))
    if kind == "startEvent" and truth(node.getparent().get("triggeredByEvent")):
        return truth(node.get("isInterrupting", "true"))
    return None


def _parent_id(node: Any) -> str | None:
    """The id of the sub-process that a node is drawn in; None directly in the process."""
    parent = node.getparent()
    return parent.get("id") if local(parent) in SUBPROCESSES else None


def _lanes(process: Any) -> dict[str, str]:
    """Flow node id -> name of the innermost lane. Document order visits outer lanes first, so the inner
    one stays."""
    lanes: dict[str, str] = {}
    for lane in process.iter(tag("lane")):
        for ref in lane.iterchildren(tag("flowNodeRef")):
            lanes[reference(ref.text) or ""] = lane.get("name") or lane.get("id")
    return lanes


def _lane(node: Any, lanes: dict[str, str]) -> str | None:
    """A node in a sub-process without lanes of its own is in the lane of the sub-process."""
    while node is not None:
        if node.get("id") in lanes:
            return lanes[node.get("id")]
        node = node.getparent()
    return None


def _extension(node: Any) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    for holder in node.iterchildren(tag("extensionElements")):
        for child in holder.iterchildren(f"{{{ARSHJUL}}}*"):
            found.setdefault(local(child), []).append(_attributes(child))
    return found or None


def _attributes(node: Any) -> dict[str, Any]:
    """Attributes by name, text under 'text', and nested elements as lists under their own names."""
    values: dict[str, Any] = {str(name): value for name, value in node.attrib.items()}
    if node.text and node.text.strip():
        values["text"] = node.text.strip()
    for child in node.iterchildren(f"{{{ARSHJUL}}}*"):
        values.setdefault(local(child), []).append(_attributes(child))
    return values
