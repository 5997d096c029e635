"""The processes and their versions: who put them into use, when and why, and how many run each."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engine import deployments
from engine.operations import deploying
from engine.versions import processes
from web.cockpit.blueprint import blueprint
from web.context import actor, database
from web.doors import open_to
from web.permissions import allow


@blueprint.get("/deployments")
@open_to("cockpit", "history", "deploy")
def versions() -> ResponseReturnValue:
    may_deploy = "deploy" in current_user.capabilities
    with database().page() as tx:
        found = processes(tx)
        waiting = deploying.waiting(tx, by=actor()) if may_deploy else []
    return render_template(
        "cockpit/versions.html",
        processes=found,
        waiting=waiting,
        names={process.key: process.name for process in found},
        may_deploy=may_deploy,
        may_operate="operate" in current_user.capabilities,
    )


@blueprint.get("/definitions/<int:definition_id>/package.zip")
@allow("deploy")
def package(definition_id: int) -> ResponseReturnValue:
    """The whole package, to be changed and sent in again."""
    with database().page() as tx:
        found = deployments.load(tx, definition_id)
        content, _digest = deployments.packed(deployments.files_of(tx, definition_id))
    headers = {"Content-Disposition": f'attachment; filename="{found.key}-{found.version}.zip"'}
    return Response(content, mimetype="application/zip", headers=headers)
