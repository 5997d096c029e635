"""From XML to a Diagram. Reads what is there and never fails on what is missing: the rules say what is
wrong."""

from __future__ import annotations

from typing import Any

from lxml import etree

from engine.bpmn.diagram import ARSHJUL, BPMN, Diagram, Element, Flow

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
SUBPROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
TIMERS = ("timeDate", "timeDuration", "timeCycle")


def tag(name: str) -> str:
    return f"{{{BPMN}}}{name}"


def local(node: Any) -> str:
    """The local name, or '' for comments and processing instructions."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def is_bpmn(node: Any) -> bool:
    return isinstance(node.tag, str) and etree.QName(node).namespace == BPMN


def reference(value: str | None) -> str | None:
    """An id from a QName: 'tns:Order' and 'Order' name the same element."""
    return value.strip().rpartition(":")[2] if value else None


def text_of(node: Any, name: str) -> str | None:
    child = node.find(tag(name))
    text = "".join(child.itertext()).strip() if child is not None else ""
    return text or None


def executable_processes(root: Any) -> list[Any]:
    return [p for p in root.iterchildren(tag("process")) if p.get("isExecutable") in ("true", "1")]


def read(root: Any, process: Any) -> Diagram:
    """The diagram of one process element. Ids are taken as they are; of duplicates the first wins."""
    diagram = Diagram(root, process, process.get("id", ""), process.get("name"), _extension(process))
    _read_flows(diagram)
    outgoing: dict[str, list[str]] = {}
    incoming: dict[str, list[str]] = {}
    for flow in diagram.flows.values():
        outgoing.setdefault(flow.source, []).append(flow.id)
        incoming.setdefault(flow.target, []).append(flow.id)
    lanes = _lanes(process)
    messages = {m.get("id"): m.get("name") or m.get("id") for m in root.iter(tag("message"))}
    for node in process.iter():
        kind = local(node)
        element_id = node.get("id")
        if is_bpmn(node) and kind in FLOW_NODES and element_id and element_id not in diagram.elements:
            ways = tuple(incoming.get(element_id, ())), tuple(outgoing.get(element_id, ()))
            diagram.elements[element_id] = _element(node, kind, _lane(node, lanes), messages, *ways)
    for element in diagram.elements.values():
        if element.kind == "boundaryEvent" and element.attached_to is not None:
            diagram.attached.setdefault(element.attached_to, []).append(element)
    return diagram


def _read_flows(diagram: Diagram) -> None:
    for node in diagram.process.iter(tag("sequenceFlow")):
        flow_id = node.get("id") or f"{node.get('sourceRef')}->{node.get('targetRef')}"
        if flow_id not in diagram.flows:
            diagram.flows[flow_id] = Flow(
                id=flow_id,
                source=reference(node.get("sourceRef")) or "",
                target=reference(node.get("targetRef")) or "",
                name=node.get("name"),
                condition=text_of(node, "conditionExpression"),
                parent=_parent_id(node),
                line=node.sourceline,
            )


def _element(
    node: Any,
    kind: str,
    lane: str | None,
    messages: dict[str, str],
    incoming: tuple[str, ...],
    outgoing: tuple[str, ...],
) -> Element:
    definitions = [c for c in node.iterchildren() if is_bpmn(c) and local(c).endswith("EventDefinition")]
    loop = next((local(c) for c in node.iterchildren() if local(c).endswith("LoopCharacteristics")), None)
    timer_kind, timer = _timer(definitions)
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
        out_flows=outgoing,
        parent=_parent_id(node),
        events=tuple(local(d).removesuffix("EventDefinition") for d in definitions),
        timer=timer,
        timer_kind=timer_kind,
        message=next((messages.get(reference(d.get("messageRef")) or "") for d in definitions), None),
        interrupting=_interrupting(node, kind),
        multi=kind == "userTask" and loop == "multiInstanceLoopCharacteristics",
        loop=loop,
        default=reference(node.get("default")),
        event_subprocess=node.get("triggeredByEvent") in ("true", "1"),
    )


def _interrupting(node: Any, kind: str) -> bool | None:
    if kind == "boundaryEvent":
        return node.get("cancelActivity", "true") in ("true", "1")
    if kind == "startEvent" and node.getparent().get("triggeredByEvent") in ("true", "1"):
        return node.get("isInterrupting", "true") in ("true", "1")
    return None


def _timer(definitions: list[Any]) -> tuple[str | None, str | None]:
    for definition in definitions:
        for name in TIMERS:
            text = text_of(definition, name)
            if text is not None:
                return name, text
    return None, None


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
