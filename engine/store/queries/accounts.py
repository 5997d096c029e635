"""Local accounts: one row for each person who signs in with a password."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.database import Tx
from engine.store.queries.upsert import insert_or_change, insert_or_leave
from engine.store.sql import Sql
from engine.store.tables import account, person, sign_in_place

_WITH_PERSON = sa.select(account, person.c.active).select_from(
    sa.join(account, person, account.c.person_id == person.c.id)
)

_BY_PERSON = Sql(
    "select account.*, person.active from account join person on person.id = account.person_id"
    " where account.person_id = :person_id",
    *(account, person),
)


def add(tx: Tx, person_id: str, **values: Any) -> bool:
    """False when the person has one already."""
    return insert_or_leave(tx, account, {"person_id": person_id}, **values)


def by_username(tx: Tx, username: str) -> sa.Row[Any] | None:
    """The account, and whether its person is active."""
    return tx.one(_WITH_PERSON.where(account.c.username == username))


def locked(tx: Tx, person_id: str) -> sa.Row[Any] | None:
    """The account, locked until the transaction ends, and whether its person is active."""
    return tx.one(_WITH_PERSON.where(account.c.person_id == person_id).with_for_update(of=account, key_share=True))


def by_person(tx: Tx, person_id: str) -> Any | None:
    """Read for every request of someone signed in."""
    return tx.first(_BY_PERSON, person_id=person_id)


def at_place(tx: Tx, person_id: str, place: str) -> sa.Row[Any] | None:
    """What has been tried for the person's account from there."""
    here = sa.and_(sign_in_place.c.person_id == person_id, sign_in_place.c.place == place)
    return tx.one(sa.select(sign_in_place).where(here))


def keep_at_place(tx: Tx, person_id: str, place: str, **values: Any) -> None:
    insert_or_change(tx, sign_in_place, {"person_id": person_id, "place": place}, **values)


def forget_failures(tx: Tx, person_id: str) -> None:
    """No place has to wait."""
    whose = sa.update(sign_in_place).where(sign_in_place.c.person_id == person_id)
    tx.execute(whose.values(failed_attempts=0, retry_after=None))


def forget_places(tx: Tx, person_id: str, *, failed_before: datetime, signed_in_before: datetime) -> None:
    """Leave out places where nothing has been tried, and nobody let in, since then."""
    signed_in = sign_in_place.c.signed_in_at
    old = sa.and_(
        sign_in_place.c.person_id == person_id,
        sign_in_place.c.last_at < failed_before,
        sa.or_(signed_in.is_(None), signed_in < signed_in_before),
    )
    tx.execute(sa.delete(sign_in_place).where(old))


def renew_hash(tx: Tx, person_id: str, old: str, new: str) -> None:
    """Nothing changes when the hash is no longer the old one."""
    same = sa.and_(account.c.person_id == person_id, account.c.password_hash == old)
    tx.execute(sa.update(account).where(same).values(password_hash=new))


def change(tx: Tx, person_id: str, **values: Any) -> bool:
    return tx.execute(sa.update(account).where(account.c.person_id == person_id).values(**values)).rowcount == 1
