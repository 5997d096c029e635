"""A campaign's progress by administration area and unit: who has answered and who has not."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engine import campaigns, cycles
from engine.campaigns import Campaign, CampaignRow
from engine.operations import reminding
from web import csvfile, dates
from web.cockpit.blueprint import blueprint
from web.context import database, in_words, now
from web.permissions import allow
from web.searching import words_in
from web.words import gettext as _

VIEWS = {"missing": ("open", "closed"), "answered": ("completed",), "excused": ("cancelled",), "all": ()}
"""The views to choose between, and the states of the tasks that each shows; "all" shows every one."""
UNFOLDED = 10
"""So many rows are shown at once; with more the areas are folded."""
MOST = 300
"""So many rows are on one page; with more each area has its own."""


@dataclass(frozen=True)
class Wanted:
    """What the reader asked for: a view, words of names to look for, and whether every area is to be unfolded."""

    view: str
    words: str = ""
    unfolded: bool = False

    def shows(self, area: str, row: CampaignRow) -> bool:
        states = VIEWS[self.view]
        if states and row.state not in states:
            return False
        if not self.words:
            return True
        named = f"{area} {row.unit_name} {row.position_name} {' '.join(row.holders)}".casefold()
        return all(word in named for word in self.words.casefold().split())

    def of(self, found: Campaign) -> Campaign:
        """The same with those alone that are asked for; the totals stay."""
        areas = [replace(area, rows=[row for row in area.rows if self.shows(area.name, row)]) for area in found.areas]
        return replace(found, areas=[area for area in areas if area.rows])

    def count(self, found: Campaign) -> int:
        return sum(len(area.rows) for area in self.of(found).areas)


@blueprint.get("/activities/<int:activity_id>")
@allow("cockpit")
def campaign(activity_id: int) -> ResponseReturnValue:
    with database().page() as tx:
        found = campaigns.campaign(tx, activity_id, now())
        cycle = cycles.cycle(tx, found.instance_id, now())
        reminded = reminding.reminded_at(tx, [activity_id], now=now())
    wanted = asked("missing" if Wanted("missing").count(found) else "all")
    shown = wanted.of(found)
    activity = next((a for step in cycle.steps for a in step.activities if a.id == activity_id), None)
    number = sum(len(area.rows) for area in shown.areas)
    return render_template(
        "cockpit/campaign.html",
        campaign=shown,
        cycle=cycle,
        wanted=wanted,
        query={"show": wanted.view, "q": wanted.words or None},
        counts={view: replace(wanted, view=view).count(found) for view in VIEWS},
        foldable=number > UNFOLDED and len(shown.areas) > 1,
        apart=number > MOST and len(shown.areas) > 1,
        may_operate="operate" in current_user.capabilities and found.state == "open" and cycle.state == "active",
        reminded_at=reminded.get(activity_id),
        multi=activity is not None and activity.multi,
        element_id=activity.element_id if activity is not None else None,
    )


def asked(otherwise: str) -> Wanted:
    view = request.args.get("show", "")
    return Wanted(view if view in VIEWS else otherwise, words_in(request.args), "unfolded" in request.args)


@blueprint.get("/activities/<int:activity_id>/campaign.csv")
@allow("cockpit")
def campaign_csv(activity_id: int) -> Response:
    """What the page shows, row by row."""
    with database().page() as tx:
        found = campaigns.campaign(tx, activity_id, now())
    shown = asked("all").of(found)
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
