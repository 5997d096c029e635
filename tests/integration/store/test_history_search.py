"""The search finds what the conditions say and nothing else, page by page, on both databases."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa

from engine import history
from engine.actor import SYSTEM, Actor
from engine.clock import SystemClock
from engine.history import Narrow
from engine.store import migrate
from engine.store.database import Database, Tx
from engine.store.queries import history_search
from engine.store.tables import audit_event, definition, instance, person, position, unit, user_task

START = datetime(2025, 1, 1, 12, tzinfo=UTC)
TYPES = ("task_completed", "task_claimed", "element_left")
PEOPLE = ("p1", "p2", "p3")
EVENTS = 600
EVERY = 17
"""Of the combinations of conditions, one in so many is tried: prime, so that every condition has its turn."""


@pytest.fixture
def filled(database_url: str) -> Iterator[Database]:
    """Six hundred events of three kinds, people, tasks and instances over two years; the chains do not matter here."""
    migrate.upgrade(database_url)
    database = Database(database_url, SystemClock())
    with database.verb() as tx:
        fill(tx)
    yield database
    database.dispose()


def fill(tx: Tx) -> None:
    tx.execute(sa.insert(person), [{"id": one, "name": one.upper()} for one in PEOPLE])
    units = (("u1", "Öronkliniken"), ("u2", "Medicinkliniken"))
    tx.execute(sa.insert(unit), [{"id": one, "name": name, "kind": "unit"} for one, name in units])
    for one, _name in units:
        tx.execute(sa.insert(position), [{"id": f"c-{one}", "role": "chef", "unit_id": one, "name": "Chef"}])
    made = tx.insert(definition, key="plan", version=1, sha256="0" * 64, name="Plan", package=b"", deployed_at=START)
    for year in (2026, 2027):
        run = tx.insert(
            instance, definition_id=made, key="plan", business_key=str(year), plan_year=year, state="active",
            execution=b"", variables={}, windows="{}", started_at=START,
        )  # fmt: skip
        for one, name in units:
            tx.insert(
                user_task, instance_id=run, element_id="ask", form="ask", title_sv=f"Svara för {year}",
                title_en=f"Answer for {year}", plan_year=year, role="chef" if one == "u1" else "hr",
                position_id=f"c-{one}", unit_id=one, unit_name=name, state="open", opened_at=START, due_at=START,
            )  # fmt: skip
    tasks = tx.rows(sa.select(user_task.c.id, user_task.c.instance_id).order_by(user_task.c.id))
    for n in range(EVENTS):
        task = tasks[n % 4] if n % 5 else None
        history.append(
            tx,
            type=TYPES[n % 3],
            chain=f"x:{n}",
            occurred_at=START + timedelta(days=n),
            by=Actor(PEOPLE[n % 2], "") if n % 7 else SYSTEM,
            instance_id=tasks[n % 4].instance_id,
            task_id=task.id if task else None,
            body={"record": n % 11, "to": ["p3"]} if n % 13 == 0 else {"text": "p3 is only mentioned", "nul": "\0"},
        )


CONDITIONS: dict[str, list[dict[str, Any]]] = {
    "types": [{}, {"types": ["task_claimed"]}, {"types": ["task_completed", "element_left"]}],
    "people": [{}, {"people": ["p1"]}, {"people": ["p2", "p3"]}, {"people": ["nobody"]}],
    "task": [{}, {"unit": "ÖRON"}, {"role": "hr"}, {"task": "för 2027"}, {"task": "answer", "unit": "klinik"}],
    "instance": [{}, {"plan_year": 2027}, {"key": "other"}],
    "time": [{}, {"since": START + timedelta(days=333)}, {"until": START + timedelta(days=40, seconds=-1)}],
    "record": [{}, {"record": 5}],
}  # fmt: skip


def meets(row: Any, task: Any, years: dict[int, int], types: Any, people: Any, narrow: Narrow) -> bool:
    """The conditions said a second time, over one event read whole."""
    body = json.loads(row.body)["body"]
    named = {row.actor, *body.get("to", [])}
    titles = f"{task.title_sv}\n{task.title_en}".casefold() if task else ""
    return (
        (types is None or row.type in types)
        and (people is None or bool(named & set(people)))
        and (not narrow.unit or (task is not None and narrow.unit.casefold() in task.unit_name.casefold()))
        and (narrow.role is None or (task is not None and task.role == narrow.role))
        and (not narrow.task or narrow.task.casefold() in titles)
        and (narrow.plan_year is None or years[row.instance_id] == narrow.plan_year)
        and narrow.key != "other"
        and (narrow.since is None or row.occurred_at >= narrow.since)
        and (narrow.until is None or row.occurred_at <= narrow.until)
        and (narrow.record is None or body.get("record") == narrow.record)
    )


def all_pages(tx: Tx, limit: int, **asked: Any) -> list[int]:
    """The ids of everything found, newest first, by asking on until there is no more."""
    found: list[int] = []
    before: int | None = None
    while True:
        hits = history.search(tx, before=before, limit=limit, **asked)
        ids = [event.id for event in hits.events]
        assert ids == sorted(ids)
        assert len(ids) <= limit
        found += reversed(ids)
        if hits.further is None:
            return found
        assert before is None or hits.further < before
        before = hits.further


@pytest.mark.parametrize("looked_at", [(40, 90), (history_search.FIRST_LOOK, history_search.LOOKED_AT)])
def test_conditions_together_find_exactly_the_events_that_meet_it(
    filled: Database, monkeypatch: pytest.MonkeyPatch, looked_at: tuple[int, int]
) -> None:
    monkeypatch.setattr(history_search, "FIRST_LOOK", looked_at[0])
    monkeypatch.setattr(history_search, "LOOKED_AT", looked_at[1])
    with filled.page() as tx:
        events = tx.rows(sa.select(audit_event).order_by(audit_event.c.id.desc()))
        tasks = {row.id: row for row in tx.rows(sa.select(user_task))}
        years = {row.id: row.plan_year for row in tx.rows(sa.select(instance))}
        some = 0
        for types, people, *narrowing in list(product(*CONDITIONS.values()))[::EVERY]:
            narrow = Narrow(**{name: value for one in narrowing for name, value in one.items()})
            asked = {**types, **people}
            expected = [
                row.id
                for row in events
                if meets(row, tasks.get(row.task_id), years, types.get("types"), people.get("people"), narrow)
            ]
            assert all_pages(tx, 100, narrow=narrow, **asked) == expected, (asked, narrow)
            some += bool(expected)
        assert some > 5


def test_a_search_of_one_instance_keeps_to_it(filled: Database) -> None:
    with filled.page() as tx:
        first = tx.scalar(sa.select(sa.func.min(instance.c.id)))
        hits = history.search(tx, instance_id=first, people=["p1"], limit=EVENTS)
    assert {event.instance_id for event in hits.events} == {first}
    assert {event.actor for event in hits.events if "to" not in event.body} == {"p1"}


def test_words_that_are_no_ids_name_nobody(filled: Database) -> None:
    with filled.page() as tx:
        named = all_pages(tx, 100, people=["p3"])
    assert len(named) == len(range(0, EVENTS, 13))
