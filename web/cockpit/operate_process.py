"""Moving a cycle to another task, and letting cycles go on under a newer version of their process."""

from __future__ import annotations

from datetime import date, timedelta

from flask import url_for
from flask.typing import ResponseReturnValue

from engine import deployments
from engine.batches import migrating as batch_migrating
from engine.errors import InvalidInput
from engine.operations import migrating, moving
from engine.operations.common import Preview
from engine.rules import calendar
from engine.store.database import Tx
from web import dates
from web.cockpit.blueprint import blueprint
from web.cockpit.operate import Field, Operation, Values, confirm, run
from web.cockpit.operate_campaign import about as about_activity
from web.cockpit.operate_cycle import about
from web.context import actor, database, in_words, now
from web.permissions import allow
from web.words import gettext as _


@blueprint.route("/activities/<int:activity_id>/move", methods=["GET", "POST"])
@allow("operate")
def move_process(activity_id: int) -> ResponseReturnValue:
    title, back = about_activity(activity_id)
    with database().page() as tx:
        found = moving.targets(tx, activity_id, now=now())

    def preview(tx: Tx, values: Values) -> Preview:
        return moving.preview_move(tx, activity_id, values["element"], last_day(values), by=actor(), now=now())

    def carry_out(tx: Tx, values: Values, why: str) -> None:
        moving.move(tx, activity_id, values["element"], last_day(values), reason=why, by=actor(), now=now())

    return run(
        Operation(
            title=_("Flytta processen till en annan uppgift"),
            kicker=title,
            button=_("Flytta processen"),
            done=_("Processen är flyttad. De som hade uppgiften får besked."),
            back=back,
            preview=preview,
            carry_out=carry_out,
            fields=(
                Field(
                    "element", _("Flytta till"), "choice",
                    choices=tuple((element_id, in_words(text)) for element_id, text in found),
                    hint=_("Använd det bara när diagrammets egen väg inte går. Steg däremellan hoppas över."),
                ),
                Field(
                    "closes", _("Sista dag för den uppgiften"), "date",
                    dates.machine_day(now() + timedelta(days=14)),
                    hint=_("År, månad och dag, till exempel 2027-01-15."),
                ),
            ),
            grave=True,
        )
    )  # fmt: skip


def last_day(values: Values) -> date:
    """Raises InvalidInput for what is no day."""
    day = calendar.typed_day(values["closes"])
    if day is None:
        raise InvalidInput(field="closes", reason="no_day", value=values["closes"])
    return day


@blueprint.route("/cycles/<int:instance_id>/migrate", methods=["GET", "POST"])
@allow("operate")
def migrate(instance_id: int) -> ResponseReturnValue:
    name, _back = cycle = about(instance_id)
    return confirm(
        cycle, instance_id, migrating.preview_migrate, migrating.migrate,
        title=_("Byt till den nya versionen av processen"),
        button=_("Byt version"),
        done=_("%(name)s följer nu den nya versionen.", name=name),
    )  # fmt: skip


@blueprint.route("/processes/<key>/migrate", methods=["GET", "POST"])
@allow("operate")
def migrate_all(key: str) -> ResponseReturnValue:
    """Looks at each instance first; the batch's page has the report, and the button."""
    with database().page() as tx:
        name = in_words(deployments.latest(tx, key).package.name)
    return run(
        Operation(
            title=_("Byt version för alla som pågår"),
            kicker=name,
            button=_("Se vad som ändras för var och en"),
            done=_("Inget är ändrat än. Här ser du vad som ändras för var och en."),
            back=(url_for("cockpit.overview"), _("Översikt")),
            preview=lambda tx, _v: batch_migrating.preview(tx, key),
            carry_out=lambda tx, _v, why: batch_migrating.prepare(tx, key, reason=why, by=actor(), now=now()),
            leads_to=lambda batch_id: url_for("cockpit.batch", batch_id=batch_id),
        )
    )
