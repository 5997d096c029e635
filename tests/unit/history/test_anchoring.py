"""A checkpoint leaves each day that something has happened, or sooner when much has, and is never overwritten."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import history
from engine.actor import SYSTEM
from engine.clock import SimulatedClock
from engine.history import anchoring, verifier
from engine.store.database import Database
from engine.store.tables import metadata

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)


class Wall(SimulatedClock):
    """Wall time stands still too, and is moved with process time."""

    def wall(self) -> datetime:
        return self.now()


@pytest.fixture
def clock() -> Wall:
    return Wall(NOW)


@pytest.fixture
def database(clock: Wall) -> Iterator[Database]:
    database = Database("sqlite://", clock)
    metadata.create_all(database.engine)
    yield database
    database.dispose()


def note(database: Database, times: int = 1) -> None:
    with database.verb() as tx:
        for _ in range(times):
            history.append(tx, type="made", chain="i:1", occurred_at=NOW, by=SYSTEM)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_one_leaves_each_day_that_something_has_happened(database: Database, clock: Wall, tmp_path: Path) -> None:
    assert anchoring.anchor(database, clock, tmp_path) == 0
    note(database)
    assert [anchoring.anchor(database, clock, tmp_path) for _ in range(2)] == [1, 0]
    note(database)
    assert anchoring.anchor(database, clock, tmp_path) == 0, "the same day"
    clock.move_to(NOW + timedelta(hours=15))  # midnight in Sweden, 23 in UTC
    assert anchoring.anchor(database, clock, tmp_path) == 1
    clock.move_to(NOW + timedelta(days=3))
    assert anchoring.anchor(database, clock, tmp_path) == 0, "nothing has happened since"
    assert files(tmp_path) == ["checkpoint-000001-2026-11-02.json", "checkpoint-000002-2026-11-03.json"]


def test_the_file_anchors_the_history_against_who_owns_the_database(
    database: Database, clock: Wall, tmp_path: Path
) -> None:
    note(database, 3)
    anchoring.anchor(database, clock, tmp_path)
    kept = json.loads((tmp_path / "checkpoint-000001-2026-11-02.json").read_text())
    with database.page() as tx:
        lines = list(history.export_ndjson(tx))
    assert verifier.check(lines, kept).ok
    assert "ended later" in str(verifier.check(lines[:2], kept).problem)


def test_much_on_one_day_does_not_wait(
    database: Database, clock: Wall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anchoring, "MANY", 5)
    note(database)
    anchoring.anchor(database, clock, tmp_path)
    note(database, 4)
    assert anchoring.anchor(database, clock, tmp_path) == 0
    note(database)
    assert anchoring.anchor(database, clock, tmp_path) == 1


def test_a_folder_out_of_reach_gets_what_it_missed_when_it_is_back(
    database: Database, clock: Wall, tmp_path: Path, capsys: Any
) -> None:
    folder = tmp_path / "share"
    for day in range(3):
        clock.move_to(NOW + timedelta(days=day))
        note(database)
        assert anchoring.anchor(database, clock, folder) == 0
    with database.page() as tx:
        newest = anchoring.newest(tx)
    assert newest is not None
    assert (newest.events, newest.left) == (3, False)
    folder.mkdir()
    assert anchoring.anchor(database, clock, folder) == 3
    assert len(files(folder)) == 3
    with database.page() as tx:
        newest = anchoring.newest(tx)
    assert newest is not None
    assert newest.left


def test_another_file_of_the_name_stays_as_it_is(database: Database, clock: Wall, tmp_path: Path, capsys: Any) -> None:
    taken = tmp_path / "checkpoint-000001-2026-11-02.json"
    taken.write_text("another")
    note(database)
    assert anchoring.anchor(database, clock, tmp_path) == 0
    assert taken.read_text() == "another"
    assert files(tmp_path) == [taken.name], "nothing half written is left"


def test_a_file_written_before_the_machine_stopped_counts(database: Database, clock: Wall, tmp_path: Path) -> None:
    note(database)
    with database.verb() as tx:
        document = history.checkpoint(tx, NOW).document
    (tmp_path / "checkpoint-000001-2026-11-02.json").write_text(document)
    assert anchoring.anchor(database, clock, tmp_path) == 1
    assert len(files(tmp_path)) == 1
