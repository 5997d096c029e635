"""What an inbox asks reads the person's own tasks, however many there are: told by SQLite's plan, not by a clock."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from engine.clock import SystemClock
from engine.store import migrate
from engine.store.database import Database
from engine.store.queries.user_tasks import _OPEN_STEPS

MILLION = (
    ("ix_user_task_activity", "1000000 20 20"),
    ("ix_user_task_instance", "1000000 20 20 20"),
    ("uq_user_task_position_activity", "1000000 9000 1"),
)
"""What ANALYZE would say of a million tasks, twenty for each step, of a hundred positions."""


def test_the_steps_that_may_be_changed_are_found_from_the_positions(sqlite_url: str, tmp_path: Path) -> None:
    migrate.upgrade(sqlite_url)
    Database(sqlite_url, SystemClock()).dispose()
    file = sqlite3.connect(tmp_path / "arshjul.db")
    file.execute("ANALYZE")
    file.executemany("INSERT INTO sqlite_stat1 VALUES ('user_task', ?, ?)", MILLION)
    file.execute("INSERT INTO sqlite_stat1 VALUES ('activity', NULL, '50000')")
    file.commit()
    file.close()
    file = sqlite3.connect(tmp_path / "arshjul.db")  # what ANALYZE says is read when a connection opens
    plan = file.execute(f"EXPLAIN QUERY PLAN {_OPEN_STEPS.sqlite}", {"positions": json.dumps(["p1", "p2"])}).fetchall()
    file.close()
    told = [line[-1] for line in plan]
    assert any(line.startswith("SEARCH t USING COVERING INDEX uq_user_task_position_activity") for line in told), told
    assert not [line for line in told if line.startswith(("SCAN t", "SCAN a", "BLOOM"))], told
