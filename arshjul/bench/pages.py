"""The pages people open most, through the web application, while the rest of the region's tasks and events grow."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from arshjul.bench import drawn, history
from arshjul.bench.measured import Row, alternately, seconds
from arshjul.bench.site import NOW, Site, open_site
from engine import accounts, identity, open_work
from engine.clock import SimulatedClock
from engine.store.tables import activity, instance, user_task
from web import WebConfig, create_app

KEY, OTHER = "bench_pages", "bench_talks"
FEW = 10_000
TASKS_EACH = 20
"""Tasks of each instance in the background; every tenth instance is live, and its tasks are open. Another
step of each live instance waits for its window."""
FIRST = 10_000_000
"""Ids of the background's rows stand above all others."""


def rows(folder: Path, tasks: int, events: int, few: int = FEW) -> Iterator[Row]:
    """One line for each page. The page's own cycle has 90 participants; what grows is everything beside it."""
    small, large = _furnished(folder / "few", few, few), _furnished(folder / "many", tasks, events)
    found = {name: _alternately(small[name], large[name]) for name in small}
    sizes = f"{few:,} → {tasks:,} tasks" + (f" and {events:,} events" if events != tasks else " and events")
    for name, (before, after) in found.items():
        growth, against = after / before, f"at {few:,}: {before * 1000:.1f} ms"
        yield Row(
            f"page: {name}, {sizes}", round(after * 1000, 1), "ms", against, round(growth, 2), "≤ 1.5×", growth <= 1.5
        )


def _furnished(folder: Path, tasks: int, events: int) -> dict[str, tuple[FlaskClient, str]]:
    """The pages of an installation of its own with so much in the background."""
    folder.mkdir()
    site = open_site(folder, "pages", {KEY: drawn.fan_out(KEY), OTHER: drawn.personal(OTHER)})
    pages = _pages(site, site.start(KEY, drawn.YEARS[0]))
    _others(site, 0, tasks)
    history.others(site, events)
    return pages


def _pages(site: Site, own: int) -> dict[str, tuple[FlaskClient, str]]:
    """Who opens each, and where it is. The manager has answered once, so that there is something to time."""
    first = site.open_tasks([own])[0]
    manager = site.actor_of(first)
    site.complete(first, manager)
    with site.database.page() as tx:
        campaign = tx.scalar(sa.select(activity.c.id).where(activity.c.instance_id == own))
        inspects = identity.positions_with_role(tx, ["revisor"], NOW.date())[0]
        auditor = identity.actors_for(tx, inspects.id, NOW.date())[0].person_id
    one, hr, reads = (_signed_in(site, person) for person in (manager.person_id, site.hr.person_id, auditor))
    return {
        "inbox": (one, "/"),
        "a step's units": (one, f"/steps/{own}/ask"),
        "overview": (hr, "/cycles"),
        "cycle": (hr, f"/cycles/{own}"),
        "campaign": (hr, f"/activities/{campaign}"),
        "history search": (reads, "/history?person=person-7"),
        "timeline": (reads, f"/history/{own}"),
        "timings": (hr, f"/timings?process={KEY}"),
        "workload": (hr, "/workload"),
    }


def _signed_in(site: Site, person_id: str | None) -> FlaskClient:
    """A client of its own, as that person."""
    assert person_id is not None
    with site.database.verb() as tx:
        accounts.create_invented(tx, {person_id: person_id}, "ett lösenord för mätningen")
    config = WebConfig("the measurement's own", demo=True, flask={"WTF_CSRF_ENABLED": False})
    client = create_app(site.database, SimulatedClock(NOW), config).test_client()
    answer = client.post("/demo/sign-in", data={"person": person_id})
    assert answer.status_code == 302, answer.status
    return client


