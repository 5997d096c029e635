"""Signing in by picking a person, grouped by role."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import identity
from engine.identity.days import OnDay
from engine.store.database import Tx
from engine.texts import Text
from web import dates
from web.auth import session
from web.context import database
from web.demo.blueprint import blueprint
from web.permissions import allow

FIRST = (
    "hr_strateg", "chef", "hr_chef", "revisor", "kommunikation", "utbildningsanordnare", "verksamhetsutvecklare",
    "strateg", "forvaltningsomradeschef", "hr_loneoversyn",
)  # fmt: skip
STARTS = 4
"""One of each of the first roles stands at the top: those whom a newcomer wants to be first."""


@dataclass(frozen=True)
class Person:
    """Someone to be, with what they hold."""

    id: str
    name: str
    holds: list[str]
    units: int


@dataclass(frozen=True)
class Group:
    """The people of one role, those who hold most first."""

    role: Text
    people: list[Person]


@blueprint.get("/demo")
@allow("demo")
def choose() -> ResponseReturnValue:
    with database().page() as tx:
        found = groups(tx)
    return render_template("demo/people.html", groups=found, starts=found[:STARTS])


@blueprint.post("/demo/sign-in")
@allow("demo")
def sign_in_as() -> ResponseReturnValue:
    if not session.begin(request.form.get("person", "")[:64]):
        abort(404)
    return redirect(url_for("tasklist.inbox"))


def groups(tx: Tx) -> list[Group]:
    """Every role that someone holds: the leading ones first, then the bodies' secretaries, then the rest."""
    day, roles = identity.on(tx, dates.today()), identity.roles(tx)
    held: dict[str, dict[str, Person]] = {}
    for position in day.positions.values():
        for holder in day.holders(position.id):
            if holder.function != "member":
                held.setdefault(position.role, {}).setdefault(
                    holder.person_id, person(day, holder.person_id, holder.name)
                )
    order = [*FIRST, *sorted(role for role in roles if role not in FIRST)]
    found = []
    for role_id in order:
        people = sorted(held.get(role_id, {}).values(), key=lambda p: (-p.units, p.name))
        if people and role_id in roles:
            role = roles[role_id]
            found.append(Group(Text(role.sv, role.en), people))
    return found


def person(day: OnDay, person_id: str, name: str) -> Person:
    """A head of an area holds two positions of one name: said once."""
    holds = list(dict.fromkeys(held.name for held, function in day.held_by(person_id) if function != "member"))
    return Person(person_id, name, holds, len(holds))
