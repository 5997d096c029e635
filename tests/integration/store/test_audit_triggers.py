"""The database itself keeps the history append-only."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from engine import history
from engine.actor import SYSTEM
from engine.clock import SystemClock
from engine.store import migrate
from engine.store.database import Database

REFUSED = "audit_event takes new rows only"


@pytest.fixture
def migrated(database_url):
    migrate.upgrade(database_url)
    database = Database(database_url, SystemClock())
    with database.verb() as tx:
        history.append(tx, type="made", chain="org", occurred_at=datetime(2026, 11, 1, tzinfo=UTC), by=SYSTEM)
    yield database
    database.dispose()


@pytest.mark.parametrize("statement", ["update audit_event set type = 'other'", "delete from audit_event"])
def test_an_event_is_neither_changed_nor_deleted(migrated, statement):
    with pytest.raises(sa.exc.DBAPIError, match=REFUSED), migrated.verb() as tx:
        tx.execute(sa.text(statement))

    with migrated.page() as tx:
        assert history.verify(tx).events == 1


@pytest.mark.postgresql
def test_the_table_is_not_emptied_either(migrated):
    with migrated.page() as tx:
        if tx.is_sqlite:
            pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(sa.exc.DBAPIError, match=REFUSED), migrated.verb() as tx:
        tx.execute(sa.text("truncate audit_event"))
