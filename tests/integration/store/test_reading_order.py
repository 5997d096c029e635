"""What an inbox asks reads the person's own tasks, however many there are: told by SQLite's plan, not by a clock."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from engine.clock import SystemClock
from engine.store import migrate
from engine.store.database import Database
from engine.store.queries.inbox import _ANSWERED, _OF_STEP

MILLION = (
    ("ix_user_task_activity", "1000000 20 20"),
    ("ix_user_task_instance", "1000000 20 20 20"),
    ("uq_user_task_position_activity", "1000000 9000 1"),
)
"""What ANALYZE would say of a million tasks, twenty for each step, of a hundred positions."""


def test_what_an_inbox_and_a_step_show_is_found_from_the_positions(sqlite_url: str, tmp_path: Path) -> None:
    """Those of a person's answers that may be changed, and a person's units of a step that thousands are asked in."""
    migrate.upgrade(sqlite_url)
    Database(sqlite_url, SystemClock()).dispose()
    file = sqlite3.connect(tmp_path / "arshjul.db")
    file.execute("ANALYZE")
    file.executemany("INSERT INTO sqlite_stat1 VALUES ('user_task', ?, ?)", MILLION)
    file.execute("INSERT INTO sqlite_stat1 VALUES ('activity', NULL, '50000')")
    file.commit()
    file.close()
    file = sqlite3.connect(tmp_path / "arshjul.db")  # what ANALYZE says is read when a connection opens
    asked = {"positions": json.dumps(["p1", "p2"]), "people": json.dumps(["q"]), "most": 200}
    asked |= {"instance_id": 1, "element_id": "ask"}
    plans = {
        statement: [line[-1] for line in file.execute(f"EXPLAIN QUERY PLAN {statement.sqlite}", asked)]
        for statement in (_ANSWERED, _OF_STEP)
    }
    file.close()
    of_answers, of_step = plans.values()
    covering = "USING COVERING INDEX uq_user_task_position_activity (position_id=?"
    assert any(line.startswith(f"SEARCH own {covering}") for line in of_answers), of_answers
    assert any(line.startswith(f"SEARCH t {covering}") for line in of_step), of_step
    assert any("ix_user_task_handed" in line for line in of_step), of_step
    scans = ("SCAN t", "SCAN own", "SCAN a", "SCAN user_task", "BLOOM")
    for told in plans.values():
        assert not [line for line in told if line.startswith(scans) or "ix_user_task_instance" in line], told
