"""The page about days away: one's own, where one stands in, and those of the people one leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engine import identity
from engine.identity import Absence
from engine.store.database import Tx
from web import choosing, dates
from web.absence.blueprint import blueprint
from web.context import actor, database, now
from web.permissions import allow
from web.words import gettext as _


@dataclass(frozen=True)
class Away:
    """An absence with the names. `current`: it is under way today."""

    id: int
    person: str
    deputy: str
    first_day: date
    last_day: date
    current: bool


@blueprint.get("/absence")
@allow("signed_in")
def mine() -> ResponseReturnValue:
    today = dates.today()
    with database().page() as tx:
        own = shown(tx, identity.absences_of(tx, current_user.id, today))
        standing_in = shown(tx, identity.standing_in(tx, current_user.id, today))
        others = shown(tx, identity.absences_led(tx, actor(), today))
        leads = may_lead(tx)
    return render_template("absence/mine.html", own=own, standing_in=standing_in, others=others, leads=leads)


def shown(tx: Tx, found: list[Absence]) -> list[Away]:
    today = dates.today()
    return [
        Away(
            a.id,
            identity.person_name(tx, a.person_id) or "",
            identity.person_name(tx, a.deputy_id) or "",
            a.first_day,
            a.last_day,
            a.first_day <= today,
        )
        for a in found
    ]


def may_lead(tx: Tx) -> bool:
    """Whether the reader may set somebody else's absence."""
    return "operate" in current_user.capabilities or identity.leads_anyone(tx, current_user.id, dates.today())


@blueprint.post("/absence/<int:absence_id>/end")
@allow("signed_in")
def end(absence_id: int) -> ResponseReturnValue:
    with database().verb() as tx:
        identity.end_absence(tx, absence_id, by=actor(), now=now())
    flash(_("Frånvaron är avslutad. Ersättaren ser inte längre uppgifterna."), "success")
    return redirect(url_for("absence.mine"))


@blueprint.get("/absence/other")
@allow("signed_in")
def other() -> ResponseReturnValue:
    """Whose absence: those directly below are named at once, others are searched for."""
    return show_other("")


@blueprint.post("/absence/other")
@allow("signed_in")
def choose_other() -> ResponseReturnValue:
    with database().page() as tx:
        choice = choosing.choose(tx, "person", identity.below(tx, current_user.id, dates.today()), dates.today())
    if choice.chosen is None or choice.searched:
        return show_other("" if choice.searched else _("Välj vem som är borta"))
    return redirect(url_for("absence.new", person_id=choice.chosen))


def show_other(error: str) -> ResponseReturnValue:
    with database().page() as tx:
        choice = choosing.choose(tx, "person", identity.below(tx, current_user.id, dates.today()), dates.today())
    page = render_template("absence/other.html", choice=choice, error=error)
    return page, 422 if error and request.method == "POST" else 200
