"""A file as the token game reads it: nodes and flows, without the engine's own reading."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


Event = tuple[str, str]
KINDS = ("timer", "error", "escalation", "terminate", "message", "signal")


@dataclass(frozen=True)
class Marker:
    """How often an activity is done: so often side by side or in turn, or as long as a condition holds."""

    times: int
    parallel: bool = False
    condition: str = ""
    before: bool = False


@dataclass(eq=False)
class Node:
    """`events`: what it throws or catches, as (kind, code), all of them when `every`. `handler`: it is an event
    sub-process. `called`: the process that it calls. `takes` and `gives`: how many tokens."""

    id: str
    kind: str
    scope: str
    default: str | None
    host: str | None
    interrupting: bool
    events: tuple[Event, ...]
    marker: Marker | None = None
    handler: bool = False
    called: str | None = None
    every: bool = False
    takes: int = 1
    gives: int = 1
    ins: list[str] = field(default_factory=list)
    outs: list[str] = field(default_factory=list)

    @property
    def kinds(self) -> set[str]:
        return {kind for kind, _ in self.events}


class Net:
    """The nodes and flows of a file; its first process is the one that is started. `starts`: the start event of each
    scope, which is the process, a sub-process or a called process."""

    def __init__(self, xml: bytes) -> None:
        self.nodes: dict[str, Node] = {}
        self.flows: dict[str, tuple[str, str, str | None]] = {}
        self.starts: dict[str, str] = {}
        root = ET.fromstring(xml)  # noqa: S314 - drawn by the test itself
        for place, process in enumerate(root.findall(f"{BPMN}process")):
            self._read(process, process.get("id", "") if place else "")
        for name, (source, target, _condition) in self.flows.items():
            self.nodes[source].outs.append(name)
            self.nodes[target].ins.append(name)
        for drawn in root.iter(f"{BPMN}exclusiveGateway"):
            order = [flow.text or "" for flow in drawn.findall(f"{BPMN}outgoing")]
            outs = self.nodes[drawn.get("id", "")].outs
            outs.sort(key=lambda flow, order=order: order.index(flow) if order else 0)  # type: ignore[misc]
        caught = {(n.scope, n.events): n for n in self.nodes.values() if n.kind == "intermediateCatchEvent"}
        for node in self.nodes.values():
            if "link" in node.kinds and node.kind == "intermediateThrowEvent":
                node.outs = caught[node.scope, node.events].outs

    def _read(self, parent: Any, scope: str) -> None:
        for child in parent:
            kind, name = child.tag.removeprefix(BPMN), child.get("id", "")
            if kind == "sequenceFlow":
                condition = child.findtext(f"{BPMN}conditionExpression")
                self.flows[name] = (child.get("sourceRef"), child.get("targetRef"), condition)
            elif kind.endswith(("Event", "Task", "Gateway", "subProcess", "callActivity")):
                stays = "false" in (child.get("cancelActivity"), child.get("isInterrupting"))
                handler = child.get("triggeredByEvent") == "true"
                self.nodes[name] = Node(name, kind, scope, child.get("default"), child.get("attachedToRef"), not stays,
                                        _events(child), _marker(child), handler, child.get("calledElement"),
                                        child.get("parallelMultiple") == "true", int(child.get("startQuantity", "1")),
                                        int(child.get("completionQuantity", "1")))  # fmt: skip
                if kind == "startEvent":
                    self.starts[scope] = name
                if kind == "subProcess":
                    self._read(child, name)

    def on_edge(self, host: str) -> list[Node]:
        return [node for node in self.nodes.values() if node.host == host]

    def handlers(self, scope: str) -> list[Node]:
        """The starts of the event sub-processes of a scope."""
        return [self.nodes[self.starts[n.id]] for n in self.nodes.values() if n.handler and n.scope == scope]


def _events(node: Any) -> tuple[Event, ...]:
    found = [("message", node.get("messageRef"))] if node.get("messageRef") else []
    for child in node:
        kind = child.tag.removeprefix(BPMN).removesuffix("EventDefinition")
        if kind in KINDS:
            found.append((kind, child.get(f"{kind}Ref", "")))
        elif kind == "link":
            found.append((kind, child.get("name")))
        elif kind == "conditional":
            found.append((kind, child.findtext(f"{BPMN}condition")))
    return tuple(found)


def _marker(node: Any) -> Marker | None:
    many, loop = node.find(f"{BPMN}multiInstanceLoopCharacteristics"), node.find(f"{BPMN}standardLoopCharacteristics")
    if many is not None:
        return Marker(int(many.findtext(f"{BPMN}loopCardinality")), many.get("isSequential") != "true")
    if loop is None:
        return None
    condition = loop.findtext(f"{BPMN}loopCondition")
    return Marker(int(loop.get("loopMaximum")), False, condition, loop.get("testBefore") == "true")
