"""Business records: current rows with all their versions, and the links between them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import jsonschema
import orjson
import sqlalchemy as sa

from engine.actor import Actor
from engine.errors import InvalidInput
from engine.rules.packages import Package
from engine.store.database import Tx
from engine.store.queries import records as rows
from engine.store.tables import instance, record, record_link, record_version


@dataclass(frozen=True)
class Origin:
    """Where a record comes from: instance, task and position."""

    instance_id: int
    key: str
    plan_year: int
    task_id: int | None
    position_id: str | None
    unit_id: str | None
    unit_name: str | None


def create(
    tx: Tx,
    package: Package,
    origin: Origin,
    type_: str,
    state: str | None,
    values: Mapping[str, Any],
    links: Mapping[str, list[int]],
    *,
    by: Actor,
    now: datetime,
) -> int:
    """A new record, version 1. `plan_year` among the values places it under another year than the instance's.

    Raises InvalidInput when the values break the record's schema.
    """
    check_values(package, type_, values)
    year = values.get("plan_year") or origin.plan_year
    record_id = rows.add(
        tx,
        instance_id=origin.instance_id,
        key=origin.key,
        type=type_,
        plan_year=year,
        state=state,
        values=dict(values),
        task_id=origin.task_id,
        position_id=origin.position_id,
        unit_id=origin.unit_id,
        unit_name=origin.unit_name,
        created_by=by.person_id,
        created_at=now,
    )
    kept = {"version": 1, "state": state, "values": dict(values), "withdrawn": False}
    _keep_version(tx, record_id, kept, origin.task_id, by, now)
    for name, targets in links.items():
        link(tx, record_id, name, targets)
    return record_id


def hold(tx: Tx, record_ids: Collection[int | None]) -> None:
    """Lock what is to be changed, by id: two who change the same in other orders do not wait for each other then.

    Nothing on SQLite, whose verbs hold the whole database.
    """
    if len(record_ids) > 1 and not tx.is_sqlite:
        own = sa.select(record.c.id).where(record.c.id.in_(record_ids)).order_by(record.c.id)
        tx.rows(own.with_for_update(key_share=True))


def update(
    tx: Tx,
    package: Package,
    record_id: int,
    state: str | None,
    values: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
    task_id: int | None,
    withdrawn: bool = False,
) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """A new version with `values` laid over the old ones. Gives (type, old values, new values).

    Raises InvalidInput when the result breaks the record's schema.
    """
    row = tx.one(sa.select(record).where(record.c.id == record_id).with_for_update(key_share=True))
    if row is None:
        raise InvalidInput(field="record", reason="unknown", value=record_id)
    merged = {**row.values, **values}
    check_values(package, row.type, merged)
    new_state = state if state is not None else row.state
    if merged == row.values and new_state == row.state and withdrawn == row.withdrawn:
        return row.type, row.values, merged
    version = row.version + 1
    tx.execute(
        record.update()
        .where(record.c.id == record_id)
        .values(version=version, state=new_state, values=merged, changed_at=now, withdrawn=withdrawn)
    )
    kept = {"version": version, "state": new_state, "values": merged, "withdrawn": withdrawn}
    _keep_version(tx, record_id, kept, task_id, by, now)
    return row.type, row.values, merged


def link(tx: Tx, from_id: int, name: str, targets: list[int]) -> None:
    """Links are kept once, whichever way they are asked for."""
    for target in targets:
        known = tx.scalar(
            sa.select(record_link.c.to_id).where(
                record_link.c.from_id == from_id, record_link.c.name == name, record_link.c.to_id == target
            )
        )
        if known is None:
            tx.execute(record_link.insert().values(from_id=from_id, name=name, to_id=target))


def of_task(tx: Tx, task_id: int, type_: str) -> list[sa.Row[Any]]:
    """The current records that this task has created, in order of creation."""
    return tx.rows(
        sa.select(record)
        .where(record.c.task_id == task_id, record.c.type == type_, record.c.withdrawn.is_(False))
        .order_by(record.c.id)
    )


def of_any_type(tx: Tx, task_id: int) -> list[sa.Row[Any]]:
    """All current records that this task has created."""
    return tx.rows(
        sa.select(record).where(record.c.task_id == task_id, record.c.withdrawn.is_(False)).order_by(record.c.id)
    )


def versions(tx: Tx, record_id: int) -> list[sa.Row[Any]]:
    """All versions of a record, oldest first."""
    return tx.rows(
        sa.select(record_version).where(record_version.c.record_id == record_id).order_by(record_version.c.version)
    )


def linked(tx: Tx, record_id: int) -> list[sa.Row[Any]]:
    """Links from and to a record: rows (name, from_id, to_id)."""
    return tx.rows(
        sa.select(record_link)
        .where(sa.or_(record_link.c.from_id == record_id, record_link.c.to_id == record_id))
        .order_by(record_link.c.name, record_link.c.from_id, record_link.c.to_id)
    )


_CANCELLED = sa.select(instance.c.id).where(instance.c.state == "cancelled")


def by_type(
    tx: Tx,
    package: Package,
    types: Sequence[str],
    *,
    instance_id: int | None = None,
    key: str | None = None,
    other_than: int | None = None,
) -> dict[str, list[dict[str, Any]]]:
    """Current records of these types as expressions see them: of one instance, or of all others of the same process.

    Cancelled ones do not count among the others: the same plan year may have been started again.
    """
    if not types:
        return {}
    query = sa.select(record).where(record.c.withdrawn.is_(False), record.c.type.in_(types)).order_by(record.c.id)
    query = query.where(record.c.instance_id == instance_id) if instance_id else query.where(record.c.key == key)
    if instance_id is None:
        query = query.where(record.c.instance_id.not_in(_CANCELLED), record.c.instance_id != (other_than or 0))
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in types}
    links = _links(tx, instance_id, key, types)
    for row in tx.rows(query):
        found[row.type].append(as_context(package, row, links.get(row.id, {})))
    return found


def as_context(package: Package, row: sa.Row[Any], links: Mapping[str, list[int]]) -> dict[str, Any]:
    """A record as expressions see it: every field of its schema (null when not given) and what the engine knows."""
    fields = dict.fromkeys(package.records[row.type].get("properties", {}))
    return {
        **fields,
        **row.values,
        **links,
        "id": row.id,
        "state": row.state,
        "version": row.version,
        "unit": row.unit_id,
        "unit_name": row.unit_name,
        "position": row.position_id,
        "by": row.created_by,
        "plan_year": row.plan_year,
        "at": row.created_at,
    }


def check_values(package: Package, type_: str, values: Mapping[str, Any]) -> None:
    """Raises InvalidInput naming the first field that breaks the record's JSON Schema."""
    schema = package.records[type_]
    validator = _validator(orjson.dumps(schema))
    given = {name: value for name, value in values.items() if value is not None}
    for error in sorted(validator.iter_errors(given), key=lambda e: list(map(str, e.path))):
        field = ".".join(map(str, error.path)) or type_
        raise InvalidInput(field=field, reason="schema", value=error.message)


@lru_cache(maxsize=256)
def _validator(schema: bytes) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(orjson.loads(schema), format_checker=jsonschema.FormatChecker())


def _links(tx: Tx, instance_id: int | None, key: str | None, types: Sequence[str]) -> dict[int, dict[str, list[int]]]:
    query = (
        sa.select(record_link)
        .join(record, record.c.id == record_link.c.from_id)
        .where(record.c.type.in_(types))
        .order_by(record_link.c.to_id)
    )
    query = query.where(record.c.instance_id == instance_id) if instance_id else query.where(record.c.key == key)
    found: dict[int, dict[str, list[int]]] = {}
    for row in tx.rows(query):
        found.setdefault(row.from_id, {}).setdefault(row.name, []).append(row.to_id)
    return found


def _keep_version(
    tx: Tx, record_id: int, kept: Mapping[str, Any], task_id: int | None, by: Actor, now: datetime
) -> None:
    rows.keep_version(tx, record_id=record_id, task_id=task_id, by=by.person_id, at=now, **kept)
