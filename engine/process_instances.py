"""Verbs on process instances: start, by hand or by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from engine import bpmn, deployments, feel, identity, jobs
from engine.actor import SYSTEM, Actor
from engine.contexts import before_start
from engine.errors import AlreadyExists, Forbidden, InvalidInput, NotPossible
from engine.rules import business_keys, calendar
from engine.rules.calendar import civil_date
from engine.running import Run, evaluator
from engine.settle import settle
from engine.store.database import Tx
from engine.store.queries import instances as rows
from engine.store.tables import definition, instance, job


def start(
    tx: Tx,
    key: str,
    plan_year: int | None = None,
    *,
    given: Mapping[str, Any] = MappingProxyType({}),
    by: Actor,
    now: datetime,
) -> int:
    """A new instance of the newest definition. Gives its id.

    `given`: the package's columns by name. `plan_year` None: the year of the start, unless it is part of the key.
    A cancelled instance makes room for another of the same key. Raises NotFound (no such definition), Forbidden,
    AlreadyExists, InvalidInput.
    """
    deployed = deployments.latest(tx, key)
    ensure_may_start(tx, deployed, by, now)
    return begin(tx, deployed, year_for(deployed, plan_year, now), given, by=by, now=now)


def year_for(deployed: deployments.Deployed, plan_year: int | None, now: datetime) -> int:
    """The year that days of the package are counted from. Raises InvalidInput."""
    if plan_year is None and business_keys.YEAR not in business_keys.parts(deployed.package.columns):
        return int(civil_date(now).year)
    return business_keys.year(plan_year)


def begin(
    tx: Tx,
    deployed: deployments.Deployed,
    plan_year: int,
    given: Mapping[str, Any],
    *,
    reason: str = "",
    by: Actor,
    now: datetime,
) -> int:
    """`start` of this definition, for callers that have made sure of who may. Raises AlreadyExists, InvalidInput."""
    run, before = prepared(tx, deployed, plan_year, given, by=by, now=now)
    key, business_key, planned = run.key, run.business_key, deployed.planned(plan_year)
    try:
        instance_id = rows.add(
            tx,
            definition_id=deployed.id,
            key=key,
            business_key=business_key,
            plan_year=plan_year,
            state="active",
            execution=run.execution.dump(),
            variables=dict(run.variables),
            windows=planned.saved,
            started_at=now,
            started_by=by.person_id,
            many=not business_keys.is_by_year(deployed.package.columns),
        )
    except sa.exc.IntegrityError as lost:  # another one started it meanwhile
        raise AlreadyExists(kind="instance", plan_year=plan_year, business_key=business_key) from lost
    run = replace(run, id=instance_id)
    run.note(
        tx,
        "instance_started",
        {
            "key": key,
            "business_key": business_key,
            "plan_year": plan_year,
            "definition_version": deployed.version,
            "definition": deployed.sha256,
            "windows": planned.told,
            **({"after_cancelled": before} if before is not None else {}),
            **({"reason": reason} if reason else {}),
        },
    )
    settle(tx, run)
    return instance_id


def prepared(
    tx: Tx, deployed: deployments.Deployed, plan_year: int, given: Mapping[str, Any], *, by: Actor, now: datetime
) -> tuple[Run, int | None]:
    """What `begin` would start, at its first waits and with nothing written (its id is 0); the cancelled one before it.

    Raises AlreadyExists, InvalidInput, NotPossible.
    """
    package, key = deployed.package, deployed.key
    values = given_values(tx, deployed, given, now)
    business_key = business_keys.business_key(package.columns, plan_year, values)
    before = rows.of_key(tx, key, business_key)
    if any(row.state != "cancelled" for row in before):
        raise AlreadyExists(kind="instance", plan_year=plan_year, business_key=business_key)
    context = before_start(tx, package, key, plan_year, now, values)
    variables = {name: start_value(value, context, now) for name, value in package.variables.items()} | values
    try:
        execution = deployed.model.start(variables, evaluator(deployed, plan_year, now))
    except bpmn.BpmnError as failure:
        raise NotPossible(reason="diagram_stuck", element=failure.element_id) from failure
    windows = dict(deployed.planned(plan_year).windows)
    run = Run(0, key, plan_year, business_key, "active", deployed, execution, by, now, windows)
    return run, before[-1].id if before else None


def given_values(tx: Tx, deployed: deployments.Deployed, given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The columns' values as variables. Raises InvalidInput, also for a position that does not stand on the day."""
    values, day = business_keys.given_values(deployed.package.columns, given), civil_date(now)
    for column in deployed.package.columns:
        if column.kind == "position" and identity.standing(tx, values[column.name], day) is None:
            raise InvalidInput(field=column.name, reason="no_such_position", value=values[column.name])
    return values


