"""One cycle: its steps, rounds, follow-on tasks, technical faults and what may be done with it."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engine import cycles, identity, incidents, stuck
from engine.operations import migrating, reminding
from web import dates
from web.cockpit.blueprint import blueprint
from web.context import actor, database, now
from web.permissions import allow


@blueprint.get("/cycles/<int:instance_id>")
@allow("cockpit")
def cycle(instance_id: int) -> ResponseReturnValue:
    with database().page() as tx:
        found = cycles.cycle(tx, instance_id, now())
        faults = [(fault, stuck.said_of(tx, fault)) for fault in incidents.open_incidents(tx, instance_id)]
        waiting = [each.id for step in found.steps for each in step.activities if each.state == "open"]
        reminded = reminding.reminded_at(tx, waiting, now=now())
        is_behind = instance_id in migrating.behind(tx, found.key)
        held = identity.roles_of(tx, actor().person_id or "", dates.today())
    return render_template(
        "cockpit/cycle.html",
        cycle=found,
        faults=faults,
        events=[event for event in found.events if set(event.roles) & held],
        may_operate="operate" in current_user.capabilities,
        is_behind=is_behind,
        reminded=reminded,
    )
