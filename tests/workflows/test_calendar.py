"""When a plan year's steps open and close, whatever the year; and what happens when a date is moved or passed."""

from datetime import date, timedelta

import pytest
from support.stages import YEAR, WorldAt
from support.world import World, at

from engine.errors import Forbidden, InvalidInput
from engine.rules.calendar import civil, civil_date


def guideline_windows(year: int) -> dict[str, tuple[date, date, date]]:
    """First day, last day and last day of the work itself, as the guideline's table of months has them."""

    def window(
        before: int, first: tuple[int, int], last: tuple[int, int], due: tuple[int, int] | None = None
    ) -> tuple[date, date, date]:
        opens, closes = date(year + before, *first), date(year + before, *last)
        return opens, closes, date(year + before, *due) if due else closes

    last_of_february = date(year - 1, 3, 1) - timedelta(days=1)
    return {
        "collection": window(-2, (11, 1), (12, 31)),
        "compilation": window(-1, (1, 1), (1, 31)),
        "preparation": (date(year - 1, 2, 1), last_of_february, last_of_february),
        "review": window(-1, (3, 1), (3, 31), (3, 20)),
        "review_council": window(-1, (3, 1), (3, 31), (3, 20)),
        "decision": window(-1, (3, 1), (3, 31)),
        "decision_notice": window(-1, (6, 1), (6, 30)),
        "year_planning": window(-1, (9, 1), (9, 30)),
        "directive": window(-1, (10, 1), (10, 31)),
        "unit_scheduling": window(-1, (10, 1), (12, 31), (10, 31)),
        "communication_material": window(-1, (11, 1), (11, 30), (11, 10)),
        "communication": window(-1, (11, 1), (11, 30)),
        "follow_up_question": window(-2, (11, 1), (12, 31)),
        "follow_up": window(0, (11, 1), (12, 31)),
        "follow_up_compile": window(1, (1, 1), (1, 31)),
    }


@pytest.mark.parametrize("year", [2027, 2028, 2029, 2030, 2033, 2101])
def test_every_step_has_the_months_of_the_guideline(world_at: WorldAt, year: int) -> None:
    """S-02 among them: preparation for 2029 ends on 29 February 2028, for 2101 on 28 February 2100."""
    world = world_at("collecting")
    if year != YEAR:
        world.clock.move_to(at(date(year - 2, 11, 1)))
        world.start(year)
    found = {e: tuple(civil_date(t) for t in (w.opens, w.closes, w.due)) for e, w in world.windows(year).items()}
    expected = guideline_windows(year)
    assert {element: found[element] for element in expected} == expected


def test_preparation_for_2029_ends_on_leap_day(world_at: WorldAt) -> None:
    """S-02"""
    world = world_at("november")
    assert civil(world.windows(2029)["preparation"].closes) == "2028-02-29T23:59:59+01:00"


def test_windows_begin_and_end_at_midnight_in_sweden_in_winter_and_in_summer(world_at: WorldAt) -> None:
    windows = world_at("collecting").windows(YEAR)
    assert civil(windows["collection"].opens) == "2025-11-01T00:00:00+01:00"
    assert civil(windows["decision_notice"].closes) == "2026-06-30T23:59:59+02:00"
    assert civil(windows["directive"].opens) == "2026-10-01T00:00:00+02:00"
    assert civil(windows["directive"].closes) == "2026-10-31T23:59:59+01:00"


def test_the_collection_for_2027_starts_by_itself_on_1_november_2025(fresh: World) -> None:
    """S-01"""
    fresh.start_by_calendar()
    fresh.go_to("2025-10-31", hour=23)
    assert fresh.instance(2027) is None
    fresh.go_to("2025-11-01", hour=0)
    assert fresh.cycle(2027).state == "active"
    assert [step.state for step in fresh.cycle(2027).steps] == ["open"] + ["coming"] * 8
    assert {(t.role, civil(t.due_at)) for t in fresh.open("collection")} == {
        (role, "2025-12-31T23:59:59+01:00") for role in ("chef", "verksamhetsutvecklare", "strateg", "hr_loneoversyn")
    }


def test_mail_about_a_sunday_leaves_on_monday_at_eight(world_at: WorldAt) -> None:
    """1 November 2026 is a Sunday: the step opens on the day, the letter goes on Monday morning."""
    world = world_at("directed")
    world.go_to("2026-11-02")
    letters = [m for m in world.told("task_assigned") if m.content["plan_year"] == 2028]
    assert {civil(m.created_at) for m in letters} == {"2026-11-01T00:00:00+01:00"}
    assert {civil(m.send_at) for m in letters} == {"2026-11-02T08:00:00+01:00"}


