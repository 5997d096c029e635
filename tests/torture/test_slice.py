"""A slice of `make torture`: one trial of each fault on SQLite, and each planted fault is caught."""

from pathlib import Path

import pytest
from torture import mutations, trials
from torture.place import Place

pytestmark = pytest.mark.slow
SEED = 4
"""Its trials kill at moments when each planted fault shows; a trial played again by its seed is the same."""
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


@pytest.mark.parametrize("fault", ["1 killed at a numbered point", "15 two approvers"])
def test_every_invariant_holds_after_a_fault(place: Place, fault: str) -> None:
    outcome = trials.run(place, fault, SEED)
    assert outcome.faults > 0
    assert outcome.broken == []


@pytest.mark.parametrize("mutation", mutations.NAMES)
def test_a_fault_planted_in_a_verb_is_caught(place: Place, mutation: str) -> None:
    assert trials.run(place, CAUGHT_BY[mutation], SEED, mutation).broken != []
