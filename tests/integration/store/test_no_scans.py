"""Nothing that happens at every answer, every round of jobs and every round of mails reads a growing table through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from support.stages import in_november, needs
from support.world import World

from engine import job_executor, mails, outbox, user_tasks
from engine.operations import reminding
from engine.store.database import Tx

GROWING = ("job", "mail", "outbox_message", "user_task", "audit_event", "record", "activity", "idempotency_key")


@contextmanager
def sent(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The texts of the statements that reach the database meanwhile."""
    found: set[str] = set()
    send = Tx.send

    def noted(tx: Tx, statement: Any, parameters: dict[str, Any]) -> Any:
        found.add(statement.sqlite)
        return send(tx, statement, parameters)

    def before(_c: Any, _cursor: Any, text: str, *_more: Any) -> None:
        found.add(text)

    monkeypatch.setattr(Tx, "send", noted)
    sa.event.listen(world.database.engine, "before_cursor_execute", before)
    yield found
    sa.event.remove(world.database.engine, "before_cursor_execute", before)
    monkeypatch.setattr(Tx, "send", send)


def scans(world: World, text: str) -> list[str]:
    """The steps of the plan that go through a whole growing table, and not through an index of part of it."""
    if text.split(maxsplit=1)[0].lower() not in ("select", "update", "delete", "with"):
        return []
    named = dict.fromkeys(re.findall(r"(?<![:\w]):(\w+)", text))
    values: Any = named or (None,) * text.count("?")
    with world.page() as tx:
        steps = tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values).all()
    return [f"{step[3]}: {text}" for step in steps if step[3] in {f"SCAN {table}" for table in GROWING}]


def test_answers_jobs_and_mails_read_no_growing_table_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = in_november(f"sqlite:///{tmp_path / 'scans.db'}")
    first, second, *_rest = world.open("collection")
    hr = world.person("hr")
    with sent(world, monkeypatch) as found, world.database.verb() as tx:
        reminding.reminded_at(tx, [first.activity_id], now=world.now)
        reminding.remind(tx, first.activity_id, by=hr, now=world.now)
        by = world.person(world.actor_of(first))
        user_tasks.complete(tx, first.id, needs("Hjärtsäkerhet"), by=by, now=world.now, key="k")
        user_tasks.save_draft(tx, second.id, {}, version=None, by=world.person(world.actor_of(second)), now=world.now)
        outbox.unsent(tx, world.now, 10)
        mails.claim_mail(tx, world.now)
    with sent(world, monkeypatch) as later:
        world.move("collection", 2028, "2026-12-20", "Tidigare")
        job_executor.run_inline(world.database, world.now)
        world.sleep_until("2027-01-02")
    (compilation,) = world.open("compilation")
    with sent(world, monkeypatch) as after:
        world.answer(compilation, "hr")
    read = [scan for text in sorted(found | later | after) for scan in scans(world, text)]
    world.close()
    assert found
    assert later
    assert read == []
