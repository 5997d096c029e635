"""A page of one instance's history, and a search, while the number of events grows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from arshjul.bench import drawn
from arshjul.bench.measured import Row, each
from arshjul.bench.site import Site, open_site
from engine import history
from engine.store.queries import history as rows_of_history

KEY = "bench_history"
FEW = 10_000
AT_ONCE = 200_000
"""Events of one transaction: SQLite's log of ten million would take nine gigabytes."""


def rows(folder: Path, many: int) -> Iterator[Row]:
    site = open_site(folder, "history", {KEY: drawn.linear(KEY)})
    instance = site.start(KEY, drawn.YEARS[0])
    others(site, FEW)
    few = _page(site, instance), _search(site)
    others(site, many - FEW)
    whole = _page(site, instance), _search(site)
    site.database.dispose()
    sizes = f"{FEW:,} → {many:,} events"
    for name, before, after in zip(("history page", "history search"), few, whole, strict=True):
        growth = after / before
        against = f"at {FEW:,}: {before * 1000:.2f} ms"
        yield Row(f"{name}, {sizes}", round(after * 1000, 2), "ms", against, round(growth, 2), "≤ 1.5×", growth <= 1.5)


def _page(site: Site, instance: int) -> float:
    def page(_n: int) -> None:
        with site.database.page() as tx:
            assert history.timeline(tx, instance, limit=50)

    return each(range(40), page)


def _search(site: Site) -> float:
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
        rows_of_history.note_terms(tx, newest)
