"""The clock bar: time moves forward, to the next event or a day."""

from __future__ import annotations

from datetime import date

from flask import flash, g, redirect, request
from flask.typing import ResponseReturnValue

from web import dates
from web.context import now, services
from web.demo.blueprint import blueprint
from web.demo.controls import DemoControls
from web.permissions import allow
from web.redirects import safe_path
from web.words import gettext as _

LONGEST_DAYS = 5 * 366


@blueprint.post("/demo/clock")
@allow("demo")
def move_clock() -> ResponseReturnValue:
    controls = services().config.demo_controls
    said = move(controls) if controls is not None else _("Tiden går inte att flytta här.")
    g.pop("process_time", None)
    flash(said or _("Nu är det %(moment)s.", moment=dates.moment(now())))
    return redirect(safe_path(request.form.get("next")))


def move(controls: DemoControls) -> str | None:
    """What to say, or None when the new time says it all."""
    way = request.form.get("to")
    if way == "next":
        happened = controls.next_event()
        if happened is None:
            return _("Inget mer är planerat.")
        return happened if g.locale == "sv" else None
    if way == "week":
        controls.advance(7)
        return None
    day = asked_day(request.form.get("day", ""))
    if day is None:
        return _("Välj en dag som ligger framåt i tiden, högst fem år bort.")
    if way == "play":
        controls.play_until(day)
    else:
        controls.move_to(day)
    return None


def asked_day(text: str) -> date | None:
    """A coming day, at most some years ahead."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 0 < (day - dates.today()).days <= LONGEST_DAYS else None
