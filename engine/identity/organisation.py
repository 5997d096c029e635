"""The organisation as one value: read whole, kept until someone changes it.

Every change through `engine.identity` gives the organisation a new random mark in the settings. A reader
asks for the mark (one row) and reads everything again only when it has not seen that mark before. The mark is
random and not a number, so that one of a rolled-back transaction is never met again.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

from engine.identity.roles import Role, role_of
from engine.store.database import Tx
from engine.store.queries import identity as rows
from engine.store.queries import settings

MARK = "organisation"
ROLES = "roles"
KEPT = 4  # organisations in memory: one in production, a few in tests and rehearsals


@dataclass(frozen=True)
class Unit:
    """`kind`: region, area, operations, unit or external. `valid_to` is its last civil day."""

    id: str
    name: str
    kind: str
    parent_id: str | None
    successor_id: str | None
    valid_to: date | None


@dataclass(frozen=True)
class Person:
    id: str
    name: str
    email: str | None
    locale: str
    active: bool


@dataclass(frozen=True)
class Position:
    """A role in a unit. Days are civil, first and last included; None is open."""

    id: str
    role: str
    unit_id: str
    unit_name: str
    name: str
    active: bool
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class Holding:
    id: int
    position_id: str
    person_id: str
    function: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class Absence:
    """Civil days away, first and last included, and who stands in. One taken back ends before it began."""

    id: int
    person_id: str
    deputy_id: str
    first_day: date
    last_day: date
    set_by: str | None


@dataclass(frozen=True)
class Organisation:
    """Everyone and everything, past and future; `engine.identity.days` says who is who on a day."""

    units: dict[str, Unit]
    people: dict[str, Person]
    positions: dict[str, Position]
    holdings: tuple[Holding, ...]
    roles: dict[str, Role]
    absences: tuple[Absence, ...] = ()
    by_day: dict[date, object] = field(default_factory=dict, compare=False, repr=False)

    def upwards(self, unit_id: str) -> Iterator[Unit]:
        """The unit and its parents, nearest first. A loop in the tree ends the walk."""
        seen: set[str] = set()
        found = self.units.get(unit_id)
        while found is not None and found.id not in seen:
            seen.add(found.id)
            yield found
            found = self.units.get(found.parent_id) if found.parent_id else None

    def area_of(self, unit_id: str) -> Unit | None:
        return next((unit for unit in self.upwards(unit_id) if unit.kind == "area"), None)

    def holdings_of(self, position_id: str) -> list[Holding]:
        return [holding for holding in self.holdings if holding.position_id == position_id]


_kept: dict[str, Organisation] = {}
_lock = threading.Lock()


def organisation(tx: Tx) -> Organisation:
    """The organisation as this transaction sees it: one small query unless it changed."""
    if MARK not in tx.memo:
        tx.memo[MARK] = settings.read(tx, MARK)
    mark = tx.memo[MARK]
    if mark is None:
        return _read(tx)
    with _lock:
        found = _kept.get(mark)
    if found is None:
        found = _read(tx)
        with _lock:
            while len(_kept) >= KEPT:
                del _kept[next(iter(_kept))]
            _kept[mark] = found
    return found


def changed(tx: Tx) -> None:
    """Say that the organisation is another from now on. Changes in parallel wait for each other here."""
    settings.write(tx, MARK, uuid4().hex)
    tx.memo.pop(MARK, None)


def _read(tx: Tx) -> Organisation:
    units = {
        row.id: Unit(row.id, row.name, row.kind, row.parent_id, row.successor_id, row.valid_to)
        for row in rows.all_units(tx)
    }
    people = {row.id: Person(row.id, row.name, row.email, row.locale, row.active) for row in rows.all_people(tx)}
    positions = {
        row.id: Position(
            row.id,
            row.role,
            row.unit_id,
            units[row.unit_id].name,
            row.name,
            row.active,
            row.valid_from,
            row.valid_to,
        )
        for row in rows.all_positions(tx)
        if row.unit_id in units  # one that was added between the two statements belongs to the next reading
    }
    holdings = tuple(
        Holding(row.id, row.position_id, row.person_id, row.function, row.valid_from, row.valid_to)
        for row in rows.all_holdings(tx)
        if row.position_id in positions and row.person_id in people
    )
    written = settings.read(tx, ROLES) or {}
    absences = tuple(
        Absence(row.id, row.person_id, row.deputy_id, row.first_day, row.last_day, row.set_by)
        for row in rows.all_absences(tx)
        if row.last_day >= row.first_day and row.person_id in people and row.deputy_id in people
    )
    roles = {key: role_of(key, written[key]) for key in written}
    return Organisation(units, people, positions, holdings, roles, absences)


def by_position(holdings: tuple[Holding, ...]) -> dict[str, list[Holding]]:
    grouped: dict[str, list[Holding]] = defaultdict(list)
    for holding in holdings:
        grouped[holding.position_id].append(holding)
    return grouped
