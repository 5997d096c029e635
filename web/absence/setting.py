"""Setting an absence: from when to when, and who stands in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engine import identity
from engine.errors import AlreadyExists, InvalidInput
from engine.rules import calendar
from web import choosing, dates
from web.absence.blueprint import blueprint
from web.choosing import Choice
from web.context import actor, database, now
from web.permissions import allow
from web.words import gettext as _


@dataclass
class Asked:
    """What was typed, and what is wrong with it, by field."""

    first: str
    last: str
    errors: dict[str, str] = field(default_factory=dict)


@blueprint.get("/absence/of/<person_id>")
@allow("signed_in")
def new(person_id: str) -> ResponseReturnValue:
    return show(person_id, Asked(dates.machine_day(dates.today()), ""))


@blueprint.post("/absence/of/<person_id>")
@allow("signed_in")
def save(person_id: str) -> ResponseReturnValue:
    asked = Asked(request.form.get("first", "").strip()[:20], request.form.get("last", "").strip()[:20])
    choice, _name = read(person_id)
    if choice.searched:
        return show(person_id, asked)
    first, last = a_day(asked, "first"), a_day(asked, "last")
    with database().verb() as tx:
        refused = identity.absence_refusals(tx, person_id, choice.chosen, first, last, now=now())
        if choice.chosen is None:
            asked.errors["deputy"] = _("Välj vem som är ersättare")
        elif first is not None and last is not None and not refused:
            identity.set_absence(tx, person_id, choice.chosen, first, last, by=actor(), now=now())
    asked.errors.update(map(said, refused))
    if asked.errors:
        return show(person_id, asked), 422
    flash(_("Frånvaron är sparad och ersättaren har fått veta det."), "success")
    return redirect(url_for("absence.mine"))


def said(refusal: InvalidInput | AlreadyExists) -> tuple[str, str]:
    """The field of the page, and what to do about it."""
    if isinstance(refusal, AlreadyExists):
        return "first", _("Det finns redan frånvaro någon av de dagarna. Avsluta den först.")
    place = {"from": "first", "to": "last"}.get(refusal.params["field"], "deputy")
    return place, REFUSALS[refusal.params["reason"]]()


REFUSALS = {
    "before_from": lambda: _("Ange en sista dag som inte ligger före den första"),
    "past": lambda: _("Ange en sista dag som inte har varit"),
    "too_far": lambda: _("Ange en dag inom fem år från i dag"),
    "absence_too_long": lambda: _("Ange högst två år i taget"),
    "deputy_same": lambda: _("Välj någon annan än den som är borta"),
    "deputy_inactive": lambda: _("Välj någon som arbetar kvar"),
    "deputy_away": lambda: _("Ersättaren är också borta någon av de dagarna. Välj någon annan."),
}

NO_DAY = {
    "first": lambda: _("Ange en första dag som finns, till exempel 2027-03-21"),
    "last": lambda: _("Ange en sista dag som finns, till exempel 2027-03-21"),
}


def a_day(asked: Asked, name: str) -> date | None:
    day = calendar.typed_day(getattr(asked, name))
    if day is None:
        asked.errors[name] = NO_DAY[name]()
    return day


def read(person_id: str) -> tuple[Choice, str]:
    """The choice of deputy and the name of who is away. Raises Forbidden and NotFound."""
    today = dates.today()
    with database().page() as tx:
        identity.ensure_may_set(tx, person_id, by=actor(), now=now())
        choice = choosing.choose(tx, "deputy", identity.near(tx, person_id, today), today)
        return choice, identity.person(tx, person_id).name


def show(person_id: str, asked: Asked) -> str:
    choice, name = read(person_id)
    return render_template(
        "absence/set.html", asked=asked, choice=choice, name=name, person_id=person_id, own=person_id == current_user.id
    )
