"""A request sent twice is carried out once: its key remembers the result for the person who sent it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from engine.errors import KeyReused, NotPossible
from engine.store.database import Tx
from engine.store.queries import idempotency as rows

KEPT = timedelta(days=14)
"""No browser or network sends a request again later than that."""


def remembered(tx: Tx, key: str, person_id: str, fingerprint: str) -> Any | None:
    """The result of the request with this key, or None when it was not carried out yet.

    `fingerprint` (up to 64 characters) stands for the content; KeyReused when the key came with another.
    """
    found = rows.find(tx, key, person_id)
    if found is None:
        return None
    if found.fingerprint != fingerprint:
        raise KeyReused
    return found.result


def remember(tx: Tx, key: str, person_id: str, fingerprint: str, result: Any) -> None:
    """Keep the result (JSON, not None) with the change it belongs to.

    Raises NotPossible when the same request is being carried out by another transaction: nothing is changed,
    and sent once more it gets the other's result.
    """
    if not rows.add(tx, key, person_id, fingerprint=fingerprint, result=result, at=tx.recorded_at):
        raise NotPossible(reason="repeated")


def forget_old(tx: Tx) -> int:
    """Drop the keys, with their results, that have been kept long enough (wall time); how many."""
    return rows.forget_before(tx, tx.recorded_at - KEPT)
