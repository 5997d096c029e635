"""Many small instances started in one go, and one instance with ten years behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from arshjul.bench import drawn
from arshjul.bench.measured import Row, each, missing
from arshjul.bench.peers import NOT_INSTALLED, Viewflow
from arshjul.bench.site import Site, open_site

CYCLES = 30
"""Ten years of three cycles each."""


def rows(folder: Path, peer: Viewflow | None, many: int) -> Iterator[Row]:
    keys = [f"bench_plan_{n}" for n in range(-(-many // len(drawn.YEARS)))]
    site = open_site(folder, "instances", {key: drawn.linear(key, 1) for key in keys})
    pairs = [(key, year) for key in keys for year in drawn.YEARS][:many]
    half = many // 2
    first = each(pairs[:half], lambda pair: site.start(*pair))
    second = each(pairs[half:], lambda pair: site.start(*pair))
    yield _bulk(many, first, second, peer)
    site.database.dispose()
    yield _old(folder)


def _bulk(many: int, first: float, second: float, peer: Viewflow | None) -> Row:
    name, goal = f"{many:,} small instances started in one go", "≥ 6×, linear"
    note = f"started one by one, each in its own transaction; second half {second / first:.2f}× the first"
    if peer is None:
        return missing(name, "per s", "django-viewflow", goal, f"{note}. {NOT_INSTALLED}")
    theirs = each(range(100), lambda _n: peer.start())
    ratio = theirs / second
    against = f"django-viewflow {1 / theirs:.0f} per s"
    met = ratio >= 6 and second <= 1.2 * first
    return Row(name, round(1 / second, 1), "per s", against, round(ratio, 2), goal, met, note)


def _old(folder: Path) -> Row:
    """The instance goes round the same two steps; its last rounds against its first."""
    key = "bench_round"
    site = open_site(folder, "old", {key: drawn.looping(key)})
    old = site.start(key, drawn.YEARS[0])
    for _ in range(2 * CYCLES):
        _next(site, old)
    young = [site.start(key, year) for year in drawn.YEARS[1:21]]
    of_old = each(range(20), lambda _n: _next(site, old))
    of_young = each(young, lambda instance: _next(site, instance))
    site.database.dispose()
    ratio = of_old / of_young
    name, against = (
        f"completion in an instance with {CYCLES} cycles behind it",
        f"in a new one {of_young * 1000:.1f} ms",
    )
    return Row(name, round(of_old * 1000, 2), "ms", against, round(ratio, 2), "≤ 1.1×", ratio <= 1.1)


def _next(site: Site, instance: int) -> None:
    (task,) = site.open_tasks([instance])
    site.complete(task)