def _alternately(*pages: tuple[FlaskClient, str]) -> list[float]:
    """Each page's median seconds, by turns: what disturbs the machine disturbs both sizes alike."""
    for page in pages:
        _open(*page)
    return alternately(15, *(partial(seconds, partial(_open, *page)) for page in pages))


def _open(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status)


def _others(site: Site, first: int, last: int) -> None:
    """Tasks number `first` to `last` of another process, one instance and step for every TASKS_EACH of them.

    They are in the hands of managers who do not read the pages.
    """
    numbers = {"first": first // TASKS_EACH, "last": last // TASKS_EACH}
    live = "n.i % 10 = 0"
    with site.database.verb() as tx:
        definition = tx.scalar(sa.text("SELECT max(id) FROM definition WHERE key = :key").bindparams(key=OTHER))
        _copy(tx, instance, numbers, {
            "id": f"{FIRST} + n.i", "key": f"'{OTHER}'", "definition_id": str(definition),
            "business_key": "'x:' || n.i", "many": "1", "state": f"CASE WHEN {live} THEN 'active' ELSE 'completed' END",
            "ended_at": f"CASE WHEN {live} THEN NULL ELSE one.started_at END",
        })  # fmt: skip
        _copy(tx, activity, numbers, {
            "id": f"{FIRST} + n.i", "instance_id": f"{FIRST} + n.i", "element_id": "'talk'", "token": "'x:' || n.i",
            "state": f"CASE WHEN {live} THEN 'open' ELSE 'completed' END",
            "ended_at": f"CASE WHEN {live} THEN NULL ELSE one.opened_at END",
        })  # fmt: skip
        _copy(tx, activity, numbers, {
            "id": f"{2 * FIRST} + n.i", "instance_id": f"{FIRST} + n.i", "element_id": "'talk'", "round": "2",
            "token": "'y:' || n.i", "opens_at": "one.opened_at",
            "state": f"CASE WHEN {live} THEN 'coming' ELSE 'completed' END",
            "ended_at": f"CASE WHEN {live} THEN NULL ELSE one.opened_at END",
        })  # fmt: skip
        _copy(tx, user_task, numbers, {
            "id": f"{FIRST} + n.i * {TASKS_EACH} + k.value", "instance_id": f"{FIRST} + n.i",
            "activity_id": f"{FIRST} + n.i", "element_id": "'talk'",
            "position_id": "(SELECT id FROM hands WHERE place = (n.i + k.value) % (SELECT count(*) FROM hands))",
            "state": f"CASE WHEN {live} THEN 'open' ELSE 'completed' END",
            "outcome": f"CASE WHEN {live} THEN NULL ELSE 'answered' END",
            "answered_at": f"CASE WHEN {live} THEN NULL ELSE one.opened_at END", "answered_by": "NULL",
            "ended_at": f"CASE WHEN {live} THEN NULL ELSE one.opened_at END", "assignee_id": "NULL",
        }, f", json_each('{list(range(TASKS_EACH))}') AS k")  # fmt: skip
        tx.execute(sa.text("ANALYZE"))
    open_work.fold(site.database)


def _copy(tx: Any, table: sa.Table, numbers: dict[str, int], other: dict[str, str], times: str = "") -> None:
    """The table's first row once for each number, with these columns (SQL over n.i and the row `one`) otherwise."""
    columns = ", ".join(column.name for column in table.c)
    values = ", ".join(other.get(column.name, f"one.{column.name}") for column in table.c)
    tx.execute(
        sa.text(
            "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :last), "  # noqa: S608 - names of ours
            f"hands AS MATERIALIZED (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM position "
            f"WHERE role = 'chef' AND id NOT IN (SELECT position_id FROM holding WHERE person_id IN {_READERS})) "
            f"INSERT INTO {table.name} ({columns}) SELECT {values} FROM n, "
            f"(SELECT * FROM {table.name} ORDER BY id LIMIT 1) AS one{times}"
        ),
        numbers,
    )


_READERS = "(SELECT person_id FROM account)"
