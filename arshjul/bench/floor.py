"""The commit floor: BEGIN IMMEDIATE, UPDATE, INSERT, COMMIT on the same disk; and what one fdatasync takes."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from arshjul.bench.measured import each


@contextmanager
def opened(folder: Path) -> Iterator[sqlite3.Connection]:
    """WAL, synchronous FULL, as the product's own database, and warm."""
    with closing(sqlite3.connect(folder / "floor.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE task (id INTEGER PRIMARY KEY, state TEXT)")
        connection.execute("CREATE TABLE event (id INTEGER PRIMARY KEY, task INTEGER, body TEXT)")
        connection.executemany("INSERT INTO task VALUES (?, 'open')", ((n,) for n in range(1, 1001)))
        each(range(1, 101), lambda task: commit(connection, task))
        yield connection


def commit(connection: sqlite3.Connection, task: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE task SET state = 'completed' WHERE id = ?", (task,))
    connection.execute("INSERT INTO event (task, body) VALUES (?, 'completed')", (task,))
    connection.execute("COMMIT")


def fdatasync(folder: Path) -> float:
    """Median seconds of writing 4 KiB and forcing it to the disk."""
    handle = os.open(folder / "fdatasync", os.O_CREAT | os.O_WRONLY)
    try:
        return each(range(100), lambda _n: _force(handle))
    finally:
        os.close(handle)


def _force(handle: int) -> None:
    os.write(handle, bytes(4096))
    os.fdatasync(handle)
