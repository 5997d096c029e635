"""One open task: a new last day, or another person who does it."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from engine import user_tasks
from engine.operations import dates as engine_dates
from engine.operations import handing_over
from engine.operations.common import Preview
from engine.store.database import Tx
from web import dates
from web.cockpit.blueprint import blueprint
from web.cockpit.operate import Field, Operation, Values, clashing, day_in, run
from web.cockpit.operate_campaign import about_task
from web.context import actor, database, now
from web.permissions import allow
from web.words import gettext as _


@blueprint.route("/participants/<int:task_id>/day", methods=["GET", "POST"])
@allow("operate")
def change_day(task_id: int) -> ResponseReturnValue:
    title, back = about_task(task_id)
    with database().page() as tx:
        due_at = user_tasks.get(tx, task_id).due_at

    def preview(tx: Tx, values: Values) -> Preview:
        return engine_dates.preview_due(tx, task_id, day_in(values, "day"), by=actor(), now=now())

    def carry_out(tx: Tx, values: Values, why: str) -> None:
        engine_dates.change_due(tx, task_id, day_in(values, "day"), reason=why, by=actor(), now=now())

    return run(
        Operation(
            title=_("Ändra sista dagen för en uppgift"),
            warned=clashing(),
            kicker=title,
            button=_("Ändra sista dagen"),
            done=_("Sista dagen är ändrad."),
            back=back,
            preview=preview,
            carry_out=carry_out,
            fields=(
                Field(
                    "day", _("Ny sista dag"), "date", dates.machine_day(due_at),
                    hint=_("Nu gäller %(day)s.", day=dates.full_day(due_at)),
                ),
            ),
        )
    )  # fmt: skip


@blueprint.route("/participants/<int:task_id>/person", methods=["GET", "POST"])
@allow("operate")
def hand_over(task_id: int) -> ResponseReturnValue:
    title, back = about_task(task_id)
    with database().page() as tx:
        found = handing_over.candidates(tx, task_id, now=now())
    return run(
        Operation(
            title=_("Lämna över uppgiften"),
            kicker=title,
            button=_("Lämna över"),
            done=_("Uppgiften är överlämnad."),
            back=back,
            preview=lambda tx, v: handing_over.preview_assign(tx, task_id, v["person"], by=actor(), now=now()),
            carry_out=lambda tx, v, why: handing_over.assign(
                tx, task_id, v["person"], reason=why, by=actor(), now=now()
            ),
            fields=(
                Field(
                    "person", _("Vem ska göra uppgiften?"), "choice",
                    choices=tuple((person.id, person.name) for person in found),
                    hint=_("De som har befattningen, står in för den eller registrerar för den."),
                ),
            ),
        )
    )  # fmt: skip
