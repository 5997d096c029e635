"""Locks on rows let others point at the row meanwhile: a foreign key must never wait for a verb, nor a verb for it."""

import re

from support.world import WORKFLOWS

ENGINE = WORKFLOWS.parent / "engine"
LOCK = re.compile(r"with_for_update\(([^)]*)\)|\bfor update\b")

OF_INSTANCE = re.compile(
    r'select\(instance\b.*with_for_update|of=instance\b|(update|share) of instance\b|lock="instance"'
)


def test_no_lock_keeps_others_from_pointing_at_the_row() -> None:
    found = [
        (str(path.relative_to(ENGINE)), lock[0])
        for path in sorted(ENGINE.rglob("*.py"))
        for lock in LOCK.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found, "the search finds nothing any more"
    assert [(path, lock) for path, lock in found if "key_share=True" not in lock] == []


def test_whoever_locks_an_instance_takes_a_turn_first() -> None:
    """One who has the row and then asks for a turn, which another has who waits for the row, ends in a deadlock."""
    lines = [line for path in ENGINE.rglob("*.py") for line in path.read_text(encoding="utf-8").splitlines()]
    locks = [line for line in lines if OF_INSTANCE.search(line)]
    assert locks, "the search finds nothing any more"
    assert [line for line in locks if "_IN_TURN" not in line] == []
