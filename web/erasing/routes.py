"""Three pages: what is to be erased, where it stands, and the confirmation. The text is never in an address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import erasing
from engine.erasing.kinds import KINDS, STAYS
from engine.errors import InvalidInput, NotPossible
from web.context import actor, database, now
from web.erasing.blueprint import blueprint
from web.permissions import allow
from web.words import gettext as _
from web.words import ngettext


@blueprint.get("/erasures")
@allow("erase")
def start() -> ResponseReturnValue:
    return form("", "", {})


@blueprint.post("/erasures/preview")
@allow("erase")
def preview() -> ResponseReturnValue:
    """Posted, so that the text stands in no address and in no log. Changes nothing."""
    text, decision = typed()
    if refused := erasing.wrong(text, decision):
        return form(text, decision, dict(map(said, refused))), 422
    return show(text, decision, "")


@blueprint.post("/erasures")
@allow("erase")
def erase() -> ResponseReturnValue:
    text, decision = typed()
    if refused := erasing.wrong(text, decision):
        return form(text, decision, dict(map(said, refused))), 422
    if "sure" not in request.form:
        return show(text, decision, _("Kryssa i att du har läst listan")), 422
    files = {int(number) for number in request.form.getlist("file") if number.isascii() and number.isdigit()}
    seen = request.form.get("seen", "")
    try:
        with database().verb() as tx:
            done = erasing.erase(tx, text, decision, seen=seen, files=files, by=actor(), now=now())
    except NotPossible:
        return show(text, decision, _("Listan har ändrats sedan du såg den. Gå igenom den igen.")), 409
    flash(
        ngettext(
            "Gallrat på %(num)d ställe enligt beslut %(decision)s.",
            "Gallrat på %(num)d ställen enligt beslut %(decision)s.",
            done.count, decision=done.decision,
        ),
        "success",
    )  # fmt: skip
    return redirect(url_for("erasing.start"))


def typed() -> tuple[str, str]:
    return request.form.get("text", "")[:5000], request.form.get("decision", "")[:500]


def form(text: str, decision: str, errors: dict[str, str]) -> str:
    with database().page() as tx:
        done = erasing.done(tx)
    return render_template(
        "erasing/start.html", text=text, decision=decision, errors=errors, done=done, kinds=KINDS
    )  # fmt: skip


def show(text: str, decision: str, error: str) -> str:
    with database().page() as tx:
        found = erasing.preview(tx, text, decision, by=actor(), now=now())
    ticked = request.form.getlist("file")
    return render_template(
        "erasing/preview.html", found=found, kinds=KINDS, stays=STAYS, error=error, ticked=ticked
    )  # fmt: skip


def said(refused: InvalidInput) -> tuple[str, str]:
    """The field, and what to do about it."""
    return refused.params["field"], REFUSALS[refused.params["reason"]](refused.params)


REFUSALS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "text_missing": lambda _p: _("Skriv den text som ska gallras"),
    "text_too_short": lambda p: _("Skriv minst %(min)s tecken; en kortare text finns i ord som inte avses", **p),
    "text_too_long": lambda p: _("Skriv högst %(max)s tecken, eller gallra texten i delar", **p),
    "decision_missing": lambda _p: _("Skriv gallringsbeslutets nummer"),
    "decision_too_long": lambda p: _("Skriv beslutets nummer med högst %(max)s tecken", **p),
    "control_character": lambda _p: _("Ta bort tecken som inte går att visa; klistra in som ren text"),
}
