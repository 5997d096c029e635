"""What one answer sends to PostgreSQL, as a script that pgbench can send again to a copy of the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa

from arshjul.bench.site import Site
from engine.actor import Actor
from engine.store.database import Tx
from engine.store.sql import Sql, bind

NEW_RECORD = 987_654_321
"""Stands for the key of the record just made, which is another when several clients make records at once."""


def recorded(site: Site, answer: tuple[int, Actor]) -> str:
    """Give the answer; its statements, with their values, as one transaction."""
    with _listening(site.database.engine) as told:
        site.complete(*answer)
    return "".join(f"{statement};\n" for statement in ["BEGIN", *told, "COMMIT"])


@contextmanager
def _listening(engine: sa.Engine) -> Iterator[list[str]]:
    told: list[str] = []
    send, send_all = Tx.send, Tx.send_all

    def one(tx: Tx, statement: Sql, parameters: dict[str, Any]) -> Any:
        told.append(_written(tx.connection, statement.postgresql, _replayable(parameters)))
        return send(tx, statement, parameters)

    def many(tx: Tx, statement: Sql, each: Any) -> int:
        told.extend(_written(tx.connection, statement.postgresql, _replayable(parameters)) for parameters in each)
        return send_all(tx, statement, each)

    def core(connection: sa.Connection, _cursor: Any, text: str, parameters: Any, *_rest: Any) -> None:
        told.append(_written(connection, text, parameters))

    sa.event.listen(engine, "before_cursor_execute", core)
    Tx.send, Tx.send_all = one, many  # type: ignore[method-assign, assignment]
    try:
        yield told
    finally:
        Tx.send, Tx.send_all = send, send_all  # type: ignore[method-assign]
        sa.event.remove(engine, "before_cursor_execute", core)


def _replayable(parameters: dict[str, Any]) -> Mapping[str, Any]:
    given = dict(parameters)  # binding changes them in place, and they are still to be sent
    if "record_id" in given:
        given["record_id"] = NEW_RECORD
    return bind(given, sqlite=False)


def _written(connection: sa.Connection, text: str, parameters: Any) -> str:
    driver: Any = connection.connection.dbapi_connection
    with psycopg.ClientCursor(driver) as cursor:
        return cursor.mogrify(text, parameters).replace(str(NEW_RECORD), "currval('record_id_seq')")
