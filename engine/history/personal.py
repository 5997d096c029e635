"""Values that name people stand beside the chain; the chain holds a commitment to them.

commitment = SHA-256 over a fresh 32-byte salt, the field's name and the value's canonical JSON. With the salt
gone nobody can tell what the value was, and the chain still verifies.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from secrets import token_bytes
from typing import Any

from engine.actor import Actor
from engine.errors import NotFound
from engine.history.canonical import canonical
from engine.history.events import ORGANISATION, append
from engine.store.database import Tx
from engine.store.queries import attachments as files
from engine.store.queries import history as rows

MARK = "personal"


def personal(tx: Tx, field: str, value: Any) -> dict[str, str]:
    """Keep the value (any JSON) beside the chain; give what to write in an event's body in its place."""
    salt, written = token_bytes(32), canonical(value)
    commitment = sha256(salt + field.encode() + b"\0" + written.encode()).hexdigest()
    rows.add_personal_value(tx, commitment, field, salt.hex(), written)
    return {MARK: commitment}


def erase(tx: Tx, commitment: str, decision: str, *, by: Actor, now: datetime) -> None:
    """Forget the value, and the file it names, for good by a decision on disposal (gallringsbeslut). Raises NotFound.

    `now` is process time. The event tells which commitment was erased and by which decision, never the value.
    """
    if not rows.erase_personal_value(tx, commitment, tx.recorded_at):
        raise NotFound(what="personal_value", id=commitment)
    files.forget(tx, commitment)
    body = {"commitment": commitment, "decision": decision}
    append(tx, type="personal_value_erased", chain=ORGANISATION, occurred_at=now, by=by, body=body)


def commitments_in(body: Any) -> set[str]:
    """Every commitment anywhere in an event's body."""
    if isinstance(body, Mapping):
        if set(body) == {MARK} and isinstance(body[MARK], str):
            return {body[MARK]}
        return {found for value in body.values() for found in commitments_in(value)}
    if isinstance(body, list):
        return {found for value in body for found in commitments_in(value)}
    return set()


def filled(body: Any, values: Mapping[str, Any]) -> Any:
    """The body with each commitment replaced by its value, by None where it was erased."""
    if isinstance(body, Mapping):
        if set(body) == {MARK} and isinstance(body[MARK], str):
            return values.get(body[MARK])
        return {key: filled(value, values) for key, value in body.items()}
    if isinstance(body, list):
        return [filled(value, values) for value in body]
    return body


def personal_values(tx: Tx, commitments: set[str]) -> dict[str, Any]:
    """The values that are still kept, by commitment."""
    found = rows.personal_values(tx, sorted(commitments)) if commitments else {}
    return {key: json.loads(row.value) for key, row in found.items() if row.value is not None}
