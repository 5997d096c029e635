"""Who holds what on one civil day, and who stands in where nobody does. Values in, values out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Literal

from engine.identity.organisation import Organisation, Position
from engine.identity.roles import Role

How = Literal["holder", "superior", "registrar", "deputy", "member"]
ACTING = ("holder", "chair", "secretary")
STRENGTH: dict[How, int] = {"holder": 5, "registrar": 4, "superior": 3, "deputy": 2, "member": 1}


@dataclass(frozen=True)
class Holder:
    """An active person who holds a position. `function`: holder, or in a body chair, secretary, member; or deputy."""

    person_id: str
    name: str
    email: str | None
    locale: str
    function: str


class OnDay:
    """One organisation on one day. Built once and asked often, so it answers from tables made beforehand."""

    def __init__(self, organisation: Organisation, day: date) -> None:
        self.organisation = organisation
        self.day = day
        self.positions = {
            position.id: position for position in organisation.positions.values() if self._stands(position)
        }
        self._holders: dict[str, list[Holder]] = defaultdict(list)
        self._held_by: dict[str, list[tuple[Position, str]]] = defaultdict(list)
        self._fill()
        self._with_role: dict[str, list[Position]] = defaultdict(list)
        self._held_in: dict[tuple[str, str], str] = {}
        for position in self.positions.values():
            self._with_role[position.role].append(position)
            if self.is_held(position.id):
                self._held_in.setdefault((position.unit_id, position.role), position.id)
        self._in_unit: dict[str, list[Position]] = defaultdict(list)
        for position in self.positions.values():
            self._in_unit[position.unit_id].append(position)
        self._area_heads = [
            role.id for role in organisation.roles.values() if role.scope == "area" and not role.is_body
        ]
        self._effective: dict[str, dict[str, How]] = {}
        self._stand_ins: dict[str, list[str]] | None = None
        self._below: dict[str, list[str]] | None = None
        self._deputies: dict[str, list[str]] = defaultdict(list)
        self._deputises_for: dict[str, list[str]] = defaultdict(list)
        for absence in organisation.absences:
            deputy = organisation.people[absence.deputy_id]
            if deputy.active and is_valid(absence.first_day, absence.last_day, day):
                self._deputies[absence.person_id].append(deputy.id)
                self._deputises_for[deputy.id].append(absence.person_id)

    def _stands(self, position: Position) -> bool:
        unit = self.organisation.units[position.unit_id]
        return (
            position.active
            and is_valid(position.valid_from, position.valid_to, self.day)
            and is_valid(None, unit.valid_to, self.day)
        )

    def _fill(self) -> None:
        for holding in self.organisation.holdings:
            position = self.positions.get(holding.position_id)
            person = self.organisation.people[holding.person_id]
            if position is None or not person.active:
                continue
            if is_valid(holding.valid_from, holding.valid_to, self.day):
                holder = Holder(person.id, person.name, person.email, person.locale, holding.function)
                self._holders[position.id].append(holder)
                self._held_by[person.id].append((position, holding.function))

    def role(self, role_id: str) -> Role:
        """The role; one that roles.toml no longer names counts as an ordinary position without grants."""
        return self.organisation.roles.get(role_id) or Role(role_id, role_id, role_id)

    def holders(self, position_id: str) -> list[Holder]:
        return list(self._holders.get(position_id, ()))

    def is_held(self, position_id: str) -> bool:
        """Whether someone can act for it; members of a body do not."""
        return any(holder.function in ACTING for holder in self._holders.get(position_id, ()))

    def with_roles(self, roles: tuple[str, ...]) -> list[Position]:
        return [position for role in dict.fromkeys(roles) for position in self._with_role.get(role, ())]

    def in_unit(self, unit_id: str) -> list[Position]:
        return list(self._in_unit.get(unit_id, ()))

    def held_by(self, person_id: str) -> list[tuple[Position, str]]:
        """The positions that the person holds, with the function."""
        return list(self._held_by.get(person_id, ()))

    def superior(self, position_id: str) -> str | None:
        """The nearest held position upwards: of the role reported to, else of its own role, else further up,
        at last the head of the administration area."""
        position = self.organisation.positions[position_id]
        for role in self._reported_to(position.role):
            for unit in self.organisation.upwards(position.unit_id):
                found = self._held_in.get((unit.id, role))
                own_level = unit.id == position.unit_id and role == position.role
                if found is not None and found != position_id and not own_level:
                    return found
        return None

    def _reported_to(self, role_id: str) -> list[str]:
        first = self.role(role_id).reports_to
        order = [first, role_id] if first else [role_id]
        following = self.role(first).reports_to if first else None
        while following is not None and following not in order:
            order.append(following)
            following = self.role(following).reports_to
        return order + [role for role in self._area_heads if role not in order]

    def stands_in_for(self, position_id: str) -> list[str]:
        """The vacant positions whose superior this one is; bodies have registrars instead."""
        if self._stand_ins is None:
            found: dict[str, list[str]] = defaultdict(list)
            for vacant in self.positions.values():
                if self.is_held(vacant.id) or self.role(vacant.role).is_body:
                    continue
                superior = self.superior(vacant.id)
                if superior is not None:
                    found[superior].append(vacant.id)
            self._stand_ins = found
        return self._stand_ins.get(position_id, [])

    def registrars(self, body_id: str) -> list[Position]:
        """The held positions, other than its own chair, that may register what the body decided."""
        body = self.organisation.positions[body_id]
        found = self.with_roles(self.role(body.role).registrars)
        return [position for position in found if self.is_held(position.id) and self._reaches(position, body)]

    def _reaches(self, registrar: Position, body: Position) -> bool:
        scope = self.role(registrar.role).scope
        if scope == "region":
            return True
        if scope == "area":
            area = self.organisation.area_of(registrar.unit_id)
            return area is not None and area == self.organisation.area_of(body.unit_id)
        return registrar.unit_id == body.unit_id

    def deputies(self, person_id: str) -> list[str]:
        """Who stands in for the person on this day."""
        return list(self._deputies.get(person_id, ()))

    def deputises_for(self, person_id: str) -> list[str]:
        """Whom the person stands in for on this day. A deputy's own deputy does not: it is not passed on."""
        return list(self._deputises_for.get(person_id, ()))

    def on_behalf_of(self, person_id: str, position_id: str) -> str | None:
        """The absent person for whom the deputy reaches the position; None when it is reached in another way."""
        if self.effective(person_id).get(position_id) != "deputy":
            return None
        return next(away for away in self.deputises_for(person_id) if position_id in self._own(away))

    def directly_below(self, position_id: str) -> list[str]:
        """The positions whose nearest held superior this one is."""
        if self._below is None:
            below: dict[str, list[str]] = defaultdict(list)
            for position in self.positions:
                superior = self.superior(position)
                if superior is not None:
                    below[superior].append(position)
            self._below = below
        return list(self._below.get(position_id, ()))

    def leads(self, person_id: str, other_id: str) -> bool:
        """Whether the person holds a position above one that the other holds."""
        mine = {position.id for position, function in self.held_by(person_id) if function in ACTING}
        for position, _function in self.held_by(other_id):
            seen: set[str] = set()
            above = self.superior(position.id)
            while above is not None and above not in seen:
                if above in mine:
                    return person_id != other_id
                seen.add(above)
                above = self.superior(above)
        return False

    def effective(self, person_id: str) -> dict[str, How]:
        """Every position whose tasks the person sees; where there are several reasons, the strongest."""
        known = self._effective.get(person_id)
        if known is None:
            known = self._effective[person_id] = self._seen_by(person_id)
        return dict(known)

    def _seen_by(self, person_id: str) -> dict[str, How]:
        found = self._own(person_id)
        for away in self.deputises_for(person_id):
            for position_id, how in self._own(away).items():
                if how != "member":
                    _strengthen(found, position_id, "deputy")
        return found

    def _own(self, person_id: str) -> dict[str, How]:
        found: dict[str, How] = {}
        acting_roles: set[str] = set()
        for position, function in self.held_by(person_id):
            if function == "member":
                _strengthen(found, position.id, "member")
                continue
            _strengthen(found, position.id, "registrar" if self.role(position.role).is_body else "holder")
            acting_roles.add(position.role)
            for vacant in self.stands_in_for(position.id):
                _strengthen(found, vacant, "superior")
        for role in self.organisation.roles.values():
            if role.is_body and acting_roles.intersection(role.registrars):
                self._add_bodies(found, role, person_id)
        return found

    def _add_bodies(self, found: dict[str, How], role: Role, person_id: str) -> None:
        mine = [p for p, function in self.held_by(person_id) if function != "member" and p.role in role.registrars]
        for body in self._with_role.get(role.id, ()):
            if any(self._reaches(position, body) for position in mine):
                _strengthen(found, body.id, "registrar")

    def actors(self, position_id: str) -> list[Holder]:
        """Who is told about its tasks: those who can act for it and their deputies, each person once."""
        acting = self._acting(position_id)
        if not self._deputies:
            return acting
        return _once(acting + [self._as_deputy(d) for holder in acting for d in self.deputies(holder.person_id)])

    def _as_deputy(self, person_id: str) -> Holder:
        person = self.organisation.people[person_id]
        return Holder(person.id, person.name, person.email, person.locale, "deputy")

    def _acting(self, position_id: str) -> list[Holder]:
        position = self.organisation.positions[position_id]
        acting = [holder for holder in self._holders.get(position_id, ()) if holder.function in ACTING]
        if acting:
            return _once(acting) if len(acting) > 1 else acting
        if self.role(position.role).is_body:
            return _once([holder for found in self.registrars(position_id) for holder in self.holders(found.id)])
        superior = self.superior(position_id)
        return [] if superior is None else self._acting(superior)

    def roles_of(self, person_id: str) -> set[str]:
        return {position.role for position, _ in self.held_by(person_id)}


def is_valid(first: date | None, last: date | None, day: date) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


def _strengthen(found: dict[str, How], position_id: str, how: How) -> None:
    if position_id not in found or STRENGTH[how] > STRENGTH[found[position_id]]:
        found[position_id] = how


def _once(holders: list[Holder]) -> list[Holder]:
    return list({holder.person_id: holder for holder in reversed(holders)}.values())[::-1]
