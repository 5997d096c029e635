"""The organisation: units, positions and who holds them, by area, searched and folded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engine import identity
from engine.identity import Position, Unit
from engine.store.database import Tx
from engine.texts import Text
from web import dates
from web.cockpit.blueprint import blueprint
from web.context import database, in_words
from web.doors import open_to
from web.searching import words_in

VIEWS = ("all", "vacant")
UNFOLDED = 25
"""So many positions are shown at once; with more the areas are folded."""
MOST = 300
"""So many are on one page; with more each area has its own."""


@dataclass(frozen=True)
class Held:
    """A position on a day; nobody among `holders` means vacant."""

    position: Position
    role: Text
    holders: list[str]


@dataclass(frozen=True)
class Branch:
    """A unit at its depth below the head of its area, with its positions."""

    unit: Unit
    depth: int
    positions: list[Held]


@dataclass(frozen=True)
class Area:
    """A unit of the kind area, or the top of the tree, with what lies below it and in no other."""

    name: str
    branches: list[Branch]

    @property
    def number(self) -> int:
        return sum(len(branch.positions) for branch in self.branches)

    @property
    def vacant(self) -> int:
        return sum(not held.holders for branch in self.branches for held in branch.positions)


@dataclass(frozen=True)
class Wanted:
    """What the reader asked for: a view, and words of names to look for."""

    view: str
    words: str

    def shows(self, area: Area, branch: Branch, held: Held) -> bool:
        told = (area.name, branch.unit.name, held.position.name, in_words(held.role), *held.holders)
        named = " ".join(told).casefold()
        return (self.view == "all" or not held.holders) and all(word in named for word in self.words.casefold().split())

    def of(self, areas: list[Area]) -> list[Area]:
        """The same with those positions alone; a unit without any stays when everything is asked for."""
        if self.view == "all" and not self.words:
            return areas
        return [found for area in areas if (found := self._in(area)).branches]

    def _in(self, area: Area) -> Area:
        kept = []
        for branch in area.branches:
            positions = [held for held in branch.positions if self.shows(area, branch, held)]
            if positions:
                kept.append(replace(branch, positions=positions))
        return Area(area.name, kept)


@blueprint.get("/organisation")
@open_to("admin", "cockpit")
def organisation() -> ResponseReturnValue:
    with database().page() as tx:
        found = areas(tx, dates.today())
    view = request.args.get("show", "")
    wanted = Wanted(view if view in VIEWS else "all", words_in(request.args))
    shown = wanted.of(found)
    number = sum(area.number for area in shown)
    return render_template(
        "cockpit/organisation.html",
        areas=shown,
        wanted=wanted,
        query={"show": wanted.view, "q": wanted.words or None},
        counts={view: sum(area.number for area in replace(wanted, view=view).of(found)) for view in VIEWS},
        folded=number > UNFOLDED and len(shown) > 1,
        apart=number > MOST and len(shown) > 1,
        may_import="admin" in current_user.capabilities,
    )


def areas(tx: Tx, today: date) -> list[Area]:
    """The whole tree by area, each unit before those below it, by name."""
    day, roles = identity.on(tx, today), identity.roles(tx)
    below: dict[str | None, list[Unit]] = {}
    for unit in sorted(identity.units(tx), key=lambda u: u.name):
        below.setdefault(unit.parent_id, []).append(unit)
    held: dict[str, list[Held]] = {}
    for position in sorted(day.positions.values(), key=lambda p: p.name):
        role = roles.get(position.role)
        names = [holder.name for holder in day.holders(position.id)]
        said = Text(role.sv, role.en) if role else Text(position.role, position.role)
        held.setdefault(position.unit_id, []).append(Held(position, said, names))
    found: dict[str, Area] = {}
    for head, depth, unit in walk(below, None, None, 0):
        area = found.setdefault(head.id, Area(head.name, []))
        area.branches.append(Branch(unit, depth, held.get(unit.id, [])))
    return list(found.values())


def walk(
    below: dict[str | None, list[Unit]], parent: str | None, head: Unit | None, depth: int
) -> Iterator[tuple[Unit, int, Unit]]:
    """Each unit with the head of its area and how far below that it lies."""
    for unit in below.get(parent, []):
        if head is None or unit.kind == "area":
            yield unit, 0, unit
            yield from walk(below, unit.id, unit, 1)
        else:
            yield head, depth, unit
            yield from walk(below, unit.id, head, depth + 1)
