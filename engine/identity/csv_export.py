"""The organisation as the four CSV files that `import_csv` reads, without anybody's name: for rehearsals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.identity.csv_files import written
from engine.identity.organisation import Organisation, Unit, organisation
from engine.identity.reading import on
from engine.store.database import Tx


@dataclass(frozen=True)
class Exported:
    """The files by name, and the ids of the people in them."""

    files: dict[str, bytes]
    people: frozenset[str]


def export_csv(tx: Tx, day: date) -> Exported:
    """Units, positions and who holds them on that day. A person's name is the id, the address invented."""
    found, held = organisation(tx), on(tx, day)
    positions = sorted(held.positions.values(), key=lambda position: position.id)
    holders = [
        (position.id, holder)
        for position in positions
        for holder in held.holders(position.id)
        if holder.function != "deputy"
    ]
    people = sorted({holder.person_id for _position, holder in holders})
    files = {
        "units.csv": written(
            ("id", "name", "kind", "parent"), ((u.id, u.name, u.kind, u.parent_id or "") for u in _from_the_top(found))
        ),
        "people.csv": written(
            ("id", "name", "email"),
            ((person, person, f"p{number}@region.example") for number, person in enumerate(people)),
        ),
        "positions.csv": written(
            ("id", "role", "unit", "name", "active"),
            ((p.id, p.role, p.unit_id, p.name, "ja" if p.active else "nej") for p in positions),
        ),
        "holdings.csv": written(
            ("position", "person", "function"), ((at, holder.person_id, holder.function) for at, holder in holders)
        ),
    }
    return Exported(files, frozenset(people))


def _from_the_top(found: Organisation) -> list[Unit]:
    """Every unit before those below it."""
    below: dict[str | None, list[Unit]] = {}
    for unit in found.units.values():
        below.setdefault(unit.parent_id, []).append(unit)
    ordered: list[Unit] = []
    waiting = list(below.get(None, ()))
    while waiting:
        unit = waiting.pop(0)
        ordered.append(unit)
        waiting += below.get(unit.id, ())
    return ordered
