"""The token game of BPMN 2.0 (13.2–13.5) played on the XML itself: what the engine does is compared with it.

Written without the engine: its own reading of the file, one list of what waits, one table of tokens before joins.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
WAITING = ("userTask", "intermediateCatchEvent", "subProcess")
Holds = Callable[[str], bool]


@dataclass(frozen=True)
class Marker:
    """How often an activity is done: so often side by side or in turn, or as long as a condition holds."""

    times: int
    parallel: bool = False
    condition: str = ""
    before: bool = False


@dataclass(eq=False)
class Node:
    """`event`: what an event throws or catches, as (kind, code). `handler`: it is an event sub-process."""

    id: str
    kind: str
    scope: str
    default: str | None
    host: str | None
    interrupting: bool
    event: tuple[str, str]
    marker: Marker | None = None
    handler: bool = False
    ins: list[str] = field(default_factory=list)
    outs: list[str] = field(default_factory=list)


class Net:
    """The nodes and flows of a file with one process. `starts`: the start event of each scope."""

    def __init__(self, xml: bytes) -> None:
        self.nodes: dict[str, Node] = {}
        self.flows: dict[str, tuple[str, str, str | None]] = {}
        self.starts: dict[str, str] = {}
        root = ET.fromstring(xml)  # noqa: S314 - drawn by the test itself
        process = root.find(f"{BPMN}process")
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
                stays = "false" in (child.get("cancelActivity"), child.get("isInterrupting"))
                handler = child.get("triggeredByEvent") == "true"
                self.nodes[name] = Node(name, kind, scope, child.get("default"), child.get("attachedToRef"), not stays,
                                        _event(child), _marker(child), handler)  # fmt: skip
                if kind == "startEvent":
                    self.starts[scope] = name
                if kind == "subProcess":
                    self._read(child, name)

    def on_edge(self, host: str) -> list[Node]:
        return [node for node in self.nodes.values() if node.host == host]

    def handlers(self, scope: str) -> list[Node]:
        """The starts of the event sub-processes of a scope."""
        return [self.nodes[self.starts[n.id]] for n in self.nodes.values() if n.handler and n.scope == scope]


def _event(node: Any) -> tuple[str, str]:
    for child in node:
        kind = child.tag.removeprefix(BPMN).removesuffix("EventDefinition")
        if kind in ("timer", "error", "escalation", "terminate"):
            return kind, child.get(f"{kind}Ref", "")
    return "", ""


def _marker(node: Any) -> Marker | None:
    many, loop = node.find(f"{BPMN}multiInstanceLoopCharacteristics"), node.find(f"{BPMN}standardLoopCharacteristics")
    if many is not None:
        return Marker(int(many.findtext(f"{BPMN}loopCardinality")), many.get("isSequential") != "true")
    if loop is None:
        return None
    condition = loop.findtext(f"{BPMN}loopCondition")
    return Marker(int(loop.get("loopMaximum")), False, condition, loop.get("testBefore") == "true")


@dataclass(eq=False)
class Scope:
    """The process or one run of a sub-process, with the tokens that wait before its joins: join -> flow -> how many.

    `outer`: what it runs inside. `armed`: the starts of its event sub-processes that may still come.
    """

    name: str
    outer: Active | None
    armed: list[Node]
    held: dict[str, Counter[str]] = field(default_factory=dict)


@dataclass(eq=False)
class Active:
    """Something that a token has come to and that is not over; `armed`: the events on its edge that may still come.

    `here`: how many instances of it wait; `left`: how many may follow. `race`: shared by those of which one decides.
    `last`: the run of it that has ended last.
    """

    node: Node
    scope: Scope
    armed: list[Node]
    inner: Scope | None = None
    here: int = 1
    left: int = 0
    race: object = None
    last: Scope | None = None


class Game:
    """`holds` answers a condition. `waits` names what can be done next, one name for each token."""

    def __init__(self, xml: bytes, holds: Holds) -> None:
        self.net, self.holds = Net(xml), holds
        self.active: list[Active] = []
        self.top = self._scope("", None)
        self._go([(flow, self.top) for flow in self.net.nodes[self.net.starts[""]].outs])

    def _scope(self, name: str, outer: Active | None) -> Scope:
        return Scope(name, outer, self.net.handlers(name))

    @property
    def waits(self) -> Counter[str]:
        if self.done:
            return Counter()
        here = Counter[str]()
        for active in self.active:
            here[active.node.id] += 0 if active.inner is not None else active.here
        events = [event for armed in self._armed() for event in armed if event.event[0] == "timer"]
        return +here + Counter(event.id for event in events)

    def of_one(self, name: str) -> bool:
        """Whether all that waits under that name is of one activity, so that it is the same which of it goes on."""
        return sum(active.node.id == name for active in self.active) <= 1

    def _armed(self) -> Iterator[list[Node]]:
        yield self.top.armed
        for active in self.active:
            yield active.armed
            if active.inner is not None:
                yield active.inner.armed

    @property
    def done(self) -> bool:
        return not self.active and not any(self.top.held.values())

    def step(self, name: str) -> None:
        """A task is completed or an event comes."""
        node = self.net.nodes[name]
        queue: deque[tuple[str, Scope]] = deque()
        if node.kind == "startEvent":
            scopes = [self.top, *(a.inner for a in self.active if a.inner is not None)]
            self._handle(node, next(scope for scope in scopes if node in scope.armed), queue)
        elif node.host is None:
            self._complete(next(a for a in self.active if a.node is node), queue)
        else:
            self._catch(node, next(a for a in self.active if node in a.armed), queue)
        self._go(queue)

    def _complete(self, active: Active, queue: deque[tuple[str, Scope]]) -> None:
        """One instance of it is done."""
        active.here -= 1
        again = (
            active.node.marker is None or not active.node.marker.condition or self.holds(active.node.marker.condition)
        )
        if active.here:
            return
        if active.left and again:
            active.here, active.left = 1, active.left - 1
            self._enter(active, queue)
        else:
            racing = [a for a in self.active if a is active or (a.race is active.race is not None)]
            self.active = [a for a in self.active if a not in racing]
            queue.extend((flow, active.scope) for flow in active.node.outs)

    def _enter(self, active: Active, queue: deque[tuple[str, Scope]]) -> None:
        if active.node.kind == "subProcess":
            active.inner = self._scope(active.node.id, active)
            queue.extend((flow, active.inner) for flow in self.net.nodes[self.net.starts[active.node.id]].outs)

    def _catch(self, event: Node, active: Active, queue: deque[tuple[str, Scope]]) -> None:
        """An event on an edge comes. Only an escalation may come again."""
        if event.event[0] != "escalation":
            active.armed.remove(event)
        if event.interrupting:
            self.active.remove(active)
            self._drop(self._end(active.inner), queue)
        queue.extend((flow, active.scope) for flow in event.outs)

    def _handle(self, start: Node, scope: Scope, queue: deque[tuple[str, Scope]]) -> None:
        """An event sub-process begins. One that interrupts takes everything in its scope away, and is the last."""
        if start.event[0] != "escalation":
            scope.armed.remove(start)
        if start.interrupting:
            self._drop(self._end(scope), queue)
            scope.armed.clear()
        handler = Active(self.net.nodes[start.scope], scope, [])
        self.active.append(handler)
        self._enter(handler, queue)

    def _throw(self, node: Node, scope: Scope, queue: deque[tuple[str, Scope]]) -> None:
        """Outwards to the nearest catcher: event sub-processes of a scope, then the edge of what it runs inside."""
        if node.event[0] == "error" or node.kind == "endEvent":
            pass
        else:
            queue.extend((flow, scope) for flow in node.outs)
        current: Scope | None = scope
        while current is not None:
            start = next((s for s in current.armed if s.event == node.event), None)
            if start is not None:
                self._handle(start, current, queue)
                return
            outer = current.outer
            edge = next((e for e in outer.armed if e.event == node.event), None) if outer is not None else None
            if edge is not None and outer is not None:
                self._catch(edge, outer, queue)
                return
            current = outer.scope if outer is not None else None

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

    def _drop(self, ended: list[Scope], queue: deque[tuple[str, Scope]]) -> None:
        for token in [token for token in queue if token[1] in ended]:
            queue.remove(token)

    def _go(self, moved: Any) -> None:
        queue = deque(moved)
        while queue or self._opened(queue) or self._left(queue):
            if queue:
                self._arrive(*queue.popleft(), queue)

    def _arrive(self, flow: str, scope: Scope, queue: deque[tuple[str, Scope]]) -> None:
        node = self.net.nodes[self.net.flows[flow][1]]
        if node.kind in WAITING:
            self._begin(node, scope, queue)
        elif node.event[0] == "terminate":
            self._drop(self._end(scope), queue)
        elif node.event[0] in ("error", "escalation"):
            self._throw(node, scope, queue)
        elif node.kind in ("parallelGateway", "inclusiveGateway") and len(node.ins) > 1:
            scope.held.setdefault(node.id, Counter())[flow] += 1
            if node.kind == "parallelGateway" and all(scope.held[node.id][f] for f in node.ins):
                self._open(node, scope, queue)
        elif node.kind == "eventBasedGateway":
            race, targets = object(), [self.net.nodes[self.net.flows[f][1]] for f in node.outs]
            self.active += [Active(target, scope, [], race=race) for target in targets]
        else:
            queue.extend((f, scope) for f in self._chosen(node))

    def _begin(self, node: Node, scope: Scope, queue: deque[tuple[str, Scope]]) -> None:
        marker = node.marker
        if marker is not None and marker.before and not self.holds(marker.condition):
            queue.extend((flow, scope) for flow in node.outs)
            return
        active = Active(node, scope, self.net.on_edge(node.id))
        if marker is not None:
            active.here = marker.times if marker.parallel else 1
            active.left = marker.times - active.here
        self.active.append(active)
        self._enter(active, queue)

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
                active.inner, active.last = None, inner
                self._complete(active, queue)
                return True
        return False
