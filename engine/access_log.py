"""Refused attempts and auditors' reading: beside the audit chain, so that nobody can flood the chain.

Meant for a transaction of its own, since the refused one is rolled back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from engine.store.database import Tx
from engine.store.queries import access_log as rows

ONCE_PER = timedelta(minutes=1)
MOST_PER = 600
KINDS = ("refused", "reading", "sign_in")
LOOKED_AT = 10_000
"""So many entries are looked at for one page; it offers to go on."""


class Found(NamedTuple):
    """`older`: the entry to ask before for older ones, or None when there are none."""

    entries: Sequence[Any]
    older: int | None


def note(tx: Tx, person_id: str | None, action: str, target: str, outcome: str, address: str | None = None) -> bool:
    """Write it unless the last minute (wall time) has the same, or MOST_PER of this person; whether it was written.

    The same from another address is another line. Texts that are too long are cut, control characters shown.
    """
    person, where = _plain(person_id, 64), _plain(address, 64)
    what: dict[str, Any] = {"person_id": person, "action": _plain(action, 48), "target": _plain(target, 300)}
    same = {**what, "outcome": _plain(outcome, 16), "address": where}
    since = tx.recorded_at - ONCE_PER
    whose: dict[str, Any] = {"person_id": person, **({"address": where} if person is None else {})}
    if rows.is_noted(tx, since, **same) or rows.is_noted(tx, since, times=MOST_PER, **whose):
        return False
    rows.add(tx, at=tx.recorded_at, **same)
    return True


def search(
    tx: Tx,
    *,
    kind: str | None = None,
    people: Collection[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Found:
    """The newest entries that fit, newest first. `since`, `until` (aware) are wall time, as the entries are."""
    found = rows.page(
        tx, kind=kind, people=people, since=since, until=until, before=before, limit=limit, among=max(LOOKED_AT, limit)
    )
    return Found(*found)


def _plain(value: str | None, length: int) -> str | None:
    if value is None:
        return None
    shown = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in value)
    return shown[:length]
