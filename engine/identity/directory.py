"""Finding people by name, and those that one works beside: for choosing a colleague."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.identity import reading
from engine.store.database import Tx

SHOWN = 20


@dataclass(frozen=True)
class Listed:
    """A person with what they hold on that day, in words; empty when nothing."""

    person_id: str
    name: str
    holds: str


def listed(tx: Tx, person_id: str, day: date) -> Listed:
    """Raises NotFound."""
    # A head of an area holds two positions of one name, and names have commas of their own.
    held = list(dict.fromkeys(position.name for position, _function in reading.on(tx, day).held_by(person_id)))
    return Listed(person_id, reading.person(tx, person_id).name, "; ".join(held[:2]) + (" …" if len(held) > 2 else ""))


def find(tx: Tx, text: str, day: date, *, limit: int = SHOWN) -> list[Listed]:
    """Active people whose name contains every word of the text, by name; at most `limit`."""
    words = text.casefold().split()
    if not words:
        return []
    found = [p for p in reading.people(tx) if p.active and all(word in p.name.casefold() for word in words)]
    return [listed(tx, p.id, day) for p in sorted(found, key=lambda p: (p.name, p.id))[:limit]]


def near(tx: Tx, person_id: str, day: date) -> list[Listed]:
    """Who holds the same positions, positions in the same units, the one above and those directly below."""
    on_day = reading.on(tx, day)
    found: dict[str, None] = {}
    for position, function in on_day.held_by(person_id):
        if function == "member":
            continue
        above = on_day.superior(position.id)
        beside = [p.id for p in on_day.in_unit(position.unit_id)]
        for other in [position.id, *beside, *([above] if above else []), *on_day.directly_below(position.id)[:SHOWN]]:
            found.update(dict.fromkeys(holder.person_id for holder in on_day.holders(other)))
    found.pop(person_id, None)
    return [listed(tx, other, day) for other in list(found)[:12]]


def below(tx: Tx, person_id: str, day: date) -> list[Listed]:
    """Who holds the positions directly below the person's."""
    on_day = reading.on(tx, day)
    found: dict[str, None] = {}
    for position, _function in on_day.held_by(person_id):
        for other in on_day.directly_below(position.id):
            found.update(dict.fromkeys(holder.person_id for holder in on_day.holders(other)))
    found.pop(person_id, None)
    return sorted((listed(tx, other, day) for other in list(found)[:SHOWN]), key=lambda p: p.name)


def leads_anyone(tx: Tx, person_id: str, day: date) -> bool:
    """Whether someone holds a position below one of the person's."""
    return bool(below(tx, person_id, day))
