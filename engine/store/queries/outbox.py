"""What someone is to be told, and the mails that carry it: rows in, rows out, races settled by the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.database import Tx
from engine.store.tables import outbox_message


def insert_messages(tx: Tx, rows: Sequence[dict[str, Any]]) -> int:
    """Insert them; a row whose (event_key, person_id) is there already is left out. The number inserted."""
    if not rows:
        return 0
    insert = sqlite.insert if tx.is_sqlite else postgresql.insert
    statement = insert(outbox_message).on_conflict_do_nothing(index_elements=["event_key", "person_id"])
    # Without this option SQLAlchemy keeps the row count of updates and deletes only.
    return tx.execute(statement.execution_options(preserve_rowcount=True), list(rows)).rowcount
