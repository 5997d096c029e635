"""Faults planted in the verbs, in the worker processes of the torture alone, to show that it would find them."""

from __future__ import annotations

from typing import Any

from engine import answers
from engine.running import Run
from engine.store import database

NAMES = ("commit_early", "skip_lock", "drop_event")


def apply(name: str | None) -> None:
    """Plant one of NAMES in this process; None plants nothing."""
    if name is not None:
        _PLANTED[name]()


def _commit_early() -> None:
    """The task counts as answered before its history, records and messages are written."""
    whole = answers._take

    def take(tx: Any, *rest: Any) -> None:
        whole(tx, *rest)
        tx.connection.dialect.do_commit(tx.connection.connection)
        if tx.is_sqlite:
            tx.connection.exec_driver_sql("BEGIN IMMEDIATE")

    answers._take = take


def _skip_lock() -> None:
    """No lock from the first statement, and the row as it was read need not be the row that is answered."""
    database._on_begin = lambda _connection: None
    whole = database._create

    def create(url: str, patience: float) -> Any:
        engine = whole(url, patience)
        return engine.execution_options(isolation_level="AUTOCOMMIT") if engine.dialect.name != "sqlite" else engine

    database._create = create


def _drop_event() -> None:
    """An answer leaves no event."""
    whole = Run.note_about

    def note(self: Run, tx: Any, task: Any, type_: str, body: Any, **more: Any) -> None:
        if type_ != "task_completed":
            whole(self, tx, task, type_, body, **more)

    Run.note_about = note  # type: ignore[method-assign]


_PLANTED = {"commit_early": _commit_early, "skip_lock": _skip_lock, "drop_event": _drop_event}
