"""How tokens move. Every walk runs twice: straight through, and saved and restored before every step."""

from __future__ import annotations

from typing import Any

import pytest
from support.bpmn_drawing import (
    Walk,
    boundary,
    end,
    file,
    flows,
    gateway,
    lookup,
    message,
    start,
    timer,
    user,
)

from engine.bpmn import BpmnError, load


@pytest.fixture(params=[False, True], ids=["straight", "reloaded"])
def reload(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


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


FORK = file(
    start(),
    gateway("parallel", "fork"),
    user("a", "b"),
    gateway("parallel", "join"),
    user("c"),
    end(),
    flows("s -> fork -> a -> join -> c -> e", "fork -> b -> join"),
)


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_a_parallel_join_waits_for_every_branch_in_any_order(order: str, reload: bool) -> None:
    walk = Walk(FORK, reload=reload)
    assert walk.at == ["a", "b"]
    assert walk.do(order[0]).at == [order[1]]
    assert walk.do(order[1]).at == ["c"]
    walk.do("c")
    assert walk.now.done
    assert walk.passed.count("join") == 1


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_what_one_branch_writes_is_not_undone_by_the_branch_that_finishes_last(order: str, reload: bool) -> None:
    walk = Walk(FORK, {"budget": 100}, reload=reload)
    for task in order:
        walk.do(task, **({"budget": 150} if task == "a" else {"other": 1}))
    assert walk.now.variables == {"budget": 150, "other": 1}


def test_a_parallel_join_takes_one_token_from_each_flow_and_keeps_the_rest(reload: bool) -> None:
    """Two tokens on one incoming flow and one on the other open the gateway once; BPMN 2.0.2, 13.4.1."""
    xml = file(
        start(),
        gateway("parallel", "fork"),
        user("a", "b", "c"),
        gateway("exclusive", "merge"),
        gateway("parallel", "join"),
        user("d"),
        end(),
        flows(
            "s -> fork -> a -> merge -> join -> d -> e",
            "fork -> b -> merge",
            "fork -> c -> join",
        ),
    )
    walk = Walk(xml, reload=reload).do("a").do("b").do("c")
    assert walk.at == ["d"]
    walk.do("d")
    assert not walk.now.done


def test_a_send_back_loop_runs_round_after_round_without_growing(reload: bool) -> None:
    xml = file(
        start(),
        gateway("exclusive", "again"),
        user("write", "review"),
        gateway("exclusive", "ok", 'default="ok_again"'),
        end(),
        flows("s -> again -> write -> review -> ok", "ok -> e: good", "ok -> again"),
    )
    walk = Walk(xml, reload=reload)
    sizes = []
    for _ in range(200):
        walk.do("write").do("review", good=False)
        sizes.append(len(walk.now.dump()))
    assert max(sizes) - sizes[0] <= 8
    walk.do("write").do("review", good=True)
    assert walk.now.done
    assert walk.passed.count("review") == 201


def test_a_loop_around_a_parallel_block_opens_its_join_once_a_round(reload: bool) -> None:
    xml = file(
        start(),
        gateway("exclusive", "again"),
        gateway("parallel", "fork"),
        user("a", "b"),
        gateway("parallel", "join"),
        gateway("exclusive", "ok", 'default="ok_again"'),
        end(),
        flows("s -> again -> fork -> a -> join -> ok", "fork -> b -> join", "ok -> e: good", "ok -> again"),
    )
    walk = Walk(xml, reload=reload)
    for _ in range(10):
        walk.do("b", good=False).do("a")
        assert walk.at == ["a", "b"]
    walk.do("a", good=True).do("b")
    assert walk.now.done
    assert walk.passed.count("join") == 11


INCLUSIVE = file(
    start(),
    user("first"),
    gateway("inclusive", "fork", 'default="fork_c"'),
    user("a", "b", "c"),
    gateway("inclusive", "join"),
    user("d"),
    end(),
    flows(
        "s -> first -> fork",
        "fork -> a: x",
        "fork -> b: y",
        "fork -> c",
        "a -> join -> d -> e",
        "b -> join",
        "c -> join",
    ),
)


@pytest.mark.parametrize(("x", "y", "chosen"), [(True, True, ["a", "b"]), (True, False, ["a"]), (False, False, ["c"])])
def test_an_inclusive_join_waits_for_just_the_branches_that_were_chosen(
    x: bool, y: bool, chosen: list[str], reload: bool
) -> None:
    walk = Walk(INCLUSIVE, reload=reload).do("first", x=x, y=y)
    assert walk.at == chosen
    for left, task in enumerate(chosen, 1):
        assert walk.do(task).at == (chosen[left:] or ["d"])
    assert walk.do("d").now.done


def test_an_inclusive_join_opens_when_the_last_token_that_could_come_goes_elsewhere(reload: bool) -> None:
    xml = file(
        start(),
        gateway("parallel", "fork"),
        user("a", "b"),
        gateway("exclusive", "g"),
        gateway("inclusive", "join"),
        user("d"),
        end("e1"),
        end("e2"),
        flows("s -> fork -> a -> join -> d -> e1", "fork -> b -> g", "g -> join: x", "g -> e2: not x"),
    )
    walk = Walk(xml, reload=reload).do("a")
    assert walk.at == ["b"]
    assert walk.do("b", x=False).at == ["d"]


def test_several_flows_out_of_a_task_all_get_a_token(reload: bool) -> None:
    xml = file(start(), user("a", "b", "c"), end(), flows("s -> a -> b -> e", "a -> c -> e"))
    walk = Walk(xml, reload=reload).do("a")
    assert walk.at == ["b", "c"]
    assert walk.do("b").do("c").now.done
    assert walk.passed.count("e") == 2


def watched(inner: str, interrupting: bool) -> bytes:
    return file(
        start(),
        user("a", "late", "b"),
        boundary("ev", "a", inner, interrupting),
        end("e1"),
        end("e2"),
        flows("s -> a -> b -> e1", "ev -> late -> e2"),
    )


def test_an_interrupting_timer_takes_the_task_away(reload: bool) -> None:
    walk = Walk(watched(timer("review.closes"), True), reload=reload)
    task, event = walk.now.waits()
    assert (task.kind, event.kind) == ("user_task", "timer")
    assert (event.timer, event.timer_kind) == ("review.closes", "timeDate")
    assert (event.attached_token, event.interrupting) == (task.token, True)
    assert walk.fire("ev").at == ["late"]
    walk.collect()
    assert ("a", "cancelled") in walk.visits
    assert walk.do("late").now.done
    assert "a" not in walk.passed


def test_a_non_interrupting_timer_fires_once_beside_the_task(reload: bool) -> None:
    walk = Walk(watched(timer("PT1S"), False), reload=reload).fire("ev")
    assert walk.at == ["a", "late"]
    walk.do("a").do("b")
    assert not walk.now.done
    assert walk.do("late").now.done


def test_a_task_that_is_done_takes_its_boundary_events_down_without_a_trace(reload: bool) -> None:
    walk = Walk(watched(timer("PT1S"), True), reload=reload).do("a")
    assert walk.at == ["b"]
    walk.collect()
    assert not [visit for visit in walk.visits if visit[0] == "ev"]


def test_an_interrupting_message_takes_the_task_away_and_brings_its_variables(reload: bool) -> None:
    walk = Walk(watched(message("stop"), True), reload=reload)
    assert [w.message for w in walk.now.waits()] == [None, "stop"]
    walk.hear("ev", why="moved")
    assert walk.at == ["late"]
    assert walk.now.variables == {"why": "moved"}


def test_a_non_interrupting_message_can_come_again_and_again(reload: bool) -> None:
    walk = Walk(watched(message("note"), False), reload=reload)
    first = walk.token("ev")
    walk.hear("ev").hear("ev")
    assert sorted(walk.at) == ["a", "ev", "late", "late"]
    assert walk.token("ev") != first
    assert walk.do("a").at.count("ev") == 0


def test_intermediate_events_wait_for_time_and_message_and_throw(reload: bool) -> None:
    xml = file(
        start(),
        f'<intermediateCatchEvent id="t">{timer("year_planning.opens")}</intermediateCatchEvent>',
        f'<intermediateCatchEvent id="m">{message("answer")}</intermediateCatchEvent>',
        f'<intermediateThrowEvent id="tell">{message("news")}</intermediateThrowEvent>',
        '<intermediateThrowEvent id="milestone"/>',
        end("e", message("over")),
        flows("s -> t -> m -> tell -> milestone -> e"),
    )
    walk = Walk(xml, reload=reload)
    with pytest.raises(BpmnError):
        walk.now.correlate(walk.token("t"), {})
    walk.fire("t")
    with pytest.raises(BpmnError):
        walk.now.fire(walk.token("m"))
    walk.hear("m", n=3)
    assert walk.now.done
    walk.collect()
    assert walk.thrown == [("news", {"n": 3}), ("over", {"n": 3})]
    assert walk.passed == ["s", "t", "m", "tell", "milestone", "e"]


def test_a_terminate_end_event_takes_every_other_token_away(reload: bool) -> None:
    xml = file(
        start(),
        gateway("parallel", "fork"),
        user("a", "b"),
        end("e1", "<terminateEventDefinition/>"),
        end("e2"),
        flows("s -> fork -> a -> e1", "fork -> b -> e2"),
    )
    walk = Walk(xml, reload=reload).do("a")
    assert walk.now.done
    walk.collect()
    assert ("b", "cancelled") in walk.visits


def test_nothing_runs_on_in_the_same_step_after_a_terminate_end_event() -> None:
    xml = file(
        start(),
        gateway("parallel", "fork"),
        end("e1", "<terminateEventDefinition/>"),
        f'<intermediateThrowEvent id="tell">{message("news")}</intermediateThrowEvent>',
        f'<intermediateThrowEvent id="tell2">{message("news")}</intermediateThrowEvent>',
        end("e2"),
        flows("s -> fork -> e1", "fork -> tell -> tell2 -> e2"),
    )
    walk = Walk(xml)
    assert walk.now.done
    assert "tell2" not in walk.passed


SUB = (
    '<subProcess id="sub">'
    + start("s2")
    + gateway("parallel", "f2")
    + user("x", "y")
    + end("e2")
    + flows("s2 -> f2 -> x -> e2", "f2 -> y -> e2")
    + "</subProcess>"
)


def test_a_sub_process_is_left_when_everything_in_it_is_done(reload: bool) -> None:
    xml = file(start(), SUB, user("after"), end(), flows("s -> sub -> after -> e"))
    walk = Walk(xml, reload=reload)
    assert walk.at == ["x", "y"]
    assert walk.do("y").at == ["x"]
    assert walk.do("x").at == ["after"]
    assert walk.do("after").now.done
    assert walk.passed == ["s", "s2", "f2", "y", "e2", "x", "e2", "sub", "after", "e"]


def test_an_interrupting_event_on_a_sub_process_cancels_all_in_it(reload: bool) -> None:
    xml = file(
        start(),
        SUB,
        boundary("ev", "sub", timer("PT1S")),
        user("after", "late"),
        end(),
        flows("s -> sub -> after -> e", "ev -> late -> e"),
    )
    walk = Walk(xml, reload=reload).do("x")
    assert walk.fire("ev").at == ["late"]
    walk.collect()
    assert {("y", "cancelled"), ("sub", "cancelled")} <= set(walk.visits)


def test_a_terminate_end_event_in_a_sub_process_ends_only_that(reload: bool) -> None:
    inner = SUB.replace('<endEvent id="e2"></endEvent>', end("e2", "<terminateEventDefinition/>"))
    xml = file(start(), inner, user("after"), end(), flows("s -> sub -> after -> e"))
    assert Walk(xml, reload=reload).do("x").at == ["after"]


def test_a_sub_process_in_a_sub_process_is_run_and_saved(reload: bool) -> None:
    outer = f'<subProcess id="outer">{start("s0")}{SUB}{end("e0")}{flows("s0 -> sub -> e0")}</subProcess>'
    xml = file(start(), outer, end(), flows("s -> outer -> e"))
    walk = Walk(xml, reload=reload)
    assert walk.at == ["x", "y"]
    assert walk.do("x").do("y").now.done


def test_a_loop_can_pass_a_sub_process_many_times(reload: bool) -> None:
    xml = file(
        start(),
        gateway("exclusive", "again"),
        SUB,
        gateway("exclusive", "ok", 'default="ok_again"'),
        end(),
        flows("s -> again -> sub -> ok", "ok -> e: good", "ok -> again"),
    )
    walk = Walk(xml, {"good": False}, reload=reload)
    for _ in range(12):
        walk.do("x").do("y")
        assert walk.at == ["x", "y"]


def change_case(*more: str) -> bytes:
    """The change case: an event sub-process that may be started by a message while the process lives."""
    return file(
        start(),
        user("work"),
        end(),
        flows("s -> work -> e"),
        '<subProcess id="change" triggeredByEvent="true">',
        start("asked", message("change"), 'isInterrupting="false"'),
        user("judge"),
        end("settled"),
        flows("asked -> judge -> settled"),
        "</subProcess>",
        *more,
    )


def test_an_event_sub_process_that_nobody_starts_does_not_keep_the_instance(reload: bool) -> None:
    walk = Walk(change_case(), reload=reload)
    assert [(w.element_id, w.kind, w.message) for w in walk.now.waits()] == [
        ("work", "user_task", None),
        ("asked", "message", "change"),
    ]
    assert walk.do("work").now.done
    assert walk.at == []


def test_an_event_sub_process_runs_each_time_it_is_asked_for_beside_the_process(reload: bool) -> None:
    walk = Walk(change_case(), reload=reload).hear("asked", case=1).hear("asked", case=2)
    judges = [w for w in walk.now.waits() if w.element_id == "judge"]
    assert walk.at == ["work", "judge", "judge", "asked"]
    assert len({w.token for w in judges}) == 2
    assert walk.now.variables["case"] == 2
    walk.do("judge").hear("asked").do("work")
    assert not walk.now.done
    assert walk.at == ["judge", "judge", "asked"]
    walk.do("judge").do("judge")
    assert walk.now.done
    assert walk.passed.count("settled") == 3


def test_cancelling_takes_everything_away(reload: bool) -> None:
    walk = Walk(change_case(), reload=reload).hear("asked")
    walk.now.cancel()
    assert walk.now.done
    assert walk.at == []
    walk.collect()
    assert {("work", "cancelled"), ("judge", "cancelled")} <= set(walk.visits)
    assert walk.model.restore(walk.now.dump(), lookup).done


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
