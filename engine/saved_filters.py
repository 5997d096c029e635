"""A person's named ways of narrowing the inbox: at most ten, their own business and in no history."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from engine.actor import Actor
from engine.errors import InvalidInput
from engine.inbox_rows import Filters
from engine.rules import plain_text
from engine.store.database import Tx
from engine.store.queries import inbox as rows
from engine.store.queries.upsert import insert_or_change
from engine.store.tables import saved_filter

MOST = 10
LONGEST_NAME = 60


@dataclass(frozen=True)
class SavedFilter:
    name: str
    filters: Filters


def of_person(tx: Tx, actor: Actor) -> list[SavedFilter]:
    """By name."""
    return [SavedFilter(row.name, Filters(**row.filters)) for row in rows.saved_filters(tx, actor.person_id)]


def save(tx: Tx, name: str, filters: Filters, *, by: Actor) -> None:
    """Under that name, over an earlier one.

    Raises InvalidInput (field name: name_missing, name_too_long, control_character, too_many_filters).
    """
    written = plain_text.required(" ".join(name.split()), field="name", longest=LONGEST_NAME, one_line=True)
    known = {each.name for each in of_person(tx, by)}
    if written not in known and len(known) >= MOST:
        raise InvalidInput(field="name", reason="too_many_filters")
    insert_or_change(tx, saved_filter, {"person_id": by.person_id, "name": written}, filters=asdict(filters))


def remove(tx: Tx, name: str, *, by: Actor) -> None:
    """Nothing happens when there is none of that name."""
    tx.execute(saved_filter.delete().where(saved_filter.c.person_id == by.person_id, saved_filter.c.name == name))
