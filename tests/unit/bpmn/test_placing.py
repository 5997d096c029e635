"""A saved instance moves to another activity or to a newer diagram exactly, or is refused."""

from __future__ import annotations

import pytest
from support.bpmn_drawing import MESSAGE, TIMER, Walk, boundary, end, file, flows, gateway, lookup, start, user

from engine.bpmn import BpmnError, Execution, adopt, load, move

LINE = flows("s -> a -> b -> e")
XML = file(start(), user("a", "b"), end(), LINE)
WATCHED = file(
    start(), user("a", "b"), boundary("late", "a", TIMER.format("2027-01-01")), end(), LINE, flows("late -> b")
)
FORKED = file(
    start(), gateway("parallel", "fork"), user("a", "b", "c"), gateway("parallel", "join"), end(),
    flows("s -> fork -> a -> join -> e", "fork -> b -> c -> join"),
)  # fmt: skip
NESTED = file(
    start(),
    f'<subProcess id="sub">{start("is")}{user("x", "y")}{end("ie")}{flows("is -> x -> y -> ie")}</subProcess>',
    user("b"), end(), flows("s -> sub -> b -> e"),
)  # fmt: skip


def moved(xml: bytes, before: bytes, token: str, to: str) -> Execution:
    return move(load(xml), before, token, to, lookup)[0]


def places(execution: Execution) -> list[str]:
    return [wait.element_id for wait in execution.waits()]


def taken_over(old: bytes, new: bytes, walk: Walk | None = None) -> Execution:
    walk = walk or Walk(old)
    return adopt(load(new), load(old), walk.now.dump(), lookup)


def test_a_moved_token_waits_there_under_a_new_name_and_goes_on() -> None:
    walk = Walk(XML)
    execution, name = move(load(XML), walk.now.dump(), walk.token("a"), "b", lookup)
    assert places(execution) == ["b"]
    assert name != walk.token("a")
    execution.complete(name, {})
    assert execution.done


def test_a_moved_token_stands_as_one_that_came_by_itself() -> None:
    """Its boundary events are armed, and those of the place it left are gone."""
    walk = Walk(WATCHED).do("a")
    execution = moved(WATCHED, walk.now.dump(), walk.token("b"), "a")
    assert places(execution) == ["a", "late"]
    back = moved(WATCHED, execution.dump(), execution.waits()[0].token, "b")
    assert places(back) == ["b"]


def test_the_other_tokens_of_a_fork_stay_where_they_are() -> None:
    walk = Walk(FORKED)
    execution = moved(FORKED, walk.now.dump(), walk.token("b"), "c")
    assert sorted(places(execution)) == ["a", "c"]
    for wait in execution.waits():
        execution.complete(wait.token, {})
    assert execution.done


def test_a_token_inside_a_sub_process_moves_inside_it_only() -> None:
    walk = Walk(NESTED)
    assert places(moved(NESTED, walk.now.dump(), walk.token("x"), "y")) == ["y"]
    with pytest.raises(BpmnError) as refused:
        moved(NESTED, walk.now.dump(), walk.token("x"), "b")
    assert refused.value.code == "cannot_place"


@pytest.mark.parametrize("to", ["s", "e", "late", "nothing"])
def test_a_place_where_nobody_works_is_refused(to: str) -> None:
    walk = Walk(WATCHED)
    with pytest.raises(BpmnError) as refused:
        moved(WATCHED, walk.now.dump(), walk.token("a"), to)
    assert refused.value.code == "cannot_place"


def test_a_token_that_does_not_wait_cannot_be_moved() -> None:
    with pytest.raises(BpmnError) as refused:
        moved(XML, Walk(XML).now.dump(), "t99", "b")
    assert refused.value.code == "not_ready"


def test_the_newer_diagram_finds_every_token_under_its_name() -> None:
    walk = Walk(XML)
    newer = file(start(), user("a", "b", "z"), end(), flows("s -> a -> z -> b -> e"))
    execution = taken_over(XML, newer, walk)
    assert [(w.token, w.element_id) for w in execution.waits()] == [(walk.token("a"), "a")]
    execution.complete(walk.token("a"), {})
    assert places(execution) == ["z"]
    assert load(newer).restore(execution.dump(), lookup).rewritten() == execution.dump()


def test_boundary_events_that_are_new_are_armed_and_those_gone_are_dropped() -> None:
    assert places(taken_over(XML, WATCHED)) == ["a", "late"]
    assert places(taken_over(WATCHED, XML)) == ["a"]


def test_a_boundary_event_that_has_fired_is_not_armed_again() -> None:
    once = file(
        start(), user("a", "b"), boundary("nudge", "a", TIMER.format("2027-01-01"), interrupting=False), end(),
        end("told"), LINE, flows("nudge -> told"),
    )  # fmt: skip
    walk = Walk(once)
    walk.now.fire(next(w.token for w in walk.now.waits() if w.element_id == "nudge"))
    newer = once.replace(b'name="B"', b'name="Better"')
    assert places(adopt(load(newer), load(once), walk.now.dump(), lookup)) == ["a"]


def test_variables_and_waiting_joins_come_along() -> None:
    walk = Walk(FORKED, {"x": 1}).do("a")
    newer = FORKED.replace(b'name="C"', b'name="Last"')
    execution = taken_over(FORKED, newer, walk)
    assert execution.variables["x"] == 1
    for _ in range(2):
        execution.complete(execution.waits()[0].token, {})
    assert execution.done


@pytest.mark.parametrize(
    "newer",
    [
        file(start(), user("c", "b"), end(), flows("s -> c -> b -> e")),
        file(start(), f'<intermediateCatchEvent id="a">{MESSAGE.format("go")}</intermediateCatchEvent>', user("b"),
             end(), LINE),
    ],
)  # fmt: skip
def test_an_element_that_is_gone_or_another_is_refused_by_name(newer: bytes) -> None:
    with pytest.raises(BpmnError) as refused:
        taken_over(XML, newer)
    assert refused.value.code == "cannot_place"
    assert refused.value.element_id == "a"


def test_a_state_of_a_third_diagram_is_refused() -> None:
    with pytest.raises(BpmnError) as refused:
        adopt(load(WATCHED), load(XML), Walk(FORKED).now.dump(), lookup)
    assert refused.value.code == "state_model"
