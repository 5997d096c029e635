"""The names that FEEL expressions of a package can read (workflows/README.md, "FEEL")."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from engine import identity, records
from engine.actor import Actor
from engine.clock import STOCKHOLM
from engine.deployments import Deployed
from engine.rules import business_keys
from engine.rules.calendar import civil_date
from engine.rules.packages import Package
from engine.store.database import Tx
from engine.store.tables import instance


@dataclass(frozen=True)
class InstanceFacts:
    """The part of an instance row that expressions see."""

    id: int
    key: str
    plan_year: int
    business_key: str
    variables: Mapping[str, Any]


def instance_facts(row: sa.Row[Any]) -> InstanceFacts:
    return InstanceFacts(row.id, row.key, row.plan_year, row.business_key, row.variables)


def base(package: Package, plan_year: int, variables: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What every expression of the package can read, before there is a task or a record."""
    local = now.astimezone(STOCKHOLM)
    key = business_keys.business_key(package.columns, plan_year, variables)
    return {
        **variables,
        "plan_year": plan_year,
        "today": local.date(),
        "now": now,
        "instance": {
            "id": None,
            "plan_year": plan_year,
            "business_key": key,
            "name": package.instance_name.fill(business_keys.names(package.columns, key, plan_year)).sv,
        },
    }


def of_instance(tx: Tx, deployed: Deployed, facts: InstanceFacts, now: datetime, source: str) -> dict[str, Any]:
    """`base` and, where `source` (the text that holds the expressions) reads them, records and positions.

    `records.proposal` in the source reads proposals, `previous.…` and `positions.…` alike; no other record is fetched.
    """
    context = base(deployed.package, facts.plan_year, facts.variables, now)
    context["instance"]["id"] = facts.id
    types = deployed.package.records
    if "records" in source:
        own = [name for name in members(source, "records") if name in types]
        context["records"] = records.by_type(tx, deployed.package, own, instance_id=facts.id)
    if "previous" in source:
        others = [name for name in members(source, "previous") if name in types]
        context["previous"] = records.by_type(tx, deployed.package, others, key=facts.key, other_than=facts.id)
    if "positions" in source:
        roles = [role for role in members(source, "positions") if role in deployed.package.roles]
        context["positions"] = positions_by_role(tx, roles, civil_date(now))
    return context


@lru_cache(maxsize=512)
def members(source: str, name: str) -> tuple[str, ...]:
    """Every word that follows `name.` in the text, each once, in order of the alphabet."""
    return tuple(sorted(set(re.findall(rf"\b{name}\s*\.\s*(\w+)", source))))


def before_start(
    tx: Tx, package: Package, key: str, plan_year: int, now: datetime, given: Mapping[str, Any] = MappingProxyType({})
) -> dict[str, Any]:
    """The context of start values: there is no instance yet, but there may be earlier ones. Reads what they name."""
    context = base(package, plan_year, given, now)
    source = " ".join(str(value) for value in package.variables.values())
    if "previous" not in source:
        return context
    context["previous"] = records.by_type(tx, package, list(package.records), key=key)
    context["previous_years"] = [
        row.plan_year
        for row in tx.rows(
            sa.select(instance.c.plan_year)
            .where(instance.c.key == key, instance.c.plan_year < plan_year, instance.c.state != "cancelled")
            .order_by(instance.c.plan_year)
        )
    ]
    return context


def of_task(tx: Tx, context: dict[str, Any], task: Any, round_: int, actor: Actor, now: datetime) -> dict[str, Any]:
    """`context` with `task` and `me`."""
    manager = identity.superior_name(tx, task.position_id, civil_date(now))
    person = identity.person(tx, actor.person_id) if actor.person_id else None
    place = {
        "position": task.position_id,
        "unit": task.unit_id,
        "unit_name": task.unit_name,
        "role": task.role,
    }
    return {
        **context,
        "task": {
            "id": task.id,
            "element": task.element_id,
            "record": task.record_id,
            "round": round_,
            **place,
        },
        "me": {
            "name": actor.name,
            "email": person.email if person else None,
            "manager": manager,
            **place,
        },
    }


def positions_by_role(tx: Tx, roles: Sequence[str], day: Any) -> dict[str, list[dict[str, Any]]]:
    """Each role with the positions that hold it on that day."""
    found: dict[str, list[dict[str, Any]]] = {role: [] for role in roles}
    for position in identity.positions_with_role(tx, roles, day):
        found[position.role].append(
            {
                "id": position.id,
                "unit": position.unit_id,
                "unit_name": position.unit_name,
                "name": position.name,
            }
        )
    return found
