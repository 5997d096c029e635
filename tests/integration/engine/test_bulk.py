"""The same thing with several tasks, on both databases: one that is refused spoils no other, nothing is done twice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from support.stages import in_november, needs
from support.world import World

from engine import bulk, handovers, history
from engine.bulk import Bulk, Order
from engine.errors import EngineError, InvalidInput, NotFound, NotPossible
from engine.inbox_rows import Filters
from engine.store.database import Tx


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = in_november(database_url)
    yield made
    made.close()


def rows(world: World, *units: str) -> list[Any]:
    return [t for t in world.tasks("collection") if t.unit_id in (units or ("hs-1", "hs-2", "hs-3"))]


def begin(world: World, action: str, tasks: list[Any], by: str = "tora") -> int:
    with world.database.verb() as tx:
        return bulk.begin(tx, action, [task.id for task in tasks], by=world.person(by), now=world.now)


def start(world: World, number: int, order: Order | None = None, by: str = "tora") -> None:
    with world.database.verb() as tx:
        bulk.start(tx, number, order or Order(), by=world.person(by), now=world.now)


def read(world: World, number: int, by: str = "tora") -> Bulk:
    with world.page() as tx:
        return bulk.read(tx, number, world.person(by), world.now)


def go_on(world: World, number: int, by: str = "tora") -> None:
    """As the pages do."""
    person = world.person(by)
    with world.page() as tx:
        following = bulk.waiting(tx, number, person, 50)
    for task_id in following:
        try:
            with world.database.verb() as tx:
                bulk.carry_out(tx, number, task_id, by=person, now=world.now)
        except EngineError as error:
            with world.database.verb() as tx:
                bulk.refuse(tx, number, task_id, error, by=person)


def states(found: Bulk) -> list[tuple[str, str | None]]:
    return [(row.state, row.refusal.code if row.refusal else None) for row in found.rows]


def test_what_cannot_be_done_is_said_beforehand_and_the_rest_is_done(world: World) -> None:
    tasks = rows(world)
    world.claim(tasks[0], "tora")
    number = begin(world, "claim", tasks)
    assert states(read(world, number)) == [("waiting", "not_possible"), ("waiting", None), ("waiting", None)]
    start(world, number)
    go_on(world, number)
    assert states(read(world, number)) == [("refused", "not_possible"), ("done", None), ("done", None)]
    assert {task.assignee_id for task in rows(world)} == {"tora"}
    with world.page() as tx:
        claims = [e for task in tasks for e in history.of_task(tx, task) if e.type == "task_claimed"]
        assert history.verify(tx).ok
    assert len(claims) == 3
    again = begin(world, "release", tasks)
    start(world, again)
    go_on(world, again)
    assert {task.assignee_id for task in rows(world)} == {None}


def test_one_that_changes_between_the_look_and_the_deed_is_refused_by_itself(world: World) -> None:
    tasks = rows(world)
    number = begin(world, "answer", tasks)
    start(world, number, Order(data={"no_needs": True}))
    world.answer(tasks[1], "tora", needs("Hygien"))
    with world.database.verb() as tx:
        handovers.hand_over(tx, tasks[2].id, "rut", reason="x", by=world.person("tora"), now=world.now)
    go_on(world, number)
    assert states(read(world, number)) == [("done", None), ("refused", "task_not_open"), ("refused", "taken")]
    assert read(world, number).rows[2].refusal == bulk.Refusal("taken", {"by": "Rut Påhitt"})
    assert [row.values["training_type"] for row in world.records("proposal", 2028)] == ["Hygien"]


def test_an_answer_refused_by_the_form_changes_nothing_of_that_task(world: World) -> None:
    tasks = rows(world)
    number = begin(world, "answer", tasks)
    start(world, number, Order(data={"proposals": [{"training_type": "x"}]}))
    go_on(world, number)
    assert states(read(world, number)) == [("refused", "invalid_form")] * 3
    assert {task.state for task in rows(world)} == {"open"}


def test_two_windows_at_once_and_a_repeated_order_do_each_task_once(world: World) -> None:
    tasks = rows(world)
    number = begin(world, "hand_over", tasks)
    order = Order("rut", "Semester")
    start(world, number, order)
    start(world, number, Order("hans", "Annat"))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _n: go_on(world, number), range(4)))
    assert states(read(world, number)) == [("done", None)] * 3
    assert {task.assignee_id for task in rows(world)} == {"rut"}
    with world.page() as tx:
        told = [e.type for task in tasks for e in history.of_task(tx, task)]
    assert told.count("task_handed_over") == 3
    assert len([m for m in world.told("take_over") if m.person_id == "rut"]) == 3


def test_what_was_interrupted_goes_on_where_it_stopped(world: World) -> None:
    number = begin(world, "answer", rows(world))
    start(world, number, Order(data={"no_needs": True}))
    person = world.person("tora")
    with world.page() as tx:
        first = bulk.waiting(tx, number, person, 1)[0]
    with world.database.verb() as tx:
        bulk.carry_out(tx, number, first, by=person, now=world.now)
    with world.database.engine.connect() as lost, lost.begin() as transaction:
        bulk.carry_out(Tx(lost, world.clock.wall()), number, rows(world)[1].id, by=person, now=world.now)
        transaction.rollback()
    assert read(world, number).count("waiting") == 2
    go_on(world, number)
    assert read(world, number).count("done") == 3


def test_only_ones_own_tasks_are_chosen_and_only_ones_own_choice_is_read(world: World) -> None:
    foreign = rows(world, "ru-1")
    with pytest.raises(InvalidInput):
        begin(world, "claim", foreign)
    with pytest.raises(InvalidInput):
        begin(world, "burn", rows(world))
    number = begin(world, "claim", foreign + rows(world))
    assert len(read(world, number).rows) == 3
    for call in (read, start, go_on):
        with pytest.raises(NotFound):
            call(world, number, by="rut")


def test_a_hand_over_needs_a_person_other_than_oneself_and_a_reason(world: World) -> None:
    number = begin(world, "hand_over", rows(world))
    for order in (Order("tora", "x"), Order(None, "x"), Order("rut", " ")):
        with pytest.raises(InvalidInput):
            start(world, number, order)
    assert not read(world, number).started


def test_nothing_starts_when_nothing_is_possible(world: World) -> None:
    number = begin(world, "release", rows(world))
    with pytest.raises(NotPossible):
        start(world, number)


def test_all_that_fit_the_filter_are_taken_up_to_the_limit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST", 2)
    tora = world.person("tora")
    with world.page() as tx:
        everything = bulk.matching(tx, Filters(), tora, world.now)
        assert bulk.matching(tx, Filters(text="kirurg"), tora, world.now) == [rows(world, "hs-2")[0].id]
    with world.database.verb() as tx:
        number = bulk.begin(tx, "claim", everything, by=tora, now=world.now)
    found = read(world, number)
    assert (len(found.rows), found.left_out) == (2, 1)


def test_only_one_step_is_answered_at_a_time_and_only_where_the_form_allows(world: World) -> None:
    world.answer(rows(world, "hs-1")[0], "tora", {"no_needs": True})
    found = read(world, begin(world, "answer", rows(world)))
    assert states(found)[0] == ("waiting", "task_not_open")
    assert found.base == rows(world, "hs-2")[0].id
