"""The token game of BPMN 2.0 (13.2–13.5) played on the XML itself: what the engine does is compared with it.

Written without the engine: its own reading of the file, one list of what waits, one table of tokens before joins.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from typing import Any

from support.token_net import Event, Net, Node
from support.token_places import Active, Catcher, Scope, flowing

WAITING = ("userTask", "receiveTask", "intermediateCatchEvent", "subProcess", "callActivity")
SCOPES = ("subProcess", "callActivity")
AGAIN = {"escalation", "message", "signal", "conditional"}
"""What does not interrupt may come again, but a timer comes once."""
TOLD = {"message", "signal"}
Holds = Callable[[str], bool]


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
        return Scope(name, outer, [Catcher(start) for start in self.net.handlers(name)])

    @property
    def waits(self) -> Counter[str]:
        if self.done:
            return Counter()
        here = Counter[str]()
        for active in self.active:
            if active.inner is None:
                here[active.node.id] += active.here if active.flowing is None else active.flowing.outside()
        for catcher in (catcher for armed in self._armed() for catcher in armed):
            here[catcher.node.id] += catcher.outside()
        return +here

    def of_one(self, name: str) -> bool:
        """Whether all that waits under that name is of one activity, so that it is the same which of it goes on."""
        places = [active.node.id == name for active in self.active]
        places += [any(catcher.node.id == name for catcher in armed) for armed in self._armed()]
        return sum(places) <= 1

    def _armed(self) -> Iterator[list[Catcher]]:
        yield self.top.armed
        for active in self.active:
            yield active.armed
            if active.inner is not None:
                yield active.inner.armed

    @property
    def done(self) -> bool:
        return not self.active and not any(self.top.held.values())

    def step(self, name: str, event: Event = ("", "")) -> None:
        """A task is completed or an event comes."""
        queue: deque[tuple[str, Scope]] = deque()
        waiting = next((a for a in self.active if a.node.id == name), None)
        if waiting is not None and (waiting.flowing is None or waiting.flowing.hears(event)):
            self._complete(waiting, queue)
        elif waiting is None:
            catcher, where = next(pair for pair in self._beside() if pair[0].node.id == name)
            if catcher.hears(event):
                self._fire(catcher, where, queue)
        self._go(queue)

    def signal(self, name: str) -> None:
        """A signal comes from outside."""
        queue: deque[tuple[str, Scope]] = deque()
        self._hear(("signal", name), queue)
        self._go(queue)

    def _beside(self) -> Iterator[tuple[Catcher, Scope | Active]]:
        """Whatever is armed, and the scope or activity that it watches: outer scopes first."""
        for scope in [self.top, *(a.inner for a in self.active if a.inner is not None)]:
            yield from ((start, scope) for start in scope.armed)
        for active in self.active:
            yield from ((edge, active) for edge in active.armed)

    def _fire(self, catcher: Catcher, where: Scope | Active, queue: deque[tuple[str, Scope]]) -> None:
        if isinstance(where, Scope):
            self._handle(catcher, where, queue)
        else:
            self._catch(catcher, where, queue)

    def _hear(self, event: Event, queue: deque[tuple[str, Scope]]) -> None:
        """All who wait for it now hear it; who is taken away by another of them hears nothing more."""
        beside = [pair for pair in self._beside() if event in pair[0].node.events]
        in_flow = [a for a in self.active if a.flowing is not None and event in a.node.events]
        for catcher, where in beside:
            alive = where is self.top or (where.outer if isinstance(where, Scope) else where) in self.active
            if alive and catcher in where.armed and catcher.hears(event):
                self._fire(catcher, where, queue)
        for active in in_flow:
            if active in self.active and active.flowing is not None and active.flowing.hears(event):
                self._complete(active, queue)

    def _came_true(self, queue: deque[tuple[str, Scope]]) -> bool:
        """Lets one event come whose condition has become true since it was looked at."""
        for catcher, where in [*self._beside(), *((a.flowing, a) for a in self.active if a.flowing is not None)]:
            for event in catcher.node.events:
                if event[0] != "conditional":
                    continue
                before, catcher.held = catcher.held, self.holds(event[1])
                if catcher.held and not before and catcher.hears(event):
                    if isinstance(where, Active) and where.flowing is catcher:
                        self._complete(where, queue)
                    else:
                        self._fire(catcher, where, queue)
                    return True
        return False

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
        elif active.node.marker is not None and active.node.kind not in SCOPES:
            active.over = True
        else:
            self._leave(active, queue)

    def _leave(self, active: Active, queue: deque[tuple[str, Scope]]) -> None:
        racing = [a for a in self.active if a is active or (a.race is active.race is not None)]
        self.active = [a for a in self.active if a not in racing]
        queue.extend((flow, active.scope) for flow in active.node.outs * active.node.gives)

    def _enter(self, active: Active, queue: deque[tuple[str, Scope]]) -> None:
        if active.node.kind in SCOPES:
            name = active.node.called or active.node.id
            active.inner = self._scope(name, active)
            queue.extend((flow, active.inner) for flow in self.net.nodes[self.net.starts[name]].outs)

    def _catch(self, edge: Catcher, active: Active, queue: deque[tuple[str, Scope]]) -> None:
        """An event on an edge comes."""
        if not edge.node.kinds & AGAIN:
            active.armed.remove(edge)
        if edge.node.interrupting:
            self.active.remove(active)
            self._drop(self._end(active.inner), queue)
        queue.extend((flow, active.scope) for flow in edge.node.outs)

    def _handle(self, start: Catcher, scope: Scope, queue: deque[tuple[str, Scope]]) -> None:
        """An event sub-process begins. One that interrupts takes everything in its scope away, and is the last."""
        if not start.node.kinds & AGAIN:
            scope.armed.remove(start)
        if start.node.interrupting:
            self._drop(self._end(scope), queue)
            scope.armed.clear()
        handler = Active(self.net.nodes[start.node.scope], scope, [])
        self.active.append(handler)
        self._enter(handler, queue)

    def _throw(self, node: Node, scope: Scope, queue: deque[tuple[str, Scope]]) -> None:
        """Outwards to the nearest catcher: event sub-processes of a scope, then the edge of what it runs inside. The
        event sub-process that it comes from is no catcher."""
        if "error" not in node.kinds and node.kind != "endEvent":
            queue.extend((flow, scope) for flow in node.outs)
        current, left = scope, None
        while True:
            for where in (current, current.outer):
                heard = (c for c in where.armed if c.node.events == node.events) if where is not None else iter(())
                catcher = next((c for c in heard if left is None or c.node.scope != left), None)
                if catcher is not None and where is not None:
                    self._fire(catcher, where, queue)
                    return
            if current.outer is None:
                return
            current, left = current.outer.scope, current.outer.node.id

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
        while self._came_true(queue) or queue or self._opened(queue) or self._left(queue):
            if queue:
                self._arrive(*queue.popleft(), queue)

    def _arrive(self, flow: str, scope: Scope, queue: deque[tuple[str, Scope]]) -> None:
        node = self.net.nodes[self.net.flows[flow][1]]
        if node.takes > 1 and not self._gathered(node, scope, flow):
            return
        if node.kind in WAITING:
            self._begin(node, scope, queue)
        elif node.kinds:
            self._happens(node, scope, queue)
        elif node.kind in ("parallelGateway", "inclusiveGateway") and len(node.ins) > 1:
            scope.held.setdefault(node.id, Counter())[flow] += 1
            if node.kind == "parallelGateway" and all(scope.held[node.id][f] for f in node.ins):
                self._open(node, scope, queue)
        elif node.kind == "eventBasedGateway":
            race, targets = object(), [self.net.nodes[self.net.flows[f][1]] for f in node.outs]
            self.active += [Active(target, scope, [], race=race, flowing=flowing(target)) for target in targets]
        else:
            queue.extend((f, scope) for f in self._chosen(node))

    def _happens(self, node: Node, scope: Scope, queue: deque[tuple[str, Scope]]) -> None:
        """An event that is thrown."""
        if "terminate" in node.kinds:
            self._drop(self._end(scope), queue)
        elif node.kinds & {"error", "escalation"}:
            self._throw(node, scope, queue)
        elif node.kinds & TOLD:
            queue.extend((f, scope) for f in node.outs)
            for event in node.events:
                self.told[event] += 1
                if event[0] == "signal":
                    self._hear(event, queue)
        else:
            queue.extend((f, scope) for f in node.outs)

    def _gathered(self, node: Node, scope: Scope, flow: str) -> bool:
        """Are there now as many tokens before an activity as it takes?"""
        held = scope.held.setdefault(node.id, Counter())
        held[flow] += 1
        if held.total() < node.takes:
            return False
        held.clear()
        return True

    def _begin(self, node: Node, scope: Scope, queue: deque[tuple[str, Scope]]) -> None:
        marker = node.marker
        active = Active(node, scope, [Catcher(edge) for edge in self.net.on_edge(node.id)], flowing=flowing(node))
        if marker is not None:
            active.here = marker.times if marker.parallel else 1
            active.left = marker.times - active.here
        self.active.append(active)
        if marker is not None and marker.before and not self.holds(marker.condition):
            active.here, active.over = 0, True
        else:
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
        """Lets one sub-process be left in which there is no token, or a task of which every instance is done."""
        for active in self.active:
            inner = active.inner
            if active.over:
                self._leave(active, queue)
                return True
            if inner is not None and not any(inner.held.values()) and not any(a.scope is inner for a in self.active):
                active.inner, active.last = None, inner
                self._complete(active, queue)
                return True
        return False
