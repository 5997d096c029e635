"""The diagram with where the instance stands, and beside it the same as an ordered list."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from engine import cycles, diagrams
from web import security
from web.cockpit.blueprint import blueprint
from web.context import database, now
from web.doors import open_to


@blueprint.get("/cycles/<int:instance_id>/diagram")
@open_to("cockpit", "history")
def diagram(instance_id: int) -> ResponseReturnValue:
    with database().page() as tx:
        found = cycles.cycle(tx, instance_id, now())
        drawn = diagrams.of_instance(tx, found, now())
    security.allow_diagram_styles()
    return render_template("cockpit/diagram.html", cycle=found, drawn=drawn)


@blueprint.get("/definitions/<int:definition_id>/diagram.bpmn")
@open_to("cockpit", "history")
def definition(definition_id: int) -> ResponseReturnValue:
    with database().page() as tx:
        return Response(diagrams.xml(tx, definition_id), mimetype="application/xml")
