"""The access log's rows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.store.database import Tx
from engine.store.tables import access_log


def is_noted(tx: Tx, since: datetime, *, times: int = 1, **values: Any) -> bool:
    """Whether so many rows with just these values were written after `since`."""
    same = [access_log.c[name].is_not_distinct_from(value) for name, value in values.items()]
    found = sa.select(access_log.c.id).where(access_log.c.at > since, *same)
    return tx.one(found.offset(times - 1).limit(1)) is not None


def add(tx: Tx, **values: Any) -> None:
    tx.execute(sa.insert(access_log).values(**values))


READINGS = ("read_history", "read_attachment")


def page(
    tx: Tx,
    *,
    kind: str | None,
    people: Collection[str] | None,
    since: datetime | None,
    until: datetime | None,
    before: int | None,
    limit: int,
    among: int,
) -> tuple[list[sa.Row[Any]], int | None]:
    """The newest `limit` rows of that kind, of the `among` newest ones of these people and that period.

    And the row to go on before when there may be older ones. The period becomes a span of ids, which grow as the days
    do, so that nothing outside of it is read.
    """
    row = access_log.c
    fits: list[sa.ColumnElement[bool]] = []
    if people is not None:
        fits.append(row.person_id.in_(sorted(people)))
    if since is not None:
        first = tx.scalar(sa.select(row.id).where(row.at >= since).order_by(row.at, row.id).limit(1))
        fits.append(row.id >= first if first is not None else sa.false())
    if until is not None:
        last = tx.scalar(sa.select(row.id).where(row.at <= until).order_by(row.at.desc(), row.id.desc()).limit(1))
        fits.append(row.id <= last if last is not None else sa.false())
    if before is not None:
        fits.append(row.id < before)
    near = sa.select(access_log).where(*fits).order_by(row.id.desc()).limit(among).subquery()
    found = tx.rows(sa.select(near).where(_of_kind(near.c.action, kind)).order_by(near.c.id.desc()).limit(limit + 1))
    if len(found) > limit:
        return found[:limit], int(found[limit - 1].id)
    (looked,) = tx.rows(sa.select(sa.func.count().label("number"), sa.func.min(near.c.id).label("oldest")))
    return found, int(looked.oldest) if looked.number == among else None


def _of_kind(action: sa.ColumnElement[str], kind: str | None) -> sa.ColumnElement[bool]:
    """Whatever is neither a sign-in nor a reading was refused."""
    if kind == "sign_in":
        return action == "sign_in"
    if kind == "reading":
        return action.in_(READINGS)
    return action.not_in(("sign_in", *READINGS)) if kind == "refused" else sa.true()
