"""On PostgreSQL the application's role does all its work, and can add to the history but not change it."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from support import stages
from support.stages import YEAR
from support.world import World

from arshjul.cli import arshjul
from engine import history
from engine.store import grants, migrate
from engine.store.tables import metadata

pytestmark = pytest.mark.postgresql

ROLE, PASSWORD = "arshjul app", "granris på stubben"
"""With a space: a name is quoted, not pasted."""


@pytest.fixture
def restricted(pg_url: str, pg_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """URL of a database set up by `arshjul db upgrade`, as the role that owns nothing."""
    maintenance = sa.create_engine(pg_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with maintenance.connect() as connection:
        connection.exec_driver_sql(f"CREATE ROLE \"{ROLE}\" LOGIN PASSWORD '{PASSWORD}'")
    url = sa.make_url(pg_database).set(username=ROLE, password=PASSWORD).render_as_string(hide_password=False)
    monkeypatch.setenv("ARSHJUL_DATABASE_URL", url)
    monkeypatch.setenv("ARSHJUL_MIGRATION_DATABASE_URL", pg_database)
    for turn in ("first", "again"):
        done = CliRunner().invoke(arshjul, ["db", "upgrade"])
        assert done.exit_code == 0, (turn, done.output)
        assert f"Rollen {ROLE} får läsa och lägga till" in done.output
    yield url
    with sa.create_engine(pg_database, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool).connect() as connection:
        connection.exec_driver_sql(f'DROP OWNED BY "{ROLE}"')
    with maintenance.connect() as connection:
        connection.exec_driver_sql(f'DROP ROLE "{ROLE}"')


@pytest.fixture
def world(restricted: str) -> Iterator[World]:
    world = World(restricted)
    yield world
    world.close()


def test_a_cycle_runs_as_the_restricted_role(world: World) -> None:
    for name, stage in stages.STAGES.items():
        stage(world)
        if name == "directed":
            break
    assert len(world.items(YEAR)) > 2
    with world.database.verb() as tx:
        kept = history.personal(tx, "note", "ett namn")
        history.erase(tx, kept["personal"], "Gallringsbeslut", by=world.person("hr"), now=world.now)
        history.checkpoint(tx, world.now)
    with world.page() as tx:
        assert history.verify(tx).ok
        assert history.search(tx, people=["hr"]).events


REFUSED = [
    "UPDATE audit_event SET type = 'other'",
    "DELETE FROM audit_event",
    "TRUNCATE audit_event",
    "DROP TRIGGER audit_event_no_change ON audit_event",
    "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    "DROP TABLE audit_event",
    "CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "SET session_replication_role = replica",
    "UPDATE audit_term SET value = 'other'",
    "DELETE FROM audit_term",
    "UPDATE checkpoint SET root = 'other'",
    "DELETE FROM checkpoint",
    "DELETE FROM chain_head",
    "TRUNCATE chain_head",
    "DELETE FROM personal_value",
    "DELETE FROM access_log",
    "UPDATE access_log SET outcome = '200'",
    "UPDATE alembic_version SET version_num = '0'",
]


def test_the_role_is_refused_what_would_change_the_history(world: World) -> None:
    for statement in REFUSED:
        with (
            pytest.raises(sa.exc.ProgrammingError, match=r"permission denied|must be owner"),
            world.database.verb() as tx,
        ):
            tx.connection.exec_driver_sql(statement)


def test_every_table_is_either_free_or_kept(restricted: str) -> None:
    """A table made later gets the rights of its kind at the next upgrade, and none is forgotten."""
    engine = sa.create_engine(restricted, poolclass=sa.NullPool)
    with engine.connect() as connection:
        rights: dict[str, Any] = {
            name: {
                right for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER")
                if connection.scalar(sa.select(sa.func.has_table_privilege(name, right)))
            }
            for name in metadata.tables
        }  # fmt: skip
    for name, given in rights.items():
        expected = {"SELECT", "INSERT"}
        if name not in grants.ADD_ONLY:
            expected |= {"UPDATE"} if name in grants.NEVER_DELETED else {"UPDATE", "DELETE"}
        assert given == expected, name


def test_who_owns_the_tables_cannot_be_kept_from_them(pg_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate.upgrade(pg_database)
    with pytest.raises(grants.OwnRole):
        grants.grant(pg_database, sa.make_url(pg_database).username or "")
    monkeypatch.setenv("ARSHJUL_DATABASE_URL", pg_database)
    monkeypatch.setenv("ARSHJUL_MIGRATION_DATABASE_URL", pg_database)
    done = CliRunner().invoke(arshjul, ["db", "upgrade"])
    assert done.exit_code == 1
    assert "äger tabellerna" in done.output
