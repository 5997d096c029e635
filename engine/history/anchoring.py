"""Checkpoints that leave the machine: one a day, or sooner when much has happened, each to a file of its own.

A checkpoint beside the history vouches for nothing, since who can rewrite the one can rewrite the other. The folder
is meant to lie where those who run the database cannot change a file once it is there.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import structlog

from engine.clock import Clock
from engine.history.checks import fold, keep
from engine.rules.calendar import civil_date
from engine.store.database import Database, Tx
from engine.store.queries import history as rows
from engine.store.queries import settings

MANY = 10_000
"""Events after which the day is not waited for."""

WRITTEN = "checkpoint_written"
"""The setting that holds the id of the newest checkpoint that has left."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Anchor:
    """The newest checkpoint. `left`: it, and all before it, have been written outside."""

    events: int
    taken_at: datetime
    left: bool


def anchor(database: Database, clock: Clock, folder: Path | None) -> int:
    """Take the checkpoint that is due, write those that have not left yet; give how many were written.

    A folder that cannot be written is logged, and tried again the next time. A file there is never overwritten.
    """
    with database.page() as tx:
        due = _is_due(tx)
    if due:
        with database.snapshot() as tx:
            folded = fold(tx, clock.now())
        with database.verb() as tx:
            keep(tx, folded)
    if folder is None:
        return 0
    written = 0
    with database.page() as tx:
        waiting = rows.checkpoint_ids_after(tx, settings.read(tx, WRITTEN) or 0)
    for checkpoint_id in waiting:
        with database.page() as tx:
            row = rows.checkpoint_of(tx, checkpoint_id)
        day = civil_date(row.taken_at)
        try:
            _write(folder / f"checkpoint-{checkpoint_id:06d}-{day}.json", row.document)
        except OSError as error:
            log.exception("checkpoint_not_written", folder=str(folder), error=str(error))
            break
        with database.verb() as tx:
            settings.write(tx, WRITTEN, checkpoint_id)
        written += 1
    return written


def newest(tx: Tx) -> Anchor | None:
    """None before the first one."""
    row = rows.newest_checkpoint(tx)
    if row is None:
        return None
    return Anchor(row.events, row.taken_at, (settings.read(tx, WRITTEN) or 0) >= row.id)


def newest_document(tx: Tx) -> str | None:
    """The newest checkpoint as the verifier reads it; None before the first one."""
    row = rows.last_checkpoint(tx)
    return row.document if row is not None else None


def _is_due(tx: Tx) -> bool:
    """On a new day in Sweden, or after many events; not when nothing has happened since."""
    row, last = rows.newest_checkpoint(tx), rows.last_event_id(tx)
    if row is None or last == row.last_event_id:
        return row is None and last > 0
    return civil_date(tx.recorded_at) > civil_date(row.taken_at) or last - row.last_event_id >= MANY


def _write(path: Path, document: str) -> None:
    """As a whole or not at all: first under another name, then under its own unless that is taken."""
    unfinished = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with unfinished.open("x", encoding="utf-8") as file:
            file.write(document)
            file.flush()
            os.fsync(file.fileno())
        if path.exists() and path.read_text("utf-8") == document:
            return  # written before, and stopped before that was noted
        os.link(unfinished, path)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()
