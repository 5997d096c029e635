"""What the application's own role may do on PostgreSQL: its work, and nothing to the history but add to it.

The owner of the tables migrates them and grants. The role owns nothing, so it can neither change nor drop a table or
a trigger, nor truncate. SQLite has no roles: there the triggers alone keep the history.
"""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.tables import metadata

READ_ONLY = ("alembic_version",)
ADD_ONLY = ("audit_event", "audit_term", "checkpoint", "access_log")
NEVER_DELETED = ("chain_head", "personal_value")
"""Heads move with each event, and an erased value is emptied: changed, but not deleted."""


class OwnRole(Exception):
    """The role owns the tables, or may act as who does: rights cannot be kept from it."""


def grant(owner_url: str, role: str) -> None:
    """Give the role exactly its rights, whatever it had. Repeating it changes nothing.

    `owner_url`: access of the tables' owner. Raises OwnRole (nothing is changed), or the database's own error.
    """
    engine = sa.create_engine(owner_url, poolclass=sa.NullPool)
    try:
        with engine.begin() as connection:
            if connection.scalar(OWNS, {"role": role}):
                raise OwnRole(role)
            quoted = engine.dialect.identifier_preparer.quote(role)
            for statement in statements(quoted):
                connection.exec_driver_sql(statement)
    finally:
        engine.dispose()


OWNS = sa.text(
    "SELECT pg_has_role(:role, c.relowner, 'MEMBER') FROM pg_class c WHERE c.oid = to_regclass('audit_event')"
)


def statements(role: str) -> list[str]:
    """The statements for a role whose name is already quoted."""
    kept = {*READ_ONLY, *ADD_ONLY, *NEVER_DELETED}
    free = sorted(set(metadata.tables) - kept)
    return [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {role}",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"GRANT SELECT ON {', '.join(READ_ONLY)} TO {role}",
        f"GRANT SELECT, INSERT ON {', '.join(ADD_ONLY)} TO {role}",
        f"GRANT SELECT, INSERT, UPDATE ON {', '.join(NEVER_DELETED)} TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(free)} TO {role}",
    ]
