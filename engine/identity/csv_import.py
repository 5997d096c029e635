"""Importing the organisation from CSV files: everything is checked first, then all of it is written or nothing.

Importing the same files again changes nothing; rows that differ change what is there. What the files do not name
stays as it is, unless the holdings are said to be complete.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from engine import history
from engine.actor import Actor
from engine.errors import InvalidForm, InvalidInput
from engine.identity import changes
from engine.identity import organisation as organisations
from engine.identity.csv_files import CsvError, Row, day, one_of, rows_of, truth
from engine.identity.organisation import Holding, Organisation
from engine.rules.calendar import civil_date
from engine.store.database import Tx
from engine.store.queries import identity as rows

DEEPEST = 20  # levels of units; a region has five
FUNCTIONS = ("holder", "chair", "secretary", "member")


@dataclass(frozen=True)
class ImportReport:
    """How many units, people, positions and holdings were added and changed, how many holdings ended, and how many
    people were `shut` out.
    """

    added: dict[str, int]
    changed: dict[str, int]
    ended: int
    shut: int


@dataclass
class Plan:
    """What an import would write. `known` holds what there is, overlaid by what the files say."""

    organisation: Organisation
    errors: list[CsvError] = field(default_factory=list)
    known: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    added: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    changed: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    new_holdings: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    moved_holdings: dict[int, dict[str, date | None]] = field(default_factory=dict)
    seen_holdings: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        found = self.organisation
        self.known = {
            "unit": {u.id: {"name": u.name, "kind": u.kind, "parent_id": u.parent_id} for u in found.units.values()},
            "person": {
                p.id: {"name": p.name, "email": p.email, "locale": p.locale, "active": p.active}
                for p in found.people.values()
            },
            "position": {
                p.id: {"role": p.role, "unit_id": p.unit_id, "name": p.name, "active": p.active}
                for p in found.positions.values()
            },
        }
        self.added = {noun: {} for noun in self.known}
        self.changed = {noun: {} for noun in self.known}

    def put(self, noun: str, row: Row, values: dict[str, Any]) -> None:
        """One unit, person or position as its row says; columns that the file does not have keep their value."""
        key = row.read("id", changes.identifier)
        if key is None:
            return
        if key in self.added[noun] or key in self.changed[noun]:
            row.refuse("id", "repeated")
            return
        before = self.known[noun].get(key)
        if before is None:
            self.added[noun][key] = values
        elif before != values:
            self.changed[noun][key] = values
        self.known[noun][key] = values


def import_csv(
    tx: Tx,
    files: Mapping[str, bytes],
    *,
    by: Actor,
    now: datetime,
    complete: bool = False,
    dry_run: bool = False,
) -> ImportReport:
    """Import any of units.csv, people.csv, positions.csv and holdings.csv; give what was (or would be) written.

    Raises InvalidForm with every CsvError of all files, and changes nothing. `complete`: holdings.csv lists all
    holdings there are, so that those of today or later it does not name end yesterday. `now` is process time.
    """
    plan = Plan(organisations.organisation(tx))
    read = {name: rows_of(name, content, plan.errors) for name, content in files.items()}
    _plan_units(plan, read.get("units.csv", []))
    _plan_people(plan, read.get("people.csv", []), by)
    _plan_positions(plan, read.get("positions.csv", []))
    _plan_holdings(plan, read.get("holdings.csv", []))
    if plan.errors:
        raise InvalidForm(sorted(plan.errors, key=lambda error: (error.file, error.line or 0)))
    if complete and "holdings.csv" in files:
        _end_the_unnamed(plan, civil_date(now))
    report = _report(plan)
    if not dry_run:
        _write(tx, plan)
        _let_in_and_out(tx, plan, by, now)
        changes.welcome(tx, _newly_held(plan), now)
        _note(tx, files, report, by, now)
    return report


def _plan_units(plan: Plan, found: list[Row]) -> None:
    for row in found:
        values = {
            "name": row.read("name", lambda value: changes.text(value, "name")),
            "kind": row.read("kind", one_of(*changes.KINDS)),
            "parent_id": row.cells.get("parent") or None,
        }
        plan.put("unit", row, values)
    for row in found:
        parent = row.cells.get("parent") or None
        if parent is not None and parent not in plan.known["unit"]:
            row.refuse("parent", "unknown")
        elif (wrong := _wrong_above(plan, row.cells["id"])) is not None:
            row.refuse("parent", wrong)


def _wrong_above(plan: Plan, unit_id: str) -> str | None:
    """Why the unit's place in the tree is impossible; None when it is not."""
    above = plan.known["unit"].get(unit_id, {}).get("parent_id")
    for _ in range(DEEPEST):
        if above is None or above == unit_id:
            return "loop" if above is not None else None
        above = plan.known["unit"].get(above, {}).get("parent_id")
    return "too_deep"


