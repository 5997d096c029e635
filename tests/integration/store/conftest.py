"""A database with its schema and nothing in it, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest
from support.rows import Rows

from engine.clock import SystemClock
from engine.store import migrate
from engine.store.database import Database, Tx


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    migrate.upgrade(database_url)
    found = Database(database_url, SystemClock())
    yield found
    found.dispose()


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def shared_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The same for all tests of a module, with a few people in it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('rows') / 'arshjul.db'}"
    else:
        url = request.getfixturevalue("pg_module_database")
    migrate.upgrade(url)
    found = Database(url, SystemClock())
    with found.verb() as tx:
        Rows(tx).people()
    yield found
    found.dispose()


@pytest.fixture
def rows(shared_database: Database) -> Iterator[Rows]:
    """What a test writes is gone after it."""
    with shared_database.engine.connect() as connection, connection.begin() as written:
        yield Rows(Tx(connection, shared_database.clock.wall()))
        written.rollback()
