"""Erasing under a decision on disposal (gallringsbeslut): the value goes, its commitment and the chain stay."""

from __future__ import annotations

from datetime import datetime

from engine.actor import Actor
from engine.errors import NotFound
from engine.history.events import ORGANISATION, append
from engine.history.personal import MARK
from engine.store.database import Tx
from engine.store.queries import attachments as files
from engine.store.queries import history as rows


def erase(
    tx: Tx, commitment: str, decision: str, *, by: Actor, now: datetime, left: dict[str, str] | None = None
) -> None:
    """Forget the value, and the file it names, for good. `left` is what `personal` gave for the part that stays.

    `now` is process time. The event tells which commitment was erased and by which decision, never the value.
    Raises NotFound, also when it was erased before.
    """
    if not rows.erase_personal_value(tx, commitment, tx.recorded_at, decision, left[MARK] if left else None):
        raise NotFound(what="personal_value", id=commitment)
    files.forget(tx, commitment)
    body = {"commitment": commitment, "decision": decision, **({"left": left} if left else {})}
    append(tx, type="personal_value_erased", chain=ORGANISATION, occurred_at=now, by=by, body=body)
