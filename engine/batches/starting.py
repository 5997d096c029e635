"""Starting very many instances of one process: each row is looked at beforehand, then started in chunks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from engine import deployments, process_instances
from engine.actor import Actor
from engine.batches import alike, making
from engine.batches.migrating import made_by
from engine.batches.outcomes import Outcome, alone, error_of
from engine.errors import AlreadyExists, EngineError, InvalidInput
from engine.rules import business_keys
from engine.store.database import Tx
from engine.store.tables import instance

ASKED_YEAR = "asked_year"
"""In the payload of a row that was set aside as it was looked at: the plan year as it was written."""


def start_many(tx: Tx, key: str, asked: Sequence[Mapping[str, Any]], *, reason: str, by: Actor, now: datetime) -> int:
    """Start an instance for each of these sets of columns (plan_year among them), in chunks. Gives the batch's id.

    A row that cannot be started is set aside with its error. Raises NotFound, Forbidden, InvalidInput, NotPossible.
    """
    batch_id = prepare(tx, key, asked, reason=reason, by=by, now=now)
    making.begin(tx, batch_id, by=by, now=now)
    return batch_id


def prepare(tx: Tx, key: str, asked: Sequence[Mapping[str, Any]], *, reason: str, by: Actor, now: datetime) -> int:
    """The batch, every row looked at, and nothing started yet. Raises NotFound, Forbidden, InvalidInput."""
    deployed = deployments.latest(tx, key)
    making.ensure_may(tx, "start", deployed, by, now)
    if len(asked) > making.LARGEST:
        raise InvalidInput(field="file", reason="too_many_rows", value=len(asked))
    taken = _live_keys(tx, key)
    return making.make(
        tx, "start", deployed, [_looked_at(tx, deployed, row, taken, now) for row in asked],
        reason=reason, by=by, now=now,
    )  # fmt: skip


def carry_out(tx: Tx, found: Any, items: Sequence[Any], now: datetime) -> list[Outcome]:
    """Those that begin alike together, as copies of the first of them; the others one by one.

    A row that was set aside as it was looked at is tried again as it was given, by itself.
    """
    deployed, by = deployments.load(tx, found.definition_id), made_by(tx, found)
    start = partial(_start, tx, deployed, reason=found.reason, by=by, now=now)
    fit = [item for item in items if business_keys.YEAR in item.payload]
    alone_again = [item for item in items if business_keys.YEAR not in item.payload]
    return [
        outcome for group in alike.groups(deployed, fit) for outcome in _start_group(tx, deployed, group, start, now)
    ] + [alone(tx, item, partial(start, item)) for item in alone_again]


def _start_group(
    tx: Tx, deployed: deployments.Deployed, items: Sequence[Any], start: Callable[[Any], Outcome], now: datetime
) -> list[Outcome]:
    """The first that can be started, copies of it where that can be, and what is left one by one."""
    outcomes: list[Outcome] = []
    copied: set[int] = set()
    for index, item in enumerate(items):
        if item.number in copied:
            continue
        outcomes.append(alone(tx, item, partial(start, item)))
        if outcomes[-1].error is None and not copied and alike.can_be_copied(deployed):
            copies = alike.copy(tx, deployed, outcomes[-1], items[index + 1 :], now)
            copied = {copy.number for copy in copies} | {item.number}
            outcomes += copies
    return outcomes


def _start(tx: Tx, deployed: deployments.Deployed, item: Any, *, reason: str, by: Actor, now: datetime) -> Outcome:
    asked, given = item.payload.get(business_keys.YEAR, item.payload.get(ASKED_YEAR)), item.payload["given"]
    year = process_instances.year_for(deployed, asked, now)
    started = process_instances.begin(tx, deployed, year, given, reason=reason, by=by, now=now)
    return Outcome(item.number, started)


def _looked_at(
    tx: Tx, deployed: deployments.Deployed, row: Mapping[str, Any], taken: set[str], now: datetime
) -> dict[str, Any]:
    """The row as an item: waiting, or set aside with what is wrong with it. Its key is taken from here on."""
    given = {name: value for name, value in row.items() if name != business_keys.YEAR}
    columns = deployed.package.columns
    asked = {"given": given, ASKED_YEAR: row.get(business_keys.YEAR)}
    item = {"payload": asked, "state": "failed", "error": None, "instance_id": None}
    try:
        year = process_instances.year_for(deployed, row.get(business_keys.YEAR), now)
        values = process_instances.given_values(tx, deployed, given, now)
        key = business_keys.business_key(columns, year, values)
        if key in taken:
            raise AlreadyExists(kind="instance", business_key=key)
    except EngineError as refused:
        known = [str(row.get(name, "")).replace(business_keys.SEPARATOR, " ") for name in business_keys.parts(columns)]
        return {**item, "business_key": business_keys.SEPARATOR.join(known)[:200], "error": error_of(refused)}
    taken.add(key)
    return {**item, "business_key": key, "state": "waiting", "payload": {"plan_year": year, "given": values}}


def _live_keys(tx: Tx, key: str) -> set[str]:
    live = sa.select(instance.c.business_key).where(instance.c.key == key, instance.c.state != "cancelled")
    return set(tx.execute(live).scalars())
