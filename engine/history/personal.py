"""Values that name people stand beside the chain; the chain holds a commitment to them.

commitment = SHA-256 over a fresh 32-byte salt, the field's name and the value's canonical JSON. With the salt
gone nobody can tell what the value was, and the chain still verifies. When a part of it is erased the rest is kept as
a value of its own, with a commitment of its own that the erasing event names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_bytes
from typing import Any

from engine.history.canonical import canonical
from engine.store.database import Tx
from engine.store.queries import history as rows

MARK = "personal"
VALUES = "personal values"
FREE_TEXT = ("reason", "subject", "label")
"""Members of an event's body in which people write what they like."""


def personal(tx: Tx, field: str, value: Any) -> dict[str, str]:
    """Keep the value (any JSON) beside the chain; give what to write in an event's body in its place.

    It is written last in the transaction, with the others.
    """
    salt, written = token_bytes(32), canonical(value)
    commitment = sha256(salt + field.encode() + b"\0" + written.encode()).hexdigest()
    _to_write(tx).append({"commitment": commitment, "field": field, "salt": salt.hex(), "value": written})
    return {MARK: commitment}


def _to_write(tx: Tx) -> list[dict[str, str]]:
    if VALUES not in tx.memo:
        tx.memo[VALUES] = []
        tx.put_off.append(lambda: rows.add_personal_values(tx, tx.memo.pop(VALUES)))
    found: list[dict[str, str]] = tx.memo[VALUES]
    return found


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


def beside(tx: Tx, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The body with what people wrote freely (FREE_TEXT) kept beside the chain."""
    if not any(isinstance(body.get(name), str) for name in FREE_TEXT):
        return body
    written = {name: personal(tx, name, body[name]) for name in FREE_TEXT if isinstance(body.get(name), str)}
    return {**body, **written}


@dataclass(frozen=True)
class Kept:
    """`values`: what is still kept, by commitment. `decisions`: under which each was erased, in whole or in part."""

    values: dict[str, Any]
    decisions: dict[str, tuple[str, ...]]


def kept(tx: Tx, commitments: set[str]) -> Kept:
    """What is left of these values; one that was erased in part reads as what was left of it."""
    found: dict[str, Any] = {}
    wanted = commitments
    while wanted:
        found |= rows.personal_values(tx, sorted(wanted))
        wanted = {row.left for row in found.values() if row.left is not None} - found.keys()
    values: dict[str, Any] = {}
    decisions: dict[str, tuple[str, ...]] = {}
    for commitment in commitments & found.keys():
        row, under = found[commitment], []
        while row.erased_at is not None:
            under.append(str(row.decision))
            if row.left is None:
                break
            row = found[row.left]
        if row.value is not None:
            values[commitment] = json.loads(row.value)
        if under:
            decisions[commitment] = tuple(dict.fromkeys(under))
    return Kept(values, decisions)
