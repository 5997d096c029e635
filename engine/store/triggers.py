"""The audit chain takes new rows only: the database itself refuses to change, delete or truncate one.

Part of the metadata (`create_all` makes them) and of the migrations. SQLite drops a table's triggers when a
migration rebuilds it, so such a migration runs `create(connection)` again afterwards.
"""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.tables.history import audit_event

SQLITE = tuple(
    f"CREATE TRIGGER audit_event_no_{verb.lower()} BEFORE {verb} ON audit_event "
    "BEGIN SELECT RAISE(ABORT, 'audit_event takes new rows only'); END"
    for verb in ("UPDATE", "DELETE")
)

POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'audit_event takes new rows only'; END $$",
    "CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE ON audit_event "
    "FOR EACH ROW EXECUTE FUNCTION audit_event_refuse()",
    "CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse()",
)


def statements(dialect: str) -> tuple[str, ...]:
    """The statements for `sqlite` or `postgresql`."""
    return SQLITE if dialect == "sqlite" else POSTGRESQL


def create(connection: sa.Connection) -> None:
    """Create them; they must not be there."""
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


@sa.event.listens_for(audit_event, "after_create")
def _with_the_table(_table: sa.Table, connection: sa.Connection, **_options: object) -> None:
    create(connection)
