"""A linear step and the start of an instance, against the peer and the commit floor."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from arshjul.bench import drawn, floor
from arshjul.bench.measured import Row, alternately, each, missing
from arshjul.bench.peers import NOT_INSTALLED, Viewflow
from arshjul.bench.site import Site, open_site

ROUNDS, STARTS = 7, 20
COMPLETION, START = "completion of a linear user task, SQLite", "start of an instance"


def rows(folder: Path, connection: sqlite3.Connection, peer: Viewflow | None) -> Iterator[Row]:
    """Three lines: completion against the peer and against the floor, start against the peer."""
    site = open_site(folder, "linear", {"bench_linear": drawn.linear("bench_linear")})
    years = iter(drawn.YEARS)
    started: list[int] = []

    def start() -> float:
        some = [next(years) for _ in range(STARTS)]
        return each(some, lambda year: started.append(site.start("bench_linear", year)))

    def complete() -> float:
        return each(site.open_tasks(started[-STARTS:]), site.complete)

    def commits() -> float:
        return each(range(1, 201), lambda task: floor.commit(connection, task))

    mine = [start, complete, commits]
    theirs = [] if peer is None else [lambda: _start(peer), lambda: each(peer.open_tasks()[-STARTS:], peer.complete)]
    started_in, completed_in, committed_in, *peers = alternately(ROUNDS, *mine, *theirs)
    if peers:
        yield _against(COMPLETION, completed_in, peers[1], 8)
    else:
        yield missing(COMPLETION, "per s", "django-viewflow", "≥ 8×", NOT_INSTALLED)
    share = committed_in / completed_in
    against = f"commit floor {1 / committed_in:.0f} per s"
    yield Row(COMPLETION, round(1 / completed_in, 1), "per s", against, round(share, 3), "≥ 0.12", share >= 0.12)
    if peers:
        yield _against(START, started_in, peers[0], 4)
    else:
        yield missing(START, "per s", "django-viewflow", "≥ 4×", NOT_INSTALLED)
    site.database.dispose()


def _start(peer: Viewflow) -> float:
    return each(range(2030, 2030 + STARTS), peer.start)


def _against(name: str, mine: float, theirs: float, goal: float) -> Row:
    ratio = theirs / mine
    against = f"django-viewflow {1 / theirs:.0f} per s"
    return Row(name, round(1 / mine, 1), "per s", against, round(ratio, 2), f"≥ {goal:g}×", ratio >= goal)


def completion(site: Site, years: range) -> float:
    """Median seconds of a linear completion on that site, for lines that compare with it."""
    ids = [site.start("bench_linear", year) for year in years]
    return each(site.open_tasks(ids), site.complete)
