"""Several people's open tasks go to one person at once, after a look at what happens for whom; all of them or none."""

from collections.abc import Callable
from typing import Any

import pytest
from support.world import World

from engine.errors import Forbidden, InvalidInput, NotPossible
from engine.operations import assigning

Verb = Callable[..., Any]
Look = Callable[..., list[str]]


@pytest.fixture
def tasks(world: World) -> list[int]:
    """Tora's two clinics, where Vera stands beside her, and Hilda's health centre, where she does not."""
    for position in ("chef-hs-1", "chef-hs-2"):
        world.hold(position, "vera")
    return [world.open_of("collection", f"chef-hs-{n}").id for n in (1, 2, 4)]


def test_open_tasks_are_found_by_who_has_them_by_unit_and_by_step(world: World, tasks: list[int]) -> None:
    def found(text: str, activity_id: int | None = None) -> list[int]:
        with world.page() as tx:
            return [each.id for each in assigning.open_tasks(tx, world.now, text=text, activity_id=activity_id)]

    step = world.visits("collection", 2028)[-1].id
    assert set(tasks[:2]) <= set(found("tora"))
    assert tasks[2] not in found("tora")
    assert found("HILDA ån", step) == [tasks[2]]
    assert set(tasks) <= set(found("utbildningsbehov", step))
    assert found("ingenstans") == []
    assert len(found("", step)) == 15


def test_those_who_may_do_most_of_the_tasks_come_first(world: World, tasks: list[int]) -> None:
    with world.page() as tx:
        able = {person.id: number for person, number in assigning.candidates(tx, tasks, now=world.now)}
    assert (able["tora"], able["vera"]) == (2, 2)
    assert "hilda" not in able
    assert list(able.values()) == sorted(able.values(), reverse=True)


def test_the_look_names_each_task_whom_it_leaves_and_what_stays(world: World, tasks: list[int], before: Look) -> None:
    said = " ".join(before(assigning.preview_assign, tasks, "vera"))
    assert "2 uppgifter lämnas över till Vera Påhitt" in said
    assert "(Kirurgkliniken), nu hos Tora Påhitt och Vera Påhitt" in said
    assert "Tora Påhitt kan inte längre svara på dem" in said
    with world.page() as tx:
        shown = assigning.preview_assign(tx, tasks, "vera", by=world.person("hr"), now=world.now)
    assert [text.sv for text in shown.warnings] == [
        "”Lämna utbildningsbehov för 2028” (Vårdcentralen Ån): befattningen ligger hos andra."
    ]


def test_all_change_hands_at_once_with_an_event_each_and_one_reason(world: World, tasks: list[int], hr: Verb) -> None:
    assert hr(assigning.assign, tasks, "vera", reason="Tora är sjuk") == 2
    held = {task.id: task.assignee_id for task in world.open("collection")}
    assert [held[each] for each in tasks] == ["vera", "vera", None]
    events = world.events("task_assigned", 2028)
    assert [event.task_id for event in events] == tasks[:2]
    assert {event.body["reason"] for event in events} == {"Tora är sjuk"}
    assert [mail.person_id for mail in world.told("take_over")] == ["vera", "vera"]
    with pytest.raises(NotPossible):
        hr(assigning.assign, tasks, "vera", reason="En gång till")
    assert len(world.events("task_assigned", 2028)) == 2


def test_nothing_changes_hands_without_the_right_or_a_reason_or_for_one_who_may_do_none(
    world: World, tasks: list[int], hr: Verb, before: Look
) -> None:
    with pytest.raises(Forbidden):
        hr(assigning.assign, tasks, "vera", reason="Mina", by="tora")
    with pytest.raises(InvalidInput):
        hr(assigning.assign, tasks, "vera", reason=" ")
    with pytest.raises(InvalidInput):
        before(assigning.preview_assign, tasks, "komm")
    with pytest.raises(NotPossible):
        hr(assigning.assign, tasks, "komm", reason="Nej")
    assert not world.events("task_assigned", 2028)


def test_what_was_answered_meanwhile_stays_as_it_is(world: World, tasks: list[int], hr: Verb) -> None:
    world.answer(world.open_of("collection", "chef-hs-1"), "tora")
    with world.page() as tx:
        shown = assigning.preview_assign(tx, tasks, "vera", by=world.person("hr"), now=world.now)
    assert "den är inte öppen längre." in shown.warnings[0].sv
    assert hr(assigning.assign, tasks, "vera", reason="Tora är sjuk") == 1
