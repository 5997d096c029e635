"""A request sent twice is carried out once: its key remembers the result for the person who sent it."""

from __future__ import annotations

import hmac
from datetime import timedelta
from hashlib import sha256
from typing import Any

from engine.errors import KeyReused, NotPossible
from engine.store.database import Tx
from engine.store.queries import idempotency as rows

KEPT = timedelta(days=14)
"""No browser or network sends a request again later than that."""


def _kept(key: str, fingerprint: str) -> tuple[str, str]:
    """What is written of them. A short answer could be guessed from its hash; so this one hangs on the key, which is
    itself random and kept nowhere, only its hash."""
    return sha256(key.encode()).hexdigest(), hmac.digest(key.encode(), fingerprint.encode(), "sha256").hex()


def remembered(tx: Tx, key: str, person_id: str, fingerprint: str) -> Any | None:
    """The result of the request with this key, or None when it was not carried out yet.

    `fingerprint` stands for the content; KeyReused when the key came with another.
    """
    hashed, stands_for = _kept(key, fingerprint)
    found = rows.find(tx, hashed, person_id)
    if found is None:
        return None
    if found.fingerprint != stands_for:
        raise KeyReused
    return found.result


def remember(tx: Tx, key: str, person_id: str, fingerprint: str, result: Any) -> None:
    """Keep the result (JSON, not None) with the change it belongs to.

    Raises NotPossible when the same request is being carried out by another transaction: nothing is changed,
    and sent once more it gets the other's result.
    """
    hashed, stands_for = _kept(key, fingerprint)
    if not rows.add(tx, hashed, person_id, fingerprint=stands_for, result=result, at=tx.recorded_at):
        raise NotPossible(reason="repeated")


def forget_old(tx: Tx) -> int:
    """Drop the keys, with their results, that have been kept long enough (wall time); how many."""
    return rows.forget_before(tx, tx.recorded_at - KEPT)
