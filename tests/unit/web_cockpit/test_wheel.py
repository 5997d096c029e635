"""The year wheel is drawn from where the cycles stand."""

import re
from datetime import UTC, date, datetime
from itertools import pairwise
from math import hypot

import pytest

from engine.cycles import Cycle, StepState
from engine.texts import Text
from web.cockpit import wheel


def step(name: str, opens: str, closes: str, state: str = "coming") -> StepState:
    first = datetime.fromisoformat(opens).replace(hour=12, tzinfo=UTC)
    last = datetime.fromisoformat(closes).replace(hour=12, tzinfo=UTC)
    text = Text(name, name)
    return StepState(name, text, "1.9", text, name, first, last, None, None, state, False, 0, 0, [])


def plan(year: int, *steps: StepState) -> Cycle:
    name = Text(f"Plan {year}", f"Plan {year}")
    started = datetime(year - 2, 11, 1, tzinfo=UTC)
    return Cycle(year, "p", name, 1, year, "active", started, None, list(steps), 0, 0, 0, 0, [], [])


PLAN = plan(
    2028,
    step("collection", "2026-11-01", "2026-12-31"),
    step("compilation", "2027-01-01", "2027-01-31"),
    step("review", "2027-03-01", "2027-03-31"),
    step("decision", "2027-03-01", "2027-03-31"),
)


def test_the_year_runs_once_around_outside_the_gap_at_the_top() -> None:
    assert wheel.angle(date(2027, 1, 1), 2027) == wheel.GAP
    assert wheel.angle(date(2028, 1, 1), 2027) == 360 - wheel.GAP


@pytest.mark.parametrize("year", [2027, 2028])
def test_every_day_goes_forward_also_in_leap_years(year: int) -> None:
    first = date(year, 1, 1).toordinal()
    angles = [wheel.angle(date.fromordinal(first + day), year) for day in range(366 if year == 2028 else 365)]
    assert all(one < following for one, following in pairwise(angles))


def test_a_window_is_drawn_in_the_years_that_it_lies_in() -> None:
    assert [arc.number for arc in wheel.year_wheel([PLAN], 2026, date(2026, 11, 22)).rings[0].arcs] == [1]
    assert [arc.number for arc in wheel.year_wheel([PLAN], 2027, date(2026, 11, 22)).rings[0].arcs] == [2, 3, 4]


def test_windows_that_meet_stand_beside_each_other_in_their_ring() -> None:
    lanes = wheel.in_lanes(PLAN, 2027)
    assert lanes == [[2, 3], [4]]
    review, decision = wheel.year_wheel([PLAN], 2027, date(2027, 1, 1)).rings[0].arcs[1:]
    assert review.path != decision.path


def test_numbers_of_steps_that_last_the_same_year_do_not_cover_each_other() -> None:
    long = plan(2027, *(step(name, "2027-01-01", "2027-12-31") for name in ("revision", "decision", "update")))
    arcs = wheel.year_wheel([PLAN, long], 2027, date(2027, 5, 1)).rings[1].arcs
    for one, following in pairwise(arcs):
        assert hypot(one.x - following.x, one.y - following.y) > 2 * wheel.BADGE


def test_there_is_a_ring_for_each_plan_year_that_has_something_in_the_year() -> None:
    other = plan(2030, step("collection", "2028-11-01", "2028-12-31"))
    assert [r.cycle.plan_year for r in wheel.year_wheel([PLAN, other], 2028, date(2028, 1, 1)).rings] == [2030]


def test_six_rings_still_leave_the_middle_free() -> None:
    many = [plan(year, step("all", "2027-01-01", "2027-12-31")) for year in range(2026, 2032)]
    inner = [
        min(float(radius) for radius in re.findall(r"A([\d.]+)", ring.track))
        for ring in wheel.year_wheel(many, 2027, date(2027, 5, 1)).rings
    ]
    assert min(inner) >= wheel.INNER


def test_today_has_a_hand_in_its_own_year_alone() -> None:
    assert wheel.year_wheel([PLAN], 2027, date(2027, 5, 1)).hand is not None
    assert wheel.year_wheel([PLAN], 2027, date(2026, 11, 22)).hand is None


def test_the_years_to_choose_from_are_those_of_the_windows() -> None:
    assert wheel.years([PLAN]) == [2026, 2027]


def test_a_months_name_stands_outside_the_rings_on_either_side() -> None:
    months = wheel.year_wheel([PLAN], 2027, date(2027, 5, 1)).months
    assert [months[number - 1].anchor for number in (3, 4, 6, 7, 9, 10)] == [
        "start", "start", "middle", "middle", "end", "end",
    ]  # fmt: skip


def test_the_legend_explains_what_is_drawn_and_always_the_four_states() -> None:
    left_out = plan(2028, step("review", "2027-03-01", "2027-03-31", "skipped"))
    assert wheel.year_wheel([left_out], 2027, date(2027, 5, 1)).states == ["done", "open", "late", "coming", "skipped"]
    assert wheel.year_wheel([left_out], 2026, date(2027, 5, 1)).states == ["done", "open", "late", "coming"]
