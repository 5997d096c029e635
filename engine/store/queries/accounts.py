"""Local accounts: one row for each person who signs in with a password."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.store.database import Tx
from engine.store.queries.upsert import insert_or_leave
from engine.store.tables import account, person

_WITH_PERSON = sa.select(account, person.c.active).select_from(
    sa.join(account, person, account.c.person_id == person.c.id)
)


def add(tx: Tx, person_id: str, **values: Any) -> bool:
    """False when the person has one already."""
    return insert_or_leave(tx, account, {"person_id": person_id}, **values)


def by_username(tx: Tx, username: str) -> sa.Row[Any] | None:
    """The account, and whether its person is active."""
    return tx.one(_WITH_PERSON.where(account.c.username == username))


def locked(tx: Tx, person_id: str) -> sa.Row[Any] | None:
    """The account, locked until the transaction ends, and whether its person is active."""
    return tx.one(_WITH_PERSON.where(account.c.person_id == person_id).with_for_update(of=account))


def by_person(tx: Tx, person_id: str) -> sa.Row[Any] | None:
    return tx.one(_WITH_PERSON.where(account.c.person_id == person_id))


def renew_hash(tx: Tx, person_id: str, old: str, new: str) -> None:
    """Nothing changes when the hash is no longer the old one."""
    same = sa.and_(account.c.person_id == person_id, account.c.password_hash == old)
    tx.execute(sa.update(account).where(same).values(password_hash=new))


def change(tx: Tx, person_id: str, **values: Any) -> bool:
    return tx.execute(sa.update(account).where(account.c.person_id == person_id).values(**values)).rowcount == 1
