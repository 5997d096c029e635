"""Random files of several processes that write to each other, run by `run-model` and by a plain reckoning of who gets
what: messages are kept until somebody waits and go to one, to whom a message flow leads if one is drawn, signals are
heard by all who wait and by nobody later, and either may start a process.

`trial(seed)` gives the number of things done, and raises AssertionError, naming the seed, when the two differ.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from support.bpmn_models import after, around, catch, end, message, process, script, signal, start, throw

from arshjul.run_model import run

OPS = ("trace", "trace", "send", "send", "get", "get", "shout", "hear", "rest")
NAMES = ("a", "b", "c")
Op = tuple[str, str]


@dataclass(frozen=True)
class Plan:
    """A process: how it starts (nothing, a message, a signal), and what it does in turn."""

    name: str
    begin: Op
    ops: tuple[Op, ...]

    def drawn(self) -> str:
        """Its elements are called by the process and their place."""
        parts, path = [], [f"{self.name}s"]
        for place, (what, name) in enumerate(self.ops):
            element = f"{self.name}{place}"
            path.append(element)
            match what:
                case "trace":
                    parts.append(script(element))
                case "send" | "shout":
                    parts.append(throw(element, message(name) if what == "send" else signal(name)))
                case "get" | "hear":
                    parts.append(catch(element, message(name) if what == "get" else signal(name)))
                case _:
                    parts.append(catch(element, after(f"PT{name}S")))
        kinds = {"get": message, "hear": signal}
        begin = kinds[self.begin[0]](self.begin[1]) if self.begin[0] else ""
        whole = [start(f"{self.name}s", begin), *parts, end(f"{self.name}e"), " -> ".join([*path, f"{self.name}e"])]
        return process(self.name, *whole)


@dataclass(eq=False)
class Runner:
    """An instance that stands before the op of that place; `due`: when its rest is over."""

    plan: Plan
    place: int = 0
    due: float | None = None

    @property
    def now(self) -> Op:
        return self.plan.ops[self.place] if self.place < len(self.plan.ops) else ("", "")

    @property
    def pool(self) -> str:
        return f"pool{self.plan.name}"

    @property
    def element(self) -> str:
        return f"{self.plan.name}{self.place}"


@dataclass
class Reckoning:
    """Traces first, then what is thrown, then messages, the oldest first, then time."""

    plans: list[Plan]
    flows: dict[str, str]
    runners: list[Runner] = field(default_factory=list)
    post: list[tuple[str, Runner, str | None]] = field(default_factory=list)
    traced: list[str] = field(default_factory=list)
    clock: float = 0
    done: int = 0

    def go(self, limit: int) -> None:
        while self.done < limit and (self._trace() or self._throw() or self._deliver() or self._wake()):
            self.done += 1

    def begin(self, plan: Plan) -> None:
        self.runners.append(Runner(plan))
        self._rest(self.runners[-1])

    def _rest(self, runner: Runner) -> None:
        what, name = runner.now
        runner.due = self.clock + int(name) if what == "rest" else None

    def _on(self, runner: Runner) -> None:
        runner.place += 1
        self._rest(runner)

    def _trace(self) -> bool:
        runner = next((r for r in self.runners if r.now[0] == "trace"), None)
        if runner is not None:
            self.traced.append(f"{runner.plan.name}{runner.place}")
            self._on(runner)
        return runner is not None

    def _throw(self) -> bool:
        runner = next((r for r in self.runners if r.now[0] in ("send", "shout")), None)
        if runner is None:
            return False
        (what, name), element = runner.now, f"{runner.plan.name}{runner.place}"
        self._on(runner)
        if what == "send":
            self.post.append((name, runner, self.flows.get(element)))
            return True
        for other in [r for r in self.runners if r is not runner and r.now == ("hear", name)]:
            self._on(other)
        for plan in [p for p in self.plans if p.begin == ("hear", name)]:
            self.begin(plan)
        return True

    def _deliver(self) -> bool:
        for place, (name, sender, to) in enumerate(self.post):
            takers = [r for r in self.runners if r.now == ("get", name) and to in (None, r.pool, r.element)]
            taker = next((r for r in takers if r is not sender), next(iter(takers), None))
            born = (p for p in self.plans if p.begin == ("get", name) and to in (None, f"pool{p.name}", f"{p.name}s"))
            started = next(born, None)
            if taker is None and started is None:
                continue
            del self.post[place]
            if taker is not None:
                self._on(taker)
            elif started is not None:
                self.begin(started)
            return True
        return False

    def _wake(self) -> bool:
        resting = [r for r in self.runners if r.due is not None]
        if not resting:
            return False
        runner = min(resting, key=lambda r: r.due or 0)
        self.clock = max(self.clock, runner.due or 0)
        self._on(runner)
        return True


def _plan(rng: random.Random, name: str, first: bool) -> Plan:
    begin = ("", "") if first or rng.random() < 0.5 else (rng.choice(("get", "hear")), rng.choice(NAMES))
    ops = [rng.choice(OPS) for _ in range(rng.randint(2, 7))]
    named = [(what, str(rng.randint(1, 9)) if what == "rest" else rng.choice(NAMES)) for what in ops]
    return Plan(name, begin, (*named, ("trace", "")))


def _flows(rng: random.Random, plans: list[Plan]) -> dict[str, str]:
    """For some that send, to whom in another pool: to one who takes the same message, or to the pool."""
    found = {}
    for plan in plans:
        sends = [(f"{plan.name}{place}", name) for place, (what, name) in enumerate(plan.ops) if what == "send"]
        for element, name in sends:
            others = [p for p in plans if p is not plan]
            takers = [f"{p.name}{n}" for p in others for n, op in enumerate(p.ops) if op == ("get", name)]
            takers += [f"{p.name}s" for p in others if p.begin == ("get", name)]
            if rng.random() < 0.5:
                found[element] = rng.choice([*takers, *(f"pool{p.name}" for p in others)])
    return found


def _collaboration(plans: list[Plan], flows: dict[str, str]) -> str:
    pools = "".join(f'<participant id="pool{p.name}" processRef="{p.name}"/>' for p in plans)
    drawn = "".join(f'<messageFlow id="mf_{a}" sourceRef="{a}" targetRef="{b}"/>' for a, b in flows.items())
    return f'<collaboration id="co">{pools}{drawn}</collaboration>'


def _unclear(plans: list[Plan], flows: dict[str, str]) -> bool:
    """Do two begin by a message that is sent to nobody in particular?"""
    begins = [plan.begin[1] for plan in plans if plan.begin[0] == "get"]
    sent = {op[1] for p in plans for n, op in enumerate(p.ops) if op[0] == "send" and f"{p.name}{n}" not in flows}
    return any(begins.count(name) > 1 for name in sent)


def trial(seed: int) -> int:
    rng = random.Random(seed)
    plans = [_plan(rng, name, name == "A") for name in "ABC"]
    plain = [plan for plan in plans if not plan.begin[0]]
    started = [rng.choice(plain) for _ in range(rng.randint(1, 4))]
    flows = _flows(rng, plans)
    drawn = around(_collaboration(plans, flows), *(plan.drawn() for plan in plans))
    if _unclear(plans, flows):
        assert run(drawn, {}, test_scripts=True) == ["ERROR_deployment"], f"seed {seed}"
        return 1
    reckoned = Reckoning(plans, flows)
    for plan in started:
        reckoned.begin(plan)
    reckoned.go(400)
    if reckoned.done == 400:
        return 0  # they write to each other for ever
    traced = run(drawn, {"_processes": [p.name for p in started]}, test_scripts=True)
    assert traced == reckoned.traced, f"seed {seed}: {traced} and {reckoned.traced}"
    return reckoned.done
