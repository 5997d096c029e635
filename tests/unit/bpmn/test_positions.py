"""A move that is looked up leads where it led when it was worked out; kept are only those that always lead there."""

from __future__ import annotations

import random
from typing import Any

import pytest
from support.bpmn_drawing import boundary, end, file, flows, gateway, lookup, message, start, timer, user
from support.token_walks import Drawer

from engine import bpmn
from engine.bpmn import positions, tokens

LINE = file(start(), user("a", "b"), end(), flows("s -> a -> b -> e"))
SEND = '<sendTask id="send" messageRef="m_hello"/>'
STEPS = 40


def walk(model: bpmn.Model, seed: int, *, know: bool) -> list[Any]:
    """What happened at each step of a random path; with `know` false nothing is remembered from step to step."""
    rng, told = random.Random(seed), []
    run = model.start({}, lambda _expression, _variables: rng.random() < 0.5)
    for step in range(STEPS):
        waits = sorted(run.waits(), key=lambda wait: wait.token)
        told.append((waits, run.done, run.dump(), list(run.visits)))
        if not waits:
            break
        if not know:
            positions._kept.clear()
            run = model.restore(run.dump(), run._ledger.evaluate)
        wait = rng.choice(waits)
        try:
            if wait.kind == "user_task":
                run.complete(wait.token, {"n": step})
            else:
                run.fire(wait.token)
        except bpmn.BpmnError as failure:
            told.append(failure.code)
        run.visits.clear()
    return told


@pytest.mark.parametrize("seed", range(60))
def test_random_paths_are_the_same_with_and_without_what_is_known(seed: int) -> None:
    drawer = Drawer(random.Random(seed))
    drawer._flow(drawer.block("s", 3, False), "e")
    model = bpmn.load(file(start(), *drawer.parts, end(), flows(*drawer.lines)))
    for path in range(4):
        afresh = walk(model, path, know=False)
        assert walk(model, path, know=True) == afresh
        assert walk(model, path, know=True) == afresh


def test_the_second_instance_needs_no_task_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    model = bpmn.load(LINE)

    def through() -> bytes:
        run = model.start({}, lookup)
        run.complete(run.waits()[0].token, {"x": 1})
        return run.dump()

    first = through()
    monkeypatch.setattr(tokens, "rebuild", lambda *_args: pytest.fail("worked out again"))
    assert through() == first


def test_the_tenth_round_of_a_loop_needs_no_task_trees_either(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it stands differs from the first round in the tokens' numbers alone, those of a race and a host too."""
    catching = [f'<intermediateCatchEvent id="t">{timer("x")}</intermediateCatchEvent>']
    catching += [f'<intermediateCatchEvent id="m">{message("go")}</intermediateCatchEvent>']
    gateways = gateway("exclusive", "in") + gateway("eventBased", "first") + gateway("exclusive", "heard")
    gateways += gateway("exclusive", "again", 'default="again_e"')
    late = boundary("late", "a", timer("x"), interrupting=False)
    lines = flows("s -> in -> a -> first -> t -> heard -> b -> again -> e", "first -> m -> heard", "late -> c -> f")
    back = flows("again -> in: more")
    (model,) = bpmn.load_all(
        file(start(), user("a", "b", "c"), late, gateways, *catching, end(), end("f"), lines, back)
    )

    def wait(run: bpmn.Execution, element: str) -> str:
        return next(wait.token for wait in run.waits() if wait.element_id == element)

    def silent(run: bpmn.Execution) -> list[Any]:
        """From a to b, which asks nothing; what was seen on the way."""
        told = []
        for verb, element in ((run.fire, "late"), (run.complete, "c"), (run.complete, "a"), (run.fire, "t")):
            more = () if verb == run.fire else ({},)
            verb(wait(run, element), *more)
            told.append((run.waits(), run.done, run.dump(), list(run.visits)))
        return told

    positions._kept.clear()
    run = model.start({}, lambda _expression, _variables: True)
    for _ in range(9):
        silent(run)
        run.complete(wait(run, "b"), {})
    saved, begun = run.dump(), len(run.visits)
    with monkeypatch.context() as patched:
        patched.setattr(tokens, "rebuild", lambda *_args: pytest.fail("worked out again"))
        known = silent(run)
    positions._kept.clear()
    run = model.restore(saved, lambda _expression, _variables: True)
    afresh = silent(run)
    assert [(*rest, visits[begun:]) for *rest, visits in known] == [tuple(told) for told in afresh]


def test_a_move_that_asked_for_a_condition_is_worked_out_for_each_instance() -> None:
    choice = gateway("exclusive", "g", 'default="g_b"')
    lines = flows("s -> t -> g", "g -> a: x", "g -> b", "a -> e", "b -> e")
    model = bpmn.load(file(start(), user("t", "a", "b"), choice, end(), lines))
    for x, element in ((True, "a"), (False, "b"), (True, "a")):
        run = model.start({}, lookup)
        run.complete(run.waits()[0].token, {"x": x})
        assert [wait.element_id for wait in run.waits()] == [element]


def test_a_message_is_thrown_by_each_instance_with_its_own_variables() -> None:
    model = bpmn.load_all(file(start(), user("a", "b"), SEND, end(), flows("s -> a -> send -> b -> e")))[0]
    for x in (1, 2):
        run = model.start({}, lookup)
        run.complete(run.waits()[0].token, {"x": x})
        assert run.thrown == [("hello", {"x": x})]


def test_large_positions_are_not_kept() -> None:
    before = len(positions._kept)
    assert positions.at("model", "x" * (positions.LONGEST + 1)) is not positions.at(
        "model", "x" * (positions.LONGEST + 1)
    )
    assert len(positions._kept) == before