def start_value(value: Any, context: dict[str, Any], now: datetime) -> Any:
    """A variable's first value; text that begins with `=` is FEEL."""
    if isinstance(value, str) and value.startswith("="):
        return feel.evaluate(value[1:], context, now=now)
    return value


def ensure_may_start(tx: Tx, deployed: deployments.Deployed, by: Actor, now: datetime) -> None:
    """The role that owns the process leads it; so does anyone who may operate."""
    if by.person_id is None:
        return
    day = civil_date(now)
    if deployed.package.owner in identity.roles_of(tx, by.person_id, day):
        return
    if "operate" not in identity.capabilities(tx, by.person_id, day):
        raise Forbidden(action="lead", kind="instance")


def schedule_starts(tx: Tx, key: str, *, now: datetime) -> None:
    """The next instance starts by itself on its day; called after a deployment, harmless when called again.

    When the newest definition names another day, what waited for the former day is planned anew.
    """
    _alone_with_starts(tx, key)
    deployed = deployments.latest(tx, key)
    starts = deployed.package.start
    at = starts.at if starts is not None else None
    waits = next_start(tx, key)
    if waits is not None and at is not None and waits.due_at == _start_instant(at, waits.payload["plan_year"]):
        return
    if waits is not None:
        tx.execute(job.update().where(job.c.id == waits.id).values(state="cancelled"))
    if starts is None or at is None:
        return
    year = max(now.year - 2, starts.first_plan_year or 0)
    while _start_instant(at, year) < now - timedelta(days=1) or _started(tx, key, year):
        year += starts.every_years
    _add_start(tx, key, at, year)


def _alone_with_starts(tx: Tx, key: str) -> None:
    """Wait for a start that is under way, whose job comes first there too, and for others that plan the next one."""
    tx.execute(_next_start(key).with_for_update(key_share=True))
    of_key = sa.select(definition.c.id).where(definition.c.key == key).order_by(definition.c.id)
    tx.execute(of_key.limit(1).with_for_update(key_share=True))


def next_start(tx: Tx, key: str) -> sa.Row[Any] | None:
    """The job that will start the next instance by itself: due_at, and the plan year in its payload."""
    return tx.one(_next_start(key))


def _next_start(key: str) -> sa.Select[Any]:
    of_none = job.c.instance_id.is_(None)  # so it is looked for among few
    starts = sa.select(job).where(of_none, job.c.kind == "start_instance", job.c.state == "due")
    return starts.where(job.c.token == f"start:{key}")


def _add_start(tx: Tx, key: str, at: str, plan_year: int) -> None:
    jobs.add(
        tx,
        "start_instance",
        None,
        due_at=_start_instant(at, plan_year),
        token=f"start:{key}",
        payload={"key": key, "plan_year": plan_year},
    )


def _start_instant(at: str, plan_year: int) -> datetime:
    return calendar.resolve(at, plan_year=plan_year, edge="opens")


def _started(tx: Tx, key: str, plan_year: int) -> bool:
    return (
        tx.scalar(sa.select(instance.c.id).where(instance.c.key == key, instance.c.plan_year == plan_year)) is not None
    )


def start_by_itself(tx: Tx, key: str, plan_year: int, *, now: datetime) -> None:
    """What a start job does: the instance, unless someone has started it by hand; and the next year's job."""
    if not _started(tx, key, plan_year):
        start(tx, key, plan_year, by=SYSTEM, now=now)
    deployed = deployments.latest(tx, key)
    starts = deployed.package.start
    if starts is not None and starts.at is not None:
        _add_start(tx, key, starts.at, plan_year + starts.every_years)
