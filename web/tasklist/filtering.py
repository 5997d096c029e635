"""The inbox's filters: in the address, so that they can be linked, and kept by name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from engine import saved_filters
from engine.errors import InvalidInput
from engine.inbox_rows import Cursor, Filters
from web.context import actor, database
from web.permissions import allow
from web.searching import words_in
from web.tasklist.blueprint import blueprint
from web.words import gettext as _


def asked(values: MultiDict[str, str]) -> Filters:
    """What the address or the form asks for; what does not fit is left out."""
    year = values.get("year", "")
    years = year.isascii() and year.isdigit() and len(year) <= 4
    whose = values.get("whose", "")
    return Filters(
        plan_year=int(year) if years and int(year) else None,
        key=values.get("process", "").replace("\x00", "")[:64],
        late=values.get("late") == "1",
        unit_id=values.get("unit", "").replace("\x00", "")[:64],
        text=words_in(values),
        whose=whose if whose in ("mine", "bodies") else "",
    )


def as_query(filters: Filters) -> dict[str, Any]:
    """The address's values, empty ones left out."""
    values = {
        "year": filters.plan_year,
        "process": filters.key,
        "late": "1" if filters.late else None,
        "unit": filters.unit_id,
        "q": filters.text,
        "whose": filters.whose,
    }
    return {name: value for name, value in values.items() if value}


def cursor() -> Cursor | None:
    """Where the page begins, as an earlier page's link says; None for the first page."""
    instant, _dot, task_id = request.args.get("after", "").partition(".")
    if not (instant.isascii() and instant.isdigit() and task_id.isascii() and task_id.isdigit()):
        return None
    if len(instant) > 17 or len(task_id) > 15:
        return None
    seconds, micros = divmod(int(instant), 1_000_000)
    return Cursor(datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros), int(task_id))


def as_text(found: Cursor) -> str:
    whole = int(found.due_at.timestamp())
    return f"{whole * 1_000_000 + found.due_at.microsecond}.{found.task_id}"


@blueprint.post("/filters")
@allow("signed_in")
def save_filter() -> ResponseReturnValue:
    filters = asked(request.form)
    try:
        with database().verb() as tx:
            saved_filters.save(tx, request.form.get("name", ""), filters, by=actor())
    except InvalidInput as refused:
        flash(REFUSALS[refused.params["reason"]](), "notice")
    else:
        flash(_("Filtret är sparat."), "success")
    return redirect(url_for("tasklist.inbox", **as_query(filters)))


@blueprint.post("/filters/remove")
@allow("signed_in")
def remove_filter() -> ResponseReturnValue:
    with database().verb() as tx:
        saved_filters.remove(tx, request.form.get("name", ""), by=actor())
    flash(_("Filtret är borttaget."), "success")
    return redirect(url_for("tasklist.inbox"))


REFUSALS = {
    "control_character": lambda: _("Filtrets namn har tecken som inte går att visa. Skriv det som ren text."),
    "name_missing": lambda: _("Skriv vad filtret ska heta."),
    "name_too_long": lambda: _("Skriv filtrets namn med högst 60 tecken."),
    "too_many_filters": lambda: _("Du har redan tio sparade filter. Ta bort något av dem först."),
}
