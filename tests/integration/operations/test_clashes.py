"""A last day that would be at odds with other steps' days is said before it is moved, with steps, people and dates."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from support.world import World

from engine.operations import dates, moving, windows
from engine.store.tables import activity

Verb = Callable[..., Any]
Clashes = Callable[..., list[str]]


@pytest.fixture
def clashes(world: World) -> Clashes:
    """The Swedish sentences about clashes; each has its English."""

    def look(preview: Callable[..., Any], *args: Any) -> list[str]:
        with world.page() as tx:
            shown = preview(tx, *args, by=world.person("hr"), now=world.now).warnings
        assert all(text.en and text.en != text.sv for text in shown)
        return [text.sv for text in shown]

    return look


def test_a_day_past_the_next_steps_opening_says_which_step_whose_and_how_many_days_are_left(clashes: Clashes) -> None:
    (said,) = clashes(windows.preview_window, 1, "collection", date(2027, 1, 20))
    assert said == (
        "”Sammanställ utbildningsförslagen för 2028” öppnar 1 januari 2027, men kan få vänta till efter "
        "20 januari 2027: då återstår 11 dagar till dess sista dag, 31 januari 2027. Det gäller Hr Påhitt."
    )


def test_a_day_past_the_last_days_of_steps_that_follow_names_each_of_them_in_order(clashes: Clashes) -> None:
    said = clashes(windows.preview_window, 1, "collection", date(2027, 3, 1))
    late = [each for each in said if "blir sen redan när den öppnar" in each]
    assert ["31 januari 2027" in late[0], "28 februari 2027" in late[1], len(late)] == [True, True, 2]
    assert "öppnar 1 mars 2027" in said[2]
    assert "befattningar (" in said[2]


def test_a_last_day_within_its_own_months_clashes_with_nothing(clashes: Clashes) -> None:
    assert not clashes(windows.preview_window, 1, "collection", date(2026, 12, 15))
    assert not clashes(windows.preview_window, 1, "year_planning", date(2027, 9, 15))


def test_days_that_overlap_in_the_process_itself_are_no_clash(clashes: Clashes) -> None:
    """The decision opens on 1 March while the review goes on until the 20th: that is how the guideline has it."""
    assert not clashes(windows.preview_window, 1, "review", date(2027, 3, 22))
    assert [s for s in clashes(windows.preview_window, 1, "review", date(2027, 4, 5)) if "31 mars 2027" in s]


def test_a_last_day_before_the_end_of_the_step_that_comes_first_is_told_too(
    world: World, hr: Verb, clashes: Clashes
) -> None:
    hr(windows.move_window, 1, "collection", date(2027, 1, 15), reason="Mer tid")
    (said,) = clashes(windows.preview_window, 1, "compilation", date(2027, 1, 10))
    assert "får pågå till 15 januari 2027" in said


def test_a_step_that_has_been_reached_waits_for_nobody(world: World, clashes: Clashes) -> None:
    world.go_to("2027-01-10")
    assert not [s for s in clashes(windows.preview_window, 1, "compilation", date(2027, 1, 31)) if "Lämna" in s]


def test_the_last_day_of_a_steps_only_task_is_looked_at_in_the_same_way(world: World, clashes: Clashes) -> None:
    world.go_to("2027-01-10")
    (task,) = world.open("compilation")
    (said,) = clashes(dates.preview_due, task.id, date(2027, 2, 19))
    assert "öppnar 1 februari 2027" in said
    assert "28 februari 2027" in said


def live_step(world: World) -> int:
    with world.page() as tx:
        return int(tx.scalar(sa.select(activity.c.id).where(activity.c.state == "open").order_by(activity.c.id.desc())))


def test_where_the_process_is_moved_to_a_last_day_past_the_next_steps_days_is_told(
    world: World, clashes: Clashes
) -> None:
    (said,) = clashes(moving.preview_move, live_step(world), "compilation", date(2027, 2, 10))
    assert "öppnar 1 februari 2027" in said
    assert not clashes(moving.preview_move, live_step(world), "compilation", date(2027, 1, 31))


def test_moved_back_the_steps_that_come_again_are_looked_at_too(world: World, clashes: Clashes) -> None:
    world.go_to("2027-01-10")
    said = clashes(moving.preview_move, live_step(world), "collection", date(2027, 2, 10))
    assert "Sammanställ utbildningsförslagen för 2028" in said[0]
    assert "blir sen redan när den öppnar" in said[0]
