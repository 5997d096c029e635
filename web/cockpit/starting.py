"""Starting a cycle for a plan year by hand, after a look at what that would hand out."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from engine import deployments
from engine.operations import starting
from web import dates
from web.cockpit.blueprint import blueprint
from web.cockpit.operate import Field, Operation, Warned, run
from web.context import actor, database, in_words, now
from web.permissions import allow
from web.words import gettext as _


@blueprint.route("/start", methods=["GET", "POST"])
@allow("operate")
def start() -> ResponseReturnValue:
    with database().page() as tx:
        newest = deployments.newest(tx, by_year=True)
    choices = tuple((found.key, in_words(found.package.name)) for found in newest)
    year = str(dates.today().year + 2)
    hint = _(
        "Året då utbildningarna hålls. Utbildningsplanen startar av sig själv den 1 november två år före. "
        "Starta för hand bara om den ska börja en annan dag."
    )
    return run(
        Operation(
            title=_("Starta för ett planår"),
            kicker="",
            button=_("Starta"),
            done=_("Planåret är startat."),
            back=(url_for("cockpit.overview"), _("Översikt")),
            preview=lambda tx, v: starting.preview_start(tx, v["key"], v["plan_year"], by=actor(), now=now()),
            carry_out=lambda tx, v, why: starting.start(
                tx, v["key"], v["plan_year"], reason=why, by=actor(), now=now()
            ),
            fields=(
                Field("key", _("Vad ska startas?"), "choice", choices[0][0] if choices else "", choices=choices),
                Field("plan_year", _("Planår"), "year", year, hint),
            ),
            warned=Warned(_("Läs det här innan du startar:")),
            leads_to=lambda started: url_for("cockpit.cycle", instance_id=started),
        )
    )
