"""Whole copies of a SQLite database, made while others read and write it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from engine.store.faults import DatabaseError


def copy(source: Path, target: Path) -> None:
    """Copy and check; a copy that is not sound is removed. Raises DatabaseError."""
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as read,
            closing(sqlite3.connect(target)) as write,
        ):
            read.backup(write)
            found = write.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as fault:
        target.unlink(missing_ok=True)
        raise DatabaseError(f"{source} går inte att kopiera: {fault}.") from fault
    if found != "ok":
        target.unlink(missing_ok=True)
        raise DatabaseError(f"{source} är skadad: {found}.")
