"""Where trials run: a template database, made once, and a fresh copy of it for each trial."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa
from support.postgres import Own
from torture.worker import Orders, forked, work

from arshjul.bench import drawn
from arshjul.bench.site import furnish
from engine.clock import SystemClock
from engine.store.database import Database

MANAGERS = 12
LINEAR, FAN_OUT = "torture_linear", "torture_fan_out"
PAUSE = (
    '<sequenceFlow id="f_step_1_pause" sourceRef="step_1" targetRef="pause"/><intermediateCatchEvent id="pause" '
    'name="Vänta"><timerEventDefinition><timeDate>P1D</timeDate></timerEventDefinition></intermediateCatchEvent>'
    '<sequenceFlow id="f_pause_step_2" sourceRef="pause" targetRef="step_2"/>'
)


@dataclass(frozen=True)
class Place:
    """Where trials run: a server that may be stopped, or None for SQLite files in the folder."""

    folder: Path
    server: Own | None = None

    @property
    def kind(self) -> str:
        return "sqlite" if self.server is None else "postgresql"

    def prepare(self) -> None:
        """The template that every trial's database is a copy of, made in a process of its own; and a warm process."""
        if self.server is not None:
            self._on_server('CREATE DATABASE "torture_template"')
        url = f"sqlite:///{self.folder / 'template.db'}" if self.server is None else self._url("torture_template")
        child = forked(Orders(url, self.folder / "template.journal", "template", 0, 0), _furnish)
        if os.waitpid(child, 0)[1] != 0:
            raise RuntimeError((self.folder / "template.journal").read_text())
        with self.fresh() as url:  # modules, diagrams and texts are read once, here, and not by each worker
            work(Orders(url, self.folder / "warm.journal", "varm", 0, 1))

    def clear(self) -> None:
        if self.server is not None:
            self._on_server('DROP DATABASE "torture_template" WITH (FORCE)')

    @contextmanager
    def fresh(self) -> Iterator[str]:
        name = f"torture_{uuid4().hex}"
        if self.server is None:
            file = self.folder / f"{name}.db"
            shutil.copy(self.folder / "template.db", file)
            yield f"sqlite:///{file}"
            for left in self.folder.glob(f"{name}*"):
                left.unlink()
            return
        self._on_server(f'CREATE DATABASE "{name}" TEMPLATE "torture_template"')
        yield self._url(name)
        self._on_server(f'DROP DATABASE "{name}" WITH (FORCE)')

    @contextmanager
    def empty(self) -> Iterator[str]:
        """A new database with nothing in it."""
        name = f"torture_{uuid4().hex}"
        if self.server is None:
            yield f"sqlite:///{self.folder / name}.db"
            for left in self.folder.glob(f"{name}*"):
                left.unlink()
            return
        self._on_server(f'CREATE DATABASE "{name}"')
        yield self._url(name)
        self._on_server(f'DROP DATABASE "{name}" WITH (FORCE)')

    def keep_what_is_committed(self, url: str) -> None:
        """Commits in this database wait for the log again, which the test server otherwise does without.

        With a checkpoint: PostgreSQL logs a sequence only every 32 numbers, and a database copied from a template does
        not have the record that the template wrote, so that a crash before the next checkpoint would set it back.
        """
        self._on_server(f'ALTER DATABASE "{sa.make_url(url).database}" SET synchronous_commit = on')
        self._on_server("CHECKPOINT")

    def find_deadlocks_soon(self, url: str) -> None:
        """After 50 ms, not after a second as PostgreSQL does by itself."""
        self._on_server(f"""ALTER DATABASE "{sa.make_url(url).database}" SET deadlock_timeout = '50ms'""")

    def begin_anew(self, url: str) -> None:
        """The database is gone; an empty one has its name."""
        name = sa.make_url(url).database or ""
        if self.server is None:
            for left in Path(name).parent.glob(f"{Path(name).name}*"):
                left.unlink()
            return
        self._on_server(f'DROP DATABASE "{name}" WITH (FORCE)')
        self._on_server(f'CREATE DATABASE "{name}" TEMPLATE template0')

    def move(self, url: str, folder: Path | None) -> None:
        """The database's files to that folder of the server's machine; None: back again."""
        name = sa.make_url(url).database
        if folder is not None:
            folder.chmod(0o777)
            (folder / "space").mkdir()
            shutil.chown(folder / "space", self._server.started.system_user or None)
            self._on_server(f"CREATE TABLESPACE torture_small LOCATION '{folder / 'space'}'")
            self._on_server(f'ALTER DATABASE "{name}" SET TABLESPACE torture_small')
            return
        self._on_server(f'ALTER DATABASE "{name}" SET TABLESPACE pg_default')
        self._on_server("DROP TABLESPACE torture_small")

    @property
    def _server(self) -> Own:
        assert self.server is not None
        return self.server

    def _url(self, name: str) -> str:
        return sa.make_url(self._server.url).set(database=name).render_as_string(hide_password=False)

    def _on_server(self, statement: str) -> None:
        maintenance = sa.create_engine(self._server.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with maintenance.connect() as connection:
            connection.execute(sa.text(statement))
        maintenance.dispose()


def _furnish(orders: Orders) -> None:
    linear = drawn.linear(LINEAR, 2)
    straight = b'<sequenceFlow id="f_step_1_step_2" sourceRef="step_1" targetRef="step_2"/>'
    linear[f"{LINEAR}.bpmn"] = linear[f"{LINEAR}.bpmn"].replace(straight, PAUSE.encode())
    packages = {LINEAR: linear, FAN_OUT: drawn.fan_out(FAN_OUT)}
    site = furnish(Database(orders.url, SystemClock()), None, packages, MANAGERS)
    for year in drawn.YEARS[:3]:
        site.start(LINEAR, year)
    site.start(FAN_OUT, drawn.YEARS[0])
    if site.database.engine.dialect.name == "sqlite":
        with site.database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
    site.database.dispose()
