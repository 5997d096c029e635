"""The audit chain takes new rows only: the database itself refuses to change, delete or truncate one. PostgreSQL also
notes by a trigger what each is found by (`terms`).

Part of the metadata (`create_all` makes them) and of the migrations. SQLite drops a table's triggers when a
migration rebuilds it, so such a migration calls `create` again afterwards.
"""

from __future__ import annotations

import sqlalchemy as sa

from engine.store import open_work, terms

SQLITE = """
CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
BEGIN SELECT RAISE(ABORT, 'audit_event takes new rows only'); END;;
CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
BEGIN SELECT RAISE(ABORT, 'audit_event takes new rows only'); END
"""

POSTGRESQL = """
CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'audit_event takes new rows only'; END $$;;
CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE ON audit_event
FOR EACH ROW EXECUTE FUNCTION audit_event_refuse();;
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event
FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse()
"""


def statements(dialect: str) -> list[str]:
    """The statements for `sqlite` or `postgresql`, in order."""
    written = (SQLITE,) if dialect == "sqlite" else (POSTGRESQL, terms.POSTGRESQL)
    return [statement.strip() for group in written for statement in group.split(";;")]


def create_counts(connection: sa.Connection) -> None:
    """Make those that keep open tasks counted; they must not be there yet."""
    written = open_work.SQLITE if connection.dialect.name == "sqlite" else open_work.POSTGRESQL
    for statement in written.split(";;"):
        connection.exec_driver_sql(statement.strip())


def create(connection: sa.Connection) -> None:
    """Make the triggers; they must not be there yet."""
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)
