"""Reading the history back, with names in place of identifiers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.history.events import chains_of
from engine.history.personal import Kept, commitments_in, filled, kept
from engine.store.database import Tx
from engine.store.queries import history as rows
from engine.store.queries import history_search
from engine.store.queries.history_search import Narrow


@dataclass(frozen=True)
class Event:
    """One event. `actor_name` is None for the system and for people no longer known. Instants are UTC.

    `body` is what the writer told (old, new, reason, on_behalf_of, …); an erased personal value reads None, or what
    was left of it. `erased`: the decisions under which something of it was erased.
    """

    id: int
    chain: str
    seq: int
    type: str
    instance_id: int | None
    task_id: int | None
    element_id: str | None
    actor: str | None
    actor_name: str | None
    role: str | None
    occurred_at: datetime
    recorded_at: datetime
    body: dict[str, Any]
    erased: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hits:
    """`events`, newest last. `further`: ask before that event for more; None when there are no more.

    A search looks at so many events at a time: it may find few or none and still have more to look at.
    """

    events: list[Event]
    further: int | None


def timeline(
    tx: Tx,
    instance_id: int,
    *,
    limit: int = 200,
    types: Sequence[str] | None = None,
) -> list[Event]:
    """The instance's events, newest last: the newest `limit`."""
    return _events(tx, rows.of_instance(tx, instance_id, limit, types))


def search(
    tx: Tx,
    *,
    instance_id: int | None = None,
    types: Sequence[str] | None = None,
    people: Sequence[str] | None = None,
    before: int | None = None,
    limit: int = 200,
    narrow: Narrow | None = None,
) -> Hits:
    """Events of one instance or of all: the newest `limit` older than event `before`.

    `people`: those done by one of these, or that name one of them.
    """
    found = history_search.search(tx, instance_id, types, people, before, limit, narrow or Narrow())
    return Hits(_events(tx, found.rows), found.further)


def of_task(tx: Tx, task: Any, *, limit: int = 200) -> list[Event]:
    """One task's newest events, newest last."""
    return _events(tx, rows.of_task(tx, chains_of(task), task.id, limit))


def _events(tx: Tx, found: Sequence[Any]) -> list[Event]:
    bodies = [json.loads(row.body)["body"] for row in found]
    values = kept(tx, commitments_in(bodies))
    actors = sorted({row.actor for row in found if row.actor is not None})
    names = rows.names_of(tx, actors) if actors else {}
    return [_event(row, body, values, names) for row, body in zip(found, bodies, strict=True)]


def _event(row: Any, written: dict[str, Any], known: Kept, names: dict[str, str]) -> Event:
    body = filled(written, known.values)
    under = (known.decisions.get(commitment, ()) for commitment in sorted(commitments_in(written)))
    return Event(
        id=row.id,
        chain=row.chain,
        seq=row.seq,
        type=row.type,
        instance_id=row.instance_id,
        task_id=row.task_id,
        element_id=row.element_id,
        actor=row.actor,
        actor_name=names.get(row.actor),
        role=body.get("role"),
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        body=body,
        erased=tuple(dict.fromkeys(decision for decisions in under for decision in decisions)),
    )
