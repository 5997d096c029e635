"""What the measurements measure is the product as it stands, and a line that could not be measured never passes."""

import pytest

from arshjul.bench import drawn
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
