"""Many small instances started in one go, and one instance with ten years behind it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import sqlalchemy as sa

from arshjul.bench import drawn
from arshjul.bench.measured import Row, alternately, each, missing, seconds
from arshjul.bench.peers import NOT_INSTALLED, Viewflow
from arshjul.bench.site import NOW, Site, open_site
from engine import job_executor
from engine.batches import starting
from engine.store.tables import audit_event

DIVISIBLE = 10_000
"""From so many on there are two transactions, of 500 starts each, to every tenth."""
CYCLES = 30
"""Ten years of three cycles each."""


def rows(folder: Path, peer: Viewflow | None, many: int) -> Iterator[Row]:
    key = "bench_plan"
    site = open_site(folder, "instances", {key: drawn.personal(key)})
    _started(site, key, range(-500, 0))  # warm
    before = _theirs(peer)
    spent = _started(site, key, range(many)) / many
    yield _bulk(many, spent, _tenths(site), before, _theirs(peer))
    site.database.dispose()
    yield _old(folder)


def _tenths(site: Site) -> list[float]:
    """Seconds from one tenth of the starts to the next, as the transactions that wrote them began."""
    began = sa.select(audit_event.c.recorded_at).where(audit_event.c.type == "instance_started")
    with site.database.page() as tx:
        moments = [row.recorded_at for row in tx.rows(began.order_by(audit_event.c.id))][500:]
    marks = [moments[n * (len(moments) - 1) // 10] for n in range(11)]
    return [(later - earlier).total_seconds() for earlier, later in pairwise(marks)]


def _theirs(peer: Viewflow | None) -> float | None:
    return None if peer is None else each(range(100), lambda _n: peer.start_by_code())


def _started(site: Site, key: str, employees: range) -> float:
    """Seconds from the rows to the last instance, the look at each row beforehand included."""
    managers = site.positions("chef")
    asked = [
        {"employee": f"E{n}", "plan_year": drawn.YEARS[0], "manager": managers[n % len(managers)]} for n in employees
    ]

    def start() -> None:
        with site.database.verb() as tx:
            starting.start_many(tx, key, asked, reason="Mätning", by=site.hr, now=NOW)
        job_executor.tick(site.database, NOW)

    return seconds(start)


def _bulk(many: int, ours: float, tenths: list[float], before: float | None, after: float | None) -> Row:
    name, goal = f"{many:,} small instances started in one go", "≥ 6×, linear"
    growth, note = _growth(tenths) if many >= DIVISIBLE else (1.0, "too few to tell whether it is linear")
    if before is None or after is None:
        return missing(name, "per s", "django-viewflow", goal, f"{note}. {NOT_INSTALLED}")
    theirs = (before + after) / 2
    against = f"django-viewflow {1 / theirs:.0f} per s"
    met = theirs / ours >= 6 and growth <= 1.2
    return Row(name, round(1 / ours, 1), "per s", against, round(theirs / ours, 2), goal, met, note)


def _growth(tenths: list[float]) -> tuple[float, str]:
    """The second half against the first, and in words."""
    growth = sum(tenths[5:]) / sum(tenths[:5])
    each_tenth = " ".join(f"{tenth:.1f}" for tenth in tenths)
    return growth, f"the second half took {growth:.2f}× the first; seconds of each tenth: {each_tenth}"


def _old(folder: Path) -> Row:
    """The instance goes round the same two steps, one of which asks whether to go on: its rounds against first ones."""
    key = "bench_round"
    site = open_site(folder, "old", {key: drawn.looping(key)})
    old = site.start(key, drawn.YEARS[0])
    for _ in range(CYCLES):
        _round(site, old)
    young = iter([site.start(key, year) for year in drawn.YEARS[1:41]])
    of_old, of_young = alternately(
        5,
        lambda: each(range(8), lambda _n: _round(site, old)),
        lambda: each([next(young) for _ in range(8)], lambda instance: _round(site, instance)),
    )
    site.database.dispose()
    ratio = of_old / of_young
    name = f"completion in an instance with {CYCLES} cycles behind it"
    against = f"in a new one {of_young * 500:.2f} ms"
    return Row(name, round(of_old * 500, 2), "ms", against, round(ratio, 2), "≤ 1.1×", ratio <= 1.1)


def _round(site: Site, instance: int) -> None:
    for _ in range(2):
        (task,) = site.open_tasks([instance])
        site.complete(task)
