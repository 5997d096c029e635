"""Events that come to what waits, and ends.

Every walk runs twice: straight, and saved and restored before every step.
"""

from __future__ import annotations

import pytest
from support.bpmn_drawing import (
    Walk,
    boundary,
    end,
    file,
    flows,
    gateway,
    message,
    start,
    timer,
    user,
)

from engine.bpmn import BpmnError


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
