"""Erasing what was found, each kind of place in its own way."""

from __future__ import annotations

from datetime import datetime

from engine import history
from engine.actor import Actor
from engine.erasing.finding import Found
from engine.running import lock
from engine.store import tables as t
from engine.store.database import Tx
from engine.store.queries import instances as rows


def erase_from(tx: Tx, found: Found, decision: str, mark: str, by: Actor, now: datetime) -> None:
    """`found` can be erased. What the history tells by commitment goes together with the salt."""
    match found.place.kind:
        case "history":
            _value(tx, found, decision, by, now)
        case "file":
            history.erase(tx, found.row["commitment"], decision, by=by, now=now)
        case "variables":
            _variables(tx, found, by, now)
        case "filter":
            _delete(tx, found)
        case "person":
            _write(tx, found, {"name": mark[:200], "email": None})
            tx.execute(t.mail.update().where(t.mail.c.person_id == found.row["id"]).values(address=""))
        case "account":
            _delete(tx, found)
        case _:
            _write(tx, found, found.new)


def _value(tx: Tx, found: Found, decision: str, by: Actor, now: datetime) -> None:
    """What is left of the value is kept under a commitment of its own. A file's goes with the file."""
    if found.row["field"] == "attachment":
        return
    left = history.personal(tx, found.row["field"], found.new["value"])
    history.erase(tx, found.row["commitment"], decision, by=by, now=now, left=left)


def _variables(tx: Tx, found: Found, by: Actor, now: datetime) -> None:
    run = lock(tx, found.row["id"], by=by, now=now)
    run.execution.variables.update(found.new["variables"])
    rows.save(tx, run.id, run.execution.dump(), run.variables)


def _write(tx: Tx, found: Found, values: dict[str, object]) -> None:
    table = found.place.table
    is_this = [column == value for column, value in zip(table.primary_key, found.key, strict=True)]
    tx.execute(table.update().where(*is_this).values(values))


def _delete(tx: Tx, found: Found) -> None:
    table = found.place.table
    is_this = [column == value for column, value in zip(table.primary_key, found.key, strict=True)]
    if table is t.account:
        tx.execute(t.sign_in_place.delete().where(t.sign_in_place.c.person_id == found.row["person_id"]))
    tx.execute(table.delete().where(*is_this))
