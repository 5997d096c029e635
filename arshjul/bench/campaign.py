"""Creating a campaign in one go, against the bare bulk insert of the very same rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from arshjul.bench import drawn
from arshjul.bench.measured import Row, alternately, seconds
from arshjul.bench.site import open_site

KEY = "bench_campaign"
TABLES = ("user_task", "audit_event", "audit_term", "chain_head", "outbox_message")


def rows(folder: Path, many: int) -> Iterator[Row]:
    site = open_site(folder, "campaign", {KEY: drawn.fan_out(KEY)}, managers=many)
    years = iter(drawn.YEARS)
    bare = iter(range(100))

    def create() -> float:
        return seconds(lambda: site.start(KEY, next(years)))

    def insert() -> float:
        return _bare(site.file, folder / f"bare{next(bare)}.db") if site.file else 0.0

    create()  # warm, and the rows to copy
    created, inserted = alternately(3, create, insert)
    site.database.dispose()
    ratio = created / inserted
    name, against = f"creating a campaign of {many:,}", f"bare insert {inserted * 1000:.0f} ms"
    yield Row(name, round(created * 1000), "ms", against, round(ratio, 2), "≤ 1.3×", ratio <= 1.3)


def _bare(source: Path, target: Path) -> float:
    """Seconds to insert one campaign's rows into empty tables with the same indexes, in one transaction."""
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target, isolation_level=None)) as write:
        write.execute("PRAGMA journal_mode=WAL")
        write.execute("PRAGMA synchronous=FULL")
        batches = []
        for table in TABLES:
            for (sql,) in read.execute(
                "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type <> 'trigger' AND sql IS NOT NULL", (table,)
            ):
                write.execute(sql)
            found = read.execute(_OF_FIRST[table]).fetchall()
            batches.append((f"INSERT INTO {table} VALUES ({','.join('?' * len(found[0]))})", found))  # noqa: S608 - names of ours

        def insert() -> None:
            write.execute("BEGIN IMMEDIATE")
            for statement, found in batches:
                write.executemany(statement, found)
            write.execute("COMMIT")

        return seconds(insert)


_OF_FIRST = {
    "user_task": "SELECT * FROM user_task WHERE instance_id = 1",
    "audit_event": "SELECT * FROM audit_event WHERE instance_id = 1",
    "audit_term": "SELECT * FROM audit_term WHERE event_id IN (SELECT id FROM audit_event WHERE instance_id = 1)",
    "chain_head": "SELECT * FROM chain_head WHERE chain IN (SELECT chain FROM audit_event WHERE instance_id = 1)",
    "outbox_message": "SELECT * FROM outbox_message WHERE instance_id = 1",
}
