"""Random diagrams played by the engine and by the plain token game, side by side, saved and reloaded before each step.

`trial(seed)` is one diagram and one path through it; the same seed is the same trial. It gives the number of steps, and
raises AssertionError, naming the seed, when the two differ. `make torture` may call it for as many seeds as it likes.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from typing import Any

from support.bpmn_drawing import boundary, end, file, flows, gateway, start, timer, user
from support.token_game import Game

from engine import bpmn

KINDS = ("task", "task", "wait", "sequence", "sequence", "parallel", "exclusive", "inclusive", "loop", "subprocess",
         "edge", "many", "stop")  # fmt: skip
MOST_STEPS = 80
MOST_WAITS = 30
CALM = 40
"""After so many steps no loop goes round again."""


class Drawer:
    """Draws blocks in each other. `single`: one token in, one token out, as an inclusive join behind it needs it."""

    def __init__(self, rng: random.Random, numbers: Any = None) -> None:
        self.rng = rng
        self.numbers = numbers or itertools.count()
        self.parts: list[str] = []
        self.lines: list[str] = []
        self.conditions: list[str] = []

    def block(self, before: str, depth: int, single: bool, condition: str = "") -> str:
        """Draws something after `before`; gives its last element."""
        kind = self.rng.choice(KINDS) if depth else "task"
        n = next(self.numbers)
        if kind in ("many", "stop", "edge") and single:
            kind = "task"
        draw = getattr(self, f"_{kind}")
        last: str = draw(n, before, depth - 1, single, condition)
        return last

    def _flow(self, source: str, target: str, condition: str = "") -> None:
        self.lines.append(f"{source} -> {target}{': ' + condition if condition else ''}")
        if condition:
            self.conditions.append(condition)

    def _task(self, n: int, before: str, _depth: int, _single: bool, condition: str) -> str:
        self.parts.append(user(f"t{n}"))
        self._flow(before, f"t{n}", condition)
        return f"t{n}"

    def _wait(self, n: int, before: str, _depth: int, _single: bool, condition: str) -> str:
        self.parts.append(f'<intermediateCatchEvent id="w{n}">{timer("2027-01-01")}</intermediateCatchEvent>')
        self._flow(before, f"w{n}", condition)
        return f"w{n}"

    def _sequence(self, _n: int, before: str, depth: int, single: bool, condition: str) -> str:
        for _ in range(self.rng.randint(2, 3)):
            before = self.block(before, depth, single, condition)
            condition = ""
        return before

    def _fork(self, split: str, join: str, n: int, before: str, depth: int, single: bool, condition: str) -> str:
        default = "" if split == "parallel" else f'default="f{n}_d{n}"'
        self.parts += [gateway(split, f"f{n}", default), gateway(join, f"j{n}")]
        self._flow(before, f"f{n}", condition)
        for place in range(self.rng.randint(2, 3)):
            asked = "" if split == "parallel" else f"c{n}.{place}"
            self._flow(self.block(f"f{n}", depth, single, asked), f"j{n}")
        if default:
            self.parts.append(user(f"d{n}"))
            self.lines.append(f"f{n} -> d{n} -> j{n}")
        return f"j{n}"

    def _parallel(self, n: int, before: str, depth: int, single: bool, condition: str) -> str:
        return self._fork("parallel", "parallel", n, before, depth, single, condition)

    def _exclusive(self, n: int, before: str, depth: int, single: bool, condition: str) -> str:
        return self._fork("exclusive", "exclusive", n, before, depth, single, condition)

    def _inclusive(self, n: int, before: str, depth: int, _single: bool, condition: str) -> str:
        return self._fork("inclusive", "inclusive", n, before, depth, True, condition)

    def _many(self, n: int, before: str, depth: int, _single: bool, condition: str) -> str:
        """As many tokens leave it as ways were taken."""
        split = self.rng.choice(("parallel", "inclusive"))
        return self._fork(split, "exclusive", n, before, depth, False, condition)

    def _loop(self, n: int, before: str, depth: int, single: bool, condition: str) -> str:
        self.parts += [gateway("exclusive", f"a{n}"), gateway("exclusive", f"b{n}", f'default="b{n}_x{n}"')]
        self.parts.append(user(f"x{n}", f"l{n}"))  # a round always waits: a terminated sub-process need not
        self._flow(before, f"a{n}", condition)
        self._flow(f"a{n}", f"l{n}")
        self._flow(self.block(f"l{n}", depth, single), f"b{n}")
        self._flow(f"b{n}", f"a{n}", f"again{n}")
        self._flow(f"b{n}", f"x{n}")
        return f"x{n}"

    def _subprocess(self, n: int, before: str, depth: int, single: bool, condition: str) -> str:
        inside = Drawer(self.rng, self.numbers)
        last = inside.block(f"s{n}", depth, single)
        inside._flow(last, f"e{n}")
        drawn = start(f"s{n}") + "".join(inside.parts) + end(f"e{n}") + flows(*inside.lines)
        self.parts.append(f'<subProcess id="p{n}">{drawn}</subProcess>')
        self.conditions += inside.conditions
        self._flow(before, f"p{n}", condition)
        return f"p{n}"

    def _edge(self, n: int, before: str, depth: int, single: bool, condition: str) -> str:
        """A task or sub-process with an event on its edge; both ways meet."""
        host = (self._subprocess if self.rng.random() < 0.5 else self._task)(n, before, depth, single, condition)
        self.parts += [boundary(f"y{n}", host, timer("2027-01-01"), self.rng.random() < 0.5)]
        self.parts.append(gateway("exclusive", f"z{n}"))
        self._flow(self.block(f"y{n}", depth, single), f"z{n}")
        self._flow(host, f"z{n}")
        return f"z{n}"

    def _stop(self, n: int, before: str, depth: int, single: bool, condition: str) -> str:
        """A way that ends everything in its scope."""
        self.parts += [gateway("exclusive", f"g{n}", f'default="g{n}_q{n}"'), user(f"q{n}")]
        self.parts.append(end(f"h{n}", "<terminateEventDefinition/>"))
        self._flow(before, f"g{n}", condition)
        self._flow(f"g{n}", f"h{n}", f"c{n}.stop")
        self._flow(f"g{n}", f"q{n}")
        return f"q{n}"


def trial(seed: int) -> int:
    """One random diagram, one random path. Gives the number of steps that engine and token game took alike."""
    rng = random.Random(seed)
    drawer = Drawer(rng)
    last = "s"
    for _ in range(rng.randint(2, 4)):
        last = drawer.block(last, rng.randint(2, 4), False)
    drawer._flow(last, "e")
    xml = file(start(), *drawer.parts, end(), flows(*drawer.lines))
    variables: dict[str, bool] = {}

    def answer(step: int) -> dict[str, bool]:
        variables.update({c: rng.random() < 0.5 and not ("again" in c and step > CALM) for c in drawer.conditions})
        return dict(variables)

    first = answer(0)
    model = bpmn.load(xml)
    run, game = model.start(first, _read), Game(xml, lambda condition: variables[condition])
    for step in range(MOST_STEPS):
        waits = Counter(wait.element_id for wait in run.waits())
        assert (waits, run.done) == (game.waits, game.done), f"seed {seed}, step {step}: {waits} and {game.waits}"
        alone = sorted(name for name, count in waits.items() if count == 1)
        if not alone or waits.total() > MOST_WAITS:
            return step
        run = _reloaded(model, run)
        chosen = rng.choice(alone)
        wait = next(wait for wait in run.waits() if wait.element_id == chosen)
        values = answer(step)
        if wait.kind == "user_task":
            run.complete(wait.token, values)
        else:
            run.variables.update(values)
            run.fire(wait.token)
        game.step(chosen)
    return MOST_STEPS


def _reloaded(model: bpmn.Model, run: bpmn.Execution) -> bpmn.Execution:
    saved = run.dump()
    again = model.restore(saved, _read)
    assert again.rewritten() == saved
    return again


def _read(condition: str, variables: dict[str, Any]) -> Any:
    return variables[condition]