def _plan_people(plan: Plan, found: list[Row], by: Actor) -> None:
    for row in found:
        before = plan.known["person"].get(row.cells["id"], {"email": None, "locale": "sv", "active": True})
        values = {
            "name": row.read("name", lambda value: changes.text(value, "name")),
            "email": row.read("email", changes.address) if "email" in row.cells else before["email"],
            "locale": row.read("locale", changes.language) if row.cells.get("locale") else before["locale"],
            "active": row.read("active", truth) if "active" in row.cells else before["active"],
        }
        if row.cells["id"] == by.person_id and values["active"] is False:
            row.refuse("active", "oneself")
        plan.put("person", row, values)


def _plan_positions(plan: Plan, found: list[Row]) -> None:
    for row in found:
        before = plan.known["position"].get(row.cells["id"], {"active": True})
        values = {
            "role": row.read("role", one_of(*plan.organisation.roles)),
            "unit_id": row.read("unit", _known(plan, "unit")),
            "name": row.read("name", lambda value: changes.text(value, "name")),
            "active": row.read("active", truth) if "active" in row.cells else before["active"],
        }
        plan.put("position", row, values)


def _plan_holdings(plan: Plan, found: list[Row]) -> None:
    existing = organisations.by_position(plan.organisation.holdings)
    for row in found:
        values = _holding(plan, row)
        if values is None:
            continue
        planned = plan.new_holdings[values["position_id"]]
        if any(_same(values, other) for other in planned):
            row.refuse("position", "repeated")
            continue
        matching = [held for held in existing.get(values["position_id"], ()) if _same(values, vars(held))]
        if len(matching) > 1 or plan.seen_holdings.intersection(held.id for held in matching):
            row.refuse("from", "overlaps")
        elif matching:
            _move(plan, matching[0], values)
        else:
            planned.append(values)


def _holding(plan: Plan, row: Row) -> dict[str, Any] | None:
    """The holding that the row tells, or None when something in it was refused."""
    before = len(plan.errors)
    values: dict[str, Any] = {
        "position_id": row.read("position", _known(plan, "position")),
        "person_id": row.read("person", _known(plan, "person")),
        "function": row.read("function", lambda value: one_of(*FUNCTIONS)(value or "holder")),
        "valid_from": row.read("from", day),
        "valid_to": row.read("to", day),
    }
    if len(plan.errors) > before:
        return None
    if values["valid_from"] and values["valid_to"] and values["valid_to"] < values["valid_from"]:
        row.refuse("to", "before_from")
        return None
    role = plan.organisation.roles.get(plan.known["position"][values["position_id"]]["role"])
    if (role is not None and role.is_body) == (values["function"] == "holder"):
        row.refuse("function", "not_of_role")
        return None
    return values


