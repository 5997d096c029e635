"""Random diagrams in which messages and signals are thrown and come, links lead on, and processes are called: on edges,
in event sub-processes, behind event-based gateways, and in what is called.

Played by the engine and by the plain token game side by side, saved and reloaded before each step. `trial(seed)` gives
the number of steps, and raises AssertionError, naming the seed, when the two differ.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from support.bpmn_drawing import XSI, end, file, flows, gateway, start, timer
from support.token_game import Game
from support.token_walks import KINDS, MODELLED, Drawer, play

from engine import bpmn

DEPLOYED = (*KINDS, "mail", "mail", "send", "link", "edge")
EVERYTHING = (*MODELLED, "mail", "send", "link", "edge", "timed", "listen", "listen", "shout", "shout", "shout", "race",
              "both", "wish", "counted")  # fmt: skip
MESSAGE = '<messageEventDefinition messageRef="m_{}"/>'
SIGNAL = '<signalEventDefinition signalRef="sig_{}"/>'
CONDITION = f"<conditionalEventDefinition><condition {XSI}>{{}}</condition></conditionalEventDefinition>"
LINK = '<linkEventDefinition name="L{}"/>'
SIGNALS = '<signal id="sig_a" name="a"/><signal id="sig_b" name="b"/>'
NAMES = ("a", "b")


class NewsDrawer(Drawer):
    """`called`: the processes of the file that are called. What is deployed knows no signals, tasks that send and
    receive, and calls."""

    def __init__(
        self, rng: random.Random, kinds: Sequence[str], numbers: Any = None, called: list[str] | None = None
    ) -> None:
        super().__init__(rng, kinds, numbers)
        self.called: list[str] = [] if called is None else called
        self.deployed = kinds is DEPLOYED

    def _inside(self) -> Drawer:
        return NewsDrawer(self.rng, self.kinds, self.numbers, self.called)

    def _around(self, n: int, marker: str, drawn: str) -> str:
        if self.deployed or self.rng.random() < 0.6:
            return super()._around(n, marker, drawn)
        self.called.append(f'<process id="Q{n}" isExecutable="false">{drawn}</process>')
        return f'<callActivity id="p{n}" calledElement="Q{n}">{marker}</callActivity>'

    def _event(self) -> str:
        kinds = [timer("2027-01-01"), MESSAGE.format(self._name())]
        if not self.deployed:
            kinds += [SIGNAL.format(self._name()), self._several(), self._condition()]
        return self.rng.choice(kinds)

    def _several(self) -> str:
        """Two events, one of which is enough where nothing else is said."""
        every = [kind.format(name) for kind in (MESSAGE, SIGNAL) for name in NAMES]
        return "".join(self.rng.sample(every, 2))

    def _condition(self) -> str:
        name = f"c{next(self.numbers)}.true"
        self.conditions.append(name)
        return CONDITION.format(name)

    def _caught(self, event: str, single: bool) -> str:
        """At a task: so it does not matter who hears a signal first."""
        return self._task(next(self.numbers), event, 0, single, "")

    def _name(self) -> str:
        return self.rng.choice(NAMES)

    def _mail(self, n: int, before: str, _depth: int, _single: bool, condition: str) -> str:
        if self.deployed or self.rng.random() < 0.5:
            drawn = f'<intermediateCatchEvent id="w{n}">{MESSAGE.format(self._name())}</intermediateCatchEvent>'
        else:
            drawn = f'<receiveTask id="w{n}" messageRef="m_{self._name()}"/>'
        return self._led(f"w{n}", drawn, before, condition)

    def _send(self, n: int, before: str, _depth: int, _single: bool, condition: str) -> str:
        if self.deployed or self.rng.random() < 0.5:
            drawn = f'<intermediateThrowEvent id="h{n}">{MESSAGE.format(self._name())}</intermediateThrowEvent>'
        else:
            drawn = f'<sendTask id="h{n}" messageRef="m_{self._name()}"/>'
        return self._led(f"h{n}", drawn, before, condition)

    def _link(self, n: int, before: str, _depth: int, _single: bool, condition: str) -> str:
        definition = LINK.format(n)
        self.parts.append(f'<intermediateCatchEvent id="l{n}">{definition}</intermediateCatchEvent>')
        self._led(
            f"k{n}", f'<intermediateThrowEvent id="k{n}">{definition}</intermediateThrowEvent>', before, condition
        )
        return f"l{n}"

    def _listen(self, n: int, before: str, _depth: int, _single: bool, condition: str) -> str:
        drawn = f'<intermediateCatchEvent id="w{n}">{SIGNAL.format(self._name())}</intermediateCatchEvent>'
        return self._caught(self._led(f"w{n}", drawn, before, condition), False)

    def _shout(self, n: int, before: str, _depth: int, single: bool, condition: str) -> str:
        """A signal between two tasks, so that nothing else moves then; sometimes it ends a way beside."""
        before, definition = self._task(n, before, 0, single, condition), SIGNAL.format(self._name())
        definition += MESSAGE.format(self._name()) if self.rng.random() < 0.3 else ""
        if not single and self.rng.random() < 0.2:
            self.parts.append(gateway("parallel", f"f{n}"))
            self._flow(before, f"f{n}")
            self._led(f"h{n}", end(f"h{n}", definition), f"f{n}", "")
            return self._task(next(self.numbers), f"f{n}", 0, single, "")
        drawn = f'<intermediateThrowEvent id="h{n}">{definition}</intermediateThrowEvent>'
        return self._task(next(self.numbers), self._led(f"h{n}", drawn, before, ""), 0, single, "")

    def _both(self, n: int, before: str, _depth: int, _single: bool, condition: str) -> str:
        """One of two events, or both."""
        every = 'parallelMultiple="true"' if self.rng.random() < 0.5 else ""
        drawn = f'<intermediateCatchEvent id="w{n}" {every}>{self._several()}</intermediateCatchEvent>'
        return self._caught(self._led(f"w{n}", drawn, before, condition), False)

    def _wish(self, n: int, before: str, _depth: int, _single: bool, condition: str) -> str:
        """It waits until something is true."""
        drawn = f'<intermediateCatchEvent id="w{n}">{self._condition()}</intermediateCatchEvent>'
        return self._caught(self._led(f"w{n}", drawn, before, condition), False)

    def _counted(self, n: int, before: str, _depth: int, single: bool, condition: str) -> str:
        """A task that gives several tokens, and one behind it that takes several."""
        given = self.rng.randint(2, 3)
        taken = given if single else self.rng.randint(1, 3)
        self.parts.append(f'<userTask id="t{n}" completionQuantity="{given}"/>')
        self.parts.append(f'<userTask id="u{n}" startQuantity="{taken}"/>')
        self._flow(before, f"t{n}", condition)
        self._flow(self._caught(f"t{n}", single), f"u{n}")
        return f"u{n}"

    def _race(self, n: int, before: str, depth: int, single: bool, condition: str) -> str:
        """Two events of which the first decides."""
        self.parts.append(gateway("eventBased", f"v{n}"))
        self._flow(before, f"v{n}", condition)
        kinds = [timer("2027-01-01"), MESSAGE.format(self._name()), SIGNAL.format(self._name()), self._condition()]
        ways = []
        for name, definition in zip(("w", "k"), self.rng.sample(kinds, 2), strict=True):
            drawn = f'<intermediateCatchEvent id="{name}{n}">{definition}</intermediateCatchEvent>'
            self._led(f"{name}{n}", drawn, f"v{n}", "")
            ways.append(self.block(self._caught(f"{name}{n}", single), depth, single))
        return self._merged(n, *ways)

    def _led(self, name: str, drawn: str, before: str, condition: str) -> str:
        self.parts.append(drawn)
        self._flow(before, name, condition)
        return name


def drawn(rng: random.Random, deployed: bool) -> tuple[bytes, list[str]]:
    """A file, and the conditions in it."""
    drawer = NewsDrawer(rng, DEPLOYED if deployed else EVERYTHING)
    last = "s"
    for _ in range(rng.randint(2, 4)):
        last = drawer.block(last, rng.randint(2, 4), False)
    drawer._flow(last, "e")
    if rng.random() < 0.4:
        definition = MESSAGE.format("a") if deployed else drawer._event()
        drawer.parts.append(drawer._handler(next(drawer.numbers), definition, deployed or rng.random() < 0.7))
    xml = file(start(), *drawer.parts, end(), flows(*drawer.lines), "".join(drawer.called))
    called = "".join(drawer.called).encode()
    return xml.replace(called, b"").replace(b"<process ", SIGNALS.encode() + b"<process ", 1).replace(
        b"</definitions>", called + b"</definitions>"
    ), drawer.conditions  # fmt: skip


def trial(seed: int) -> int:
    """One random diagram, one random path."""
    rng = random.Random(seed)
    deployed = rng.random() < 0.3
    xml, conditions = drawn(rng, deployed)
    model = bpmn.load(xml) if deployed else bpmn.load_all(xml)[0]
    return play(seed, rng, model, conditions, lambda holds: Game(xml, holds))
