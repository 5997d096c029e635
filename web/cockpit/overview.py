"""The overview: the year wheel, and a card for each cycle."""

from __future__ import annotations

from datetime import date

from babel.dates import get_month_names
from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from engine import cycles, portfolios
from web import dates
from web.cockpit.blueprint import blueprint
from web.cockpit.wheel import year_wheel, years
from web.context import database, now
from web.permissions import allow


@blueprint.get("/cycles")
@allow("cockpit")
def overview() -> ResponseReturnValue:
    with database().page() as tx:
        found = cycles.overview(tx, now())
        many = portfolios.portfolios(tx, now())
    today = dates.today()
    known = sorted({*years(found), today.year})
    year = asked_year(request.args.get("year"), known, today)
    return render_template(
        "cockpit/overview.html",
        cycles=found,
        many=many,
        wheel=year_wheel(found, year, today),
        years=known,
        today=today,
        month_names=get_month_names("abbreviated", locale=get_locale()),
    )


@blueprint.get("/cycles/ended")
@allow("cockpit")
def ended() -> ResponseReturnValue:
    with database().page() as tx:
        live = {cycle.instance_id for cycle in cycles.overview(tx, now())}
        found = [c for c in cycles.overview(tx, now(), live_only=False) if c.instance_id not in live]
    found.sort(key=lambda c: c.plan_year, reverse=True)
    return render_template("cockpit/ended.html", cycles=found)


def asked_year(text: str | None, known: list[int], today: date) -> int:
    """The year asked for if there is anything in it, else this year."""
    return int(text) if text is not None and text in map(str, known) else today.year
