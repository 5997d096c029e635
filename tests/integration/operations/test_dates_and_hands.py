"""One task's last day, and one task's person: changed with a reason, and those concerned know."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from support.world import World

from engine import incidents
from engine.errors import Forbidden, InvalidInput, NotPossible, TaskNotOpen
from engine.operations import dates, handing_over, windows
from engine.rules.calendar import civil_date

Verb = Callable[..., Any]
Look = Callable[..., list[str]]


def compiling(world: World) -> Any:
    world.go_to("2027-01-10")
    (task,) = world.open("compilation")
    return task


def test_one_tasks_last_day_moves_and_its_reminders_with_it(world: World, hr: Verb, before: Look) -> None:
    task = compiling(world)
    said = " ".join(before(dates.preview_due, task.id, date(2027, 2, 19)))
    assert "från söndag 31 januari 2027 till fredag 19 februari 2027" in said
    for _ in range(2):
        hr(dates.change_due, task.id, date(2027, 2, 19), reason="Sjukdom")
    assert civil_date(world.task("compilation").due_at) == date(2027, 2, 19)
    assert civil_date(world.visits("compilation", 2028)[-1].due_at) == date(2027, 2, 19)
    assert world.due_jobs("overdue", "compilation", 2028) == [date(2027, 2, 20)]
    assert len(world.events("due_date_changed", 2028)) == 1
    assert world.told("notice")[-1].content["subject"]["sv"].startswith("Ny sista dag")


def test_one_participant_may_get_a_day_of_its_own_within_the_step(world: World, hr: Verb) -> None:
    task = world.open_of("collection", "chef-hs-1")
    hr(dates.change_due, task.id, date(2026, 12, 15), reason="Slutar den 16")
    days = {row.position_id: civil_date(row.due_at) for row in world.open("collection")}
    assert days["chef-hs-1"] == date(2026, 12, 15)
    assert days["chef-hs-2"] == date(2026, 12, 31)
    world.go_to("2026-12-17")
    assert [m.person_id for m in world.told("overdue")] == ["tora"]


def test_a_day_of_its_own_is_forgotten_when_the_whole_step_is_moved(world: World, hr: Verb) -> None:
    task = world.open_of("collection", "chef-hs-1")
    hr(dates.change_due, task.id, date(2026, 12, 15), reason="Slutar den 16")
    world.move("collection", 2028, "2027-01-08", "Helgerna")
    world.go_to("2026-12-17")
    assert world.told("overdue") == []


@pytest.mark.parametrize("day", [date(2027, 1, 15), date(2026, 11, 21)])
def test_a_day_after_the_step_closes_or_gone_by_is_refused(world: World, hr: Verb, before: Look, day: date) -> None:
    task = world.open_of("collection", "chef-hs-1")
    with pytest.raises(InvalidInput):
        before(dates.preview_due, task.id, day)
    with pytest.raises(InvalidInput):
        hr(dates.change_due, task.id, day, reason="Mer tid")


def test_an_answered_task_keeps_its_day(world: World, hr: Verb) -> None:
    task = world.open_of("collection", "chef-hs-1")
    world.answer(task, "tora")
    with pytest.raises(TaskNotOpen):
        hr(dates.change_due, task.id, date(2026, 12, 15), reason="Mer tid")


def test_the_preview_of_a_moved_window_names_those_concerned(world: World, before: Look) -> None:
    said = " ".join(before(windows.preview_window, 1, "collection", date(2027, 1, 8)))
    assert "från torsdag 31 december 2026 till fredag 8 januari 2027" in said
    assert "15 öppna uppgifter får den nya sista dagen" in said
    assert "Tora Påhitt" in said
    with pytest.raises(InvalidInput):
        before(windows.preview_window, 1, "collection", date(2026, 11, 1))


def test_a_task_is_handed_to_someone_who_may_do_it(world: World, hr: Verb, before: Look) -> None:
    world.hold("chef-hs-1", "vera")
    task = world.open_of("collection", "chef-hs-1")
    with world.page() as tx:
        found = [person.id for person in handing_over.candidates(tx, task.id, now=world.now)]
    assert found == ["tora", "vera"]
    said = " ".join(before(handing_over.preview_assign, task.id, "vera"))
    assert "lämnas över till Vera Påhitt" in said
    assert "Tora Påhitt kan inte längre svara" in said
    for _ in range(2):
        hr(handing_over.assign, task.id, "vera", reason="Tora är sjuk")
    assert world.task("collection", "chef-hs-1").assignee_id == "vera"
    with pytest.raises(NotPossible):
        hr(handing_over.assign, task.id, "hilda", reason="Nej")
    with pytest.raises(Forbidden):
        hr(handing_over.assign, task.id, "tora", reason="Min", by="tora")


@pytest.mark.parametrize("day", [date(9999, 12, 31), date(2040, 1, 1), date(1, 1, 1), date(1899, 12, 31)])
def test_a_last_day_far_away_or_long_ago_is_refused(world: World, hr: Verb, before: Look, day: date) -> None:
    task = compiling(world)
    for asked in (
        lambda: before(windows.preview_window, 1, "collection", day),
        lambda: hr(windows.move_window, 1, "collection", day, reason="Mer tid"),
        lambda: before(dates.preview_due, task.id, day),
        lambda: hr(dates.change_due, task.id, day, reason="Mer tid"),
    ):
        with pytest.raises(InvalidInput) as refused:
            asked()
        assert refused.value.params["reason"] in ("too_far", "too_early")


def test_each_operators_verb_asks_for_itself_who_may_and_why(world: World, hr: Verb) -> None:
    task = world.open_of("collection", "chef-hs-1")
    with world.database.verb() as tx:
        fault = incidents.raise_incident(tx, kind="job", message="stannade", now=world.now, instance_id=1)
    for verb, args in (
        (incidents.resolve, (fault,)),
        (windows.move_window, (1, "collection", date(2027, 1, 8))),
        (handing_over.assign, (task.id, "tora")),
    ):
        for nobody in ("tora", "hrchef"):
            with pytest.raises(Forbidden):
                hr(verb, *args, reason="Jag vill", by=nobody)
        for empty in ("", " ", "\u200b"):
            with pytest.raises(InvalidInput):
                hr(verb, *args, reason=empty)
        with pytest.raises(InvalidInput) as refused:
            hr(verb, *args, reason="a\u202eb")
        assert refused.value.params["reason"] == "control_character"


def test_whoever_is_handed_a_task_by_an_operator_sees_who_and_why(world: World, hr: Verb) -> None:
    world.hold("chef-hs-1", "vera")
    task = world.open_of("collection", "chef-hs-1")
    hr(handing_over.assign, task.id, "vera", reason="Tora är på kurs")
    page = world.page_of(task, "vera")
    assert (page.handed_by, page.handed_reason) == ("Hr Påhitt", "Tora är på kurs")
    told = world.told("take_over")[-1]
    assert (told.person_id, told.content["giver"], told.content["reason"]) == ("vera", "Hr Påhitt", "Tora är på kurs")
