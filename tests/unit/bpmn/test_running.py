"""How tokens move, one after the other.

Every walk runs twice: straight through, and saved and restored before every step.
"""

from __future__ import annotations

from typing import Any

import pytest
from support.bpmn_drawing import (
    Walk,
    end,
    file,
    flows,
    gateway,
    lookup,
    start,
    timer,
    user,
)

from engine.bpmn import BpmnError, load

LINE = file(start(), user("a", "b"), end(), flows("s -> a -> b -> e"))


def test_a_line_of_user_tasks_is_walked_to_its_end(reload: bool) -> None:
    walk = Walk(LINE, reload=reload)
    assert walk.at == ["a"]
    assert walk.do("a", x=1).at == ["b"]
    assert not walk.now.done
    walk.do("b", y=2)
    assert walk.now.done
    assert walk.at == []
    assert walk.now.variables == {"x": 1, "y": 2}
    assert walk.passed == ["s", "a", "b", "e"]


def test_a_token_that_does_not_wait_is_refused_and_nothing_changes(reload: bool) -> None:
    walk = Walk(LINE, reload=reload)
    token = walk.token("a")
    walk.do("a")
    before = walk.now.dump()
    for verb in (
        lambda: walk.now.complete(token, {"x": 1}),
        lambda: walk.now.fire(walk.token("b")),
        lambda: walk.now.correlate(walk.token("b"), {}),
        lambda: walk.now.complete("nonsense", {}),
        lambda: walk.now.correlate("start:a", {}),
    ):
        with pytest.raises(BpmnError) as refusal:
            verb()
        assert refusal.value.code == "not_ready"
    assert walk.now.dump() == before


CHOICE = file(
    start(),
    user("a"),
    gateway("exclusive", "g", 'default="g_e"'),
    user("yes", "maybe"),
    end(),
    flows("s -> a -> g", "g -> yes: first", "g -> maybe: second", "g -> e", "yes -> e", "maybe -> e"),
)


@pytest.mark.parametrize(
    ("values", "then"),
    [
        ({"first": True, "second": True}, ["yes"]),
        ({"first": False, "second": True}, ["maybe"]),
        ({"first": False, "second": False}, []),
    ],
)
def test_an_exclusive_gateway_takes_the_first_true_flow_else_the_default(
    values: dict[str, Any], then: list[str], reload: bool
) -> None:
    assert Walk(CHOICE, reload=reload).do("a", **values).at == then


@pytest.mark.parametrize("answer", [1, "true", None])
def test_a_condition_that_is_not_true_or_false_stops_the_step_and_leaves_all_as_it_was(
    answer: object,
) -> None:
    walk = Walk(CHOICE)
    before, visits = walk.now.dump(), list(walk.now.visits)
    with pytest.raises(BpmnError) as refusal:
        walk.do("a", first=answer, second=True)
    assert (refusal.value.code, refusal.value.element_id) == ("condition", "g")
    assert walk.now.dump() == before
    assert walk.now.visits == visits
    assert walk.do("a", first=True).at == ["yes"]


def test_a_condition_that_fails_names_its_gateway() -> None:
    with pytest.raises(BpmnError, match="first") as refusal:
        Walk(CHOICE).do("a")
    assert (refusal.value.code, refusal.value.element_id) == ("condition", "g")


def test_a_gateway_without_a_way_out_says_so() -> None:
    xml = file(
        start(),
        user("a", "b"),
        gateway("exclusive", "g"),
        end(),
        flows("s -> a -> g", "g -> b: x", "g -> e: y", "b -> e"),
    )
    with pytest.raises(BpmnError) as refusal:
        Walk(xml).do("a", x=False, y=False)
    assert (refusal.value.code, refusal.value.element_id) == ("no_way_out", "g")


def test_a_multi_instance_user_task_is_one_waiting_token(reload: bool) -> None:
    marked = '<userTask id="ask"><multiInstanceLoopCharacteristics/></userTask>'
    walk = Walk(file(start(), marked, end(), flows("s -> ask -> e")), reload=reload)
    (wait,) = walk.now.waits()
    assert wait.multi
    assert walk.do("ask").now.done


def test_a_service_task_waits_for_the_caller(reload: bool) -> None:
    walk = Walk(file(start(), '<serviceTask id="a"/>', end(), flows("s -> a -> e")), reload=reload)
    assert [w.kind for w in walk.now.waits()] == ["service"]
    assert walk.do("a").now.done


def test_a_timer_start_is_passed_at_once_and_its_text_is_told() -> None:
    model = load(file(start("s", timer("Y-2-11-01")), user("a"), end(), flows("s -> a -> e")))
    assert (model.start_timer, model.start_timer_kind) == ("Y-2-11-01", "timeDate")
    assert [w.element_id for w in model.start({}, lookup).waits()] == ["a"]


def test_every_element_and_flow_leaves_a_visit_in_the_order_it_happened() -> None:
    walk = Walk(LINE)
    walk.do("a")
    assert [(v.element_id, v.what) for v in walk.now.visits] == [
        ("s", "entered"),
        ("s", "left"),
        ("s_a", "taken"),
        ("a", "entered"),
        ("a", "left"),
        ("a_b", "taken"),
        ("b", "entered"),
    ]
    tokens = [v.token for v in walk.now.visits]
    assert tokens == ["t1", "t1", "t1", "t2", "t2", "t2", "t3"]


def test_ids_that_the_library_uses_itself_are_just_ids(reload: bool) -> None:
    xml = file(start("Start"), user("p.EndJoin"), end("End"), flows("Start -> p.EndJoin -> End"))
    walk = Walk(xml, reload=reload)
    assert walk.do("p.EndJoin").now.done
    assert walk.passed == ["Start", "p.EndJoin", "End"]


def test_a_path_of_300_elements_without_a_wait_runs_without_a_recursion_error() -> None:
    names = [f"n{i}" for i in range(297)]
    events = "".join(f'<intermediateThrowEvent id="{n}"/>' for n in names)
    xml = file(start(), user("a"), events, end(), flows("s -> a -> " + " -> ".join([*names, "e"])))
    assert Walk(xml).do("a").now.done


def test_a_step_that_never_comes_to_a_wait_is_stopped() -> None:
    """A sub-process in which a task waits sometimes looks to the rules as if it always did."""
    inner = (
        start("s2")
        + gateway("exclusive", "x")
        + user("b")
        + end("e2")
        + flows("s2 -> x", "x -> b: far", "x -> e2: near", "b -> e2")
    )
    xml = file(start(), user("a"), gateway("exclusive", "g"), f'<subProcess id="sub">{inner}</subProcess>',
               flows("s -> a -> g -> sub -> g"))  # fmt: skip
    walk = Walk(xml, {"far": False, "near": True})
    before = walk.now.dump()
    with pytest.raises(BpmnError) as refusal:
        walk.do("a")
    assert refusal.value.code == "too_long"
    assert walk.now.dump() == before
