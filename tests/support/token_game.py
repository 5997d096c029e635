"""The token game of BPMN 2.0 (13.2–13.5) played on the XML itself: what the engine does is compared with it.

Written without the engine: its own reading of the file, one list of what waits, one table of tokens before joins.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from support.token_net import Net, Node

WAITING = ("userTask", "receiveTask", "intermediateCatchEvent", "subProcess", "callActivity")
SCOPES = ("subProcess", "callActivity")
FROM_OUTSIDE = ("timer", "message", "signal")
AGAIN = ("escalation", "message", "signal")
"""What does not interrupt may come again, but a timer comes once."""
TOLD = ("message", "signal")
Holds = Callable[[str], bool]


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
    """`holds` answers a condition. `waits` names what can be done next, one name for each token. `told`: the messages
    and signals that have been thrown."""

    def __init__(self, xml: bytes, holds: Holds) -> None:
        self.net, self.holds = Net(xml), holds
        self.active: list[Active] = []
        self.told = Counter[tuple[str, str]]()
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
        events = [event for armed in self._armed() for event in armed if event.event[0] in FROM_OUTSIDE]
        return +here + Counter(event.id for event in events)

    def of_one(self, name: str) -> bool:
        """Whether all that waits under that name is of one activity, so that it is the same which of it goes on."""
        places = [active.node.id == name for active in self.active]
        places += [any(event.id == name for event in armed) for armed in self._armed()]
        return sum(places) <= 1

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

    def signal(self, name: str) -> None:
        """A signal comes from outside."""
        queue: deque[tuple[str, Scope]] = deque()
        self._hear(("signal", name), queue)
        self._go(queue)

    def _hear(self, event: tuple[str, str], queue: deque[tuple[str, Scope]]) -> None:
        """All who wait for it now hear it; who is taken away by another of them hears nothing more."""
        scopes = [self.top, *(a.inner for a in self.active if a.inner is not None)]
        starts = [(start, scope) for scope in scopes for start in scope.armed if start.event == event]
        edges = [(edge, active) for active in self.active for edge in active.armed if edge.event == event]
        flowing = [a for a in self.active if a.node.event == event and a.node.kind == "intermediateCatchEvent"]
        for start, scope in starts:
            if start in scope.armed and (scope is self.top or scope.outer in self.active):
                self._handle(start, scope, queue)
        for edge, host in edges:
            if host in self.active:
                self._catch(edge, host, queue)
        for active in flowing:
            if active in self.active:
                self._complete(active, queue)

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
        if active.node.kind in SCOPES:
            name = active.node.called or active.node.id
            active.inner = self._scope(name, active)
            queue.extend((flow, active.inner) for flow in self.net.nodes[self.net.starts[name]].outs)

    def _catch(self, event: Node, active: Active, queue: deque[tuple[str, Scope]]) -> None:
        """An event on an edge comes."""
        if event.event[0] not in AGAIN:
            active.armed.remove(event)
        if event.interrupting:
            self.active.remove(active)
            self._drop(self._end(active.inner), queue)
        queue.extend((flow, active.scope) for flow in event.outs)

    def _handle(self, start: Node, scope: Scope, queue: deque[tuple[str, Scope]]) -> None:
        """An event sub-process begins. One that interrupts takes everything in its scope away, and is the last."""
        if start.event[0] not in AGAIN:
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
        elif node.event[0] in TOLD:
            queue.extend((f, scope) for f in node.outs)
            self.told[node.event] += 1
            if node.event[0] == "signal":
                self._hear(node.event, queue)
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
