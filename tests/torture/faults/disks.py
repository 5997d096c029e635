"""7: the disk is full, under the database and under a copy of it; then there is room again."""

from __future__ import annotations

import resource
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from torture import more
from torture.place import Place
from torture.trial import Trial, is_running, wait
from torture.worker import Journal, Orders

from engine.store.copies import copy
from engine.store.database import Database
from engine.store.faults import DatabaseError

EPISODES = 8
FULL_FOR = 0.5
"""Seconds until somebody makes room."""


def full(trial: Trial) -> int:
    """The database has no room for a while in the middle of a client's work. What was answered is there, and all goes
    on by itself when there is room again."""
    return _full(trial, 1)


def again_and_again(trial: Trial) -> int:
    """The same several times in one client's life, with a copy that has no room each time."""
    more.begin(trial, linear=40, fan_outs=25)
    return _full(trial, EPISODES)


def _full(trial: Trial, times: int) -> int:
    """How many times it was full."""
    if trial.place.server is not None:
        return _small(trial, times)
    met = 0
    for round_ in range(1, times + 1):
        before = len(trial.noted("outage"))
        seed = trial.rng.randint(1, 10**9)
        trial.finish(outlast=True, before=_little_room, seed=seed, round=round_, most=40, goes_on=False)
        met += len(trial.noted("outage")) > before
        trial.finish(_copy)
    return met


def _small(trial: Trial, times: int) -> int:
    """On PostgreSQL."""
    met = 0
    with _small_disk() as folder:
        trial.place.move(trial.orders.url, folder)
        child = trial.send(outlast=True, pause=0.05)
        filler = folder / "filler"
        for _ in range(times):
            before = len(trial.noted("outage"))
            _fill(filler)
            time.sleep(FULL_FOR)
            while len(trial.noted("outage")) == before and is_running(child):
                _fill(filler)
            met += len(trial.noted("outage")) > before
            filler.unlink()
            time.sleep(FULL_FOR)
        wait(child)
        trial.place.move(trial.orders.url, None)
    return met


def _little_room(_database: Database, orders: Orders) -> None:
    """No file of this process may grow beyond a size that the seed decides, until room is made."""
    size = Path(sa.make_url(orders.url).database or "").stat().st_size
    room = 40_000 + orders.seed % min(size, 200_000)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    threading.Thread(target=_make_room, args=(Journal(orders.journal),), daemon=True).start()


def _make_room(journal: Journal) -> None:
    """Somebody does, a while after the disk was full."""
    while not any(line["what"] == "outage" for line in journal.lines()):
        time.sleep(0.01)
    time.sleep(FULL_FOR)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _copy(orders: Orders) -> None:
    """A backup for which there is no room leaves nothing that looks like one; with room it is whole."""
    source = Path(sa.make_url(orders.url).database or "")
    target = source.with_suffix(".copy")
    journal = Journal(orders.journal)
    resource.setrlimit(resource.RLIMIT_FSIZE, (source.stat().st_size // 2, resource.RLIM_INFINITY))
    try:
        copy(source, target)
    except DatabaseError as fault:
        journal.note(what="outage", by="backup", why=str(fault)[:200])
    else:
        journal.note(what="broken", why="C: a backup was made where there was no room for it")
    if target.exists():
        journal.note(what="broken", why="C: half a backup was left behind")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    copy(source, target)
    target.unlink()


@contextmanager
def _small_disk() -> Iterator[Path]:
    """A disk of its own for PostgreSQL's files; needs the right to mount one."""
    with tempfile.TemporaryDirectory(prefix="arshjul-disk") as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m,mode=0777", "tmpfs", folder], check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "-l", folder], check=True)


@cache
def can_be_full(place: Place) -> bool:
    """PostgreSQL needs a small disk of its own, which not everyone may mount; SQLite's files are simply bounded."""
    if place.server is None:
        return True
    try:
        with _small_disk():
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


def _fill(filler: Path) -> None:
    """Take all the room that is left."""
    with filler.open("ab", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            return
