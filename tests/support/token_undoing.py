"""Random diagrams whose activities are undone, played by the engine and by a token game that knows compensation.

BPMN 2.0.2, 13.5.5: a throw event undoes what its scope has completed, or one activity of it, the latest first; a
sub-process without a handler of its own is undone from the inside; nothing is undone twice, and what was interrupted is
not. `trial(seed)` gives the number of steps, and raises AssertionError, naming the seed, when the two differ.
"""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

from support.bpmn_drawing import end, file, flows, start, user
from support.token_game import Game, Holds
from support.token_net import BPMN, Event
from support.token_places import Active, Scope
from support.token_walks import Drawer, play

from engine import bpmn

KINDS = ("task", "undone", "undone", "sequence", "sequence", "parallel", "exclusive", "within", "undo", "undo", "loop",
         "edge")  # fmt: skip
DEFINITION = "<compensateEventDefinition{}/>"


@dataclass
class Entry:
    """A completed activity, and what was completed in it."""

    activity: str
    inside: list[Entry]


@dataclass(eq=False)
class Undoing(Active):
    """A throw event whose handlers run: `now`, then those of `plan`."""

    now: str = ""
    plan: list[str] = field(default_factory=list)


class UndoGame(Game):
    def __init__(self, xml: bytes, holds: Holds) -> None:
        root = ET.fromstring(xml)  # noqa: S314 - drawn by the test itself
        pairs = {each.get("sourceRef"): each.get("targetRef", "") for each in root.iter(f"{BPMN}association")}
        self.handlers: dict[str, str] = {}
        self.throws: dict[str, str | None] = {}
        for node in root.iter():
            definition = node.find(f"{BPMN}compensateEventDefinition")
            if definition is not None and node.get("attachedToRef"):
                self.handlers[node.get("attachedToRef", "")] = pairs[node.get("id")]
            elif definition is not None:
                self.throws[node.get("id", "")] = definition.get("activityRef")
        self.logs: dict[Scope, list[Entry]] = {}
        super().__init__(xml, holds)

    @property
    def waits(self) -> Counter[str]:
        waits = super().waits
        for active in self.active:
            if isinstance(active, Undoing):
                waits.subtract([active.node.id])
                waits.update([active.now])
        return +waits

    def step(self, name: str, event: Event = ("", "")) -> None:
        undoing = next((a for a in self.active if isinstance(a, Undoing) and a.now == name), None)
        if undoing is None:
            super().step(name, event)
        elif undoing.plan:
            undoing.now = undoing.plan.pop(0)
        else:
            self.active.remove(undoing)
            self._go([(flow, undoing.scope) for flow in undoing.node.outs])

    def _complete(self, active: Active, queue: deque[tuple[str, Scope]]) -> None:
        super()._complete(active, queue)
        if active not in self.active and self._can_be_undone(active.node.id):
            inside = self.logs.pop(active.last, []) if active.last is not None else []
            self.logs.setdefault(active.scope, []).append(Entry(active.node.id, inside))

    def _can_be_undone(self, name: str) -> bool:
        inside = (node.id for node in self.net.nodes.values() if node.scope == name)
        return name in self.handlers or any(self._can_be_undone(each) for each in inside)

    def _arrive(self, flow: str, scope: Scope, queue: deque[tuple[str, Scope]]) -> None:
        node = self.net.nodes[self.net.flows[flow][1]]
        if node.id not in self.throws:
            super()._arrive(flow, scope, queue)
            return
        what, log = self.throws[node.id], self.logs.get(scope, [])
        chosen = [entry for entry in log if what in (None, entry.activity)]
        self.logs[scope] = [entry for entry in log if entry not in chosen]
        plan = self._handlers_of(chosen)
        if plan:
            self.active.append(Undoing(node, scope, [], now=plan[0], plan=plan[1:]))
        else:
            queue.extend((way, scope) for way in node.outs)

    def _handlers_of(self, log: list[Entry]) -> list[str]:
        found: list[str] = []
        for entry in reversed(log):
            own = self.handlers.get(entry.activity)
            found += self._handlers_of(entry.inside) if own is None else [own]
        return found


class UndoDrawer(Drawer):
    """`can`: the activities of this scope that can be undone."""

    def __init__(self, rng: random.Random, kinds: Sequence[str] = KINDS, numbers: Any = None) -> None:
        super().__init__(rng, kinds, numbers)
        self.can: list[str] = []
        self.pointing: list[str] = []

    def drawn(self) -> str:
        return "".join(self.parts) + flows(*self.lines) + "".join(self.pointing)

    def _undone(self, n: int, before: str, depth: int, single: bool, condition: str) -> str:
        return self._with_handler(n, self._task(n, before, depth, single, condition))

    def _with_handler(self, n: int, name: str) -> str:
        self.parts.append(f'<boundaryEvent id="m{n}" attachedToRef="{name}">{DEFINITION.format("")}</boundaryEvent>')
        self.parts.append(f'<userTask id="u{n}" isForCompensation="true"/>')
        self.pointing.append(f'<association id="o{n}" sourceRef="m{n}" targetRef="u{n}" associationDirection="One"/>')
        self.can.append(name)
        return name

    def _within(self, n: int, before: str, depth: int, single: bool, condition: str) -> str:
        inside = UndoDrawer(self.rng, self.kinds, self.numbers)
        inside._flow(inside.block(inside.block(f"s{n}", depth, single), depth, single), f"e{n}")
        self.parts.append(f'<subProcess id="p{n}">{start(f"s{n}")}{end(f"e{n}")}{inside.drawn()}</subProcess>')
        self.conditions += inside.conditions
        self._flow(before, f"p{n}", condition)
        if self.rng.random() < 0.3:
            return self._with_handler(n, f"p{n}")
        self.can += [f"p{n}"] if inside.can else []
        return f"p{n}"

    _subprocess = _within

    def _undo(self, n: int, before: str, _depth: int, _single: bool, condition: str) -> str:
        """A task, so that nothing else moves then, and a throw event."""
        what = f' activityRef="{self.rng.choice(self.can)}"' if self.can and self.rng.random() < 0.5 else ""
        self.parts.append(user(f"t{n}"))
        self.parts.append(f'<intermediateThrowEvent id="h{n}">{DEFINITION.format(what)}</intermediateThrowEvent>')
        self._flow(before, f"t{n}", condition)
        self._flow(f"t{n}", f"h{n}")
        return f"h{n}"


def trial(seed: int) -> int:
    rng = random.Random(seed)
    drawer = UndoDrawer(rng)
    last = "s"
    for _ in range(3):
        last = drawer.block(last, rng.randint(1, 3), False)
    drawer._flow(drawer._undo(next(drawer.numbers), last, 0, False, ""), "e")
    xml = file(start(), end(), drawer.drawn())
    return play(seed, rng, bpmn.load_all(xml)[0], drawer.conditions, lambda holds: UndoGame(xml, holds))
