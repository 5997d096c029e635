"""A page of one instance's history, and a search, while the number of events grows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from arshjul.bench import drawn
from arshjul.bench.measured import Row, alternately, each
from arshjul.bench.site import Site, open_site
from engine import history
from engine.store.queries import history as rows_of_history

KEY = "bench_history"
FEW = 10_000
AT_ONCE = 200_000
"""Events of one transaction: SQLite's log of ten million would take nine gigabytes."""


def rows(folder: Path, many: int) -> Iterator[Row]:
    sites = [_with(folder, name, size) for name, size in (("few", FEW), ("many", many))]
    sizes = f"{FEW:,} → {many:,} events"
    for name, opened in (("history page", _page), ("history search", _search)):
        before, after = alternately(9, *(partial(opened, *site) for site in sites))
        growth = after / before
        against = f"at {FEW:,}: {before * 1000:.2f} ms"
        yield Row(f"{name}, {sizes}", round(after * 1000, 2), "ms", against, round(growth, 2), "≤ 1.5×", growth <= 1.5)
    for site, _instance in sites:
        site.database.dispose()


def _with(folder: Path, name: str, events: int) -> tuple[Site, int]:
    """An installation of its own with so many events of others, and an instance to read."""
    site = open_site(folder, f"history-{name}", {KEY: drawn.linear(KEY)})
    instance = site.start(KEY, drawn.YEARS[0])
    others(site, events)
    return site, instance


def _page(site: Site, instance: int) -> float:
    def page(_n: int) -> None:
        with site.database.page() as tx:
            assert history.timeline(tx, instance, limit=50)

    return each(range(15), page)


def _search(site: Site, _instance: int) -> float:
    """Answers by one person, the newest fifty."""

    def page(_n: int) -> None:
        with site.database.page() as tx:
            history.search(tx, types=["task_completed"], people=["person-7"], limit=50)

    return each(range(15), page)


def others(site: Site, many: int) -> None:
    """Events of other instances, two hundred each, by a thousand people."""
    for done in range(0, many, AT_ONCE):
        _add(site, min(AT_ONCE, many - done))
    with site.database.verb() as tx:
        tx.execute(sa.text("ANALYZE"))


def _add(site: Site, many: int) -> None:
    with site.database.verb() as tx:
        newest = rows_of_history.last_event_id(tx)
        tx.execute(
            sa.text(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many) "
                "INSERT INTO audit_event "
                "(chain, seq, prev, hash, body, type, instance_id, actor, occurred_at, recorded_at) "
                "SELECT 'x:' || (:newest + i), 1, e.prev, e.hash, e.body, "
                "CASE WHEN i % 4 = 0 THEN 'task_completed' ELSE 'element_left' END, 1000 + (:newest + i) / 200, "
                "'person-' || (i % 1000), e.occurred_at, e.recorded_at "
                "FROM n, (SELECT * FROM audit_event ORDER BY id LIMIT 1) e"
            ),
            {"many": many, "newest": newest},
        )
        rows_of_history.note_terms(tx, newest, newest + many)
