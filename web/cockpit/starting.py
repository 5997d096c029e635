"""Starting a cycle for a plan year by hand."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import deployments, process_instances
from engine.errors import AlreadyExists, InvalidInput
from engine.texts import Text
from web import dates
from web.cockpit.blueprint import blueprint
from web.context import actor, database, in_words, now
from web.permissions import allow
from web.words import gettext as _


@dataclass(frozen=True)
class Choice:
    """A process that can be started."""

    key: str
    name: Text
    version: int


@dataclass
class Asked:
    key: str = ""
    year: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@blueprint.get("/start")
@allow("operate")
def start() -> ResponseReturnValue:
    found = choices()
    return show(found, Asked(found[0].key if found else "", str(dates.today().year + 2)))


@blueprint.post("/start")
@allow("operate")
def start_cycle() -> ResponseReturnValue:
    found = choices()
    asked = Asked(request.form.get("key", ""), request.form.get("plan_year", "").strip())
    check(asked, found)
    if not asked.errors:
        try:
            with database().verb() as tx:
                started = process_instances.start(tx, asked.key, int(asked.year), by=actor(), now=now())
        except AlreadyExists:
            asked.errors["plan_year"] = _(
                "Det finns redan en för planår %(year)s. Välj ett annat planår, eller öppna den som finns.",
                year=asked.year,
            )
        except InvalidInput:
            asked.errors["plan_year"] = year_sentence()
        else:
            name = next(in_words(choice.name) for choice in found if choice.key == asked.key)
            flash(_("%(name)s är startad för planår %(year)s.", name=name, year=asked.year), "success")
            return redirect(url_for("cockpit.cycle", instance_id=started))
    return show(found, asked), 422


def choices() -> list[Choice]:
    with database().page() as tx:
        newest = [deployments.latest(tx, key) for key in deployments.deployed_keys(tx, by_year=True)]
    return [Choice(found.key, found.package.name, found.version) for found in newest]


def check(asked: Asked, found: list[Choice]) -> None:
    if asked.key not in {choice.key for choice in found}:
        asked.errors["key"] = _("Välj vad som ska startas.")
    if not (asked.year.isascii() and asked.year.isdigit() and len(asked.year) == 4):
        asked.errors["plan_year"] = year_sentence()


def year_sentence() -> str:
    return _("Skriv planåret med fyra siffror, till exempel %(year)s.", year=dates.today().year + 2)


def show(found: list[Choice], asked: Asked) -> str:
    return render_template("cockpit/start.html", choices=found, asked=asked)
