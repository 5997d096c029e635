"""Moving the last day of a step: first what it would do and what it would clash with, then, with a reason, doing it."""

from __future__ import annotations

from datetime import date, datetime

from flask import url_for
from flask.typing import ResponseReturnValue

from engine import cycles
from engine.cycles import Cycle
from engine.errors import InvalidInput, NotFound
from engine.operations import windows as operations
from engine.operations.common import Preview
from engine.store.database import Tx
from engine.texts import Text
from web import dates
from web.cockpit.blueprint import blueprint
from web.cockpit.operate import Field, Operation, Values, clashing, day_in, run
from web.context import actor, database, in_words, now
from web.permissions import allow
from web.words import gettext as _


@blueprint.route("/cycles/<int:instance_id>/window/<element_id>", methods=["GET", "POST"])
@allow("operate")
def window(instance_id: int, element_id: str) -> ResponseReturnValue:
    with database().page() as tx:
        cycle = cycles.cycle(tx, instance_id, now())
    title, closes_at = find(cycle, element_id)
    name, plan = in_words(title), in_words(cycle.name)

    def another_day(values: Values) -> date:
        day = day_in(values, "closes")
        if day == dates.civil(closes_at):
            raise InvalidInput(field="closes", reason="same_day")
        return day

    def preview(tx: Tx, values: Values) -> Preview:
        return operations.preview_window(tx, instance_id, element_id, another_day(values), by=actor(), now=now())

    def carry_out(tx: Tx, values: Values, why: str) -> None:
        operations.move_window(tx, instance_id, element_id, another_day(values), reason=why, by=actor(), now=now())

    return run(
        Operation(
            title=_("Flytta sista dagen för ”%(name)s”", name=name),
            kicker=plan,
            button=_("Flytta sista dagen"),
            done=_("Sista dagen för ”%(step)s” är flyttad.", step=name),
            back=(url_for("cockpit.cycle", instance_id=instance_id), plan),
            preview=preview,
            carry_out=carry_out,
            warned=clashing(),
            fields=(
                Field(
                    "closes", _("Ny sista dag"), "date", dates.machine_day(closes_at),
                    hint=_("Nu gäller %(day)s.", day=dates.full_day(closes_at)),
                ),
            ),
        )
    )  # fmt: skip


def find(cycle: Cycle, element_id: str) -> tuple[Text, datetime]:
    """What the element is called and its last day now. 404 for one that the cycle does not have or has left behind."""
    for step in cycle.steps:
        live = [a for a in step.activities if a.element_id == element_id and a.state in ("coming", "open")]
        if live:
            return live[-1].title, live[-1].closes_at
        if step.element_id == element_id and step.state in ("coming", "late"):
            return step.name, step.closes_at
    raise NotFound(kind="element")
