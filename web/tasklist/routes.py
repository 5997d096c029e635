"""The inbox and the pages of its tasks."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from engine import inbox as tasks
from web.context import actor, database, now
from web.permissions import allow

blueprint = Blueprint("tasklist", __name__, template_folder="templates")


@blueprint.get("/")
@allow("signed_in")
def inbox() -> ResponseReturnValue:
    with database().page() as tx:
        found = tasks.inbox(tx, actor(), now())
    return render_template("tasklist/inbox.html", inbox=found)
