"""A rehearsal's calendar added up, and the chart of it."""

from datetime import date

import pytest

from engine.texts import Text
from web import charts
from web.cockpit import rehearsed
from web.cockpit.rehearsed import Dated

DOCUMENT = {
    "lines": [
        ["2027-11-01", "opens", "chef", 2029, "collection", 12],
        ["2027-11-01", "mail", "chef", 2029, "task_assigned", 10],
        ["2027-11-03", "mail", "hr_strateg", 0, "notice", 1],
        ["2027-12-31", "due", "chef", 2029, "collection", 12],
        ["2028-02-01", "opens", "hr_strateg", 2029, "compilation", 1],
    ],
}


def dated(title: str, due: str, *roles: str, rehearsed: bool = True) -> Dated:
    return Dated(Text(title, title), roles, date(2027, 11, 1), date.fromisoformat(due), rehearsed)


def test_months_run_evenly_also_where_nothing_happens() -> None:
    found = rehearsed.periods(rehearsed.lines(DOCUMENT), "month")
    assert [(p.first.isoformat(), p.opens, p.due, p.mail) for p in found] == [
        ("2027-11-01", 12, 0, 11), ("2027-12-01", 0, 12, 0), ("2028-01-01", 0, 0, 0), ("2028-02-01", 1, 0, 0),
    ]  # fmt: skip


def test_a_week_begins_on_monday_and_a_role_is_counted_alone() -> None:
    found = rehearsed.periods(rehearsed.lines(DOCUMENT), "week", "hr_strateg")
    assert [(p.first.isoformat(), p.mail) for p in found] == [("2027-11-01", 1), ("2028-01-31", 0)]


def test_the_fullest_week_comes_first() -> None:
    found = rehearsed.peaks(rehearsed.lines(DOCUMENT))
    assert [(p.first.isoformat(), p.load) for p in found] == [("2027-11-01", 23), ("2028-01-31", 1)]


def test_a_last_day_off_work_is_told_with_the_name_of_the_holiday() -> None:
    (clash,) = rehearsed.clashes([dated("Beslut", "2028-01-06", "hr_strateg")])
    assert (clash.kind, clash.holiday) == ("due_off", Text("Trettondedag jul", "Epiphany"))


def test_two_last_days_of_one_role_on_the_same_day_collide_also_with_what_runs_already() -> None:
    own, live = dated("Nytt", "2028-02-10", "chef"), dated("Gammalt", "2028-02-10", "chef", rehearsed=False)
    (clash,) = rehearsed.clashes([own], [live])
    assert (clash.kind, clash.role, [t.sv for t in clash.titles]) == ("same_day", "chef", ["Nytt", "Gammalt"])
    assert rehearsed.clashes([], [live, dated("Annat", "2028-02-10", "chef", rehearsed=False)]) == []
    assert rehearsed.clashes([own, dated("Nytt", "2028-02-10", "strateg")]) == []


@pytest.mark.parametrize(
    ("most", "top"), [(0, 4), (4, 4), (5, 8), (25, 32), (40, 40), (41, 80), (399, 400), (401, 800), (12_345, 16_000)]
)
def test_the_axis_ends_at_a_round_number_that_holds_everything(most: int, top: int) -> None:
    assert charts.top_of(most) == top


def test_columns_stand_on_the_base_and_none_is_drawn_of_nothing() -> None:
    chart = charts.columns(["nov", "dec"], [[4, 0], [2, 1]])
    assert [(bar.series, bar.y + bar.height) for bar in chart.bars] == [
        (0, chart.base),
        (1, chart.base),
        (1, chart.base),
    ]
    assert chart.bars[0].height == 2 * chart.bars[1].height == 4 * chart.bars[2].height


def test_a_chart_of_nothing_is_empty() -> None:
    assert charts.columns([], [[], []]).bars == []
