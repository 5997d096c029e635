"""Handing several open tasks of others to one person: finding them, choosing, looking at what happens, doing it."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import campaigns
from engine.operations import assigning
from web import choosing
from web.cockpit.blueprint import blueprint
from web.cockpit.operate import Field, Operation, Warned, run
from web.context import actor, database, in_words, now
from web.permissions import allow
from web.searching import words_in
from web.words import gettext as _
from web.words import ngettext

MOST_UNASKED = 50
"""As many as are shown before anything is searched for; a search shows as many as can be handed over at once."""


@blueprint.get("/assign")
@allow("operate")
def assign() -> ResponseReturnValue:
    return choose_page()


@blueprint.post("/assign")
@allow("operate")
def assign_many() -> ResponseReturnValue:
    """The tasks go along as hidden numbers, through the question to whom and the look at what happens."""
    chosen = choosing.numbers(request.form.get("scope", ""), assigning.MOST)
    if not chosen:
        return choose_page(_("Kryssa för minst en uppgift.")), 422
    with database().page() as tx:
        people = assigning.candidates(tx, chosen, now=now())
    if not people:
        wrong = _(
            "Ingen annan har eller står in för de befattningarna. Ange en frånvaro med ersättare, "
            "så får ersättaren uppgifterna."
        )
        return choose_page(wrong), 422
    back = url_for("cockpit.assign", activity=activity_asked(), q=words_asked() or None)
    return run(
        Operation(
            title=ngettext("Lämna över %(num)d uppgift", "Lämna över %(num)d uppgifter", len(chosen)),
            kicker=_("Lämna över flera uppgifter"),
            button=_("Lämna över"),
            done=_("Uppgifterna är överlämnade."),
            back=(back, _("Välj andra uppgifter")),
            preview=lambda tx, v: assigning.preview_assign(tx, chosen, v["person"], by=actor(), now=now()),
            carry_out=lambda tx, v, why: assigning.assign(
                tx, chosen, v["person"], reason=why, by=actor(), now=now()
            ),
            fields=(
                Field(
                    "person", _("Vem ska göra uppgifterna?"), "choice",
                    choices=tuple((person.id, able(person.name, number, len(chosen))) for person, number in people),
                    hint=_("De som har befattningarna, står in för dem eller registrerar för dem."),
                ),
            ),
            warned=Warned(_("De här lämnas som de är:")),
            carried=tuple(("tasks", str(number)) for number in chosen) + carried_search(),
        )
    )  # fmt: skip


def able(name: str, number: int, of: int) -> str:
    """The name, and how many of the tasks the person may do unless it is all."""
    return name if number == of else _("%(name)s (%(number)d av %(of)d)", name=name, number=number, of=of)


def choose_page(problem: str = "") -> str:
    activity_id, words = activity_asked(), words_asked()
    with database().page() as tx:
        step = campaigns.campaign(tx, activity_id, now()).title if activity_id is not None else None
        found = assigning.open_tasks(tx, now(), text=words, activity_id=activity_id)
    most = assigning.MOST if words or activity_id is not None else MOST_UNASKED
    return render_template(
        "cockpit/assign.html",
        tasks=found[:most],
        more=len(found) > most,
        most=most,
        words=words,
        activity_id=activity_id,
        step=in_words(step) if step is not None else "",
        ticked=set(choosing.numbers("", assigning.MOST)),
        problem=problem,
    )


def words_asked() -> str:
    return words_in(request.values)


def activity_asked() -> int | None:
    """The step whose tasks are meant, if any."""
    text = request.values.get("activity", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def carried_search() -> tuple[tuple[str, str], ...]:
    asked = (("q", words_asked()), ("activity", request.values.get("activity", "")[:9]))
    return tuple((name, value) for name, value in asked if value)
