"""Splits and joins, also in loops.

Every walk runs twice: straight through, and saved and restored before every step.
"""

from __future__ import annotations

import pytest
from support.bpmn_drawing import (
    Walk,
    end,
    file,
    flows,
    gateway,
    start,
    user,
)

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


def test_an_inclusive_gateway_in_a_loop_does_not_let_the_next_token_by_while_one_is_on_its_way_back(
    reload: bool,
) -> None:
    """Three tokens come to the head of a loop. What goes round may come again, so those behind it wait until then."""
    walk = Walk(
        file(
            start(),
            gateway("parallel", "f"),
            user("x", "y", "z", "l"),
            gateway("exclusive", "j"),
            gateway("inclusive", "a"),
            gateway("exclusive", "b", 'default="b_e"'),
            end(),
            flows("s -> f -> x -> j -> a -> l -> b -> e", "f -> y -> j", "f -> z -> j", "b -> a: again"),
        ),
        {"again": True},
        reload=reload,
    )
    assert walk.do("x").do("y").do("z").at == ["l"]
    assert walk.do("l").at == ["l"]
    assert walk.do("l", again=False).at == ["l"]
    assert walk.do("l").now.done
