"""Sending an event to a cycle, and trying again what failed technically; each is confirmed on a page of its own."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import cycles, events, incidents, stuck
from engine.cycles import Cycle, EventButton
from engine.errors import InvalidInput, NotFound
from engine.operations import mending
from web import messages, reasons
from web.cockpit.blueprint import blueprint
from web.context import actor, database, in_words, now
from web.permissions import allow
from web.words import gettext as _


@blueprint.get("/cycles/<int:instance_id>/events/<name>")
@allow("cockpit")
def event(instance_id: int, name: str) -> ResponseReturnValue:
    cycle, button = find_event(instance_id, name)
    return render_template("cockpit/event.html", cycle=cycle, event=button)


@blueprint.post("/cycles/<int:instance_id>/events/<name>")
@allow("cockpit")
def send_event(instance_id: int, name: str) -> ResponseReturnValue:
    _cycle, button = find_event(instance_id, name)
    with database().verb() as tx:
        events.send(tx, instance_id, name, by=actor(), now=now())
    flash(_("Klart: %(event)s.", event=in_words(button.title)), "success")
    return redirect(url_for("cockpit.cycle", instance_id=instance_id))


def find_event(instance_id: int, name: str) -> tuple[Cycle, EventButton]:
    """404 when the event is not offered now."""
    with database().page() as tx:
        cycle = cycles.cycle(tx, instance_id, now())
    for button in cycle.events:
        if button.name == name:
            return cycle, button
    raise NotFound(kind="event")


@blueprint.get("/cycles/<int:instance_id>/faults/<int:incident_id>")
@allow("operate")
def fault(instance_id: int, incident_id: int) -> ResponseReturnValue:
    cycle, found = find_fault(instance_id, incident_id)
    return fault_page(cycle, found)


@blueprint.post("/cycles/<int:instance_id>/faults/<int:incident_id>")
@allow("operate")
def try_again(instance_id: int, incident_id: int) -> ResponseReturnValue:
    cycle, found = find_fault(instance_id, incident_id)
    reason = request.form.get("reason", "").strip()
    problem = reasons.fault(reason, _("Skriv vad du har gjort åt felet. Det sparas i historiken."))
    if problem is not None:
        return fault_page(cycle, found, reason, problem), 422
    name, text = request.form.get("variable", ""), request.form.get("value", "")
    try:
        with database().verb() as tx:
            corrected = {name: text} if name else {}
            mending.retry(tx, incident_id, corrected=corrected, reason=reason, by=actor(), now=now())
    except InvalidInput as refused:
        return fault_page(cycle, found, reason, wrong=messages.sentence(refused).text), 422
    flash(_("Felet är markerat som åtgärdat. Det som stannade görs om inom kort."), "success")
    return redirect(url_for("cockpit.cycle", instance_id=instance_id))


def fault_page(cycle: Cycle, fault: Any, reason: str = "", problem: str | None = None, wrong: str | None = None) -> str:
    """The fault, what trying again will do, the values that the diagram reads, and the question why."""
    with database().page() as tx:
        preview = mending.preview_retry(tx, fault.id, by=actor(), now=now())
        values = mending.values(tx, fault.id, now=now())
        said = stuck.said_of(tx, fault)
    return render_template(
        "cockpit/fault.html",
        cycle=cycle,
        fault=fault,
        said=said,
        values=values,
        choices=[
            {"value": name, "text": f"{name}: {value}", "selected": name == request.form.get("variable")}
            for name, value in sorted(values.items())
        ],
        typed=request.form,
        reason=reason,
        problem=problem,
        wrong=wrong,
        preview=preview,
    )


def find_fault(instance_id: int, incident_id: int) -> tuple[Cycle, Any]:
    """404 for a fault that is another cycle's or no longer open."""
    with database().page() as tx:
        cycle = cycles.cycle(tx, instance_id, now())
        found = [fault for fault in incidents.open_incidents(tx, instance_id) if fault.id == incident_id]
    if not found:
        raise NotFound(kind="incident")
    return cycle, found[0]
