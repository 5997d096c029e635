"""A slice of `make torture` on SQLite: a trial of faults that take a few seconds each; planted faults are caught."""

from pathlib import Path

import pytest
from torture import mutations, trials
from torture.place import Place

pytestmark = pytest.mark.slow
SEED = 4
"""What a trial decides hangs on its seed; when the machine gets round to it does not."""
CAUGHT_BY = {
    "commit_early": "1 killed after a commit",
    "skip_lock": "1 killed at a numbered point",
    "drop_event": "1 killed at a numbered point",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(Path(tmp_path_factory.mktemp("torture")))
    place.prepare()
    return place


@pytest.mark.parametrize(
    "fault",
    [
        "1 killed at a numbered point",
        "6 the reply to COMMIT is lost",
        "7 the disk is full",
        "9 civil times",
        "10 nobody polls for three weeks",
        "11 two migrators at once",
        "15 two approvers",
        "16 an instance's row is damaged",
        "18 random diagrams",
        "19 a backup is restored",
    ],
)
def test_every_invariant_holds_after_a_fault(place: Place, fault: str) -> None:
    outcome = trials.run(place, fault, SEED)
    assert outcome.faults > 0
    assert outcome.broken == []


@pytest.mark.parametrize("mutation", mutations.NAMES)
def test_a_fault_planted_in_a_verb_is_caught(place: Place, mutation: str) -> None:
    """Not every kill falls where it shows; one of a few trials does."""
    outcomes = (trials.run(place, CAUGHT_BY[mutation], SEED + n, mutation) for n in range(8))
    assert any(outcome.broken for outcome in outcomes)
