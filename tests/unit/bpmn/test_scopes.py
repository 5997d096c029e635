"""Sub-processes and event sub-processes.

Every walk runs twice: straight, and saved and restored before every step.
"""

from __future__ import annotations

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
