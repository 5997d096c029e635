"""The migrations and the tables say the same, and a migration happens as a whole or not at all."""

import re
from multiprocessing import get_context

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine.store import migrate, tables


def connected(url: str) -> sa.Engine:
    return sa.create_engine(url, poolclass=sa.NullPool)


def described(url: str) -> dict[str, str]:
    """Every table, index and trigger of an SQLite file with its DDL, spaces evened out."""
    with connected(url).connect() as connection:
        rows = connection.exec_driver_sql("select type || ' ' || name, sql from sqlite_master where sql is not null")
        return {name: members(sql) for name, sql in rows if "alembic_version" not in name}


def members(sql: str) -> str:
    """The parts of a definition in one order: constraints have none of their own."""
    head, _, rest = " ".join(sql.split()).replace('"', "").partition("(")
    parts = re.split(r", (?=[A-Za-z_]+ )", rest.rstrip(") "))
    return f"{head}({'|'.join(sorted(part.strip(' )') for part in parts))}"


def test_the_migrated_sqlite_file_is_the_one_that_the_tables_make(sqlite_url, tmp_path):
    fresh = f"sqlite:///{tmp_path / 'fresh.db'}"
    migrate.upgrade(sqlite_url)
    tables.metadata.create_all(connected(fresh))

    migrated = described(sqlite_url)

    assert migrated == described(fresh)
    assert {"trigger audit_event_no_update", "trigger audit_event_no_delete"} <= set(migrated)


def test_after_migrating_nothing_is_left_to_migrate(database_url):
    migrate.upgrade(database_url)

    with connected(database_url).connect() as connection:
        options = {"compare_server_default": True, "compare_type": True}
        difference = compare_metadata(MigrationContext.configure(connection, opts=options), tables.metadata)

    assert difference == []


def constraints(url: str) -> set[str]:
    with connected(url).connect() as connection:
        return set(
            connection.exec_driver_sql(
                "select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint "
                "where connamespace = 'public'::regnamespace and conrelid <> 'alembic_version'::regclass "
                "union select tgrelid::regclass || ' ' || tgname || ' ' || pg_get_triggerdef(oid) "
                "from pg_trigger where not tgisinternal "
                "union select indexname || ' ' || indexdef from pg_indexes "
                "where schemaname = 'public' and tablename <> 'alembic_version'"
            ).scalars()
        )


@pytest.mark.postgresql
def test_postgresql_gets_every_constraint_index_and_trigger(pg_url, pg_database):
    from support import postgres

    migrate.upgrade(pg_database)
    with postgres.fresh_database(pg_url) as fresh:
        tables.metadata.create_all(connected(fresh))
        with connected(fresh).begin() as connection:
            connection.exec_driver_sql("create table alembic_version (version_num text)")

        assert constraints(pg_database) == constraints(fresh)


def test_there_is_one_newest_schema():
    assert len(ScriptDirectory(str(migrate.MIGRATIONS)).get_heads()) == 1


def test_every_constraint_has_a_name():
    """SQLite drops a constraint without a name when a later migration rebuilds its table."""
    for table in tables.metadata.tables.values():
        assert all(constraint.name for constraint in table.constraints), table.name


def test_an_empty_database_has_no_revision_and_a_migrated_one_the_newest(database_url):
    assert migrate.current(database_url) is None

    assert migrate.upgrade(database_url) == migrate.head() == migrate.current(database_url)


def test_migrating_twice_changes_nothing(sqlite_url):
    migrate.upgrade(sqlite_url)
    before = described(sqlite_url)

    migrate.upgrade(sqlite_url)

    assert described(sqlite_url) == before


def test_a_migration_that_fails_leaves_the_old_schema(database_url, monkeypatch):
    def fail(_connection):
        raise RuntimeError("the power went")

    monkeypatch.setattr("engine.store.triggers.create", fail)
    with pytest.raises(RuntimeError, match="the power went"):
        migrate.upgrade(database_url)

    engine = connected(database_url)
    assert sa.inspect(engine).get_table_names() == []
    assert migrate.current(database_url) is None


def test_two_migrators_at_once_both_succeed(database_url):
    with get_context("spawn").Pool(2) as pool:
        assert pool.map(migrate.upgrade, [database_url] * 2) == [migrate.head()] * 2


def test_a_migration_that_leaves_rows_pointing_nowhere_is_undone(sqlite_url, monkeypatch):
    migrate.upgrade(sqlite_url)
    engine = connected(sqlite_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("insert into position values ('p', 'chef', 'no such unit', 'P', 1, null, null)")

    with pytest.raises(migrate.BrokenReferences):
        migrate.upgrade(sqlite_url)
