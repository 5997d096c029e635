"""A database with its schema and nothing in it, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from engine.clock import SystemClock
from engine.store import migrate
from engine.store.database import Database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    migrate.upgrade(database_url)
    found = Database(database_url, SystemClock())
    yield found
    found.dispose()
