"""The inbox of one person while the number of open tasks of others grows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from arshjul.bench import drawn
from arshjul.bench.measured import Row, alternately, each
from arshjul.bench.site import NOW, Site, open_site
from engine import inbox
from engine.store.tables import user_task

KEY = "bench_inbox"
MINE = 25
FEW = 1_000


def rows(folder: Path, many: int) -> Iterator[Row]:
    sites = [_with(folder, name, size) for name, size in (("few", FEW), ("many", many))]
    few, whole = alternately(9, *(partial(_read, site) for site in sites))
    for site in sites:
        site.database.dispose()
    growth = whole / few
    name, against = f"inbox page of {MINE}, {FEW:,} → {many:,} open tasks", f"at {FEW:,}: {few * 1000:.2f} ms"
    yield Row(name, round(whole * 1000, 2), "ms", against, round(growth, 2), "≤ 1.5×", growth <= 1.5)


def _with(folder: Path, name: str, tasks: int) -> Site:
    """An installation of its own with the reader's tasks and so many of others."""
    site = open_site(folder, f"inbox-{name}", {KEY: drawn.linear(KEY)})
    for year in drawn.YEARS[:MINE]:
        site.start(KEY, year)
    _others(site, tasks)
    return site


def _read(site: Site) -> float:
    def page(_n: int) -> None:
        with site.database.page() as tx:
            assert sum(len(entry.rows) for entry in inbox.inbox(tx, site.hr, NOW).open) == MINE

    return each(range(10), page)


def _others(site: Site, many: int) -> None:
    """Copies of one task in the hands of every manager, whom the reader is not."""
    kept = [column for column in user_task.c if column.name not in ("id", "activity_id", "position_id")]
    copied = ", ".join(column.name for column in kept)
    with site.database.verb() as tx:
        tx.execute(
            sa.text(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many), "  # noqa: S608 - names of ours
                "p AS (SELECT id, row_number() OVER () AS place, count(*) OVER () AS total "
                "FROM position WHERE role = 'chef') "
                f"INSERT INTO user_task (position_id, {copied}) SELECT p.id, {copied} FROM n "
                "JOIN p ON p.place = n.i % p.total + 1 JOIN (SELECT * FROM user_task ORDER BY id LIMIT 1)"
            ),
            {"many": many},
        )
        tx.execute(sa.text("ANALYZE"))
