"""What the measurements measure is the product as it stands, and a line that could not be measured never passes."""

from pathlib import Path

import pytest

from arshjul.bench import drawn, pages
from arshjul.bench.measured import alternately, missing
from engine import deployments

PACKAGES = {
    "personal": drawn.personal("personal"),
    "linear": drawn.linear("linear"),
    "looping": drawn.looping("looping"),
    "fan_out": drawn.fan_out("fan_out"),
}


@pytest.mark.parametrize("key", PACKAGES)
def test_every_measured_package_passes_the_check_of_a_deployment(key: str) -> None:
    assert deployments.check(key, PACKAGES[key]) == []


def test_a_line_that_could_not_be_measured_does_not_meet_its_goal() -> None:
    row = missing("start", "per s", "peer", "≥ 4×", "not installed").as_json()
    assert (row["value"], row["ratio"], row["goal_met"]) == (None, None, False)


def test_measurements_take_turns_and_each_gives_its_own_median() -> None:
    order: list[str] = []

    def take(name: str, times: list[float]) -> float:
        order.append(name)
        return times.pop(0)

    first, second = [3.0, 1.0, 2.0], [30.0, 10.0, 20.0]
    assert alternately(3, lambda: take("a", first), lambda: take("b", second)) == [2.0, 20.0]
    assert order == ["a", "b"] * 3


def test_every_page_that_is_timed_answers_at_both_sizes_and_gives_one_line(tmp_path: Path) -> None:
    lines = list(pages.rows(tmp_path, tasks=400, events=400, few=200))
    assert [line.name.split(", ")[0].removeprefix("page: ") for line in lines] == [
        "inbox", "a step's units", "overview", "cycle", "campaign", "history search", "timeline", "timings", "workload",
    ]  # fmt: skip
    assert all(line.value and line.ratio and line.goal == "≤ 1.5×" for line in lines)
