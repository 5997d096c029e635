"""Adding units, people, positions, holdings, roles, and letting people in and out; `csv_import` does the rest.

Each change is an event of the chain `org`.

Days are civil days, first and last included. Ids are the organisation's own. Who may change these is asked by
the caller; `now` is process time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from engine import history
from engine.actor import SYSTEM, Actor
from engine.errors import AlreadyExists, InvalidInput, NotFound
from engine.identity import organisation as organisations
from engine.identity.days import is_valid
from engine.identity.organisation import Organisation
from engine.identity.roles import Role, as_json, role_of
from engine.rules.calendar import start_of
from engine.store.database import Tx
from engine.store.queries import identity as rows
from engine.store.queries import settings

KINDS = ("region", "area", "operations", "unit", "external")
LOCALES = ("sv", "en")
IDENTIFIER = re.compile(r"[A-Za-z0-9ÅÄÖåäö][\w.:@+\-]{0,63}")
ADDRESS = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+\.[^\s@,;<>\"]+")


def save_roles(
    tx: Tx, roles: Mapping[str, Mapping[str, Any] | Role], *, by: Actor = SYSTEM, now: datetime | None = None
) -> None:
    """Replace the installation's roles: by id, as roles.toml writes them."""
    read = {key: value if isinstance(value, Role) else role_of(key, value) for key, value in roles.items()}
    settings.write(tx, organisations.ROLES, {key: as_json(role) for key, role in read.items()})
    _note(tx, "roles_saved", {"roles": sorted(read)}, by, now)


def add_unit(
    tx: Tx,
    unit_id: str,
    name: str,
    kind: str,
    parent_id: str | None = None,
    *,
    by: Actor = SYSTEM,
    now: datetime | None = None,
) -> str:
    """Give the id back. Raises InvalidInput, AlreadyExists, NotFound (the parent)."""
    found = organisations.organisation(tx)
    _fresh(unit_id, found.units, "unit")
    if kind not in KINDS:
        raise InvalidInput(field="kind", reason="unknown", value=kind)
    if parent_id is not None and parent_id not in found.units:
        raise NotFound(what="unit", id=parent_id)
    rows.add(tx, "unit", [{"id": unit_id, "name": text(name, "name"), "kind": kind, "parent_id": parent_id}])
    _note(tx, "unit_added", {"unit": unit_id, "name": name, "kind": kind, "parent": parent_id}, by, now)
    return unit_id


def add_person(
    tx: Tx,
    person_id: str,
    name: str,
    email: str | None = None,
    locale: str = "sv",
    *,
    by: Actor = SYSTEM,
    now: datetime | None = None,
) -> str:
    """Give the id back. Raises InvalidInput, AlreadyExists. The name stands beside the chain, not in it."""
    _fresh(person_id, organisations.organisation(tx).people, "person")
    values = {
        "id": person_id,
        "name": text(name, "name"),
        "email": address(email),
        "locale": language(locale),
        "active": True,
    }
    rows.add(tx, "person", [values])
    body = {"person": person_id, "name": history.personal(tx, "person.name", name)}
    _note(tx, "person_added", body, by, now)
    return person_id


def add_position(
    tx: Tx,
    position_id: str,
    role: str,
    unit_id: str,
    name: str,
    *,
    active: bool = True,
    valid_from: date | None = None,
    valid_to: date | None = None,
    by: Actor = SYSTEM,
    now: datetime | None = None,
) -> str:
    """Give the id back. Raises InvalidInput, AlreadyExists, NotFound (the unit, the role)."""
    found = organisations.organisation(tx)
    _fresh(position_id, found.positions, "position")
    if role not in found.roles:
        raise NotFound(what="role", id=role)
    if unit_id not in found.units:
        raise NotFound(what="unit", id=unit_id)
    in_order(valid_from, valid_to)
    values = {
        "id": position_id,
        "role": role,
        "unit_id": unit_id,
        "name": text(name, "name"),
        "active": active,
        "valid_from": valid_from,
        "valid_to": valid_to,
    }
    rows.add(tx, "position", [values])
    if active:
        welcome(tx, [(position_id, valid_from)], now)
    _note(tx, "position_added", {"position": position_id, "role": role, "unit": unit_id, "name": name}, by, now)
    return position_id


