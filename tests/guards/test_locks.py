"""Locks on rows let others point at the row meanwhile: a foreign key must never wait for a verb, nor a verb for it."""

import re

from support.world import WORKFLOWS

ENGINE = WORKFLOWS.parent / "engine"
LOCK = re.compile(r"with_for_update\(([^)]*)\)|\bfor update\b")


def test_no_lock_keeps_others_from_pointing_at_the_row() -> None:
    found = [
        (str(path.relative_to(ENGINE)), lock[0])
        for path in sorted(ENGINE.rglob("*.py"))
        for lock in LOCK.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found, "the search finds nothing any more"
    assert [(path, lock) for path, lock in found if "key_share=True" not in lock] == []
