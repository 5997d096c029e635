"""The token game of BPMN 2.0 (13.2–13.4) played on the XML itself: what the engine does is compared with it.

Written without the engine: its own reading of the file, one list of what waits, one table of tokens before joins.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
WAITING = ("userTask", "intermediateCatchEvent", "subProcess")
Holds = Callable[[str], bool]


@dataclass(eq=False)
class Node:
    id: str
    kind: str
    scope: str
    default: str | None
    host: str | None
    interrupting: bool
    terminates: bool
    ins: list[str] = field(default_factory=list)
    outs: list[str] = field(default_factory=list)


class Net:
    """The nodes and flows of a file with one process. `starts`: the start event of each scope."""

    def __init__(self, xml: bytes) -> None:
        self.nodes: dict[str, Node] = {}
        self.flows: dict[str, tuple[str, str, str | None]] = {}
        self.starts: dict[str, str] = {}
        process = ET.fromstring(xml).find(f"{BPMN}process")  # noqa: S314 - drawn by the test itself
        assert process is not None
        self._read(process, "")
        for name, (source, target, _condition) in self.flows.items():
            self.nodes[source].outs.append(name)
            self.nodes[target].ins.append(name)

    def _read(self, parent: Any, scope: str) -> None:
        for child in parent:
            kind, name = child.tag.removeprefix(BPMN), child.get("id", "")
            if kind == "sequenceFlow":
                condition = child.findtext(f"{BPMN}conditionExpression")
                self.flows[name] = (child.get("sourceRef"), child.get("targetRef"), condition)
            elif kind.endswith(("Event", "Task", "Gateway", "subProcess")):
                stays = child.get("cancelActivity") == "false"
                ends = child.find(f"{BPMN}terminateEventDefinition") is not None
                self.nodes[name] = Node(
                    name, kind, scope, child.get("default"), child.get("attachedToRef"), not stays, ends
                )
                if kind == "startEvent":
                    self.starts[scope] = name
                if kind == "subProcess":
                    self._read(child, name)

    def on_edge(self, host: str) -> list[Node]:
        return [node for node in self.nodes.values() if node.host == host]


@dataclass(eq=False)
class Scope:
    """The process or one run of a sub-process, with the tokens that wait before its joins: join -> flow -> how many."""

    name: str
    held: dict[str, Counter[str]] = field(default_factory=dict)


@dataclass(eq=False)
class Active:
    """Something that a token has come to and that is not over; `armed`: the events on its edge that may still come."""

    node: Node
    scope: Scope
    armed: list[str]
    inner: Scope | None = None


class Game:
    """`holds` answers a condition. `waits` names what can be done next, one name for each token."""

    def __init__(self, xml: bytes, holds: Holds) -> None:
        self.net, self.holds = Net(xml), holds
        self.active: list[Active] = []
        self.top = Scope("")
        self._go([(flow, self.top) for flow in self.net.nodes[self.net.starts[""]].outs])

    @property
    def waits(self) -> Counter[str]:
        here = [a.node.id for a in self.active if a.inner is None]
        return Counter(here + [event for a in self.active for event in a.armed])

    @property
    def done(self) -> bool:
        return not self.active and not any(self.top.held.values())

    def step(self, name: str) -> None:
        """A task is completed or an event comes."""
        node = self.net.nodes[name]
        if node.host is None:
            active = next(a for a in self.active if a.node is node)
            self.active.remove(active)
        else:
            active = next(a for a in self.active if name in a.armed)
            active.armed.remove(name)
            if node.interrupting:
                self.active.remove(active)
                self._end(active.inner)
        self._go([(flow, active.scope) for flow in node.outs])

    def _end(self, scope: Scope | None) -> list[Scope]:
        """Everything in the scope is gone. Gives it and the scopes that were in it."""
        if scope is None:
            return []
        scope.held.clear()
        ended = [scope]
        for inside in [a for a in self.active if a.scope is scope]:
            self.active.remove(inside)
            ended += self._end(inside.inner)
        return ended

    def _go(self, moved: list[tuple[str, Scope]]) -> None:
        queue = deque(moved)
        while queue or self._opened(queue) or self._left(queue):
            if queue:
                self._arrive(*queue.popleft(), queue)

    def _arrive(self, flow: str, scope: Scope, queue: deque[tuple[str, Scope]]) -> None:
        node = self.net.nodes[self.net.flows[flow][1]]
        if node.kind in WAITING:
            inner = Scope(node.id) if node.kind == "subProcess" else None
            self.active.append(Active(node, scope, [event.id for event in self.net.on_edge(node.id)], inner))
            if inner is not None:
                queue.extend((f, inner) for f in self.net.nodes[self.net.starts[node.id]].outs)
        elif node.terminates:
            ended = self._end(scope)
            for token in [token for token in queue if token[1] in ended]:
                queue.remove(token)
        elif node.kind in ("parallelGateway", "inclusiveGateway") and len(node.ins) > 1:
            scope.held.setdefault(node.id, Counter())[flow] += 1
            if node.kind == "parallelGateway" and all(scope.held[node.id][f] for f in node.ins):
                self._open(node, scope, queue)
        else:
            queue.extend((f, scope) for f in self._chosen(node))

    def _chosen(self, node: Node) -> list[str]:
        if node.kind not in ("exclusiveGateway", "inclusiveGateway") or len(node.outs) == 1:
            return node.outs
        asked = [f for f in node.outs if f != node.default]
        holding = [f for f in asked if self.holds(self.net.flows[f][2] or "")]
        return (holding[:1] if node.kind == "exclusiveGateway" else holding) or [node.default or ""]

    def _open(self, node: Node, scope: Scope, queue: deque[tuple[str, Scope]]) -> None:
        held = scope.held[node.id]
        held.subtract(f for f in node.ins if held[f])
        scope.held[node.id] = +held
        queue.extend((f, scope) for f in self._chosen(node))

    def _opened(self, queue: deque[tuple[str, Scope]]) -> bool:
        """Lets one inclusive join go on that need not wait any more (13.4.3)."""
        for scope in [self.top, *(a.inner for a in self.active if a.inner is not None)]:
            for name, held in scope.held.items():
                node = self.net.nodes[name]
                if node.kind == "inclusiveGateway" and held and not self._expects(node, scope, held):
                    self._open(node, scope, queue)
                    return True
        return False

    def _expects(self, node: Node, scope: Scope, held: Counter[str]) -> bool:
        """Is there a token from which an empty flow can be reached, but none that is not empty?"""
        places = [a.node.id for a in self.active if a.scope is scope]
        places += [join for join, tokens in scope.held.items() if tokens and join != node.id]
        empty, full = ([f for f in node.ins if bool(held[f]) is is_full] for is_full in (False, True))
        return any(
            any(self._leads(place, f, node.id) for f in empty) and not any(self._leads(place, f, node.id) for f in full)
            for place in places
        )

    def _leads(self, place: str, flow: str, around: str) -> bool:
        """Is there a way from the node to the flow that does not pass the join?"""
        pending, seen = [place], set[str]()
        while pending:
            current = pending.pop()
            if current == around or current in seen:
                continue
            seen.add(current)
            outs = self.net.nodes[current].outs + [f for e in self.net.on_edge(current) for f in e.outs]
            if flow in outs:
                return True
            pending += [self.net.flows[f][1] for f in outs]
        return False

    def _left(self, queue: deque[tuple[str, Scope]]) -> bool:
        """Lets one sub-process be left in which there is no token."""
        for active in self.active:
            inner = active.inner
            if inner is not None and not any(inner.held.values()) and not any(a.scope is inner for a in self.active):
                self.active.remove(active)
                queue.extend((f, active.scope) for f in active.node.outs)
                return True
        return False