def test_a_step_finished_early_lets_the_next_wait_for_its_own_window(world_at: WorldAt) -> None:
    world = world_at("compiling")
    world.answer("compilation", "hr")
    assert (world.step("compilation", YEAR).state, world.step("preparation", YEAR).state) == ("done", "coming")
    assert world.open("preparation") == []
    assert [c.title.sv for c in world.inbox("argus").coming] == [world.cycle(YEAR).steps[2].activities[0].title.sv]
    world.go_to("2026-02-01", hour=0)
    assert len(world.open("preparation")) == 1


def test_a_late_step_stays_late_until_it_is_done_and_is_then_remembered_as_late(world_at: WorldAt) -> None:
    world = world_at("compiling")
    world.go_to("2026-01-31", hour=23)
    assert world.step("compilation", YEAR).state == "open"
    world.go_to("2026-02-20")
    step = world.step("compilation", YEAR)
    assert (step.state, step.was_late, civil_date(step.closes_at)) == ("late", True, date(2026, 1, 31))
    assert world.cycle(YEAR).late == 1
    world.answer("compilation", "hr")
    step = world.step("compilation", YEAR)
    assert (step.state, step.was_late) == ("done", True)
    assert [e.element_id for e in world.events("activity_late", YEAR)] == ["compilation"]


def test_a_moved_date_is_kept_with_the_old_one_the_reason_and_the_person(world_at: WorldAt) -> None:
    """Open work, its reminders, its escalation and its lateness follow the new day; nothing else moves."""
    world = world_at("compiling")
    before = world.windows(YEAR)
    world.move("compilation", YEAR, "2026-02-10", "Sjukdom i gruppen")
    (moved,) = world.events("window_moved", YEAR)
    assert (moved.actor, moved.element_id, moved.body["reason"]) == ("hr", "compilation", "Sjukdom i gruppen")
    assert (moved.body["old"], moved.body["new"]) == ("2026-01-31T23:59:59+01:00", "2026-02-10T23:59:59+01:00")
    assert civil_date(world.open("compilation")[0].due_at) == date(2026, 2, 10)
    assert world.due_jobs("reminder", "compilation", YEAR) == [date(2026, 1, 31)]
    assert world.due_jobs("escalation", "compilation", YEAR) == [date(2026, 2, 11)]
    after = world.windows(YEAR)
    assert {e for e in before if before[e] != after[e]} == {"compilation"}
    world.go_to("2026-02-10")
    assert world.step("compilation", YEAR).state == "open"


def test_a_moved_collection_closes_on_its_new_day(world_at: WorldAt) -> None:
    """The timer on the edge of the step moves too, later and earlier."""
    world = world_at("collecting")
    world.move("collection", YEAR, "2026-01-09", "Ny mall kom sent")
    world.go_to("2026-01-05")
    assert world.step("collection", YEAR).state == "open"
    world.answer(world.task("collection", "chef-hs-4"), "hilda", {"no_needs": True})
    world.move("collection", YEAR, "2026-01-07", "Alla har svarat")
    world.go_to("2026-01-08", hour=1)
    assert (world.step("collection", YEAR).state, world.step("compilation", YEAR).state) == ("done", "open")


def test_only_those_who_lead_move_dates_and_only_with_a_reason_and_to_a_day_ahead(world_at: WorldAt) -> None:
    world = world_at("compiling")
    with pytest.raises(Forbidden):
        world.move("compilation", YEAR, "2026-02-10", "För att jag vill", by="tora")
    with pytest.raises(InvalidInput):
        world.move("compilation", YEAR, "2026-02-10", "  ")
    with pytest.raises(InvalidInput):
        world.move("compilation", YEAR, "2026-01-01", "Bakåt i tiden")
    assert world.events("window_moved", YEAR) == []


def test_what_a_deadline_closes_is_not_late_though_the_service_woke_up_after_it(world_at: WorldAt) -> None:
    """The window ended on its day; that the machine was down for two days after is nobody's lateness."""
    world = world_at("collecting")
    world.sleep_until("2026-01-02")
    step = world.step("collection", YEAR)
    assert (step.state, step.was_late) == ("done", False)
    assert world.events("activity_late", YEAR) == []
    assert world.told("overdue") == []
