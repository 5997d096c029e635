"""The overview: the year wheel, and a card for each cycle."""

from __future__ import annotations

from datetime import date

from babel.dates import get_month_names
from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_login import current_user

from engine import cycles, portfolios
from web import dates
from web.cockpit.blueprint import blueprint
from web.cockpit.wheel import year_wheel, years
from web.context import database, now
from web.permissions import allow
from web.words import gettext as _


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
        groups=pages(may_operate="operate" in current_user.capabilities),
        wheel=year_wheel(found, year, today),
        years=known,
        today=today,
        month_names=get_month_names("abbreviated", locale=get_locale()),
    )


def pages(*, may_operate: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    """The cockpit's other pages in groups: each group's name, with endpoints and their words."""
    follow = [
        ("cockpit.work_ahead", _("Arbete framöver")),
        ("cockpit.timing", _("Vart tiden går")),
        ("cockpit.ended", _("Det som är avslutat")),
    ]
    plan = [("cockpit.rehearsals", _("Repetera ett planår"))]
    setting = [("cockpit.organisation", _("Organisationen")), ("cockpit.versions", _("Processer och versioner"))]
    if may_operate:
        plan.insert(0, ("cockpit.assign", _("Lämna över flera uppgifter")))
        plan += [("cockpit.start", _("Starta för ett planår")), ("cockpit.batches", _("Arbete med många på en gång"))]
        setting.append(("cockpit.wheel_addresses", _("Årshjulet på intranätet")))
    return [(_("Följa"), follow), (_("Planera"), plan), (_("Grunderna"), setting)]


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
