"""Instances that begin alike: which rows do, and the copies of the first of them.

The first is started the ordinary way. The others get the same rows, with what is their own put in its place: the
business key, the variables, and for each task its title and the position it goes to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.batches.outcomes import Outcome
from engine.batches.template import Template, take
from engine.deployments import Deployed
from engine.store.database import Tx
from engine.store.queries import instances

KNOWS_ITSELF = "instance"
"""An expression that reads it may tell every instance from the others."""


def groups(deployed: Deployed, items: Sequence[Any]) -> list[list[Any]]:
    """The items by plan year and by the columns that the diagram reads on its way."""
    names = [column.name for column in deployed.package.columns if _is_read(deployed, column.name)]
    found: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for item in items:
        given = item.payload["given"]
        found[item.payload["plan_year"], *(given.get(name) for name in names)].append(item)
    return list(found.values())


def can_be_copied(deployed: Deployed) -> bool:
    """Whether the diagram's way to its first wait depends on nothing but variables."""
    elements = deployed.model.elements.values()
    return not _is_read(deployed, KNOWS_ITSELF) and not any(element.called for element in elements)


def copy(tx: Tx, deployed: Deployed, first: Outcome, items: Sequence[Any], now: datetime) -> list[Outcome]:
    """Copies of the instance just started for those items that can be one; the others are left to be started."""
    if not items or first.instance_id is None:
        return []
    template = take(tx, deployed, first.instance_id, now)
    if template is None:
        return []
    known = instances.known_keys(tx, deployed.key, [item.business_key for item in items])
    fresh = [item for item in items if item.business_key not in known]
    try:
        with tx.savepoint():
            return _written(tx, template, fresh)
    except sa.exc.IntegrityError:  # somebody else has started one of them meanwhile
        return []


def _written(tx: Tx, template: Template, items: Sequence[Any]) -> list[Outcome]:
    chosen = [(item, places) for item in items if (places := template.places(tx, item.payload["given"])) is not None]
    given = [item.payload["given"] for item, _places in chosen]
    ids = template.write(tx, [item.business_key for item, _places in chosen], given, [p for _item, p in chosen])
    return [Outcome(item.number, instance_id) for (item, _places), instance_id in zip(chosen, ids, strict=True)]


def _is_read(deployed: Deployed, name: str) -> bool:
    """Whether any expression that moves tokens or sets days holds the name. Too often yes does no harm."""
    return any(name in text for text in _expressions(deployed))


def _expressions(deployed: Deployed) -> Iterator[str]:
    for flow in deployed.model.flows:
        yield flow[4] or ""
    yield from (str(value) for value in deployed.package.variables.values())
    for element in deployed.model.elements.values():
        yield element.timer or ""
        yield str(element.repetition or "")
        yield str(element.definitions)
        for name, parts in (element.extension or {}).items():
            if name != "title":  # filled in anew for each; so is the position
                yield str([{k: v for k, v in part.items() if k != "position"} for part in parts])
