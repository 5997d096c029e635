"""A campaign's progress by administration area and unit: who has answered and who has not."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engine import cycles
from engine.cycles import Campaign, CampaignRow
from web import csvfile, dates
from web.cockpit.blueprint import blueprint
from web.context import database, in_words, now
from web.permissions import allow
from web.words import gettext as _


@blueprint.get("/activities/<int:activity_id>")
@allow("cockpit")
def campaign(activity_id: int) -> ResponseReturnValue:
    with database().page() as tx:
        found = cycles.campaign(tx, activity_id, now())
        cycle = cycles.cycle(tx, found.instance_id, now())
    missing_only = request.args.get("show") == "missing"
    shown = missing(found) if missing_only else found
    activity = next((a for step in cycle.steps for a in step.activities if a.id == activity_id), None)
    return render_template(
        "cockpit/campaign.html",
        campaign=shown,
        cycle=cycle,
        missing_only=missing_only,
        may_operate="operate" in current_user.capabilities and found.state == "open" and cycle.state == "active",
        multi=activity is not None and activity.multi,
    )


@blueprint.get("/activities/<int:activity_id>/campaign.csv")
@allow("cockpit")
def campaign_csv(activity_id: int) -> Response:
    with database().page() as tx:
        found = cycles.campaign(tx, activity_id, now())
    shown = missing(found) if request.args.get("show") == "missing" else found
    header = [
        _("Uppgift"), _("Planår"), _("Förvaltningsområde"), _("Enhet"), _("Befattning"),
        _("Ansvarig"), _("Läge"), _("Besvarad"),
    ]  # fmt: skip
    rows = [
        [in_words(found.title), found.plan_year, area.name, *row_cells(row)]
        for area in shown.areas
        for row in area.rows
    ]
    return csvfile.download(f"svar-{found.plan_year}-{activity_id}.csv", header, rows)


def row_cells(row: CampaignRow) -> list[str]:
    holders = ", ".join(row.holders) or _("Vakant")
    return [row.unit_name, row.position_name, holders, state_word(row), dates.machine_day(row.answered_at)]


def state_word(row: CampaignRow) -> str:
    if row.state == "completed":
        return _("Besvarad")
    if row.state == "cancelled":
        return _("Behöver inte svara")
    return _("Har inte svarat") if row.state == "open" else _("Stängd utan svar")


def missing(found: Campaign) -> Campaign:
    """The same with those alone who have not answered; the totals stay."""
    areas = [replace(area, rows=[row for row in area.rows if row.state in ("open", "closed")]) for area in found.areas]
    return replace(found, areas=[area for area in areas if area.rows])
