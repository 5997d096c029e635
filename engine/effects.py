"""Carrying out what a form's effects ask for, in the transaction that completes its task."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from engine import follow_ons, history, identity, outbox, records
from engine.rules import effects as rules
from engine.rules.calendar import civil_date
from engine.running import Run
from engine.store.database import Tx


def carry_out(
    tx: Tx, run: Run, effects: list[Mapping[str, Any]], context: dict[str, Any], task: sa.Row[Any] | None
) -> list[rules.Departure]:
    """Evaluate and apply the effects in order. Gives the departures noted.

    Raises FeelError for an expression that fails, InvalidInput for a record that breaks its schema: nothing is kept.
    """
    departures: list[rules.Departure] = []
    changes = rules.plan(effects, context, now=run.now)
    records.hold(tx, {change.record for change in changes if isinstance(change, rules.UpdateRecord)})
    for change in changes:
        match change:
            case rules.SetVariables():
                run.execution.variables.update({name: _plain(value) for name, value in change.values.items()})
            case rules.CreateRecord():
                _create(tx, run, task, change.type, change.state, change.values, change.links)
            case rules.UpdateRecord():
                _update(tx, run, task, change.record, change.state, change.values)
            case rules.ReplaceRecords():
                _replace(tx, run, task, change)
            case rules.Departure():
                departures.append(change)
                depart(tx, run, task, change)
            case rules.FollowOn():
                follow_ons.create(tx, run, change, task)
            case rules.Notify():
                _notify(tx, run, task, change, context)
    return departures


def origin(run: Run, task: sa.Row[Any] | None) -> records.Origin:
    """Where a record made now comes from."""
    return records.Origin(
        run.id,
        run.key,
        run.plan_year,
        task.id if task else None,
        task.position_id if task else None,
        task.unit_id if task else None,
        task.unit_name if task else None,
    )


def depart(tx: Tx, run: Run, task: sa.Row[Any] | None, departure: rules.Departure) -> None:
    """Note a departure from the guideline."""
    sv, en = (history.personal(tx, "departure", text) for text in (departure.sv, departure.en))
    body = {"code": departure.code, "sv": sv, "en": en, "guideline": departure.guideline}
    run.note_about(tx, task, "departure", body)


def _create(tx: Tx, run: Run, task: Any, type_: str, state: str | None, values: Any, links: Any) -> None:
    record_id = records.create(
        tx,
        run.deployed.package,
        origin(run, task),
        type_,
        state,
        _plain(values),
        links,
        by=run.by,
        now=run.now,
    )
    kept = history.personal(tx, "record", _plain(values))
    run.note_about(tx, task, "record_created", {"record": record_id, "type": type_, "state": state, "new": kept})


def _update(
    tx: Tx,
    run: Run,
    task: Any,
    record_id: int,
    state: str | None,
    values: Mapping[str, Any],
    withdrawn: bool = False,
) -> None:
    type_, old, new = records.update(
        tx,
        run.deployed.package,
        record_id,
        state,
        _plain(values),
        by=run.by,
        now=run.now,
        task_id=task.id if task else None,
        withdrawn=withdrawn,
    )
    changed = {name: value for name, value in new.items() if old.get(name) != value}
    run.note_about(
        tx,
        task,
        "record_withdrawn" if withdrawn else "record_changed",
        {
            "record": record_id,
            "type": type_,
            "state": state,
            "old": history.personal(tx, "record", {name: old.get(name) for name in changed}),
            "new": history.personal(tx, "record", changed),
        },
    )


def _replace(tx: Tx, run: Run, task: Any, change: rules.ReplaceRecords) -> None:
    """The rows become this task's records of the type; those not among the rows are withdrawn.

    A row without its record's id is the record it equals, else the next one that is left: an answer changed twice is
    one record with three versions, not three records.
    """
    left = {row.id: row.values for row in records.of_task(tx, task.id, change.type)}
    matched = [_same_record(left, row) for row in change.rows]
    for row, known in zip(change.rows, matched, strict=True):
        record_id = known if known is not None else next(iter(left), None)
        if record_id is None:
            _create(tx, run, task, change.type, row["state"], row["values"], row["links"])
        else:
            left.pop(record_id, None)
            _update(tx, run, task, record_id, row["state"], row["values"])
    for record_id in sorted(left):
        _update(tx, run, task, record_id, None, {}, withdrawn=True)


def _same_record(left: dict[int, Mapping[str, Any]], row: Mapping[str, Any]) -> int | None:
    """Take the record that the row names or equals out of those left."""
    values = _plain(row["values"])
    found = row["record"] if row["record"] in left else next((n for n, old in left.items() if old == values), None)
    if found is not None:
        del left[found]
    return found


def _notify(tx: Tx, run: Run, task: Any, change: rules.Notify, context: Mapping[str, Any]) -> None:
    message = run.deployed.package.messages[change.message]
    values = {
        **run.names(),
        **{k: v for k, v in context.items() if isinstance(v, (str, int))},
        **change.values,
    }
    subject, body = message.subject.fill(values), message.body.fill(values)
    day = civil_date(run.now)
    people = {h.person_id for position in change.to for h in identity.actors_for(tx, position, day)}
    key = f"{change.message}:{run.id}:{task.id if task else 0}:{task.revision if task else 0}:{change.key}"
    told = outbox.announce(
        tx,
        event_key=key,
        person_ids=sorted(people),
        kind="notice",
        instance_id=run.id,
        now=run.now,
        task_id=task.id if task else None,
        content={
            "subject": {"sv": subject.sv, "en": subject.en},
            "body": {"sv": body.sv, "en": body.en},
            "plan_year": run.plan_year,
        },
    )
    run.note_about(
        tx,
        task,
        "notice",
        {"message": change.message, "positions": sorted(change.to), "people": told, "subject": subject.sv},
    )


def _plain(value: Any) -> Any:
    """FEEL values as JSON values: dates as ISO text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value
