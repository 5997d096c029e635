"""Who there is, who holds what and who may act: everything that only looks.

Days are civil days in Europe/Stockholm. Inactive people hold nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.errors import NotFound
from engine.identity.days import Holder, How, OnDay
from engine.identity.organisation import Organisation, Person, Position, Unit, organisation
from engine.identity.roles import Role
from engine.store.database import Tx

KEPT_DAYS = 16


def on(tx: Tx, day: date) -> OnDay:
    """Everything about one day, for a caller that asks many questions."""
    found = organisation(tx)
    built = found.by_day.get(day)
    if not isinstance(built, OnDay):
        built = OnDay(found, day)
        if len(found.by_day) >= KEPT_DAYS:
            found.by_day.clear()
        found.by_day[day] = built
    return built


def roles(tx: Tx) -> dict[str, Role]:
    """The installation's roles by id."""
    return dict(organisation(tx).roles)


def units(tx: Tx) -> list[Unit]:
    """All units, ordered by id."""
    return list(organisation(tx).units.values())


def area_of(tx: Tx, unit_id: str) -> Unit | None:
    """The administration area that the unit is or lies in; None above the areas."""
    return organisation(tx).area_of(unit_id)


def person(tx: Tx, person_id: str) -> Person:
    """Raises NotFound."""
    found = organisation(tx).people.get(person_id)
    if found is None:
        raise NotFound(what="person", id=person_id)
    return found


def person_name(tx: Tx, person_id: str | None) -> str | None:
    """The name; None for nobody and for people no longer known."""
    found = organisation(tx).people.get(person_id) if person_id is not None else None
    return found.name if found is not None else None


def people(tx: Tx) -> list[Person]:
    """Everyone, active or not, ordered by id."""
    return list(organisation(tx).people.values())


def position(tx: Tx, position_id: str) -> Position:
    """Raises NotFound."""
    return _position(organisation(tx), position_id)


def standing(tx: Tx, position_id: str, day: date) -> Position | None:
    """The position if it stands on that day, held or vacant."""
    return on(tx, day).positions.get(position_id)


def positions(tx: Tx) -> list[Position]:
    """All positions, closed ones too, ordered by id."""
    return list(organisation(tx).positions.values())


def positions_with_role(tx: Tx, role: str | Sequence[str], day: date) -> list[Position]:
    """The positions with that role (those roles) that stand on that day, held or vacant."""
    return on(tx, day).with_roles((role,) if isinstance(role, str) else tuple(role))


def holders(tx: Tx, position_id: str, day: date) -> list[Holder]:
    """The active people who hold it on that day, whatever their function."""
    return on(tx, day).holders(position_id)


def superior(tx: Tx, position_id: str, day: date) -> str | None:
    """The held position that takes over while this one is vacant; None at the top. Raises NotFound."""
    found = on(tx, day)
    _position(found.organisation, position_id)
    return found.superior(position_id)


def superior_name(tx: Tx, position_id: str, day: date) -> str | None:
    """The name of the person who holds that superior position; None at the top. Raises NotFound."""
    above = superior(tx, position_id, day)
    found = [holder.name for holder in holders(tx, above, day)] if above is not None else []
    return found[0] if found else None


def effective_positions(tx: Tx, person_id: str, day: date) -> dict[str, How]:
    """Every position whose tasks the person sees on that day, and why; a `member` reads and does not act."""
    return on(tx, day).effective(person_id)


def actors_for(tx: Tx, position_id: str, day: date) -> list[Holder]:
    """Who is told about a task of that position. Raises NotFound."""
    found = on(tx, day)
    _position(found.organisation, position_id)
    return found.actors(position_id)


def roles_of(tx: Tx, person_id: str, day: date) -> set[str]:
    """The roles of the positions that the person holds on that day."""
    return on(tx, day).roles_of(person_id)


def capabilities(tx: Tx, person_id: str, day: date) -> set[str]:
    """What those roles grant: cockpit, history, operate, deploy, admin."""
    found = on(tx, day)
    return {grant for role in found.roles_of(person_id) for grant in found.role(role).grants}


def _position(found: Organisation, position_id: str) -> Position:
    known = found.positions.get(position_id)
    if known is None:
        raise NotFound(what="position", id=position_id)
    return known