def _known(plan: Plan, noun: str) -> Any:
    def check(value: str) -> str:
        if value not in plan.known[noun]:
            raise InvalidInput(field=noun, reason="unknown", value=value[:200])
        return value

    return check


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether the same person holds the same position in the same function on some day of both."""
    if any(one[name] != other[name] for name in ("position_id", "person_id", "function")):
        return False
    return changes.overlap((one["valid_from"], one["valid_to"]), (other["valid_from"], other["valid_to"]))


def _move(plan: Plan, held: Holding, values: dict[str, Any]) -> None:
    plan.seen_holdings.add(held.id)
    if (held.valid_from, held.valid_to) != (values["valid_from"], values["valid_to"]):
        plan.moved_holdings[held.id] = {"valid_from": values["valid_from"], "valid_to": values["valid_to"]}


def _end_the_unnamed(plan: Plan, today: date) -> None:
    for held in plan.organisation.holdings:
        stands = held.valid_to is None or held.valid_to >= today
        if stands and held.id not in plan.seen_holdings:
            first, yesterday = held.valid_from, today - timedelta(days=1)
            last = yesterday if first is None else max(yesterday, first - timedelta(days=1))
            plan.moved_holdings[held.id] = {"valid_from": first, "valid_to": last}


def _report(plan: Plan) -> ImportReport:
    before = {held.id: held.valid_to for held in plan.organisation.holdings}
    ended = [key for key, days in plan.moved_holdings.items() if days["valid_to"] and days["valid_to"] != before[key]]
    added = {noun: len(found) for noun, found in plan.added.items()} | {
        "holding": sum(map(len, plan.new_holdings.values()))
    }
    changed = {noun: len(found) for noun, found in plan.changed.items()}
    changed["holding"] = len(plan.moved_holdings) - len(ended)
    return ImportReport(added, changed, len(ended), sum(not values["active"] for _id, values in _in_or_out(plan)))


def _write(tx: Tx, plan: Plan) -> None:
    rows.add(tx, "unit", [{"id": key, **plan.added["unit"][key]} for key in _parents_first(plan)])
    for noun in ("person", "position"):
        rows.add(tx, noun, [{"id": key, **values} for key, values in plan.added[noun].items()])
    for noun, found in plan.changed.items():
        for key, values in found.items():
            rows.change(tx, noun, key, **values)
    rows.add_holdings(tx, [values for planned in plan.new_holdings.values() for values in planned])
    for holding_id, days in plan.moved_holdings.items():
        rows.move_holding(tx, holding_id, **days)


def _let_in_and_out(tx: Tx, plan: Plan, by: Actor, now: datetime) -> None:
    """Whoever has left is signed out; the chain tells of each, and of each who is back."""
    for person_id, values in _in_or_out(plan):
        changes.set_active(tx, person_id, values["active"], by=by, now=now)


def _in_or_out(plan: Plan) -> list[tuple[str, dict[str, Any]]]:
    """The people who are let in or shut out, with what they are from now on."""
    before = plan.organisation.people
    return [(key, values) for key, values in plan.changed["person"].items() if values["active"] != before[key].active]


def _newly_held(plan: Plan) -> set[tuple[str, date | None]]:
    """Positions that are new, opened or given to somebody, each with the first day of it."""
    opened = {**plan.added["position"], **plan.changed["position"]}
    found: set[tuple[str, date | None]] = {(key, None) for key, values in opened.items() if values.get("active")}
    return found | {(key, v["valid_from"]) for key, planned in plan.new_holdings.items() for v in planned}


def _parents_first(plan: Plan) -> list[str]:
    def depth(key: str | None) -> int:
        return 0 if key is None else 1 + depth(plan.known["unit"][key]["parent_id"])

    return sorted(plan.added["unit"], key=depth)


def _note(tx: Tx, files: Mapping[str, bytes], report: ImportReport, by: Actor, now: datetime) -> None:
    """The chain tells who imported which bytes; names stay outside it."""
    body = {
        "files": {name: sha256(content).hexdigest() for name, content in files.items()},
        "added": report.added,
        "changed": report.changed,
        "ended": report.ended,
    }
    organisations.changed(tx)
    history.append(tx, type="organisation_imported", chain=history.ORGANISATION, occurred_at=now, by=by, body=body)
