"""Letting many running instances go on under the newest definition: a report for each first, then those that can."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from engine import deployments, identity
from engine.actor import Actor
from engine.batches import making
from engine.batches.outcomes import Outcome, SetAside, alone
from engine.errors import NotPossible
from engine.operations import migrating
from engine.operations.common import Preview, sentence
from engine.store.database import Tx
from engine.store.tables import instance

AT_ONCE = 20
"""So few are looked at while the reader waits; more are looked at by jobs."""


def preview(tx: Tx, key: str) -> Preview:
    """How many would be looked at. Raises NotFound, NotPossible."""
    newest, behind = deployments.latest(tx, key), migrating.behind(tx, key)
    if not behind:
        raise NotPossible(reason="nothing_to_migrate")
    said = sentence(
        "{count} följer en äldre version av processen än version {version}. Först visas vad som ändras för var och en.",
        "{count} follow an older version of the process than version {version}. "
        "First you see what changes for each of them.",
        count=len(behind), version=newest.version,
    )  # fmt: skip
    return Preview((said,))


def prepare(tx: Tx, key: str, *, reason: str, by: Actor, now: datetime) -> int:
    """A batch of every live instance that is behind, with a report of what would change for whom. Gives its id.

    What cannot be mapped is set aside with its reasons. Raises NotFound, Forbidden, InvalidInput, NotPossible.
    """
    newest = deployments.latest(tx, key)
    behind = migrating.behind(tx, key)
    making.ensure_may(tx, "migrate", newest, by, now)
    if not behind:
        raise NotPossible(reason="nothing_to_migrate")
    keys = {
        row.id: row.business_key
        for row in tx.rows(
            sa.select(instance.c.id, instance.c.business_key).where(instance.c.key == key).order_by(instance.c.id)
        )
    }
    items = [
        {"business_key": keys[i], "payload": {}, "state": "unchecked", "error": None, "instance_id": i} for i in behind
    ]
    if len(items) <= AT_ONCE:
        for item in items:
            seen = _seen(tx, item["instance_id"], newest, by, now)
            item |= {"payload": seen.payload or {}, "error": seen.error, "state": "failed" if seen.error else "waiting"}
    return making.make(tx, "migrate", newest, items, reason=reason, by=by, now=now)


def look(tx: Tx, found: Any, items: Sequence[Any], now: datetime) -> list[Outcome]:
    """What would change for each, or why it cannot."""
    newest, by = deployments.load(tx, found.definition_id), made_by(tx, found)
    return [alone(tx, item, partial(_look, tx, item, newest, by, now)) for item in items]


def carry_out(tx: Tx, found: Any, items: Sequence[Any], now: datetime) -> list[Outcome]:
    """Each to the definition that the batch was made for."""
    newest, by = deployments.load(tx, found.definition_id), made_by(tx, found)
    return [alone(tx, item, partial(_move, tx, item, newest, found.reason, by, now)) for item in items]


def made_by(tx: Tx, found: Any) -> Actor:
    """The one who made the batch, for whom it is worked off."""
    return Actor(found.made_by, identity.person_name(tx, found.made_by) or "")


def _look(tx: Tx, item: Any, newest: deployments.Deployed, by: Actor, now: datetime) -> Outcome:
    seen = _seen(tx, item.instance_id, newest, by, now)
    return Outcome(item.number, item.instance_id, seen.error, seen.payload)


def _seen(tx: Tx, instance_id: int, newest: deployments.Deployed, by: Actor, now: datetime) -> Outcome:
    seen = migrating.preview_migrate(tx, instance_id, to=newest, by=by, now=now)
    if seen.obstacles:
        return Outcome(0, instance_id, {"code": SetAside.code, **SetAside(list(seen.obstacles)).params})
    report = [{"sv": text.sv, "en": text.en} for text in seen.sentences]
    return Outcome(0, instance_id, None, {"report": report})


def _move(tx: Tx, item: Any, newest: deployments.Deployed, reason: str, by: Actor, now: datetime) -> Outcome:
    seen = _seen_again(tx, item.instance_id, newest, by, now)
    if seen is not None and seen.error is not None:
        return Outcome(item.number, item.instance_id, seen.error)
    migrating.migrate(tx, item.instance_id, reason=reason, to=newest, by=by, now=now)
    return Outcome(item.number, item.instance_id)


def _seen_again(tx: Tx, instance_id: int, newest: deployments.Deployed, by: Actor, now: datetime) -> Outcome | None:
    """What stands in the way now; None when somebody has moved it meanwhile."""
    try:
        return _seen(tx, instance_id, newest, by, now)
    except NotPossible as refused:
        if refused.params["reason"] == "nothing_to_migrate":
            return None
        raise
