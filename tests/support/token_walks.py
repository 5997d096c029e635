"""Random diagrams played by the engine and by the plain token game, side by side, saved and reloaded before each step.

`trial(seed)` is one diagram and one path through it, or several; the same seed is the same trial. It gives the number
of steps, and raises AssertionError, naming the seed, when the two differ. `make torture` may call it as often as it
likes.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from support.bpmn_drawing import XSI, boundary, end, file, flows, gateway, start, timer, user
from support.token_game import Game

from engine import bpmn

KINDS = ("task", "task", "wait", "sequence", "sequence", "parallel", "exclusive", "inclusive", "loop", "subprocess",
         "edge", "many", "stop", "fail", "tell", "handled")  # fmt: skip
MODELLED = (*KINDS, "repeated", "again", "timed", "race")
"""What is run and not deployed has more kinds."""
ERROR = '<errorEventDefinition errorRef="err{}"/>'
ESCALATION = '<escalationEventDefinition escalationRef="esc{}"/>'
MOST_STEPS = 80
MOST_WAITS = 20
CALM = 40
"""After so many steps no loop goes round again."""


class Drawer:
    """Draws blocks in each other. `single`: one token in, one token out, as an inclusive join behind it needs it."""

    def __init__(self, rng: random.Random, kinds: Sequence[str] = KINDS, numbers: Any = None) -> None:
        self.rng = rng
        self.kinds = kinds
        self.numbers = numbers or itertools.count()
        self.parts: list[str] = []
        self.lines: list[str] = []
        self.conditions: list[str] = []

    def block(self, before: str, depth: int, single: bool, condition: str = "") -> str:
        """Draws something after `before`; gives its last element."""
        kind = self.rng.choice(self.kinds) if depth else "task"
        n = next(self.numbers)
        if kind in ("many", "stop", "edge", "tell") and single:
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
        merge = "exclusive" if self.rng.random() < 0.6 else "inclusive"
        self.parts += [gateway(merge, f"a{n}"), gateway("exclusive", f"b{n}", f'default="b{n}_x{n}"')]
        self.parts.append(user(f"x{n}", f"l{n}"))  # a round always waits: a terminated sub-process need not
        self._flow(before, f"a{n}", condition)
        self._flow(f"a{n}", f"l{n}")
        self._flow(self.block(f"l{n}", depth, single), f"b{n}")
        self._flow(f"b{n}", f"a{n}", f"again{n}")
        self._flow(f"b{n}", f"x{n}")
        return f"x{n}"

    def _subprocess(self, n: int, before: str, depth: int, single: bool, condition: str) -> str:
        self._scope(n, before, depth, single, condition)
        return f"p{n}"

    def _scope(self, n: int, before: str, depth: int, single: bool, condition: str, *, throw: str = "",
               marker: str = "", handler: str = "") -> None:  # fmt: skip
        """A sub-process. `throw`: a way in it that throws that, after a task, so that nothing else moves then."""
        inside = self._inside()
        last = inside.block(f"s{n}", depth, single)
        if throw:
            last = inside._thrown(next(self.numbers), last, throw)
        inside._flow(last, f"e{n}")
        drawn = start(f"s{n}") + "".join(inside.parts) + handler + end(f"e{n}") + flows(*inside.lines)
        self.parts.append(self._around(n, marker, drawn))
        self.conditions += inside.conditions
        self._flow(before, f"p{n}", condition)

    def _inside(self) -> Drawer:
        return Drawer(self.rng, self.kinds, self.numbers)

    def _around(self, n: int, marker: str, drawn: str) -> str:
        return f'<subProcess id="p{n}">{marker}{drawn}</subProcess>'

    def _thrown(self, n: int, before: str, definition: str) -> str:
        """A task, and then a choice to throw: at an end, or, for an escalation, on the way."""
        self.parts += [user(f"t{n}", f"q{n}"), gateway("exclusive", f"g{n}", f'default="g{n}_q{n}"')]
        self._flow(before, f"t{n}")
        self._flow(f"t{n}", f"g{n}")
        self._flow(f"g{n}", f"h{n}", f"c{n}.throw")
        self._flow(f"g{n}", f"q{n}")
        if definition.startswith("<error") or self.rng.random() < 0.3:
            self.parts.append(end(f"h{n}", definition))
            return f"q{n}"
        self.parts += [f'<intermediateThrowEvent id="h{n}">{definition}</intermediateThrowEvent>', user(f"r{n}"),
                       gateway("exclusive", f"z{n}")]  # fmt: skip
        self.lines += [f"h{n} -> r{n} -> z{n}", f"q{n} -> z{n}"]
        return f"z{n}"

    def _merged(self, n: int, one: str, other: str) -> str:
        self.parts.append(gateway("exclusive", f"z{n}"))
        self._flow(one, f"z{n}")
        self._flow(other, f"z{n}")
        return f"z{n}"

    def _fail(self, n: int, before: str, depth: int, single: bool, condition: str) -> str:
        """A sub-process that may end in an error, which is caught on its edge or further out: so two of them."""
        outer = self.rng.random() < 0.3
        self._scope(n, before, depth, single, condition, throw=ERROR.format(n))
        if outer:
            name, inner = next(self.numbers), self.parts.pop()
            self.lines.pop()
            body = start(f"s{name}") + inner + end(f"e{name}") + flows(f"s{name} -> p{n} -> e{name}")
            self.parts.append(f'<subProcess id="p{name}">{body}</subProcess>')
            self._flow(before, f"p{name}", condition)
        host = f"p{name}" if outer else f"p{n}"
        self.parts.append(boundary(f"y{n}", host, ERROR.format(n)))
        return self._merged(n, self.block(f"y{n}", depth, single), host)

    def _tell(self, n: int, before: str, depth: int, single: bool, condition: str) -> str:
        """A sub-process that may tell what is around it, which then interrupts it or goes on beside it."""
        self._scope(n, before, depth, single, condition, throw=ESCALATION.format(n))
        self.parts.append(boundary(f"y{n}", f"p{n}", ESCALATION.format(n), self.rng.random() < 0.5))
        return self._merged(n, self.block(f"y{n}", depth, single), f"p{n}")

    def _handled(self, n: int, before: str, depth: int, single: bool, condition: str) -> str:
        """The same, handled inside by an event sub-process, which may throw it again for what is around."""
        thrown = (ERROR if self.rng.random() < 0.5 else ESCALATION).format(n)
        stays = thrown.startswith("<escalation") and self.rng.random() < 0.5
        again = not single and self.rng.random() < 0.5
        handler = self._handler(next(self.numbers), thrown, stays, thrown if again else "")
        self._scope(n, before, depth, single, condition, throw=thrown, handler=handler)
        if not again:
            return f"p{n}"
        self.parts.append(boundary(f"y{n}", f"p{n}", thrown, thrown.startswith("<error") or self.rng.random() < 0.5))
        return self._merged(n, self.block(f"y{n}", depth, single), f"p{n}")

    def _handler(self, n: int, definition: str, stays: bool, thrown: str = "") -> str:
        begin = start(f"s{n}", definition, f'isInterrupting="{"false" if stays else "true"}"')
        inner = begin + user(f"t{n}", f"u{n}") + end(f"e{n}", thrown) + flows(f"s{n} -> t{n} -> u{n} -> e{n}")
        return f'<subProcess id="p{n}" triggeredByEvent="true">{inner}</subProcess>'

    def _timed(self, n: int, before: str, depth: int, single: bool, condition: str) -> str:
        """A sub-process with an event sub-process that is started from outside."""
        handler = self._handler(next(self.numbers), self._event(), self.rng.random() < 0.5)
        self._scope(n, before, depth, single, condition, handler=handler)
        return f"p{n}"

    def _event(self) -> str:
        """What comes from outside."""
        return timer("2027-01-01")

    def _repeated(self, n: int, before: str, depth: int, single: bool, condition: str) -> str:
        """A task of several instances, or a sub-process several times in turn."""
        marker = '<multiInstanceLoopCharacteristics isSequential="{}"><loopCardinality>{}</loopCardinality>'
        marker += "</multiInstanceLoopCharacteristics>"
        return self._marked(n, before, depth, single, condition, marker.format("{}", self.rng.randint(1, 3)))

    def _again(self, n: int, before: str, depth: int, single: bool, condition: str) -> str:
        """A task or sub-process as long as a condition holds."""
        self.conditions.append(f"c{n}.again")
        tested = self.rng.choice(("true", "false"))
        return self._marked(n, before, depth, single, condition, f'<standardLoopCharacteristics loopMaximum="3" '
                            f'testBefore="{tested}"><loopCondition {XSI}>c{n}.again</loopCondition>'
                            "</standardLoopCharacteristics>")  # fmt: skip

    def _marked(self, n: int, before: str, depth: int, single: bool, condition: str, marker: str) -> str:
        if self.rng.random() < 0.5:
            self._scope(n, before, depth, single, condition, marker=marker.format("true"))
            return f"p{n}"
        drawn = marker.format(self.rng.choice(("true", "false")))
        self.parts.append(f'<userTask id="t{n}">{drawn}</userTask>')
        self._flow(before, f"t{n}", condition)
        return f"t{n}"

    def _race(self, n: int, before: str, depth: int, single: bool, condition: str) -> str:
        """Two timers of which the first decides."""
        self.parts.append(gateway("eventBased", f"v{n}"))
        self._flow(before, f"v{n}", condition)
        for name in ("w", "k"):
            self.parts.append(f'<intermediateCatchEvent id="{name}{n}">{timer("2027-01-01")}</intermediateCatchEvent>')
            self._flow(f"v{n}", f"{name}{n}")
        return self._merged(n, self.block(f"w{n}", depth, single), self.block(f"k{n}", depth, single))

    def _edge(self, n: int, before: str, depth: int, single: bool, condition: str) -> str:
        """A task or sub-process with an event on its edge; both ways meet."""
        hosts = [self._subprocess, self._task]
        if "repeated" in self.kinds:
            hosts += [self._repeated, self._again]
        host = self.rng.choice(hosts)(n, before, depth, single, condition)
        self.parts += [boundary(f"y{n}", host, self._event(), self.rng.random() < 0.5)]
        return self._merged(n, self.block(self._caught(f"y{n}", single), depth, single), host)

    def _caught(self, event: str, _single: bool) -> str:
        """Where the token of an event on an edge comes to first."""
        return event

    def _stop(self, n: int, before: str, depth: int, single: bool, condition: str) -> str:
        """A way that ends everything in its scope."""
        self.parts += [gateway("exclusive", f"g{n}", f'default="g{n}_q{n}"'), user(f"q{n}")]
        self.parts.append(end(f"h{n}", "<terminateEventDefinition/>"))
        self._flow(before, f"g{n}", condition)
        self._flow(f"g{n}", f"h{n}", f"c{n}.stop")
        self._flow(f"g{n}", f"q{n}")
        return f"q{n}"


def trial(seed: int, paths: int = 1) -> int:
    """One random diagram, random paths. Gives the number of steps that engine and token game took alike."""
    rng = random.Random(seed)
    deployed = rng.random() < 0.5
    drawer = Drawer(rng, KINDS if deployed else MODELLED)
    last = "s"
    for _ in range(rng.randint(2, 4)):
        last = drawer.block(last, rng.randint(2, 4), False)
    drawer._flow(last, "e")
    xml = file(start(), *drawer.parts, end(), flows(*drawer.lines))
    model = bpmn.load(xml) if deployed else bpmn.load_all(xml)[0]
    return sum(play(seed, rng, model, drawer.conditions, lambda holds: Game(xml, holds)) for _ in range(paths))


def play(
    seed: int,
    rng: random.Random,
    model: bpmn.Model,
    conditions: Sequence[str],
    begun: Callable[[Callable[[str], bool]], Game],
    *,
    alike: bool = False,
) -> int:
    """Engine and game side by side. `alike`: of several tokens at one task, it is the same which goes on."""
    variables: dict[str, bool] = {}

    def answer(step: int) -> dict[str, bool]:
        variables.update({c: rng.random() < 0.5 and not ("again" in c and step > CALM) for c in conditions})
        return dict(variables)

    first = answer(0)
    run, game = model.start(first, read), begun(lambda condition: variables[condition])
    for step in range(MOST_STEPS):
        waits, told = Counter(wait.element_id for wait in run.waits()), _told(run)
        assert (waits, run.done) == (game.waits, game.done), f"seed {seed}, step {step}: {waits} and {game.waits}"
        assert told == game.told, f"seed {seed}, step {step}: told {told} and {game.told}"
        choice = sorted(name for name, count in waits.items() if alike or count == 1 or game.of_one(name))
        if not choice or waits.total() > MOST_WAITS:
            return step
        run = reloaded(model, run)
        game.told.clear()
        flowing = [name for name in choice if not name.startswith("s")]
        chosen = rng.choice(flowing if 0 < len(flowing) < len(choice) and rng.random() < 0.7 else choice)
        here = [wait for wait in run.waits() if wait.element_id == chosen]
        wait = rng.choice([each for each in here if each.token == here[0].token])
        values = answer(step)
        if wait.kind == "signal":
            run.variables.update(values)
            run.hear_signal(wait.message or "")
            game.signal(f"sig_{wait.message}")
            continue
        if wait.kind == "user_task":
            run.complete(wait.token, values)
        elif wait.kind == "message":
            run.correlate(wait.token, values, wait.message)
        else:
            run.variables.update(values)
            run.fire(wait.token)
        game.step(chosen, (wait.kind, f"m_{wait.message}" if wait.kind == "message" else ""))
    return MOST_STEPS


def _told(run: bpmn.Execution) -> Counter[tuple[str, str]]:
    """The messages and signals of the last step, by their ids in the file."""
    messages = Counter(("message", f"m_{name}") for name, _ in run.thrown)
    return messages + Counter(("signal", f"sig_{name}") for name in run.signalled)


def reloaded(model: bpmn.Model, run: bpmn.Execution) -> bpmn.Execution:
    saved = run.dump()
    again = model.restore(saved, read)
    assert again.rewritten() == saved
    return again


def read(condition: str, variables: dict[str, Any]) -> Any:
    return int(condition) if condition.isdigit() else variables[condition]
