"""Reading the whole organisation at once, and writing its rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.store.database import Tx
from engine.store.tables import absence, account, holding, job, person, position, unit

TABLES = {"unit": unit, "person": person, "position": position}


def all_units(tx: Tx) -> list[sa.Row[Any]]:
    return tx.rows(sa.select(unit).order_by(unit.c.id))


def all_people(tx: Tx) -> list[sa.Row[Any]]:
    return tx.rows(sa.select(person).order_by(person.c.id))


def all_positions(tx: Tx) -> list[sa.Row[Any]]:
    return tx.rows(sa.select(position).order_by(position.c.id))


def all_holdings(tx: Tx) -> list[sa.Row[Any]]:
    return tx.rows(sa.select(holding).order_by(holding.c.id))


def all_absences(tx: Tx) -> list[sa.Row[Any]]:
    return tx.rows(sa.select(absence).order_by(absence.c.first_day, absence.c.id))


def add_absence(tx: Tx, **values: Any) -> int:
    return tx.insert(absence, **values)


def end_absence(tx: Tx, absence_id: int, last_day: date) -> None:
    tx.execute(sa.update(absence).where(absence.c.id == absence_id).values(last_day=last_day))


def add(tx: Tx, noun: str, rows: Sequence[dict[str, Any]]) -> None:
    """Insert units, people or positions; every row has the same keys."""
    if rows:
        tx.execute(sa.insert(TABLES[noun]), list(rows))


def change(tx: Tx, noun: str, key: str, **values: Any) -> bool:
    """Update one unit, person or position; False when there is none of that id."""
    table = TABLES[noun]
    return tx.execute(sa.update(table).where(table.c.id == key).values(**values)).rowcount == 1


def add_holding(tx: Tx, **values: Any) -> int:
    return tx.insert(holding, **values)


def add_holdings(tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        tx.execute(sa.insert(holding), list(rows))


def move_holding(tx: Tx, holding_id: int, valid_from: date | None, valid_to: date | None) -> None:
    statement = sa.update(holding).where(holding.c.id == holding_id)
    tx.execute(statement.values(valid_from=valid_from, valid_to=valid_to))


def end_sessions(tx: Tx, person_id: str) -> None:
    """Every session that the person's account has opened so far is over."""
    statement = sa.update(account).where(account.c.person_id == person_id)
    tx.execute(statement.values(session_epoch=account.c.session_epoch + 1))


def add_welcome(tx: Tx, positions: Sequence[str], due_at: datetime) -> None:
    """A job: these positions are new or newly held from that instant."""
    tx.insert(job, kind="joiners", due_at=due_at, payload={"positions": list(positions)})