def add_holding(
    tx: Tx,
    position_id: str,
    person_id: str,
    *,
    function: str = "holder",
    valid_from: date | None = None,
    valid_to: date | None = None,
    by: Actor = SYSTEM,
    now: datetime | None = None,
) -> int:
    """The person holds the position from the first day to the last. Gives the holding's id.

    Raises NotFound, InvalidInput (a function that the role's kind does not have), AlreadyExists (the same
    person holds it in the same function on one of those days).
    """
    found = organisations.organisation(tx)
    if position_id not in found.positions:
        raise NotFound(what="position", id=position_id)
    if person_id not in found.people:
        raise NotFound(what="person", id=person_id)
    in_order(valid_from, valid_to)
    if not function_fits(found, position_id, function):
        raise InvalidInput(field="function", reason="not_of_role", value=function)
    for other in found.holdings_of(position_id):
        if (other.person_id, other.function) == (person_id, function) and overlap(
            (other.valid_from, other.valid_to), (valid_from, valid_to)
        ):
            raise AlreadyExists(what="holding", id=other.id)
    holding_id = rows.add_holding(
        tx,
        position_id=position_id,
        person_id=person_id,
        function=function,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    body = {
        "holding": holding_id,
        "position": position_id,
        "person": person_id,
        "function": function,
        "from": valid_from,
        "to": valid_to,
    }
    welcome(tx, [(position_id, valid_from)], now)
    _note(tx, "holding_added", body, by, now)
    return holding_id


def set_active(tx: Tx, person_id: str, active: bool, *, by: Actor = SYSTEM, now: datetime | None = None) -> None:
    """An inactive person holds nothing and is signed out everywhere at once. Raises NotFound."""
    if not rows.change(tx, "person", person_id, active=active):
        raise NotFound(what="person", id=person_id)
    if not active:
        rows.end_sessions(tx, person_id)
    _note(tx, "person_activated" if active else "person_deactivated", {"person": person_id}, by, now)


def set_locale(tx: Tx, person_id: str, locale: str) -> None:
    """The language of the person's mails and pages; the caller notes it. Raises NotFound, InvalidInput."""
    if not rows.change(tx, "person", person_id, locale=language(locale)):
        raise NotFound(what="person", id=person_id)
    organisations.changed(tx)


def welcome(tx: Tx, positions: Iterable[tuple[str, date | None]], now: datetime | None) -> None:
    """On their first day (or now) these positions are asked what is being asked; without `now` nothing runs yet."""
    if now is None:
        return
    by_instant: dict[datetime, list[str]] = {}
    for position_id, first in positions:
        due_at = now if first is None else max(now, start_of(first))
        by_instant.setdefault(due_at, []).append(position_id)
    for due_at, found in sorted(by_instant.items()):
        rows.add_welcome(tx, sorted(found), due_at)


def text(value: str, field: str) -> str:
    """1 to 200 characters in one line, trimmed. Raises InvalidInput."""
    written = value.strip()
    if not written or len(written) > 200 or not written.isprintable():
        raise InvalidInput(field=field, reason="text", value=value[:200])
    return written


def identifier(value: str) -> str:
    """1 to 64 letters, digits and . : @ + - _. Raises InvalidInput."""
    if not IDENTIFIER.fullmatch(value):
        raise InvalidInput(field="id", reason="identifier", value=value[:200])
    return value


def address(value: str | None) -> str | None:
    """A mail address as it is written in a mail, or None. Raises InvalidInput."""
    written = (value or "").strip()
    if not written:
        return None
    if len(written) > 254 or not written.isprintable() or not ADDRESS.fullmatch(written):
        raise InvalidInput(field="email", reason="address", value=written[:254])
    return written


def language(value: str) -> str:
    if value not in LOCALES:
        raise InvalidInput(field="locale", reason="unknown", value=value[:20])
    return value


def in_order(first: date | None, last: date | None) -> None:
    if first is not None and last is not None and last < first:
        raise InvalidInput(field="to", reason="before_from", value=last.isoformat())


def function_fits(found: Organisation, position_id: str, function: str) -> bool:
    """Bodies have a chair, a secretary and members; other positions are simply held."""
    role = found.roles.get(found.positions[position_id].role)
    is_body = role is not None and role.is_body
    return function in ("chair", "secretary", "member") if is_body else function == "holder"


def overlap(one: tuple[date | None, date | None], other: tuple[date | None, date | None]) -> bool:
    """Whether two spans of days, either end open, have a day in common."""
    starts = [first for first in (one[0], other[0]) if first is not None]
    latest_start = max(starts) if starts else date.min
    return is_valid(None, one[1], latest_start) and is_valid(None, other[1], latest_start)


def _fresh(key: str, known: Mapping[str, Any], what: str) -> None:
    if identifier(key) in known:
        raise AlreadyExists(what=what, id=key)


def _note(tx: Tx, kind: str, body: dict[str, Any], by: Actor, now: datetime | None) -> None:
    """Every change ends here: readers see the new organisation from now on, and the chain tells of it."""
    organisations.changed(tx)
    occurred = tx.recorded_at if now is None else now
    history.append(tx, type=kind, chain=history.ORGANISATION, occurred_at=occurred, by=by, body=body)
