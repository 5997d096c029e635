"""A step's page: reminding those who have not answered, adding or excusing one, moving the token elsewhere."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from engine import campaigns, user_tasks
from engine.errors import NotPossible
from engine.operations import moving, participants, reminding
from engine.operations.common import Preview
from engine.store.database import Tx
from engine.texts import Text
from web import dates, messages
from web.cockpit.blueprint import blueprint
from web.cockpit.operate import About, Field, Operation, Values, clashing, confirm, day_in, run
from web.context import actor, database, in_words, now
from web.permissions import allow
from web.words import gettext as _


@blueprint.route("/activities/<int:activity_id>/remind", methods=["GET", "POST"])
@allow("operate")
def remind(activity_id: int) -> ResponseReturnValue:
    """Too late (reminded today by somebody else, all answered, paused): the step's page says so."""
    title, back = about(activity_id)
    try:
        return run(_reminding(activity_id, title, back))
    except NotPossible as refused:
        flash(messages.sentence(refused).text, "notice")
        return redirect(back[0])


def _reminding(activity_id: int, title: str, back: tuple[str, str]) -> Operation:
    return Operation(
        title=_("Påminn dem som inte har svarat"),
        kicker=title,
        button=_("Skicka påminnelsen"),
        done=_("Påminnelsen är på väg till dem som inte har svarat."),
        back=back,
        preview=lambda tx, _v: reminding.preview_remind(tx, activity_id, by=actor(), now=now()),
        carry_out=lambda tx, _v, _why: reminding.remind(tx, activity_id, by=actor(), now=now()),
        asks_reason=False,
    )


@blueprint.route("/activities/<int:activity_id>/add", methods=["GET", "POST"])
@allow("operate")
def add_participant(activity_id: int) -> ResponseReturnValue:
    title, back = about(activity_id)
    with database().page() as tx:
        found = participants.candidates(tx, activity_id, now=now())
    choices = tuple((position.id, f"{position.unit_name}: {position.name}") for position in found)
    return run(
        Operation(
            title=_("Lägg till en som ska svara"),
            kicker=title,
            button=_("Lägg till"),
            done=_("Uppgiften är utdelad."),
            back=back,
            preview=lambda tx, v: participants.preview_add(tx, activity_id, v["position"], by=actor(), now=now()),
            carry_out=lambda tx, v, why: participants.add(
                tx, activity_id, v["position"], reason=why, by=actor(), now=now()
            ),
            fields=(
                Field(
                    "position", _("Befattning"), "choice", choices=choices,
                    hint=_("Befattningar med rätt roll som inte redan har uppgiften."),
                ),
            ),
        )
    )  # fmt: skip


@blueprint.route("/participants/<int:task_id>/excuse", methods=["GET", "POST"])
@allow("operate")
def excuse(task_id: int) -> ResponseReturnValue:
    return confirm(
        about_task(task_id), task_id, participants.preview_excuse, participants.excuse,
        title=_("Den här behöver inte svara"),
        button=_("Ta bort uppgiften"),
        done=_("Uppgiften är borttagen. De som hade den får besked."),
    )  # fmt: skip


@blueprint.route("/activities/<int:activity_id>/move", methods=["GET", "POST"])
@allow("operate")
def move_process(activity_id: int) -> ResponseReturnValue:
    title, back = about(activity_id)
    with database().page() as tx:
        found = moving.targets(tx, activity_id, now=now())

    def preview(tx: Tx, values: Values) -> Preview:
        return moving.preview_move(tx, activity_id, values["element"], day_in(values, "closes"), by=actor(), now=now())

    def carry_out(tx: Tx, values: Values, why: str) -> None:
        moving.move(tx, activity_id, values["element"], day_in(values, "closes"), reason=why, by=actor(), now=now())

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
            warned=clashing(),
        )
    )  # fmt: skip


def about(activity_id: int) -> About:
    """The step's title, and the way back to its page. Raises NotFound."""
    with database().page() as tx:
        found = campaigns.campaign(tx, activity_id, now())
    title = in_words(found.title)
    return title, (url_for("cockpit.campaign", activity_id=activity_id), title)


def about_task(task_id: int) -> About:
    """The task's title and unit, and the way back to its step or its cycle. Raises NotFound."""
    with database().page() as tx:
        task = user_tasks.get(tx, task_id)
    title = in_words(Text(task.title_sv, task.title_en))
    if task.activity_id is None:
        return f"{title}, {task.unit_name}", (url_for("cockpit.cycle", instance_id=task.instance_id), title)
    return f"{title}, {task.unit_name}", (url_for("cockpit.campaign", activity_id=task.activity_id), title)
