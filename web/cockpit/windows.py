"""Moving the last day of a step: first what it would do, then, with a reason, doing it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import cycles
from engine.cycles import ActivityState, Cycle, StepState
from engine.errors import InvalidInput, NotFound
from engine.operations import windows as operations
from engine.rules import calendar
from web import dates, messages, reasons
from web.cockpit.blueprint import blueprint
from web.context import actor, database, in_words, now
from web.permissions import allow
from web.words import gettext as _


@dataclass
class Asked:
    """What was typed, and what is wrong with it, by field."""

    closes: str = ""
    reason: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def day(self) -> date | None:
        return calendar.typed_day(self.closes)


@dataclass(frozen=True)
class Target:
    """The element whose window is meant. `activity`: its live visit, if a token is there."""

    step: StepState
    element_id: str
    activity: ActivityState | None
    closes_at: datetime


@blueprint.get("/cycles/<int:instance_id>/window/<element_id>")
@allow("operate")
def window(instance_id: int, element_id: str) -> ResponseReturnValue:
    cycle, target = find(instance_id, element_id)
    return show(cycle, target, Asked(closes=dates.machine_day(target.closes_at)))


@blueprint.post("/cycles/<int:instance_id>/window/<element_id>")
@allow("operate")
def move_window(instance_id: int, element_id: str) -> ResponseReturnValue:
    cycle, target = find(instance_id, element_id)
    asked = Asked(request.form.get("closes", "").strip()[:20], request.form.get("reason", "").strip())
    check(asked, target)
    if asked.errors:
        return show(cycle, target, asked), 422
    try:
        if request.form.get("step") != "confirm":
            return show_preview(cycle, target, asked)
        carry_out(instance_id, element_id, asked)
    except InvalidInput as refused:
        asked.errors["closes"] = messages.sentence(refused).text
        return show(cycle, target, asked), 422
    said = _("Sista dagen för %(step)s är nu %(day)s.", step=name_of(target), day=dates.day(asked.day))
    flash(said, "success")
    return redirect(url_for("cockpit.cycle", instance_id=instance_id))


def find(instance_id: int, element_id: str) -> tuple[Cycle, Target]:
    """404 for an element that this cycle does not have or has left behind."""
    with database().page() as tx:
        cycle = cycles.cycle(tx, instance_id, now())
    for step in cycle.steps:
        live = [a for a in step.activities if a.element_id == element_id and a.state in ("coming", "open")]
        if live:
            return cycle, Target(step, element_id, live[-1], live[-1].closes_at)
        if step.element_id == element_id and step.state in ("coming", "late"):
            return cycle, Target(step, element_id, None, step.closes_at)
    raise NotFound(kind="element")


def check(asked: Asked, target: Target) -> None:
    if asked.day is None:
        asked.errors["closes"] = _("Skriv sista dagen som år, månad och dag, till exempel 2027-01-15.")
    elif asked.day == dates.civil(target.closes_at):
        asked.errors["closes"] = _("Välj en annan dag än den som gäller nu.")
    wrong = reasons.fault(asked.reason, _("Skriv varför dagen flyttas. Skälet sparas i historiken."))
    if wrong is not None:
        asked.errors["reason"] = wrong


def carry_out(instance_id: int, element_id: str, asked: Asked) -> None:
    assert asked.day is not None
    with database().verb() as tx:
        operations.move_window(tx, instance_id, element_id, asked.day, reason=asked.reason, by=actor(), now=now())


def name_of(target: Target) -> str:
    return in_words(target.activity.title if target.activity else target.step.name)


def show(cycle: Cycle, target: Target, asked: Asked) -> str:
    return render_template("cockpit/window.html", cycle=cycle, target=target, asked=asked)


def show_preview(cycle: Cycle, target: Target, asked: Asked) -> str:
    """What moving it would do, and for whom."""
    assert asked.day is not None
    with database().page() as tx:
        preview = operations.preview_window(tx, cycle.instance_id, target.element_id, asked.day, by=actor(), now=now())
    return render_template("cockpit/window_preview.html", cycle=cycle, target=target, asked=asked, preview=preview)
