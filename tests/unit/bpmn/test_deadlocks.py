"""A parallel gateway that can never open is refused when the diagram is deployed; its twin that can is not. A loop that
nothing stops is refused even through a sub-process."""

from __future__ import annotations

import time

import pytest
from support.bpmn_drawing import boundary, end, file, flows, gateway, start, timer, user

from arshjul.run_model import run
from engine.bpmn import check, load, warnings

SUBPROCESS = '<subProcess id="sub">{}</subProcess>'


def joined(split: str, join: str) -> bytes:
    """Two ways out of one gateway and into another."""
    ways = flows("s -> g", "g -> a", "g -> b") if split == "parallel" else flows("s -> g", "g -> a: x", "g -> b: not x")
    return file(start(), gateway(split, "g"), user("a", "b"), gateway(join, "j"), end(), ways,
                flows("a -> j", "b -> j", "j -> e"))  # fmt: skip


def on_edge(join: str, interrupting: bool) -> bytes:
    return file(start(), user("a", "b"), boundary("bo", "a", timer("PT1H"), interrupting), gateway(join, "j"), end(),
                flows("s -> a -> j -> e", "bo -> b -> j"))  # fmt: skip


def back(join: str) -> bytes:
    """The way back leads into the gateway that the first way leads into."""
    return file(start(), gateway(join, "j"), user("a"), gateway("exclusive", "x"), end(),
                flows("s -> j -> a -> x", "x -> j: again", "x -> e: not again"))  # fmt: skip


def three(last: str) -> bytes:
    """A choice between one task and two at once; all three meet."""
    return file(start(), gateway("exclusive", "g"), gateway("parallel", "f"), user("a", "b", "c"),
                gateway("parallel", "j"), gateway("exclusive", "x"), end(),
                flows("s -> g", "g -> f: x", "g -> c: not x", "f -> a -> j", "f -> b -> j", f"c -> {last}", "j -> x",
                      "x -> e"))  # fmt: skip


def inside(join: str) -> bytes:
    inner = start("s1") + gateway("exclusive", "g") + user("a", "b") + gateway(join, "j") + end("e1")
    lines = flows("s1 -> g", "g -> a: x", "g -> b: not x", "a -> j", "b -> j", "j -> e1")
    return file(start(), SUBPROCESS.format(inner + lines), end(), flows("s -> sub -> e"))


def rounds(inner: str, *lines: str) -> bytes:
    """A loop through a sub-process."""
    body = start("s1") + inner + end("e1") + flows(*lines)
    return file(start(), gateway("exclusive", "x"), SUBPROCESS.format(body), gateway("exclusive", "y"), end(),
                flows("s -> x -> sub -> y", "y -> x: again", "y -> e: not again"))  # fmt: skip


def wide(branches: int) -> bytes:
    names = [f"t{b}.{n}" for b in range(branches) for n in range(4)]
    ways = [" -> ".join(["f", *names[4 * b : 4 * b + 4], "j"]) for b in range(branches)]
    return file(start(), gateway("parallel", "f"), user(*names), gateway("parallel", "j"), end(),
                flows("s -> f", *ways, "j -> e"))  # fmt: skip


TWINS = [
    ("a choice into a parallel join", joined("exclusive", "parallel"), joined("exclusive", "exclusive")),
    ("a choice into a parallel join, of parallel ways", joined("exclusive", "parallel"),
     joined("parallel", "parallel")),
    ("a task and the event that interrupts it", on_edge("parallel", True), on_edge("exclusive", True)),
    ("a task and an event on its edge", on_edge("parallel", True), on_edge("parallel", False)),
    ("a loop back into a parallel join", back("parallel"), back("exclusive")),
    ("one way and two that exclude each other", three("j"), three("x")),
    ("in a sub-process", inside("parallel"), inside("exclusive")),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "right"), [t[1:] for t in TWINS], ids=[t[0] for t in TWINS])
def test_a_join_that_can_never_open_is_refused_and_its_twin_is_not(wrong: bytes, right: bytes) -> None:
    found = [f for f in check(wrong) if f.rule == "deadlocks"]
    assert [f.element_id for f in found] == ["j"]
    assert all(len(text) > 30 and text.endswith(".") for f in found for text in (f.sv, f.en))
    assert check(right) == []
    load(right)


def test_a_join_that_opens_when_the_answers_are_right_is_accepted_with_a_warning() -> None:
    """Only what is certain is refused: an inclusive gateway may take both ways."""
    some = joined("inclusive", "parallel")
    assert check(some) == []
    assert [(f.rule, f.element_id) for f in warnings(some)] == [("deadlocks", "j")]


def early(last: str) -> bytes:
    """Two of three ways meet before the third does; were the first join impatient, a token would be left over."""
    ways = flows("s -> f -> a -> o", "f -> b -> o", "o -> j", "f -> c -> j", "j -> e")
    return file(start(), gateway("parallel", "f"), user("a", "b", "c"), gateway("inclusive", "o"), gateway(last, "j"),
                end(), ways)  # fmt: skip


@pytest.mark.parametrize("calm", [joined("inclusive", "inclusive"), joined("parallel", "parallel"), early("parallel"),
                                  on_edge("inclusive", False), wide(4)])  # fmt: skip
def test_what_always_goes_on_has_no_warning(calm: bytes) -> None:
    assert (check(calm), warnings(calm)) == ([], [])


def test_a_join_for_an_event_that_need_not_come_is_warned_of() -> None:
    assert [f.element_id for f in warnings(on_edge("parallel", False))] == ["j"]


def test_a_diagram_with_too_many_ways_to_try_is_not_held_up() -> None:
    began = time.perf_counter()
    assert check(wide(12)) == []
    assert time.perf_counter() - began < 2


def test_a_model_that_is_only_run_may_stand_still() -> None:
    assert run(joined("exclusive", "parallel").replace(b"not x", b"not(x)"), {"x": True}) == []


def test_a_loop_through_a_sub_process_in_which_nothing_waits_is_refused() -> None:
    wrong = rounds("", "s1 -> e1")
    assert "endless_loops" in {f.rule for f in check(wrong)}
    assert check(rounds(user("a"), "s1 -> a -> e1")) == []
