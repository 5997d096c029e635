"""Random well-formed diagrams, random answers: every walk ends, and saving and reloading never changes it."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.bpmn_drawing import Walk, end, file, flows, gateway, start, user

from engine.bpmn import check

Block = tuple[Any, ...]

BLOCKS: st.SearchStrategy[Block] = st.recursive(
    st.just(("task",)),
    lambda inner: st.one_of(
        st.tuples(st.just("sequence"), st.lists(inner, min_size=1, max_size=3)),
        st.tuples(st.sampled_from(["parallel", "exclusive", "inclusive"]), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("loop"), inner),
        st.tuples(st.just("subprocess"), inner),
    ),
    max_leaves=8,
)


class Drawer:
    """Draws a block between two elements; conditions look up variables named after their flow's number."""

    def __init__(self) -> None:
        self.numbers = itertools.count()
        self.parts: list[str] = []

    def draw(self, block: Block, before: str, condition: str = "") -> tuple[str, list[str]]:
        """The last element of the block, and the flows inside it, the first of which carries the condition."""
        n = next(self.numbers)
        kind, inner = block[0], block[1] if len(block) > 1 else None
        first = f"{before} -> {{}}{condition}"
        if kind == "task":
            self.parts.append(user(f"t{n}"))
            return f"t{n}", [first.format(f"t{n}")]
        if kind == "sequence":
            lines: list[str] = []
            for part in inner:
                before, more = self.draw(part, before, condition)
                lines, condition = lines + more, ""
            return before, lines
        if kind == "subprocess":
            inside = Drawer()
            inside.numbers = self.numbers
            last, lines = inside.draw(inner, f"s{n}")
            body = start(f"s{n}") + "".join(inside.parts) + end(f"e{n}") + flows(*lines, f"{last} -> e{n}")
            self.parts.append(f'<subProcess id="p{n}">{body}</subProcess>')
            return f"p{n}", [first.format(f"p{n}")]
        if kind == "loop":
            return self._loop(inner, n, first)
        return self._fork(kind, inner, n, first)

    def _loop(self, inner: Block, n: int, first: str) -> tuple[str, list[str]]:
        self.parts += [gateway("exclusive", f"a{n}"), gateway("exclusive", f"b{n}", f'default="b{n}_x{n}"')]
        self.parts.append(gateway("exclusive", f"x{n}"))
        last, lines = self.draw(inner, f"a{n}")
        again = [f"{last} -> b{n}", f"b{n} -> a{n}: again{n}", f"b{n} -> x{n}"]
        return f"x{n}", [first.format(f"a{n}"), *lines, *again]

    def _fork(self, kind: str, inner: list[Block], n: int, first: str) -> tuple[str, list[str]]:
        lines = [first.format(f"f{n}")]
        waits = f"d{n}"  # the default leads over a task of its own
        default = "" if kind == "parallel" else f'default="f{n}_{waits}"'
        self.parts += [gateway(kind, f"f{n}", default), gateway(kind, f"j{n}")]
        for place, part in enumerate(inner):
            condition = "" if kind == "parallel" else f": take{n}.{place}"
            last, more = self.draw(part, f"f{n}", condition)
            lines += [*more, f"{last} -> j{n}"]
        if default:
            self.parts.append(user(waits))
            lines.append(f"f{n} -> {waits} -> j{n}")
        return f"j{n}", lines


def drawn(block: Block) -> bytes:
    drawer = Drawer()
    last, lines = drawer.draw(block, "s")
    return file(start(), *drawer.parts, end(), flows(*lines, f"{last} -> e"))


def walk(xml: bytes, picks: list[int], reload: bool) -> tuple[list[tuple[str, str]], bytes]:
    """Complete a picked task at a time, with picked answers to all conditions; after 40 steps, none loops."""
    conditions = sorted({w for w in xml.decode().replace("<", " ").replace(">", " ").split() if is_condition(w)})
    turns: Iterator[int] = itertools.cycle(picks)

    def answers(step: int) -> dict[str, Any]:
        return {c: bool(next(turns) % 2) and not (c.startswith("again") and step > 40) for c in conditions}

    run = Walk(xml, answers(0), reload)
    for step in range(2000):
        if run.now.done:
            break
        waiting = run.now.waits()
        chosen = waiting[next(turns) % len(waiting)]
        run.do(chosen.element_id, **answers(step))
    assert run.now.done
    run.collect()
    return run.visits, run.now.dump()


def is_condition(word: str) -> bool:
    return word.startswith(("again", "take"))


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(BLOCKS, st.lists(st.integers(0, 7), min_size=3, max_size=12))
def test_every_walk_ends_and_is_the_same_with_and_without_reloading(block: Block, picks: list[int]) -> None:
    """In a diagram drawn of blocks, every fork that opened is joined exactly once, and one token ends it all."""
    xml = drawn(block)
    assert check(xml) == []
    visits, state = walk(xml, picks, reload=False)
    left = Counter(element for element, what in visits if what == "left")
    assert left["e"] == 1
    assert all(left[fork] == left["j" + fork[1:]] for fork in list(left) if fork.startswith("f"))
    assert (visits, state) == walk(xml, picks, reload=True)
