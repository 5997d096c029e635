"""Rehearsing the annual plan: two overlapping cycles with invented people, in a database that is thrown away."""

import json
from datetime import date, datetime

import pytest
from click.testing import CliRunner

from arshjul.cli import arshjul
from arshjul.composition import WORKFLOWS
from arshjul.rehearsal import Report, most_at_once, rehearse
from engine.clock import STOCKHOLM
from engine.playing import Lived

STEPS = "collection compilation preparation review decision year_planning directive communication follow_up".split()
WINDOWS = {
    "collection": ("Y-2 11-01", "Y-2 12-31"), "compilation": ("Y-1 01-01", "Y-1 01-31"),
    "preparation": ("Y-1 02-01", "Y-1 02-last"), "review": ("Y-1 03-01", "Y-1 03-31"),
    "decision": ("Y-1 03-01", "Y-1 03-31"), "year_planning": ("Y-1 09-01", "Y-1 09-30"),
    "directive": ("Y-1 10-01", "Y-1 10-31"), "communication": ("Y-1 11-01", "Y-1 11-30"),
    "follow_up": ("Y-0 11-01", "Y-0 12-31"),
}  # fmt: skip


@pytest.fixture(scope="module")
def report() -> Report:
    return rehearse(WORKFLOWS / "annual_plan", 2028, years=2, managers=12)


def day(text: str, plan_year: int) -> date:
    offset, month_day = text.split()
    year = plan_year - int(offset[-1])
    if month_day.endswith("last"):
        return date(year, 2, 29 if year % 4 == 0 else 28)
    return date.fromisoformat(f"{year}-{month_day}")


def civil(day: date, clock: str) -> str:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=STOCKHOLM).isoformat()


def test_every_cycle_reaches_its_end_and_the_history_verifies(report: Report) -> None:
    assert [(cycle.plan_year, cycle.state) for cycle in report.cycles] == [(2028, "completed"), (2029, "completed")]
    assert report.stuck == []
    assert report.verified


def test_every_window_is_exact_to_the_second_also_in_a_leap_year_and_across_both_clock_changes(report: Report) -> None:
    for cycle in report.cycles:
        assert [step.id for step in cycle.steps] == STEPS
        for step in cycle.steps:
            opens, closes = (day(text, cycle.plan_year) for text in WINDOWS[step.id])
            assert (step.opens, step.closes) == (civil(opens, "00:00:00"), civil(closes, "23:59:59"))


def test_no_step_opens_before_its_window_and_none_is_late_when_people_answer_in_time(report: Report) -> None:
    for step in (step for cycle in report.cycles for step in cycle.steps):
        assert step.opened_at is not None
        assert step.completed_at is not None
        assert step.opens is not None
        opened, completed = datetime.fromisoformat(step.opened_at), datetime.fromisoformat(step.completed_at)
        assert datetime.fromisoformat(step.opens) <= opened <= completed
        assert completed <= datetime.fromisoformat(step.closes) or step.late


def test_collection_asks_every_manager_and_closes_without_the_silent_ones(report: Report) -> None:
    for cycle in report.cycles:
        collection = cycle.steps[0]
        assert collection.tasks > 12
        assert 0.6 * collection.tasks < collection.answered <= collection.tasks
        assert collection.completed_at == collection.closes


def test_the_workload_is_told_by_month_and_adds_up(report: Report) -> None:
    assert sum(month.messages for month in report.months) == report.messages
    assert "2026-11" in {month.month for month in report.months}


def test_as_json_it_has_the_promised_keys() -> None:
    result = CliRunner().invoke(arshjul, ["rehearse", "--plan-year", "2027", "--managers", "12", "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert set(told) == {"cycles", "events", "messages", "max_live_cycles", "seconds"}
    assert set(told["cycles"][0]) == {"plan_year", "state", "steps"}
    keys = "id opens closes opened_at completed_at tasks answered late".split()
    assert [list(step) for step in told["cycles"][0]["steps"]] == [keys] * 9


def test_cycles_that_touch_do_not_count_as_living_at_once() -> None:
    at = [datetime(year, 1, 1, tzinfo=STOCKHOLM) for year in range(2026, 2030)]
    lived = [
        Lived(1, 2027, "completed", at[0], at[2]),
        Lived(2, 2028, "completed", at[1], at[3]),
        Lived(3, 2029, "active", at[2], None),
    ]
    assert most_at_once(lived) == 2
