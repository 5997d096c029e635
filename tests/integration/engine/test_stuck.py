"""Where the diagram cannot go on: what people did is kept, a technical fault says why, and mending it lets it go on."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from support import small_process as small
from support.world import World, at

from engine import deployments, events, history, incidents, job_executor, jobs, stuck, user_tasks
from engine.actor import SYSTEM
from engine.errors import InvalidInput, NotPossible
from engine.operations import mending, moving
from engine.store.tables import activity, job, user_task

CHOICE = ('<exclusiveGateway id="g" name="Vart?"/>', "s -> a -> g", "g -> b: way = 1", "g -> c: way = 2", "b -> e",
          "c -> e")  # fmt: skip
BOTH = small.task("b") + small.task("c")


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    world = World(database_url, today="2026-11-02")
    world.key = "choice"
    yield world
    world.ensure_saved_whole()
    with world.page() as tx:
        assert history.verify(tx).ok
    world.close()


def deployed(world: World, *parts: str, start: bool = True, variables: str = "way = 3", **more: Any) -> None:
    files = small.package("choice", small.start(), *parts, small.end(), variables=variables, **more)
    with world.database.verb() as tx:
        deployments.deploy(tx, "choice", files, by=SYSTEM, now=world.now)
    if start:
        world.start(2027)


def stopped(world: World, **more: Any) -> Any:
    """`a` is answered, and no condition after it holds. Gives the fault."""
    deployed(world, small.task("a"), BOTH, *CHOICE, **more)
    world.answer("a", "hr", {"note": "klart"})
    with world.page() as tx:
        (fault,) = incidents.open_incidents(tx, world.instance(2027).id)
    return fault


def retry(world: World, fault: Any, **corrected: str) -> None:
    actor = world.person("hr")
    with world.database.verb() as tx:
        mending.retry(tx, fault.id, corrected=corrected, reason="Rättat", by=actor, now=world.now)
    job_executor.tick(world.database, world.now)


def faults(world: World) -> list[Any]:
    with world.page() as tx:
        return incidents.open_incidents(tx, world.instance(2027).id)


def test_an_answer_that_leads_nowhere_is_kept_and_becomes_a_fault_in_words(world: World) -> None:
    fault = stopped(world)
    assert (fault.kind, fault.element_id) == ("diagram_no_way_out", "g")
    assert world.task("a").state == "completed"
    assert [row.state for row in world.visits("a", 2027)] == ["open"]
    with world.page() as tx:
        said = stuck.said_of(tx, fault)
    assert said is not None
    assert "”Vart?”" in said.sv
    assert "“Vart?”" in said.en
    assert world.events("incident_raised", 2027)[0].element_id == "g"


def test_it_goes_on_when_the_value_has_been_corrected(world: World) -> None:
    fault = stopped(world)
    retry(world, fault, way="2")
    assert [task.element_id for task in world.open("c", 2027)] == ["c"]
    assert [row.state for row in world.visits("a", 2027)] == ["completed"]
    assert faults(world) == []
    (event,) = world.events("variable_corrected", 2027)
    assert (event.body["variable"], event.body["old"], event.body["new"], event.body["reason"]) == (
        "way",
        3,
        2,
        "Rättat",
    )
    world.answer("c", "hr", {"note": "x"})
    assert world.instance(2027).state == "completed"


def test_tried_again_without_mending_it_becomes_a_fault_again_at_once(world: World) -> None:
    retry(world, stopped(world))
    (again,) = faults(world)
    assert again.kind == "diagram_no_way_out"
    retry(world, again, way="1")
    assert len(world.open("b", 2027)) == 1


@pytest.mark.parametrize(("name", "text", "reason"), [
    ("other", "1", "no_such_variable"), ("way", "1 +", "not_a_value"), ("way", " ", "not_a_value"),
    ("way", "{a: 1}", "not_a_value"), ("way", "other", "not_a_value"),
])  # fmt: skip
def test_a_value_that_does_not_do_is_refused_and_nothing_is_tried(
    world: World, name: str, text: str, reason: str
) -> None:
    fault = stopped(world)
    with pytest.raises(InvalidInput) as refused:
        retry(world, fault, **{name: text})
    assert refused.value.params["reason"] == reason
    assert [f.id for f in faults(world)] == [fault.id]
    assert world.variables(2027)["way"] == 3


def test_the_process_can_be_moved_to_another_task_instead(world: World) -> None:
    fault = stopped(world)
    (step,) = world.visits("a", 2027)
    actor = world.person("hr")
    with world.database.verb() as tx:
        moving.move(tx, step.id, "b", date(2028, 1, 31), reason="Går inte vidare", by=actor, now=world.now)
    retry(world, fault)
    assert faults(world) == []
    assert len(world.open("b", 2027)) == 1


def test_what_the_step_did_as_it_closed_is_undone_until_it_can_close(world: World) -> None:
    """The form counts each closing: once, though the first attempt failed after it."""
    fault = stopped(world, variables="way = 3\nclosed = 0", effects={"close": [{"set": {"closed": "closed + 1"}}]})
    assert world.variables(2027)["closed"] == 0
    retry(world, fault, way="1")
    assert world.variables(2027)["closed"] == 1


def test_an_expression_that_fails_is_a_fault_too(world: World) -> None:
    fault = stopped(world, variables='way = "x"')
    assert (fault.kind, fault.element_id) == ("diagram_condition", "g")
    retry(world, fault, way="1")
    assert len(world.open("b", 2027)) == 1


def test_a_timer_that_leads_nowhere_becomes_a_fault_at_once_and_delays_nobody(world: World) -> None:
    deployed(world, small.task("a"), BOTH, small.task("d"), '<parallelGateway id="p"/>', *CHOICE[:1],
             '<intermediateCatchEvent id="t" name="En dag"><timerEventDefinition><timeDate>Y-2-11-10</timeDate>'
             "</timerEventDefinition></intermediateCatchEvent>",
             "s -> p -> t -> g", "p -> a -> d -> e", *CHOICE[2:])  # fmt: skip
    world.clock.move_to(world.now.replace(day=20))
    world.answer("a", "hr", {"note": "x"})
    (fault,) = faults(world)
    assert (fault.kind, fault.element_id) == ("diagram_no_way_out", "g")
    with world.page() as tx:
        assert tx.scalar(sa.select(job.c.attempts).where(job.c.id == fault.job_id)) <= 1
    assert len(world.open("d", 2027)) == 1
    retry(world, fault, way="1")
    assert len(world.open("b", 2027)) == 1


def timed(world: World, text: str = "day", variables: str = 'day = "snart"') -> Any:
    """A task whose timer reads a variable. Gives the fault, if any."""
    timer = f"<timerEventDefinition><timeDate>{text}</timeDate></timerEventDefinition>"
    deployed(world, small.task("a"), small.task("b"), "s -> a -> e", "bo -> b -> e",
             f'<boundaryEvent id="bo" name="Sista dag" attachedToRef="a">{timer}</boundaryEvent>',
             variables=variables)  # fmt: skip
    return next(iter(faults(world)), None)


def test_a_timer_whose_day_cannot_be_read_is_a_fault_and_the_task_can_be_answered(world: World) -> None:
    fault = timed(world)
    assert (fault.kind, fault.element_id) == ("diagram_timer", "bo")
    with world.page() as tx:
        said = stuck.said_of(tx, fault)
    assert said is not None
    assert "”Sista dag”" in said.sv
    world.answer("a", "hr", {"note": "x"})
    assert world.instance(2027).state == "completed"


def test_a_timer_whose_day_has_been_corrected_fires_on_that_day(world: World) -> None:
    fault = timed(world)
    retry(world, fault, day='"ingen dag"')
    (again,) = faults(world)
    assert again.kind == "diagram_timer"
    retry(world, again, day='"2026-11-20"')
    assert faults(world) == []
    assert len(world.open("a", 2027)) == 1
    world.clock.move_to(world.now.replace(day=21))
    job_executor.tick(world.database, world.now)
    assert (world.open("a", 2027), len(world.open("b", 2027))) == ([], 1)


def test_a_diagram_in_which_nothing_can_happen_any_more_is_a_fault(world: World) -> None:
    deployed(world, small.task("a"), BOTH, '<inclusiveGateway id="o"/>', '<parallelGateway id="j" name="Möte"/>',
             "s -> a -> o", "o -> b: way >= 1", "o -> c: way >= 4", "b -> j", "c -> j", "j -> e")  # fmt: skip
    world.answer("a", "hr", {"note": "x"})
    assert faults(world) == []
    world.answer("b", "hr", {"note": "x"})
    (fault,) = faults(world)
    assert (fault.kind, fault.element_id) == ("diagram_deadlock", "j")
    with world.page() as tx:
        said = stuck.said_of(tx, fault)
    assert said is not None
    assert "“Möte”" in said.en


def test_a_join_that_may_wait_for_ever_is_told_at_deployment_and_does_not_keep_from_it() -> None:
    files = small.package("choice", small.start(), BOTH, '<inclusiveGateway id="o"/>', '<parallelGateway id="j"/>',
                          small.end(), "s -> o", "o -> b: way = 1", "o -> c: way = 2", "b -> j", "c -> j", "j -> e",
                          variables="way = 1")  # fmt: skip
    (warning,) = deployments.check("choice", files)
    assert (warning.severity, warning.element_id) == ("warning", "j")


def test_a_process_that_leads_nowhere_from_its_start_is_not_started(world: World) -> None:
    deployed(world, BOTH, *CHOICE[:1], "s -> g", *CHOICE[2:], start=False)
    with pytest.raises(NotPossible) as refused:
        world.start(2027)
    assert refused.value.params["reason"] == "diagram_stuck"
    with world.page() as tx:
        assert tx.scalar(sa.select(sa.func.count()).select_from(activity)) == 0
        assert tx.scalar(sa.select(sa.func.count()).select_from(user_task)) == 0


def test_an_event_after_which_nothing_holds_is_kept_until_that_is_mended(world: World) -> None:
    wait = small.task("a") + '<boundaryEvent id="bo" attachedToRef="a"><messageEventDefinition messageRef="m_go"/>'
    event = 'way = 3\n\n[event.go]\nroles = ["hr_strateg"]\ntitle = "Gå"\ntitle_en = "Go"'
    deployed(world, wait + "</boundaryEvent>", BOTH, *CHOICE[:1], "s -> a -> e", "bo -> g", *CHOICE[2:],
             messages=("go",), variables=event)  # fmt: skip
    actor = world.person("hr")
    with world.database.verb() as tx:
        events.send(tx, world.instance(2027).id, "go", by=actor, now=world.now)
    (fault,) = faults(world)
    assert fault.kind == "diagram_no_way_out"
    assert len(world.open("a", 2027)) == 1
    retry(world, fault, way="1")
    assert world.open("a", 2027) == []
    assert len(world.open("b", 2027)) == 1


def test_a_job_with_a_defect_keeps_nobody_from_answering(world: World) -> None:
    """It is left to the workers, who tell of it once they have tried it often enough; what is due after it is done."""
    timer = "<timerEventDefinition><timeDate>Y-1-11-10</timeDate></timerEventDefinition>"
    edge = f'<boundaryEvent id="bo" attachedToRef="a" cancelActivity="false">{timer}</boundaryEvent>'
    deployed(world, small.task("a") + edge, BOTH, "s -> a -> b -> e", "bo -> c -> e")
    world.clock.move_to(at("2026-11-11"))
    with world.database.verb() as tx:
        poisoned = jobs.add(tx, "open_activity", world.instance(2027).id, due_at=at("2026-11-09"))  # of no step
    (task,), actor = world.open("a", 2027), world.person("hr")
    with world.database.verb() as tx:
        user_tasks.complete(tx, task.id, {"note": "x"}, by=actor, now=world.now)
    assert len(world.open("b", 2027)) == len(world.open("c", 2027)) == 1
    with world.page() as tx:
        assert tx.scalar(sa.select(job.c.state).where(job.c.id == poisoned)) == "due"


def test_an_event_comes_after_what_was_due_before_it(world: World) -> None:
    timer = "<timerEventDefinition><timeDate>Y-1-11-10</timeDate></timerEventDefinition>"
    edges = f'<boundaryEvent id="bo" attachedToRef="a">{timer}</boundaryEvent>'
    edges += f'<boundaryEvent id="go" attachedToRef="a">{small.message("go")}</boundaryEvent>'
    event = 'way = 3\n\n[event.go]\nroles = ["hr_strateg"]\ntitle = "Gå"\ntitle_en = "Go"'
    deployed(world, small.task("a") + edges, BOTH, "s -> a -> e", "go -> b -> e", "bo -> c -> e", messages=("go",),
             variables=event)  # fmt: skip
    world.clock.move_to(at("2026-11-11"))
    with pytest.raises(NotPossible) as refused:
        world.send("go", 2027)
    assert refused.value.params["reason"] == "event_not_waited_for"
    world.run_jobs()
    assert len(world.open("c", 2027)) == 1
    assert world.open("b", 2027) == []
